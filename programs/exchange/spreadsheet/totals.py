"""Rows that are no programs: totals of the rows above them."""

import re
from collections.abc import Sequence
from decimal import Decimal

from core.names import normalize_name
from programs.exchange.spreadsheet.amounts import parse_amount
from programs.exchange.spreadsheet.currency_words import currencies_of
from programs.exchange.spreadsheet.problems import CellError, shown
from programs.exchange.spreadsheet.row import Row

_ADDED = (
    r"(?: (?:general(?:es)?|final|parcial|acumulado|global|usd|us|eur|euros|dolares|anual|amount|budget|monto|"
    r"presupuesto))*"
)
_TOTAL = re.compile(
    rf"(?:(?:gran |grand |sub ?|overall )?(?:total(?:es)?|totals)|suma total|sum total){_ADDED}"
    r"(?: (?:de|del|por|para|en|of|for|in|by|a) .{1,60})?"
    rf"|(?:sumas?|sums?|sumatoria){_ADDED}|sub ?total(?:es)? .{{1,60}}"
)
# A total of a country or a donor ("Total Honduras"), or the name of a program ("Total Safety").
_PERHAPS = re.compile(r"total(?:es)? .{1,60}")
_NUMBER = re.compile(r"[-+($€£₡\w./ ]{0,8}[0-9][0-9.,\s'’%)-]*[\w$€£₡. ]{0,12}")
# Columns that a total may have values in, besides numbers.
MAY_BE_FILLED = frozenset({"amount", "currency", "country", "area", "country_share", "sector_share", "municipality"})
NAMES = ("title", "identifier")
AMOUNT_KEY = "amount"
LONGEST_NAME = 80
_MAY_BE = re.compile(r"tot|sum", re.IGNORECASE)
# One amount is no sum.
LEAST_ADDED = 2


def see_total(row: Row, cells: Sequence[str], keys: Sequence[str], *, is_sum: bool = False) -> bool:
    """Whether a row is a total, or asks whether it is one; says so on the row.

    It is one where a cell calls it so and the rest are amounts, or where it names nothing and `is_sum` of those above.
    A row with an identifier of its own is a program.
    """
    if is_sum:
        row.is_total = True
        row.note("total_row", keys.index(AMOUNT_KEY))
        return True
    if not _MAY_BE.search("\n".join(cells)):  # as in nearly every row
        return False
    filled = [(position, cell.strip()) for position, cell in enumerate(cells) if cell.strip()]
    called = next(((position, text) for position, text in filled if _is_name_of_total(text)), None)
    by_key = {key: text for (position, text) in filled if (key := keys[position] if position < len(keys) else "")}
    if called is None or (position := called[0]) >= len(keys):
        return False
    others = [one for one in filled if one[0] != position]
    identifier = by_key.get("identifier", "")
    if identifier and not _is_name_of_total(identifier):
        return False
    title = by_key.get("title", "")
    if title and not _is_name_of_total(title) and keys[position] not in NAMES:
        return False
    is_sure = _TOTAL.fullmatch(normalize_name(called[1])) is not None
    has_only_amounts = all(_may_be_filled(keys, *one) for one in others)
    if is_sure and has_only_amounts:
        row.is_total = True
        row.note("total_row", position)
    elif keys[position] in NAMES and (is_sure or (has_only_amounts and others)):
        row.note("total_or_program", position, text=shown(called[1]))
    return row.is_total


def _is_name_of_total(text: str) -> bool:
    if len(text) > LONGEST_NAME or not _MAY_BE.search(text):
        return False
    plain = normalize_name(text)
    return bool(_TOTAL.fullmatch(plain) or _PERHAPS.fullmatch(plain))


def _may_be_filled(keys: Sequence[str], position: int, text: str) -> bool:
    key = keys[position] if position < len(keys) else ""
    is_number = _NUMBER.fullmatch(text) is not None or currencies_of(text) is not None
    return key in MAY_BE_FILLED or is_number or text in ("-", "–", "—") or _is_name_of_total(text)


class SumsAbove:
    """Finds rows that name no program and whose amount is the sum of the amounts above, or of those since the last
    such row."""

    def __init__(self, keys: Sequence[str]) -> None:
        self.totals: list[int] = []
        self._amount = next((position for position, key in enumerate(keys) if key == AMOUNT_KEY), None)
        self._names = [position for position, key in enumerate(keys) if key in NAMES]
        self._all = self._since = Decimal(0)
        self._count = 0

    def see(self, number: int, cells: Sequence[str]) -> None:
        if self._amount is None or self._amount >= len(cells) or not cells[self._amount].strip():
            return
        value = _about(cells[self._amount])
        names = [cells[position].strip() for position in self._names if position < len(cells)]
        if any(names):
            if not any(_is_name_of_total(name) for name in names):
                self._all, self._since, self._count = self._all + value, self._since + value, self._count + 1
            return
        if self._count >= LEAST_ADDED and value in (self._all, self._since):
            self.totals.append(number)
        self._since = Decimal(0)


def _about(text: str) -> Decimal:
    """An amount as it is compared with a sum; 0 for what is none. Where it could be two, thousands."""
    try:
        return parse_amount(text).value
    except CellError as error:
        return Decimal(error.params["whole"]) if "whole" in error.params else Decimal(0)
