"""A labelled set: programs as JSON lines and pairs as CSV. What is wrong in a file is said in one line.

Pairs may have two further columns: `category`, what makes the pair hard, and `work`, the kind of work of its left
program.
"""

import csv
import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

POSITIVE = ("duplicate", "same_money", "overlap")
LABELS = (*POSITIVE, "none", "ignore")
REQUIRED = ("id", "identifier", "reporting_org", "title", "description")
COLUMNS = ("left", "right", "kind")

Pair = tuple[str, str]


class BadFile(Exception):
    """A labelled set that cannot be read: which file and line, and what would be right."""


@dataclass(frozen=True)
class LabelledSet:
    """Programs in the order of the file, and the label of each listed pair (its ids in order).

    `categories` has the category of each pair that names one, `works` the kinds of work by program id, where told.
    """

    programs: list[dict[str, Any]]
    pairs: dict[Pair, str]
    categories: dict[Pair, str] = field(default_factory=dict)
    works: dict[str, frozenset[str]] = field(default_factory=dict)


def read_labelled_set(programs: Path, pairs: Path) -> LabelledSet:
    """Both files; raises BadFile."""
    rows = list(_programs(programs))
    if not rows:
        raise BadFile(f"{programs}: no programs")
    return _labelled(rows, _pairs(pairs, {row["id"] for row in rows}))


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise BadFile(f"{path}: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise BadFile(f"{path}: not UTF-8 text (byte {error.start})") from error


def _programs(path: Path) -> Iterator[dict[str, Any]]:
    seen: set[str] = set()
    for number, line in enumerate(_text(path).splitlines(), 1):
        if not line.strip():
            continue
        where = f"{path}, line {number}"
        try:
            row = json.loads(line)
        except ValueError as error:
            raise BadFile(f"{where}: not JSON ({error})") from error
        if not isinstance(row, dict):
            raise BadFile(f"{where}: not an object")
        for key in REQUIRED:
            if not isinstance(row.get(key), str):
                raise BadFile(f"{where}: “{key}” is missing or not a text")
        if not row["id"] or not row["identifier"] or not row["reporting_org"]:
            raise BadFile(f"{where}: id, identifier and reporting_org may not be empty")
        if row["id"] in seen:
            raise BadFile(f"{where}: the id {row['id']} occurs twice")
        seen.add(row["id"])
        try:
            yield _typed(row)
        except (KeyError, TypeError, ValueError, AttributeError, InvalidOperation) as error:
            raise BadFile(f"{where}: {type(error).__name__}: {error}") from error


def _typed(row: dict[str, Any]) -> dict[str, Any]:
    """The row with dates and amounts as such, and every list there."""
    budget = row.get("budget")
    return row | {
        "language": row.get("language") or "en",
        "status": int(row["status"]) if row.get("status") else None,
        "start": _date(row.get("start")),
        "end": _date(row.get("end")),
        "countries": [entry["code"] for entry in row.get("countries") or ()],
        "areas": [str(code) for code in row.get("areas") or ()],
        "localities": [str(name) for name in row.get("localities") or ()],
        "goals": [int(goal) for goal in row.get("goals") or ()],
        "sectors": [entry["code"] for entry in row.get("sectors") or ()],
        "participating_orgs": [
            (int(entry["role"]), _name(entry["name"])) for entry in row.get("participating_orgs") or ()
        ],
        "budget": (Decimal(str(budget["value"])), budget["currency"]) if budget else None,
        "transactions": [
            entry
            | {"type": int(entry["type"]), "value": Decimal(str(entry["value"])), "date": _date(entry.get("date"))}
            for entry in row.get("transactions") or ()
        ],
    }


def _date(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def _name(text: Any) -> str:
    if not isinstance(text, str) or not text:
        raise ValueError("an organization without a name")
    return text


def _pairs(path: Path, known: set[str]) -> list[dict[str, str]]:
    reader = csv.DictReader(_text(path).splitlines())
    missing = [column for column in COLUMNS if column not in (reader.fieldnames or ())]
    if missing:
        raise BadFile(f"{path}: the first line must name the columns {', '.join(COLUMNS)}; {missing[0]} is missing")
    rows = []
    for row in reader:
        where = f"{path}, line {reader.line_num}"
        if row["kind"] not in LABELS:
            raise BadFile(f"{where}: the kind “{row['kind']}” is none of {', '.join(LABELS)}")
        for side in ("left", "right"):
            if row[side] not in known:
                raise BadFile(f"{where}: no program has the id “{row[side]}”")
        if row["left"] == row["right"]:
            raise BadFile(f"{where}: a program paired with itself")
        rows.append(row)
    if not rows:
        raise BadFile(f"{path}: no pairs")
    return rows


def _labelled(programs: list[dict[str, Any]], rows: list[dict[str, str]]) -> LabelledSet:
    """The set of these programs and pairs. A negative tells the work of its left program alone: the other may do other
    work; both of a positive do the same."""
    pairs: dict[Pair, str] = {}
    categories: dict[Pair, str] = {}
    works: dict[str, frozenset[str]] = {}
    for row in rows:
        pair = ordered(row["left"], row["right"])
        pairs[pair] = row["kind"]
        if category := row.get("category"):
            categories[pair] = category
        if work := row.get("work"):
            for side in ("left", "right") if row["kind"] in POSITIVE else ("left",):
                works[row[side]] = works.get(row[side], frozenset()) | {work}
    return LabelledSet(programs, pairs, categories, works)


def ordered(left: str, right: str) -> Pair:
    """The pair with its ids in order."""
    return (left, right) if left <= right else (right, left)
