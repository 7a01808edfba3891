"""Lists with percentages as published, made to add up: see core/numbers.py for the rule of the portal."""

from collections.abc import Sequence
from decimal import Decimal

from core.numbers import to_hundred
from programs.exchange.iati.activity import Activity

TOLERANCE = Decimal("0.05")


def merged_to_hundred(
    activity: Activity, name: str, shares: Sequence[tuple[str, Decimal | None]]
) -> dict[str, Decimal | None]:
    """Code -> percentage, each code once; all percentages None, or adding up to 100.00.

    A lone entry is the whole. Sums that are off are scaled, entries of 0 % left out, and a list of which only some
    entries have a percentage keeps none: each is noted as an oddity.
    """
    merged: dict[str, Decimal | None] = {}
    for code, percentage in shares:
        if code in merged and merged[code] is not None and percentage is not None:
            merged[code] = (merged[code] or Decimal(0)) + percentage
        else:
            merged[code] = merged.get(code) if percentage is None else percentage
    stated = {code: percentage for code, percentage in merged.items() if percentage is not None}
    if len(merged) > 1 and stated and len(stated) < len(merged):
        activity.warn("percentage.some-missing", name)
        return dict.fromkeys(merged)
    positive = {code: percentage for code, percentage in stated.items() if percentage > 0}
    if len(positive) < len(stated):
        activity.warn("percentage.zero", f"{name}: {', '.join(sorted(set(stated) - set(positive)))}")
        if not positive:
            return dict.fromkeys(merged) if len(merged) > 1 else dict.fromkeys(merged, Decimal("100.00"))
        merged = dict(positive)
        stated = positive
    if len(merged) == 1 and not stated:
        return dict.fromkeys(merged, Decimal("100.00"))
    if not stated:
        return merged
    total = sum(stated.values(), Decimal(0))
    if abs(total - 100) > TOLERANCE:
        activity.warn("percentage.sum", f"{name}: {total.normalize():f}")
    scaled = _scaled(stated)
    if vanished := [code for code in stated if code not in scaled]:
        activity.warn("percentage.tiny", f"{name}: {', '.join(vanished)}")
    return dict(scaled)


def _scaled(stated: dict[str, Decimal]) -> dict[str, Decimal]:
    """Shares of 100.00, each at least 0.01: without those that are too small for that, as often as it takes, since
    leaving one out makes the others larger and may leave the next one nothing of what rounding leaves over."""
    left = stated
    while True:
        scaled = dict(zip(left, to_hundred(list(left.values())), strict=True))
        if all(percentage > 0 for percentage in scaled.values()):
            return scaled
        left = {code: left[code] for code, percentage in scaled.items() if percentage > 0}
