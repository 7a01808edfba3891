"""A program as it was: read from the history that the database keeps, and put back through the same saving."""

import datetime as dt
from dataclasses import fields
from typing import Any

from django.apps import apps
from django.db import models
from django.utils.translation import gettext_lazy as _

from donors.errors import Refused
from donors.models import User
from programs.models import Program
from programs.services.data import ProgramData
from programs.services.edit import edit_program
from programs.services.save import COLUMNS, LISTS, Saved

DELETED = "delete"


def data_at(program: Program, moment: dt.datetime) -> ProgramData | None:
    """What the program said at `moment`, the saves of that moment included; None before it was made.

    A query for itself and one for each of its lists. Goals are given only where a person had set them.
    """
    rows = _rows_at(Program, {"id": program.pk}, moment)
    if not rows:
        return None
    own = rows[0]
    lists: dict[str, Any] = {}
    for attribute, (model, row_type) in LISTS.items():
        names = [field.name for field in fields(row_type)]
        lists[attribute] = tuple(
            row_type(**{name: _frozen(getattr(row, name)) for name in names})
            for row in _rows_at(model, {"program_id": program.pk}, moment)
        )
    if own.goals_origin == Program.GoalsOrigin.PROPOSED:
        lists["goals"] = None
    return ProgramData(
        reporting_org_id=own.reporting_org_id,
        identifier=own.identifier,
        **{column: getattr(own, column) for column in COLUMNS},
        **lists,
    )


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _rows_at(model: type[models.Model], of: dict[str, Any], moment: dt.datetime) -> list[Any]:
    """The rows as their latest event up to `moment` has them, in the order in which they were made."""
    events = event_model(model).objects.filter(**of, pgh_created_at__lte=moment)
    latest = events.order_by("id", "-pgh_id").distinct("id")
    return [event for event in latest if event.pgh_label != DELETED]


def event_model(model: type[models.Model]) -> Any:
    """The history table of a model."""
    return apps.get_model("programs", f"{model.__name__}Event")


def moments_of(program: Program) -> list[tuple[dt.datetime, Any]]:
    """Every moment at which the program or a list of it changed, newest first, with the id of its context."""
    own = event_model(Program).objects.filter(id=program.pk).order_by().values_list("pgh_created_at", "pgh_context_id")
    parts = [
        event_model(model)
        .objects.filter(program_id=program.pk)
        .order_by()
        .values_list("pgh_created_at", "pgh_context_id")
        for model, _row_type in LISTS.values()
    ]
    return list(own.union(*parts).order_by("-pgh_created_at"))


def restore_version(program: Program, moment: dt.datetime, *, actor: User, version: int) -> Saved:
    """Makes the program say again what it said at `moment`, as a new version; its stage stays.

    Goes through edit_program: NotAllowed, ChangedMeanwhile, ValidationError as there. Refused where there was nothing.
    """
    data = data_at(program, moment)
    if data is None:
        raise Refused(_("The program did not exist then."))
    return edit_program(data, actor=actor, program=program, version=version, goals_proposed=data.goals is None)
