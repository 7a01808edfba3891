"""Numbers as people of both languages write them, and percentages of one list that add up to exactly 100.00."""

import re
from collections.abc import Sequence
from decimal import ROUND_FLOOR, Decimal

from django.core.cache import cache
from redis.exceptions import RedisError

# The highest probability, in per cent, that is stated as such, until evidence bears out another one.
HIGHEST_SHOWN = 95
HIGHEST_SHOWN_KEY = "highest-probability-shown"
HUNDRED = Decimal("100.00")
HUNDREDTH = Decimal("0.01")


def to_hundred(weights: Sequence[Decimal | int]) -> list[Decimal]:
    """`weights` (not negative, not all 0) scaled to percentages of two decimals that add up to exactly 100.00.

    What rounding down leaves over goes to the largest remainders, the earlier first (largest remainder method).
    Raises ValueError where there is nothing to share.
    """
    if not weights:
        return []
    parts = [Decimal(weight) for weight in weights]
    total = sum(parts, Decimal(0))
    if total <= 0 or min(parts) < 0:
        raise ValueError("shares need weights that are not negative and not all zero")
    exact = [part * HUNDRED / total for part in parts]
    shares = [value.quantize(HUNDREDTH, ROUND_FLOOR) for value in exact]
    left_over = int((HUNDRED - sum(shares, Decimal(0))) / HUNDREDTH)
    by_remainder = sorted(range(len(parts)), key=lambda i: (shares[i] - exact[i], i))
    for i in by_remainder[:left_over]:
        shares[i] += HUNDREDTH
    return shares


def highest_shown() -> int:
    """The highest probability to state, in per cent: what is above it is "over 95 %". Without Redis, the first one."""
    try:
        found: int = cache.get(HIGHEST_SHOWN_KEY, HIGHEST_SHOWN)
    except (RedisError, OSError):
        return HIGHEST_SHOWN
    return found


def shown_probability(value: float) -> float:
    """A probability (0 to 1) as a number for people, in a cell of a sheet: no higher than is stated on pages."""
    return min(value, highest_shown() / 100)


_SPACES = re.compile(r"[\s'’\u00a0\u202f\u2009]")
_NUMBER = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)*|[+-]?[.,][0-9]+", re.ASCII)
_GROUPS = re.compile(r"[1-9][0-9]{0,2}(?P<sign>[.,])[0-9]{3}(?:(?P=sign)[0-9]{3})*", re.ASCII)
_MANY_GROUPS = re.compile(r"[0-9]{1,3}(?P<sign>[.,])[0-9]{3}(?:(?P=sign)[0-9]{3})+", re.ASCII)
LONGEST_NUMBER = 60


def read_number(text: str, *, groups: bool = True) -> Decimal:
    """1,234.56, 1.234,56, 1 234 and 1234 alike. ValueError for what is no number.

    Where one sign alone could be either (1.234), it groups thousands, since no amount has three decimals; without
    `groups` (percentages, degrees) it is the decimal point.
    """
    bare = _SPACES.sub("", text)
    if len(bare) > LONGEST_NUMBER or not _NUMBER.fullmatch(bare):
        raise ValueError("no number")
    digits = bare.lstrip("+-")
    commas, points = digits.count(","), digits.count(".")
    if commas and points:
        decimal_sign = "," if digits.rindex(",") > digits.rindex(".") else "."
        whole, _sign, part = digits.rpartition(decimal_sign)
        if decimal_sign in whole or not (_GROUPS.fullmatch(whole) or whole.isdigit()):
            raise ValueError("no number")
        digits = re.sub(r"[.,]", "", whole) + "." + part
    elif commas + points > 1:
        if not _MANY_GROUPS.fullmatch(digits):
            raise ValueError("no number")
        digits = re.sub(r"[.,]", "", digits)
    elif groups and _GROUPS.fullmatch(digits):
        digits = re.sub(r"[.,]", "", digits)
    else:
        digits = digits.replace(",", ".")
    value = Decimal(digits)
    return -value if bare.startswith("-") else value
