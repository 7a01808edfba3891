"""Programs as a file holds them, for `carsi push`."""

import json
from typing import Any

from carsi.errors import WrongUse
from carsi.portal import Row


def programs_in(content: bytes) -> list[tuple[str, Row]]:
    """Each program of a file with its place in it: NDJSON (a program a line) or one JSON list.

    All of it is read first, so that a file with a mistake in it is refused before anything is sent. WrongUse names the
    line.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise WrongUse(f"The file is not UTF-8: byte {error.start + 1}.") from error
    if text.lstrip().startswith("["):
        rows = _parsed(text, "The file")
        found = [(f"row {number}", row) for number, row in enumerate(rows, 1)]
    else:
        lines = enumerate(text.split("\n"), 1)
        found = [(f"line {number}", _parsed(line, f"Line {number}")) for number, line in lines if line.strip()]
    for place, row in found:
        if not isinstance(row, dict):
            raise WrongUse(f"{place.capitalize()} is not a program: write it as {{…}}.")
    return found


def label_of(program: Row) -> str:
    """What a person knows a program by."""
    return "".join(sign for sign in str(program.get("identifier", "")) if sign.isprintable()) or "—"


def _parsed(text: str, place: str) -> Any:
    try:
        return json.loads(text, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise WrongUse(f"{place} is not JSON: {error}") from error


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is not a number")
