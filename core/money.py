"""How money is rounded: to the cent, halves to the even one, everywhere."""

from decimal import ROUND_HALF_EVEN, Decimal

CENT = Decimal("0.01")


def to_cent(value: Decimal) -> Decimal:
    """`value`, in any currency, rounded to two decimals."""
    return value.quantize(CENT, ROUND_HALF_EVEN)
