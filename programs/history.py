"""A program's history in words: who changed what, when."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
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


def history_of(program: Program) -> list[Entry]:
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
            action={"insert": _("added"), "update": _("changed"), "delete": _("removed")}.get(event.pgh_label, ""),
            what=what,
            changes=tuple(_changes(model, event.pgh_diff)) if count == 1 else (),
        )
        position = same


def _changes(model: Any, diff: dict[str, list[Any]] | None) -> Iterator[Change]:
    for name, (before, after) in (diff or {}).items():
        if name in ("updated_by_id", "reasons"):
            continue
        field = next((field for field in model._meta.concrete_fields if field.attname == name), None)
        if field is None:
            continue
        choices = dict(field.flatchoices)

        def words(value: Any, choices: dict[Any, Any] = choices) -> str | None:
            return None if value in (None, "") else str(choices.get(value, value))

        yield Change(str(field.verbose_name), words(before), words(after))
