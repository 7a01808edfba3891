"""A stored program as JSON and back: what undoing puts back."""

import datetime as dt
from dataclasses import MISSING, Field, asdict, fields
from decimal import Decimal
from functools import cache
from typing import Any, get_type_hints

from programs.exchange.models import IatiRecord
from programs.services import (
    IndicatorData,
    Outlook,
    PeriodData,
    ProgramData,
    ResultData,
    StoredProgram,
    save_outlook,
    stored_outlooks,
)
from programs.services.lists import LISTS
from programs.services.permissions import Actor
from programs.services.save import Saved

# What is kept beside the program of what an IATI file changes: its results, and the activity as published.
RECORD = ("identifier", "checksum", "standard", "xml", "file_name", "line", "oddities", "parts", "planned_taken",
          "imported_at")  # fmt: skip


class CannotPutBack(Exception):
    """A snapshot lacks what nothing can be put in place of; the message names it."""


def as_json(stored: StoredProgram, published: dict[str, Any] | None = None) -> dict[str, Any]:
    """The program as it is; with `published_state` where the change is that of an IATI file."""
    return _plain({**asdict(stored), **(published or {})})


def published_state(program_id: int) -> dict[str, Any]:
    """The results of a program, and the activity that it was last imported from (None: from none); five queries."""
    outlook = stored_outlooks([program_id]).get(program_id, Outlook())
    record = IatiRecord.objects.filter(pk=program_id).values(*RECORD).first()
    return {"results": [asdict(result) for result in outlook.results], "record": record}


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    if isinstance(value, Decimal | dt.date):
        return str(value)
    return value


def from_json(kept: dict[str, Any]) -> StoredProgram:
    """What `as_json` made, be it of an earlier release: a field that did not exist then has its default.

    Raises CannotPutBack where one is missing that has none.
    """
    data = _taken(kept, "data")
    lists = {
        name: tuple(_made(row_type, row) for row in data.get(name) or ())
        for name, (_model, row_type) in LISTS.items()
    }  # fmt: skip
    return StoredProgram(
        id=_taken(kept, "id"),
        version=_taken(kept, "version"),
        stage=_taken(kept, "stage"),
        goals_proposed=kept.get("goals_proposed", False),
        data=ProgramData(**{**_values(ProgramData, data), **lists}),
    )


def put_back_published(kept: dict[str, Any], saved: Saved, actor: Actor) -> None:
    """Puts back what `published_state` gave, as part of the save of the program."""
    if "results" in kept:
        save_outlook(
            saved.program,
            actor=actor,
            results=[_result(row) for row in kept["results"]],
            is_signed=saved.outcome != "unchanged",
        )
    if record := kept.get("record"):
        # A snapshot of an earlier release does not say which files it was made of, and knew no planned payments.
        values = {"parts": [], "planned_taken": False, **{name: record[name] for name in RECORD if name in record}}
        imported_at = values.pop("imported_at", None)
        IatiRecord.objects.update_or_create(program=saved.program, defaults=values)
        if imported_at:
            # Earlier than the undo: an export says that the activity was written since.
            IatiRecord.objects.filter(pk=saved.program.pk).update(imported_at=imported_at)
    else:
        # What a published file last said of it no longer holds: the next import of it looks at it again.
        IatiRecord.objects.filter(pk=saved.program.pk).delete()


def _result(row: dict[str, Any]) -> ResultData:
    indicators = tuple(
        _made(IndicatorData, {**one, "periods": [_made(PeriodData, period) for period in one.get("periods", ())]})
        for one in row.get("indicators", ())
    )
    made: ResultData = _made(ResultData, {**row, "indicators": indicators})
    return made


def _taken(kept: dict[str, Any], name: str) -> Any:
    if name not in kept:
        raise CannotPutBack(name)
    return kept[name]


def _made(row_type: type, row: dict[str, Any]) -> Any:
    return row_type(**_values(row_type, row))


@cache
def _types(row_type: type) -> dict[str, str]:
    return {name: str(hint) for name, hint in get_type_hints(row_type).items()}


def _values(row_type: type, row: dict[str, Any]) -> dict[str, Any]:
    types = _types(row_type)
    return {
        field.name: _value(row[field.name], types[field.name]) if field.name in row else _default(row_type, field)
        for field in fields(row_type)
    }


def _default(row_type: type, field: Field) -> Any:
    if field.default is not MISSING:
        return field.default
    if field.default_factory is not MISSING:
        return field.default_factory()
    raise CannotPutBack(f"{row_type.__name__}.{field.name}")


def _value(value: Any, type_name: str) -> Any:
    if isinstance(value, list):
        return tuple(value)
    if not isinstance(value, str):
        return value
    if "Decimal" in type_name:
        return Decimal(value)
    return dt.date.fromisoformat(value) if "date" in type_name else value
