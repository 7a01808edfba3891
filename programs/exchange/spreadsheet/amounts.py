"""Amounts of money as people write them, with their currency: `$300,000`, `1.250.000,50 €`, `US$ 1.2M`, `(1,000)`.

No database. An amount is read as what it says or not at all: where one of its signs can mean two things, the other
cells of the column tell, or it is asked about.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import lru_cache

from core.money import to_cent
from core.numbers import LONGEST_NUMBER
from programs.exchange.spreadsheet.currency_words import Said, both, currencies_of, read_beside
from programs.exchange.spreadsheet.problems import CellError, shown

LARGEST = Decimal(10) ** 18
COMMA, POINT, CONTRADICTORY = ",", ".", ",."
# So many different amounts that all have three digits behind their point show that it groups thousands.
LEAST_GROUPED = 3

_SPACE = "[\\s'’\u00a0\u202f\u2009]"
# A point that ends an abbreviation ("Lps.", "B/.") does not begin a number.
_NUMBER = re.compile(rf"(?:(?<![^\W\d_])(?<!/)[.,])?[0-9](?:[0-9.,]|{_SPACE}(?=[0-9]))*")
_SPACES = re.compile(_SPACE)
_MINUS = re.compile("[-−–]")
# Behind an amount without cents: 1.000,- or 1,000.-
_NO_CENTS = re.compile(r"[-−–—]{1,2}")
_THREE_BEHIND = re.compile(r"[1-9][0-9]*[.,][0-9]{3}", re.ASCII)
_FULL = {
    POINT: re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]*)?|[0-9]*\.?[0-9]+|[0-9]+\.", re.ASCII),
    COMMA: re.compile(r"[0-9]{1,3}(?:\.[0-9]{3})+(?:,[0-9]*)?|[0-9]*,?[0-9]+|[0-9]+,", re.ASCII),
}
# Digits in groups by spaces or apostrophes: three each but for the first.
_SPACED = re.compile(rf"[0-9]{{1,3}}(?:{_SPACE}[0-9]{{3}})+(?:[.,][0-9]+)?")


@dataclass(frozen=True)
class Amount:
    """An amount, and the currencies that its cell says: None for none, several for a sign of several.

    `exact` is what the cell says before it is rounded to the cent, `power` the power of ten that is in it.
    """

    exact: Decimal
    currencies: frozenset[str] | None = None
    text: str = ""
    power: Decimal = Decimal(1)

    @property
    def value(self) -> Decimal:
        """To the cent."""
        return to_cent(self.exact)

    def times(self, power: Decimal) -> "Amount":
        """The amount of a column whose heading names a power of ten. CellError where it is too large."""
        return self if power == 1 else _in_range(replace(self, exact=self.exact * power, power=power))


@dataclass(frozen=True)
class _Parts:
    digits: str
    is_negative: bool
    said: Said


def parse_amount(text: str, decimal_sign: str = "", *, is_scaled: bool = False) -> Amount:
    """The amount that a cell says. Raises CellError.

    `decimal_sign` is what the other cells of the column show: COMMA, POINT, CONTRADICTORY or "" for nothing;
    `is_scaled` whether the heading says that the amounts are in thousands or millions.
    """
    parts = _parts(text)
    sign = _decimal_sign(text, parts, decimal_sign, is_scaled or parts.said.power != 1)
    digits = parts.digits.replace(COMMA if sign == POINT else POINT, "").replace(COMMA, POINT)
    exact = Decimal(digits) * parts.said.power
    return _in_range(
        Amount(-exact if parts.is_negative else exact, parts.said.currencies, shown(text), parts.said.power)
    )


def _in_range(amount: Amount) -> Amount:
    if abs(amount.exact) >= LARGEST:
        raise CellError("number_too_large", text=amount.text)
    return amount


# What a column shows is learned from a cell by two readers, one after the other.
@lru_cache(maxsize=1000)
def _parts(text: str) -> _Parts:
    """The digits of a cell, its sign, and what stands around them. CellError where anything else does."""
    bare = text.strip()
    found = _NUMBER.search(bare)
    if found is None or len(found.group()) > LONGEST_NUMBER or len(bare) > 2 * LONGEST_NUMBER:
        raise CellError("number", text=shown(text))
    digits, before, after = found.group(), bare[: found.start()], bare[found.end() :]
    if digits[-1] in ".," and (no_cents := _NO_CENTS.match(after)):
        after = after[no_cents.end() :]
    signed = _sign(before, after)
    said = _said(*signed[1:]) if signed else None
    if signed is None or said is None or (_SPACES.search(digits) and not _SPACED.fullmatch(digits)):
        raise CellError("number", text=shown(text))
    return _Parts(_SPACES.sub("", digits), signed[0], said)


def _sign(before: str, after: str) -> tuple[bool, str, str] | None:
    """Whether an amount is negative, and what stands around it but for its sign; None where that makes no sense.

    It is in brackets, or with a minus before all, beside its first digit or behind all. A dash between a word and the
    number (`USD - 1000`, `USD-1000`) may be no minus.
    """
    if before.count("(") == after.count(")") == 1 and not before.count(")") + after.count("("):
        before, after = before.replace("(", ""), after.replace(")", "")
        return None if _MINUS.search(before + after) else (True, before.strip(), after.strip())
    minuses = len(_MINUS.findall(before + after))
    if not minuses:
        return False, before.strip().removeprefix("+").strip(), after.strip()
    if minuses > 1:
        return None
    if _MINUS.match(before.strip()):
        return True, before.strip()[1:].strip(), after.strip()
    if _MINUS.match(before[-1:]) and not before[-2:-1].isalnum():
        return True, before[:-1].strip(), after.strip()
    return (True, before.strip(), after.strip()[:-1].strip()) if _MINUS.match(after.strip()[-1:]) else None


def _said(before: str, after: str) -> Said | None:
    """What stands around a number; None where it is neither currency nor power of ten, or contradicts itself."""
    first = currencies_of(before) if before else None
    if before and first is None:
        return None
    if after[:1] == "(" and after[-1:] == ")" and (inside := currencies_of(after[1:-1])):
        last: Said | None = Said(currencies=inside)
    else:
        last = read_beside(after)
    if last is None:
        return None
    together = both(first, last.currencies)
    return None if together is not None and not together else Said(last.power, together)


def _decimal_sign(text: str, parts: _Parts, of_column: str, is_scaled: bool) -> str:
    """Which sign of the digits is the decimal one. CellError where that cannot be told, or where they are no number."""
    digits = parts.digits
    if not _THREE_BEHIND.fullmatch(digits):
        sign = _shown_by(digits) or POINT
        if not _FULL[sign].fullmatch(digits):
            raise CellError("number", text=shown(text))
        return sign
    # One sign and three digits behind it: thousands, or (rarely in money) three decimals.
    sign, other = (COMMA, POINT) if COMMA in digits else (POINT, COMMA)
    is_group = len(digits) <= len("123.456")
    if is_group and (of_column == other or (sign == COMMA and not of_column and not is_scaled)):
        return other
    if not is_group and of_column == sign:
        return sign
    whole, part = digits.replace(sign, ""), f"{Decimal(digits.replace(COMMA, POINT)).normalize():f}"
    raise CellError("amount_ambiguous", text=shown(text), whole=whole, part=part)


def _shown_by(digits: str) -> str:
    """The decimal sign that a number shows by itself; "" where it shows none."""
    commas, points = digits.count(COMMA), digits.count(POINT)
    if commas and points:
        return COMMA if digits.rindex(COMMA) > digits.rindex(POINT) else POINT
    if commas + points == 0 or _THREE_BEHIND.fullmatch(digits):
        return ""
    sign, other = (COMMA, POINT) if commas else (POINT, COMMA)
    return sign if commas + points == 1 else other


@dataclass
class DecimalSigns:
    """What the cells of a column of amounts show of their decimal sign, gathered one by one."""

    # Decimal sign -> (row, text) of the first cell that shows it.
    shown: dict[str, tuple[int, str]] = field(default_factory=dict)
    # Cells such as 1.250, which show nothing by themselves: text -> row.
    grouped: dict[str, int] = field(default_factory=dict)
    # Whether there are cells such as 1.250, and such as 1,250.
    has_points: bool = False
    has_commas: bool = False
    # Whether all that are like them have a point, and at most three digits before it.
    is_one_way: bool = True

    def see(self, row: int, text: str) -> None:
        try:
            parts = _parts(text)
        except CellError:
            return
        if sign := _shown_by(parts.digits):
            if _FULL[sign].fullmatch(parts.digits):
                self.shown.setdefault(sign, (row, shown(text)))
        elif _THREE_BEHIND.fullmatch(parts.digits):
            self.has_points |= POINT in parts.digits or parts.said.power != 1
            self.has_commas |= COMMA in parts.digits
            self.is_one_way &= POINT in parts.digits and len(parts.digits) <= len("123.456")
            if POINT in parts.digits and len(self.grouped) < LEAST_GROUPED:
                self.grouped.setdefault(parts.digits, row)

    @property
    def sign(self) -> str:
        """COMMA, POINT, CONTRADICTORY, or "" where nothing shows it."""
        if len(self.shown) > 1:
            return CONTRADICTORY
        if self.shown:
            return next(iter(self.shown))
        return COMMA if self.is_one_way and len(self.grouped) >= LEAST_GROUPED else ""

    @property
    def asks(self) -> bool:
        """Whether what the column shows tells how some of its cells are read."""
        return self.has_points or (self.has_commas and self.sign != POINT)

    @property
    def where(self) -> Iterable[tuple[int, str]]:
        """The rows that show it, with their texts."""
        return self.shown.values() or [(row, text) for text, row in self.grouped.items()]
