"""What a program may not say, in words, before the database refuses it."""

import datetime as dt
from functools import cache
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from core.dates import OUT_OF_RANGE, end_before_start, is_plausible
from programs.models import Program

# Not asked by `check`: what the database derives, and keys, whose rows would be looked for.
UNCHECKED = frozenset({"period", "search", "reporting_org", "created_by", "updated_by"})
# Short values that a field found right, so that a file does not ask it the same in each of its rows.
REMEMBERED_LENGTH, REMEMBERED_VALUES = 50, 10_000
_right: set[tuple[str, type, Any]] = set()


@cache
def _checked_fields() -> list[tuple[str, str]]:
    """Name and attribute of each."""
    return [(field.name, field.attname) for field in Program._meta.fields if field.name not in UNCHECKED]


def _clean_fields(program: Program) -> None:
    """As Django's clean_fields, which each field is asked only for what it has not found right before."""
    unknown: list[tuple[str, tuple[str, type, Any] | None]] = []
    for name, attribute in _checked_fields():
        value = getattr(program, attribute)
        if isinstance(value, str):
            is_remembered = len(value) <= REMEMBERED_LENGTH
        else:
            is_remembered = value is None or isinstance(value, int | dt.date)
        if not is_remembered:
            unknown.append((name, None))
        elif (key := (name, type(value), value)) not in _right:
            unknown.append((name, key))
    if unknown:
        program.clean_fields(exclude={field.name for field in Program._meta.fields} - {name for name, _key in unknown})
        if len(_right) > REMEMBERED_VALUES:
            _right.clear()
        _right.update(key for _name, key in unknown if key is not None)


def check(program: Program) -> None:
    """Refuses in words, by field, what the database would refuse. Raises ValidationError; asks no query."""
    _clean_fields(program)
    errors = {}
    published_elsewhere = program.source == Program.Source.IATI
    if not program.title and not published_elsewhere and program.stage != Program.Stage.DRAFT:
        errors["title"] = _("A program needs a title.")
    for first, last in (("planned_start", "planned_end"), ("actual_start", "actual_end")):
        start, end = getattr(program, first), getattr(program, last)
        if start and end and end < start and not published_elsewhere:
            errors[last] = end_before_start(start, end)
    for field in ("planned_start", "planned_end", "actual_start", "actual_end"):
        day = getattr(program, field)
        if day and not is_plausible(day):
            errors[field] = str(OUT_OF_RANGE)
    if errors:
        raise ValidationError(errors)
