"""The tables of the pages on what the engine learns, ready for their templates."""

from dataclasses import dataclass
from datetime import date
from math import log2
from typing import Any

from programs.overlap.accuracy import BANDS, Accuracy, Share, band_label
from programs.overlap.engine.calibration import AS_FITTED, Line, lines_of
from programs.overlap.engine.catalogue import KINDS
from programs.overlap.models import Calibration, Overlap

# Probabilities at which a change is told.
TOLD_AT = (0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 0.9, 0.95)
MONTHS_SHOWN = 12
# The drawing of a change: a square, with so many points to its curve.
SIDE, POINTS = 100, 40


@dataclass(frozen=True)
class Cells:
    """A line of a table: its name, and what was decided for each kind and for all."""

    name: Any
    cells: list[tuple[str, Share]]


@dataclass(frozen=True)
class Change:
    """What a calibration changes of one kind: its figures, probabilities now and then (0 to 1), and the curve of one
    above the other as the points of an SVG polyline."""

    label: str
    figures: dict[str, Any]
    told: list[tuple[float, float]]
    curve: str


def kind_labels() -> list[str]:
    """The kinds in words, and a last column for all."""
    return [str(Overlap.Kind(kind).label) for kind in KINDS]


def by_kind_and_band(found: Accuracy) -> list[Cells]:
    """A line for each band of scores, the highest first."""
    shares, sums = found.by(lambda row: (row.band, row.kind)), found.by(lambda row: row.band)
    return [
        Cells(band_label(band), _cells(lambda kind, band=band: shares.get((band, kind)), sums.get(band)))
        for band in reversed(BANDS)
    ]


def by_kind_and_month(found: Accuracy) -> list[Cells]:
    """A line for each of the last months in which something was decided, the latest first, flagged pairs alone."""
    from programs.overlap.engine.score import model

    flagged = Accuracy([row for row in found.rows if row.band >= model().flagged_from], found.missed)
    shares, sums = flagged.by(lambda row: (row.month, row.kind)), flagged.by(lambda row: row.month)
    months: list[date] = sorted(sums, reverse=True)[:MONTHS_SHOWN]
    return [
        Cells(month, _cells(lambda kind, month=month: shares.get((month, kind)), sums.get(month))) for month in months
    ]


def _cells(of_kind: Any, of_all: Share | None) -> list[tuple[str, Share]]:
    cells = [(str(Overlap.Kind(kind).label), of_kind(kind) or Share()) for kind in KINDS]
    return [*cells, ("", of_all or Share())]


def what_changes(calibration: Calibration) -> list[Change]:
    """Of each kind that the calibration changes: what it rests on and what it does."""
    before = lines_of(calibration.before.lines) if calibration.before else {}
    after = lines_of(calibration.lines)
    return [
        _change(kind, calibration.figures[kind], before.get(kind, AS_FITTED), after[kind])
        for kind in KINDS
        if kind in calibration.figures
    ]


def _change(kind: str, figures: dict[str, Any], before: Line, after: Line) -> Change:
    points = [(step + 0.5) / POINTS for step in range(POINTS)]
    curve = " ".join(f"{at * SIDE:.1f},{(1 - moved(at, before, after)) * SIDE:.1f}" for at in points)
    told = [(at, moved(at, before, after)) for at in TOLD_AT]
    return Change(str(Overlap.Kind(kind).label), figures, told, curve)


def moved(probability: float, before: Line, after: Line) -> float:
    """What a pair with this probability by the line before has by the line after."""
    factors = (log2(probability / (1 - probability)) - before.shift) / before.slope
    return 1 / (1 + 2.0 ** -max(-60.0, min(60.0, after.at(factors))))
