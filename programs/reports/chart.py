"""Bars drawn by the server as SVG: whole numbers, so that they are written alike in every language."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT, FOOT = 640, 150, 22


@dataclass(frozen=True)
class Bar:
    """A bar from its foot up, in the drawing's own units."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True)
class Group:
    """A year's three bars, and where its label stands."""

    label: str
    middle: int
    first: Bar
    second: Bar
    third: Bar


def groups(rows: Sequence[tuple[str, float, float, float]]) -> list[Group]:
    """For each label three bars of that height, given in parts (0 to 100) of the highest."""
    slot = WIDTH // max(len(rows), 6)
    width = min(18, slot * 2 // 7)

    def bar(x: int, percent: float) -> Bar:
        height = round(percent * HEIGHT / 100)
        return Bar(x, HEIGHT - height, width, height)

    return [
        Group(
            label,
            left + (3 * width) // 2 + 2,
            bar(left, first),
            bar(left + width + 2, second),
            bar(left + 2 * width + 4, third),
        )
        for number, (label, first, second, third) in enumerate(rows)
        for left in [number * slot + (slot - 3 * width - 4) // 2]
    ]
