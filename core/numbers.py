"""Numbers as people of both languages write them, and percentages of one list that add up to exactly 100.00."""

from collections.abc import Sequence
from decimal import ROUND_FLOOR, Decimal

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
