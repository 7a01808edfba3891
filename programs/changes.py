"""What was changed in the rows of a program, one by one, in words. Whole versions of it are in versions.py."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.apps import apps
from django.db import models
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from pghistory.models import Events

from donors.models import User
from programs.models import Program

MOST_EVENTS = 200


@dataclass(frozen=True)
class Change:
    """One field before and after; either may be None."""

    label: str
    before: str | None
    after: str | None


@dataclass(frozen=True)
class Entry:
    """What one person (None: the portal itself, or an import) did to one kind of row at one time."""

    at: datetime
    actor: User | None
    action: str
    what: str
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class Save:
    """All that one person did to a program at one time."""

    at: datetime
    actor: User | None
    entries: list[Entry]

    @property
    def by_action(self) -> list[tuple[str, list[Entry]]]:
        """The entries in order, those of one action together."""
        return [
            (action, list(entries))
            for action, entries in groupby(
                sorted(self.entries, key=lambda entry: entry.action), key=lambda entry: entry.action
            )
        ]


def saves_of(program: Program) -> list[Save]:
    """The program's latest changes by save, newest first, as its page shows them."""
    return [
        Save(at, actor, list(entries))
        for (at, actor), entries in groupby(changes_of(program), key=lambda entry: (entry.at, entry.actor))
    ]


def changes_of(program: Program) -> list[Entry]:
    """The program's latest changes, newest first, at most 200; two queries.

    Rows of lists (transactions, places …) that came or went together are one entry with their number.
    """
    events = list(Events.objects.references(program).order_by("-pgh_created_at", "-pgh_id")[:MOST_EVENTS])
    # Ids count within one table alone, so rows of one save would come interleaved: the program itself, then its lists.
    events.sort(
        key=lambda event: (
            -event.pgh_created_at.timestamp(),
            str(event.pgh_context_id),
            event.pgh_obj_model != "programs.Program",
            event.pgh_obj_model,
            event.pgh_label,
        )
    )
    actors = User.objects.in_bulk({(event.pgh_context or {}).get("user") for event in events} - {None})
    return list(_entries(events, actors))


def _entries(events: list[Any], actors: dict[int, User]) -> Iterator[Entry]:
    position = 0
    while position < len(events):
        event = events[position]
        same = position + 1
        key = (event.pgh_context_id, event.pgh_obj_model, event.pgh_label)
        own = event.pgh_obj_model == "programs.Program"
        while (
            not own
            and same < len(events)
            and key
            == (
                events[same].pgh_context_id,
                events[same].pgh_obj_model,
                events[same].pgh_label,
            )
        ):
            same += 1
        model = apps.get_model(event.pgh_obj_model)
        count = same - position
        meta = model._meta
        what = str(meta.verbose_name if count == 1 else f"{count} {meta.verbose_name_plural}")
        yield Entry(
            at=event.pgh_created_at,
            actor=actors.get((event.pgh_context or {}).get("user") or 0),
            action={"insert": _("Added"), "update": _("Changed"), "delete": _("Removed")}.get(event.pgh_label, ""),
            what=what,
            changes=tuple(changes_in(model, event.pgh_diff)) if count == 1 else (),
        )
        position = same


def changes_in(model: Any, diff: dict[str, list[Any]] | None) -> Iterator[Change]:
    for name, (before, after) in (diff or {}).items():
        if name in ("updated_by_id", "reasons"):
            continue
        field = next((field for field in model._meta.concrete_fields if field.attname == name), None)
        if field is None:
            continue
        yield Change(str(field.verbose_name), _words(field, before), _words(field, after))


def _words(field: models.Field, value: Any) -> str | None:
    """A value as the history keeps it (JSON), in the reader's words and notation; None where there is none."""
    if value in (None, ""):
        return None
    choices = dict(field.flatchoices)
    if value in choices:
        return str(choices[value])
    if isinstance(field, models.DateField):
        return date_format(date.fromisoformat(str(value)[:10]), "DATE_FORMAT")
    if isinstance(field, models.DecimalField):
        return number_format(Decimal(str(value)), force_grouping=True)
    return str(value)
