"""How money is rounded: to the cent, halves to the even one, everywhere."""

from collections.abc import Sequence
from decimal import ROUND_FLOOR, ROUND_HALF_EVEN, Decimal, localcontext

CENT = Decimal("0.01")
# More digits than any amount has.
_DIGITS = 400


def to_cent(value: Decimal) -> Decimal:
    """`value`, in any currency, rounded to two decimals."""
    return value.quantize(CENT, ROUND_HALF_EVEN)


def divided(amount: Decimal, weights: Sequence[Decimal | int], *, unit: Decimal = CENT) -> list[Decimal]:
    """`amount` in parts as large as `weights` (not negative, not all 0), each in whole `unit`s; they add up to it.

    The sum up to each part is rounded down, and not each part: nothing is left over at the end. An amount finer than
    the unit keeps what is finer in its last part. Raises ZeroDivisionError where all weights are 0.
    """
    with localcontext(prec=_DIGITS):
        whole, total = abs(amount), Decimal(sum(weights))
        given, parts = Decimal(0), []
        for number in range(1, len(weights) + 1):
            until = whole * sum(weights[:number]) / total
            until = whole if number == len(weights) else (until / unit).to_integral_value(ROUND_FLOOR) * unit
            parts.append((until - given).copy_sign(amount))
            given = until
    return parts
