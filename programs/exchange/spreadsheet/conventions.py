"""What a file shows of how it is written: the order of day and month, the decimal sign, which rows are totals.

Learned from all of its rows before they are read. No database.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import Any

from programs.exchange.spreadsheet.amounts import COMMA, CONTRADICTORY, POINT, DecimalSigns
from programs.exchange.spreadsheet.currency_words import Said, read_beside
from programs.exchange.spreadsheet.days import DAY_FIRST, DateOrders
from programs.exchange.spreadsheet.problems import Problem, shown
from programs.exchange.spreadsheet.totals import AMOUNT_KEY, SumsAbove

AMOUNT_KEYS = frozenset({AMOUNT_KEY, "budget_year", "planned_year"})
DATE_KEYS = frozenset({"planned_start", "planned_end", "actual_start", "actual_end", "amount_date"})
_IN_BRACKETS = re.compile(r"[(\[]([^()\[\]]+)[)\]]")
_SIGNS_ALONE = frozenset("$€₡£")


@dataclass(frozen=True)
class Conventions:
    """Position of a column -> the order of its dates ("": it is asked about), the decimal sign of its amounts.

    `told` are sentences of problems.MESSAGES about columns."""

    dates: Mapping[int, str] = field(default_factory=dict)
    amounts: Mapping[int, str] = field(default_factory=dict)
    told: tuple[Problem, ...] = ()
    # Numbers of rows that name no program and whose amount is the sum of those above.
    totals: frozenset[int] = frozenset()

    def as_json(self) -> dict[str, Any]:
        return {
            "dates": {str(position): order for position, order in self.dates.items()},
            "amounts": {str(position): sign for position, sign in self.amounts.items()},
            "told": [problem.as_json() for problem in self.told],
            "totals": sorted(self.totals),
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Conventions":
        return cls(
            {int(position): order for position, order in stored.get("dates", {}).items()},
            {int(position): sign for position, sign in stored.get("amounts", {}).items()},
            tuple(Problem(**problem) for problem in stored.get("told", ())),
            frozenset(stored.get("totals", ())),
        )


def learn(
    rows: Iterable[tuple[int, Sequence[str]]],
    keys: Sequence[str],
    headings: Sequence[str],
    date_order: str,
    named: Callable[[int], str] = str,
) -> Conventions:
    """What the rows (number, cells) show; `keys` are their columns, `date_order` what was said of the file, `named`
    gives a row's number as a sentence says it."""
    dates = {position: DateOrders() for position, key in enumerate(keys) if key in DATE_KEYS}
    amounts = {position: DecimalSigns() for position, key in enumerate(keys) if key in AMOUNT_KEYS}
    seen: list[tuple[int, Callable[[int, str], None]]] = [
        *((position, found.see) for position, found in dates.items()),
        *((position, found.see) for position, found in amounts.items()),
    ]
    sums = SumsAbove(keys)
    for number, cells in rows if seen else ():
        for position, see in seen:
            if position < len(cells) and cells[position]:
                see(number, cells[position])
        sums.see(number, cells)
    told: list[Problem] = []
    orders = {position: _order(position, dates, headings, date_order, told) for position in dates}
    signs = {position: _sign(position, found, headings, told) for position, found in amounts.items()}
    for position in amounts:
        power = said_by_heading(headings[position]).power if position < len(headings) else Decimal(1)
        if power != 1:
            told.append(_told("column_scaled", position, headings, power=f"{power:,f}"))
    return Conventions(
        {position: order for position, order in orders.items() if order is not None},
        {position: sign for position, sign in signs.items() if sign},
        tuple(_with_row(problem, named) for problem in told),
        frozenset(sums.totals),
    )


def _with_row(problem: Problem, named: Callable[[int], str]) -> Problem:
    row = problem.params.get("row")
    return problem if row is None else Problem(problem.code, {**problem.params, "row": named(row)}, problem.cell)


def _told(code: str, position: int, headings: Sequence[str], **params: Any) -> Problem:
    heading = headings[position] if position < len(headings) else ""
    return Problem(code, {"column": shown(heading), **params}, position)


def _order(
    position: int, dates: Mapping[int, DateOrders], headings: Sequence[str], date_order: str, told: list[Problem]
) -> str | None:
    """The order of a column, "" where its dates are to be asked about; None as the file as a whole."""
    found = dates[position]
    if len(found.shown) > 1:
        row, text = list(found.shown.values())[1]
        told.append(_told("column_dates_contradict", position, headings, row=row, text=text))
        return ""
    if found.shown:
        order, (row, text) = next(iter(found.shown.items()))
        if date_order and order != date_order:
            told.append(_told("column_dates_contradict", position, headings, row=row, text=text))
            return ""
        if found.asks and not date_order:
            code = "column_day_first" if order == DAY_FIRST else "column_month_first"
            told.append(_told(code, position, headings, row=row, text=text))
        return order
    if date_order or not found.asks:
        return None
    return _order_of_others(position, dates, headings, told)


def _order_of_others(
    position: int, dates: Mapping[int, DateOrders], headings: Sequence[str], told: list[Problem]
) -> str | None:
    """The order that the other columns of dates show, where they agree."""
    others = [(other, order, where) for other, found in dates.items() for order, where in found.shown.items()]
    if len({order for _other, order, _where in others}) != 1:
        return None
    other, order, (row, text) = others[0]
    code = "column_day_first_as_other" if order == DAY_FIRST else "column_month_first_as_other"
    heading = headings[other] if other < len(headings) else ""
    told.append(_told(code, position, headings, other=shown(heading), row=row, text=text))
    return order


def _sign(position: int, found: DecimalSigns, headings: Sequence[str], told: list[Problem]) -> str:
    sign = found.sign
    if sign and found.asks:
        codes = {COMMA: "column_decimal_comma", POINT: "column_decimal_point",
                 CONTRADICTORY: "column_decimals_contradict"}  # fmt: skip
        row, text = list(found.where)[-1 if sign == CONTRADICTORY else 0]
        told.append(_told(codes[sign], position, headings, row=row, text=text))
    return sign


# --- What a heading says of the amounts below it ---------------------------------------------------------------


@dataclass(frozen=True)
class _Heading:
    said: Said = field(default_factory=Said)
    bare: str = ""


def said_by_heading(heading: str) -> Said:
    """The currency and the power of ten that a heading names: `Monto (millones de US$)`, `Amount USD`."""
    return _of_heading(heading).said


def without_currency(heading: str) -> str:
    """A heading without the currency and the power of ten that it names."""
    return _of_heading(heading).bare


@lru_cache(maxsize=2048)
def _of_heading(heading: str) -> _Heading:
    for found in _IN_BRACKETS.finditer(heading):
        if said := _says(found[1]):
            return _Heading(said, f"{heading[: found.start()]} {heading[found.end() :]}".strip())
    words = heading.split()
    for start in range(1, len(words)):
        if said := _says(" ".join(words[start:])):
            return _Heading(said, " ".join(words[:start]))
    for end in range(1, len(words)):
        if said := _says(" ".join(words[:end])):
            return _Heading(said, " ".join(words[end:]))
    return _Heading(bare=heading)


def _says(text: str) -> Said | None:
    bare = re.sub(r"^(?:en|in|de|of|x|expressed in|expresado en)\s+", "", text.strip(), flags=re.IGNORECASE)
    # A single letter in a heading is no currency: L, Q, M.
    if len(bare) < 2 and bare not in _SIGNS_ALONE:
        return None
    said = read_beside(bare)
    return said if said is not None and (said.currencies or said.power != 1) else None
