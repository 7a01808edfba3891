"""What is planned, in cells: `2027: 500000 USD; 2028-01-01/2028-06-30: 250000.50 EUR` for all of a program, or a column
for a year, `Planned 2027`."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from core.dates import FIRST_DATE, LAST_DATE, is_plausible
from core.names import normalize_name
from programs.exchange.spreadsheet.amounts import POINT, parse_amount
from programs.exchange.spreadsheet.cells import Reading, Writer
from programs.exchange.spreadsheet.conventions import without_currency
from programs.exchange.spreadsheet.lists import split_outside_quotes
from programs.exchange.spreadsheet.lookups import SheetLookups
from programs.exchange.spreadsheet.numbers import write_number
from programs.exchange.spreadsheet.problems import CellError, shown
from programs.services import BudgetData, PlannedDisbursementData, ProgramData

Planned = BudgetData | PlannedDisbursementData
# Beside an entry whose period nobody knows.
UNKNOWN = "?"
_ENTRY = re.compile(r"(?P<period>[^:]+):(?P<amount>[^:]+)")
_YEAR = re.compile(r"(?<![0-9])(?:19|20|21)[0-9]{2}(?![0-9])", re.ASCII)
# What a heading with a year calls a column of planned payments, and one of budgets.
_PAYMENTS = (
    "planned", "planned amount", "planned payment", "planned payments", "planned disbursement",
    "planned disbursements", "previsto", "monto previsto", "pago previsto", "pagos previstos", "desembolso previsto",
    "desembolsos previstos", "desembolso planificado", "desembolsos planificados", "desembolso programado",
    "desembolsos programados", "planificado", "programado", "proyectado", "projected", "forecast",
)  # fmt: skip
_BUDGETS = (
    "budget", "annual budget", "budget for", "presupuesto", "presupuesto anual", "presupuesto para", "presupuesto del",
    "presupuesto ano",
)  # fmt: skip
HEADINGS_OF_YEARS = {**dict.fromkeys(_PAYMENTS, "planned_year"), **dict.fromkeys(_BUDGETS, "budget_year")}


@dataclass(frozen=True)
class Entry:
    """An amount in a currency for a period, either of whose days may be unknown."""

    start: date | None
    end: date | None
    value: Decimal
    currency: str


def of_years(heading: str) -> str:
    """The key of a column for one year (`Planned 2027 (USD)`), "" where the heading is none."""
    if year_of(heading) is None:
        return ""
    words = normalize_name(_YEAR.sub(" ", without_currency(heading)))
    return HEADINGS_OF_YEARS.get(words, "")


def year_of(heading: str) -> int | None:
    """The one year that a heading names."""
    years = {int(found) for found in _YEAR.findall(heading)}
    return years.pop() if len(years) == 1 else None


def entries(text: str, reading: Reading) -> tuple[Entry, ...]:
    """All entries of a cell. Raises CellError."""
    return tuple(_entry(part) for part in split_outside_quotes(text, ";\n") if part)


def _entry(text: str) -> Entry:
    found = _ENTRY.fullmatch(text)
    if found is None:
        raise CellError("planned_entry", text=shown(text))
    amount = parse_amount(found["amount"].strip(), POINT)
    if amount.currencies is None or len(amount.currencies) != 1:
        raise CellError("planned_currency", text=shown(text))
    start, end = _period(found["period"].strip(), text)
    return Entry(start, end, amount.value, next(iter(amount.currencies)))


def _period(text: str, entry: str) -> tuple[date | None, date | None]:
    if re.fullmatch("[0-9]{4}", text, re.ASCII):
        return _whole(int(text), entry)
    first, sign, last = (part.strip() for part in text.partition("/"))
    try:
        start, end = (None if part == UNKNOWN else date.fromisoformat(part) for part in (first, last if sign else ""))
    except ValueError as error:
        raise CellError("planned_entry", text=shown(entry)) from error
    if not all(day is None or is_plausible(day) for day in (start, end)):
        raise CellError("date_out_of_range", text=shown(entry))
    if start and end and end < start:
        raise CellError("dates_in_order", start=str(start), end=str(end))
    return start, end


def _whole(year: int, entry: str) -> tuple[date, date]:
    if not FIRST_DATE.year <= year <= LAST_DATE.year:
        raise CellError("date_out_of_range", text=shown(entry))
    return date(year, 1, 1), date(year, 12, 31)


def written(name: str) -> Writer:
    """Writes the list of that name of a program as one cell."""

    def write(data: ProgramData, lookups: SheetLookups, language: str) -> str:
        rows = sorted(getattr(data, name), key=lambda row: (row.period_start or date.min, row.period_end or date.max))
        return "; ".join(f"{_as_period(row)}: {write_number(row.value)} {row.currency}" for row in rows)

    return write


def _as_period(row: Planned) -> str:
    start, end = row.period_start, row.period_end
    if start and end and (start, end) == (date(start.year, 1, 1), date(start.year, 12, 31)):
        return str(start.year)
    return f"{start or UNKNOWN}/{end or UNKNOWN}"


def with_entries(
    stored: Iterable[Planned], wanted: Iterable[Entry], kind: type[Planned]
) -> tuple[tuple[Any, ...], bool]:
    """The rows that say these entries, and whether they are others: a stored row that says one stays as it is."""
    left = Counter(wanted)
    kept, changed = [], False
    for row in stored:
        entry = Entry(row.period_start, row.period_end, row.value, row.currency)
        if left[entry] > 0:
            left[entry] -= 1
            kept.append(row)
        else:
            changed = True
    new = [_made(kind, entry) for entry in left.elements()]
    return (*kept, *new), changed or bool(new)


def with_years(
    stored: Iterable[Planned], wanted: Iterable[Entry | int], kind: type[Planned]
) -> tuple[tuple[Any, ...], bool]:
    """The rows with these amounts for whole years (a bare year: nothing for it), and whether they are others.

    CellError where a stored row is for such a year and for days outside it.
    """
    rows, changed = list(stored), False
    for one in wanted:
        year = one if isinstance(one, int) else one.start.year if one.start else 0
        within = [row for row in rows if _is_within(row, year)]
        if isinstance(one, Entry) and _come_to(within, one):
            continue
        if isinstance(one, int) and not within:
            continue
        rows = [row for row in rows if row not in within]
        if isinstance(one, Entry):
            same = [row for row in within if (row.period_start, row.period_end) == (one.start, one.end)]
            made = _made(kind, one)
            rows.append(replace(same[0], value=one.value, currency=one.currency) if len(same) == 1 else made)
        changed = True
    return tuple(rows), changed


def _is_within(row: Planned, year: int) -> bool:
    start, end = row.period_start or row.period_end, row.period_end or row.period_start
    if start is None or end is None or end.year < year or start.year > year:
        return False
    if (start.year, end.year) != (year, year):
        raise CellError("planned_otherwise", year=year, start=str(start), end=str(end))
    return True


def _come_to(rows: list[Planned], wanted: Entry) -> bool:
    in_it = {row.currency for row in rows} == {wanted.currency}
    return in_it and sum((row.value for row in rows), Decimal(0)) == wanted.value


def _made(kind: type[Planned], entry: Entry) -> Planned:
    return kind(value=entry.value, currency=entry.currency, period_start=entry.start, period_end=entry.end)


def years_of(cells: Iterator[tuple[int, Decimal | None, str]]) -> tuple[Entry | int, ...]:
    """What a row's columns of years say: (year, amount or None for nothing, currency) each."""
    return tuple(
        year if value is None else Entry(date(year, 1, 1), date(year, 12, 31), value, currency)
        for year, value, currency in cells
    )
