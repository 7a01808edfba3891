"""A program as it was: read from the history that the database keeps, and put back through the same saving."""

import datetime as dt
from dataclasses import fields
from typing import Any

from django.apps import apps
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.errors import Refused
from donors.models import User
from programs.models import Program
from programs.services.data import ProgramData
from programs.services.edit import edit_program
from programs.services.lists import COLUMNS, LISTS
from programs.services.plausibility import EVERYTHING
from programs.services.save import Saved

DELETED = "delete"


class Past:
    """All that the history keeps of one program, read once: a query for itself and one for each of its lists."""

    def __init__(self, program: Program) -> None:
        self._own = list(event_model(Program).objects.filter(id=program.pk).order_by("pgh_id"))
        self._lists = {
            attribute: list(event_model(model).objects.filter(program_id=program.pk).order_by("pgh_id"))
            for attribute, (model, _row_type) in LISTS.items()
        }

    @property
    def moments(self) -> list[tuple[dt.datetime, Any]]:
        """Every moment at which the program or a list of it changed, newest first, with the id of its context."""
        events = [self._own, *self._lists.values()]
        found = {(event.pgh_created_at, event.pgh_context_id) for rows in events for event in rows}
        return sorted(found, key=lambda one: (one[0], str(one[1])), reverse=True)

    def stage_at(self, moment: dt.datetime) -> str | None:
        own = _as_of(self._own, moment)
        return own[0].stage if own else None

    def data_at(self, moment: dt.datetime) -> ProgramData | None:
        """What the program said at `moment`, the saves of that moment included; None before it was made.

        Goals are given only where a person had set them.
        """
        rows = _as_of(self._own, moment)
        if not rows:
            return None
        own = rows[0]
        lists: dict[str, Any] = {}
        for attribute, (_model, row_type) in LISTS.items():
            names = [field.name for field in fields(row_type)]
            lists[attribute] = tuple(
                row_type(**{name: _frozen(getattr(row, name)) for name in names})
                for row in _as_of(self._lists[attribute], moment)
            )
        if own.goals_origin == Program.GoalsOrigin.PROPOSED:
            lists["goals"] = None
        return ProgramData(
            reporting_org_id=own.reporting_org_id,
            identifier=own.identifier,
            **{column: getattr(own, column) for column in COLUMNS},
            **lists,
        )


def data_at(program: Program, moment: dt.datetime) -> ProgramData | None:
    """What the program said at `moment`: see Past.data_at."""
    return Past(program).data_at(moment)


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _as_of(events: list[Any], moment: dt.datetime) -> list[Any]:
    """The rows as their latest event up to `moment` has them, in the order in which they were made."""
    latest = {event.id: event for event in events if event.pgh_created_at <= moment}
    return [latest[pk] for pk in sorted(latest) if latest[pk].pgh_label != DELETED]


def event_model(model: type[models.Model]) -> Any:
    """The history table of a model."""
    return apps.get_model("programs", f"{model.__name__}Event")


def restore_version(program: Program, moment: dt.datetime, *, actor: User, version: int) -> Saved:
    """Makes the program say again what it said at `moment`, as a new version; its stage stays.

    Goes through edit_program: NotAllowed, ChangedMeanwhile, ValidationError as there. Refused where there was nothing.
    Whatever unlikely values it had are confirmed by that.
    """
    data = data_at(program, moment)
    if data is None:
        raise Refused(_("The program did not exist at that time."))
    return edit_program(
        data, actor=actor, program=program, version=version, goals_proposed=data.goals is None, confirmed=EVERYTHING
    )
