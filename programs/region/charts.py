"""Money over the years as SVG: a row of bars for each goal or donor, all to one scale, in whole numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from programs.region.dashboard import Series

# Above each label is as much room as keeps it off the axis of the row before.
WIDTH, LABEL_HEIGHT, ROW_HEIGHT, FOOT = 640, 46, 64, 24


@dataclass(frozen=True)
class Bar:
    """A year: the committed sum as a wide bar, what was disbursed as a narrow one before it, what is planned as an
    outline around both. SVG units."""

    year: int
    committed: Decimal
    disbursed: Decimal
    planned: Decimal
    x: int
    y: int
    width: int
    height: int
    inner_x: int
    inner_y: int
    inner_width: int
    inner_height: int
    planned_y: int
    planned_height: int


@dataclass(frozen=True)
class Row:
    """A goal or a donor: its label and where its bars stand; `total` is all that is committed, dated or not."""

    label: str
    committed: Decimal
    total: Decimal
    text_y: int
    base_y: int
    most_y: int
    bars: list[Bar]


@dataclass(frozen=True)
class Chart:
    """Rows of bars to one scale, whose highest bar is `most` US dollars."""

    rows: list[Row]
    most: Decimal
    years: list[tuple[int, int]]
    height: int
    foot_y: int
    width: int = WIDTH


def chart(series: Sequence[Series]) -> Chart:
    """Rows of bars, each as high as its part of the largest sum of all."""
    most = max((max(amounts) for row in series for _year, *amounts in row.years), default=Decimal(0))
    years = [year for year, *_amounts in series[0].years] if series else []
    slot = WIDTH // max(1, len(years))
    wide, narrow = slot * 3 // 5, slot // 4

    def high(value: Decimal) -> int:
        return max(0, round(value / most * (ROW_HEIGHT - 8))) if most else 0

    rows = []
    for number, one in enumerate(series):
        base = number * (ROW_HEIGHT + LABEL_HEIGHT) + LABEL_HEIGHT + ROW_HEIGHT - 24
        bars = [
            Bar(
                year=year, committed=committed, disbursed=moved, planned=planned,
                x=i * slot + (slot - wide) // 2, y=base - high(committed), width=wide, height=high(committed),
                inner_x=i * slot + (slot - narrow) // 2, inner_y=base - high(moved), inner_width=narrow,
                inner_height=high(moved), planned_y=base - high(planned), planned_height=high(planned),
            )
            for i, (year, committed, moved, planned) in enumerate(one.years)
        ]  # fmt: skip
        rows.append(Row(one.label, one.committed, one.total, base - ROW_HEIGHT - 6, base, base - high(most), bars))
    foot = len(series) * (ROW_HEIGHT + LABEL_HEIGHT) + 16 - 24
    marks = [(i * slot + slot // 2, year) for i, year in enumerate(years)]
    return Chart(rows, most, marks, foot + FOOT - 16, foot)
