"""Priorities from a spreadsheet: the template, the rows read and judged one by one, and all of them entered at once."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core.dates import END_BEFORE_START
from core.errors import NotAllowed, Refused
from core.names import normalize_name
from donors.models import User
from goals.models import Area, Country, Goal, Priority
from programs.exchange.spreadsheet.kinds import CSV, XLSX, check_kind, check_size
from programs.exchange.spreadsheet.look import look, rows_below
from programs.exchange.spreadsheet.numbers import parse_date
from programs.exchange.spreadsheet.problems import CellError, FileProblem, sentence, shown
from programs.exchange.spreadsheet.workbook_limits import MIB, Most, check_parts
from programs.priorities import services
from programs.priorities.services import PriorityData

# Key -> heading in English, in Spanish, and whether a row must have it.
COLUMNS: dict[str, tuple[str, str, bool]] = {
    "country": ("Country", "País", False),
    "area": ("Area", "Área", False),
    "goal": ("Goal", "Objetivo", True),
    "rank": ("Rank", "Orden", False),
    "title_en": ("Title in English", "Título en inglés", True),
    "title_es": ("Title in Spanish", "Título en español", True),
    "period_start": ("From", "Desde", True),
    "period_end": ("To", "Hasta", True),
    "source": ("Source", "Fuente", False),
}
EXAMPLE = {
    "en": ["Honduras", "Cortés", "1", "1", "Police that neighbours trust", "Policía en la que confíen los vecinos",
           "2026-01-01", "2029-12-31", "National plan"],
    "es": ["Honduras", "Cortés", "1", "1", "Police that neighbours trust", "Policía en la que confíen los vecinos",
           "2026-01-01", "2029-12-31", "Plan nacional"],
}  # fmt: skip
MOST_ROWS = 500
MOST_BYTES, MOST_HELD = MIB, Most(strings=10_000, cells=30_000, elements=30_000)
LONGEST = 255
LARGEST_RANK = 999

Cells = dict[str, str]


@dataclass
class Judged:
    """A row of the file: what it says, what is wrong with it, or that it is there already."""

    number: int
    cells: Cells
    problems: list[str] = field(default_factory=list)
    data: PriorityData | None = None
    is_there: bool = False


def template_rows(language: str) -> list[list[str]]:
    """The headings of the template, and a row to replace."""
    return [[names[language == "es"] for names in COLUMNS.values()], EXAMPLE[language]]


def read_cells(content: bytes) -> list[tuple[int, Cells]]:
    """(row's number in the file, its cells by key). FileProblem where the file cannot be taken; Refused where it
    lacks a column."""
    kind = check_kind(content)
    if kind not in (XLSX, CSV):
        raise FileProblem("file_only_xlsx_csv")
    # It is read while somebody waits: no larger than what takes a fraction of a second.
    check_size(len(content), MOST_BYTES)
    if kind == XLSX:
        check_parts(content, MOST_HELD)
    known = {
        normalize_name(name): key for key, names in COLUMNS.items() for name in (*names[:2], key.replace("_", " "))
    }
    seen = look(
        content, kind, lambda cells: len({known[name] for cell in cells if (name := normalize_name(cell)) in known})
    )
    keys = [known.get(normalize_name(heading), "") for heading in seen.headings]
    missing = [names for key, names in COLUMNS.items() if names[2] and key not in keys]
    if missing:
        raise Refused(
            _("A column is missing: %(columns)s. Use the headings of the template.")
            % {"columns": ", ".join(f"{english} / {spanish}" for english, spanish, _must in missing)}
        )
    rows: list[tuple[int, Cells]] = []
    for number, cells in list(rows_below(content, kind, seen.sheet, seen.heading_row)):
        if len(rows) == MOST_ROWS:
            raise Refused(_("The file has more than %(most)s priorities. Split it.") % {"most": MOST_ROWS})
        rows.append((number, {key: cell.strip() for key, cell in zip(keys, cells, strict=False) if key}))
    return rows


def check_rows(rows: Iterable[tuple[int, Cells]], actor: User) -> list[Judged]:
    """What each row would do; nothing is written. A fixed number of queries and some for each row that adds one."""
    reader = _Reader()
    checked_rows = [reader.checked_rows(number, cells) for number, cells in rows]
    _try(checked_rows, actor)
    return checked_rows


@transaction.atomic
def apply(rows: Iterable[tuple[int, Cells]], actor: User) -> int:
    """Enters all priorities of the rows, or none: how many are new. Refused where a row is not right any more."""
    reader = _Reader()
    checked_rows = [reader.checked_rows(number, cells) for number, cells in rows]
    _enter(checked_rows, actor)
    if any(row.problems for row in checked_rows):
        raise Refused(_("Something changed since the file was checked. Check it again."))
    return sum(not row.is_there for row in checked_rows)


class _Undo(Exception):
    """Takes back what a dry run wrote."""


def _try(checked_rows: list[Judged], actor: User) -> None:
    """Enters the rows and takes them back: what then stands in each is what applying would say."""
    try:
        with transaction.atomic():
            _enter(checked_rows, actor)
            raise _Undo
    except _Undo:
        pass


def _enter(checked_rows: list[Judged], actor: User) -> None:
    for row in checked_rows:
        if row.data is None:
            continue
        if _same(row.data).exists():
            row.is_there = True
            continue
        try:
            with transaction.atomic():
                services.add_priority(row.data, actor=actor)
        except NotAllowed:
            row.problems.append(_("You do not have permission to add priorities for this country."))
        except Refused as refusal:
            row.problems.append(str(refusal.message))


def _same(data: PriorityData) -> Any:
    """Priorities that say the same there and then."""
    return Priority.objects.filter(
        goal=data.goal, country=data.country, area=data.area, title_en=data.title_en, title_es=data.title_es,
        period_start=data.period_start, period_end=data.period_end,
    )  # fmt: skip


class _Reader:
    """Reads cells; the names of places once."""

    def __init__(self) -> None:
        self.countries = {
            normalize_name(name): country.pk
            for country in Country.objects.filter(in_carsi=True)
            for name in (country.pk, country.name_en, country.name_es)
        }
        self.areas: dict[tuple[str, str], str] = {}
        for code, country, name in Area.objects.values_list("code", "country", "name"):
            self.areas[country, normalize_name(name)] = self.areas[country, normalize_name(code)] = code
        self.goals = set(Goal.objects.values_list("pk", flat=True))

    def checked_rows(self, number: int, cells: Cells) -> Judged:
        row = Judged(number, cells)
        values: dict[str, Any] = {}
        for key in COLUMNS:
            text = cells.get(key, "")
            try:
                values[key] = getattr(self, f"_{key}")(text, values)
            except CellError as error:
                row.problems.append(f"{self._heading(key)}: {sentence(error.code, error.params)}")
            except Refused as refusal:
                row.problems.append(f"{self._heading(key)}: {refusal.message}")
        if not row.problems:
            if values["period_start"] > values["period_end"]:
                row.problems.append(str(END_BEFORE_START))
            else:
                row.data = PriorityData(**values)
        return row

    def _heading(self, key: str) -> str:
        english, spanish, _must = COLUMNS[key]
        return spanish if (get_language() or "en").startswith("es") else english

    def _country(self, text: str, _values: Any) -> str | None:
        if not text:
            return None
        found = self.countries.get(normalize_name(text))
        if found is None:
            raise Refused(
                _("“%(text)s” is not one of the seven countries. Leave it empty for the region.")
                % {"text": shown(text)}
            )
        return found

    def _area(self, text: str, values: dict[str, Any]) -> str | None:
        if not text:
            return None
        found = self.areas.get((values.get("country") or "", normalize_name(text)))
        if found is None:
            raise Refused(_("There is no area “%(text)s” in this country.") % {"text": shown(text)})
        return found

    def _goal(self, text: str, _values: Any) -> int:
        if text not in {str(goal) for goal in self.goals}:
            raise Refused(_("“%(text)s” is not a goal. Write its number, 1 to 5.") % {"text": shown(text)})
        return int(text)

    def _rank(self, text: str, _values: Any) -> int | None:
        if not text:
            return None
        if not (text.isascii() and text.isdigit() and 1 <= int(text[:6]) <= LARGEST_RANK):
            raise Refused(
                _("“%(text)s” is not a rank. Write a whole number from 1, or leave it empty.") % {"text": shown(text)}
            )
        return int(text)

    def _title(self, text: str, _values: Any) -> str:
        if not text:
            raise Refused(_("Write the priority."))
        if len(text) > LONGEST:
            raise CellError("too_long", length=len(text), most=LONGEST)
        return text

    _title_en = _title_es = _title

    def _day(self, text: str, _values: Any) -> dt.date:
        if not text:
            raise Refused(_("Enter a date, such as 2026-01-31."))
        return parse_date(text)

    _period_start = _period_end = _day

    def _source(self, text: str, _values: Any) -> str:
        if len(text) > LONGEST:
            raise CellError("too_long", length=len(text), most=LONGEST)
        return text
