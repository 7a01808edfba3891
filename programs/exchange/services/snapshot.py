"""A stored program as JSON and back: what undoing puts back."""

import datetime as dt
from dataclasses import asdict, fields
from decimal import Decimal
from functools import cache
from typing import Any, get_type_hints

from programs.services import ProgramData, StoredProgram
from programs.services.save import LISTS


def as_json(stored: StoredProgram) -> dict[str, Any]:
    return _plain({**asdict(stored)})


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    if isinstance(value, Decimal | dt.date):
        return str(value)
    return value


def from_json(kept: dict[str, Any]) -> StoredProgram:
    data = kept["data"]
    lists = {
        name: tuple(_made(row_type, row) for row in data[name] or ()) for name, (_model, row_type) in LISTS.items()
    }
    return StoredProgram(
        id=kept["id"],
        version=kept["version"],
        stage=kept["stage"],
        goals_proposed=kept["goals_proposed"],
        data=ProgramData(**{**_values(ProgramData, data), **lists, "evidence": ()}),
    )


def _made(row_type: type, row: dict[str, Any]) -> Any:
    return row_type(**_values(row_type, row))


@cache
def _types(row_type: type) -> dict[str, str]:
    return {name: str(hint) for name, hint in get_type_hints(row_type).items()}


def _values(row_type: type, row: dict[str, Any]) -> dict[str, Any]:
    types = _types(row_type)
    return {field.name: _value(row[field.name], types[field.name]) for field in fields(row_type)}


def _value(value: Any, type_name: str) -> Any:
    if isinstance(value, list):
        return tuple(value)
    if not isinstance(value, str):
        return value
    if "Decimal" in type_name:
        return Decimal(value)
    return dt.date.fromisoformat(value) if "date" in type_name else value
