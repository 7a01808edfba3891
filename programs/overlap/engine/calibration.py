"""What decisions teach the engine: for each kind a line that its bits are put through before they become a score.

Platt's two numbers (1999): new bits = slope x bits + shift. They are found by weighted logistic regression that is
drawn to the weights as they were fitted, so that few decisions move them little. Every time all decisions are read
again: drawn to the line in use, the same decisions would move it further each month. The slope is always above 0: what
was more probable stays more probable.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]
# Below this a kind would hardly be told by its factors any more.
LEAST_SLOPE, MOST_SLOPE = 0.1, 3.0
# How far slope and shift (in bits) usually lie from those of the weights as fitted: a normal distribution with these
# deviations.
SLOPE_VARIES, SHIFT_VARIES = 0.25, 1.0
ROUNDS = 60
FOLDS = 5
BINS = 10


@dataclass(frozen=True)
class Line:
    """Two numbers of a kind: what its bits are multiplied by, and what is added to them."""

    slope: float = 1.0
    shift: float = 0.0

    def __call__(self, bits: Values) -> Values:
        return bits * self.slope + self.shift

    def at(self, bits: float) -> float:
        """The same for one number."""
        return bits * self.slope + self.shift

    def as_json(self) -> dict[str, float]:
        return {"slope": self.slope, "shift": self.shift}


AS_FITTED = Line()


def lines_of(stored: Mapping[str, Mapping[str, float]]) -> dict[str, Line]:
    """The lines that `Line.as_json` wrote, by kind."""
    return {kind: Line(float(line["slope"]), float(line["shift"])) for kind, line in stored.items()}


@dataclass(frozen=True)
class Evidence:
    """Decided pairs of one kind: their bits as the factors add them up, whether they are of the kind, how much each
    counts, and the fold that each is in."""

    bits: Values
    right: Values
    weights: Values
    folds: NDArray[np.int64]

    def part(self, chosen: NDArray[np.bool_]) -> "Evidence":
        return Evidence(self.bits[chosen], self.right[chosen], self.weights[chosen], self.folds[chosen])


@dataclass(frozen=True)
class Quality:
    """How far scores are from the truth: Brier's mean square, and the expected calibration error; 0 is perfect."""

    brier: float
    error: float


def fit_line(evidence: Evidence, drawn_to: Line = AS_FITTED) -> Line:
    """The line that fits the evidence best, drawn to another one. The same evidence gives the same line.

    Newton's method on two numbers, each step halved until it helps; rounded to 4 decimals.
    """
    point = np.array([drawn_to.slope, drawn_to.shift])
    best = _loss(evidence, drawn_to, point)
    for _round in range(ROUNDS):
        gradient, hessian = _slope_of_loss(evidence, drawn_to, point)
        step, reached = np.linalg.solve(hessian, gradient), False
        for _half in range(30):
            tried = point - step
            tried[0] = min(MOST_SLOPE, max(LEAST_SLOPE, tried[0]))
            loss = _loss(evidence, drawn_to, tried)
            if loss < best - 1e-12:
                point, best, reached = tried, loss, True
                break
            step = step / 2
        if not reached:
            break
    return Line(round(float(point[0]), 4), round(float(point[1]), 4))


def before_and_after(evidence: Evidence, now: Line) -> tuple[Quality, Quality]:
    """How good the line in use is on this evidence, and how good a fitted one is on decisions that it was not fitted
    to (in turn on each fold)."""
    bits = np.array(now(evidence.bits))
    for fold in range(FOLDS):
        inside = evidence.folds == fold
        bits[inside] = fit_line(evidence.part(~inside))(evidence.bits[inside])
    return _quality(now(evidence.bits), evidence), _quality(bits, evidence)


def probability(bits: Values) -> Values:
    """What so many bits (log-odds to base 2) make probable."""
    return 1 / (1 + np.exp2(-np.clip(bits, -60.0, 60.0)))


def _loss(evidence: Evidence, drawn_to: Line, point: Values) -> float:
    nats = np.log(2) * (point[0] * evidence.bits + point[1])
    away = ((point[0] - drawn_to.slope) / SLOPE_VARIES) ** 2 + ((point[1] - drawn_to.shift) / SHIFT_VARIES) ** 2
    return float(evidence.weights @ (np.logaddexp(0, nats) - evidence.right * nats) + away / 2)


def _slope_of_loss(evidence: Evidence, drawn_to: Line, point: Values) -> tuple[Values, Values]:
    inputs = np.log(2) * np.vstack([evidence.bits, np.ones(len(evidence.bits))])
    chance = probability(point[0] * evidence.bits + point[1])
    precise = np.array([SLOPE_VARIES**-2, SHIFT_VARIES**-2])
    away = point - [drawn_to.slope, drawn_to.shift]
    gradient = inputs @ (evidence.weights * (chance - evidence.right)) + precise * away
    hessian = (inputs * (evidence.weights * chance * (1 - chance))) @ inputs.T + np.diag(precise)
    return gradient, hessian


def _quality(bits: Values, evidence: Evidence) -> Quality:
    chance, weights = probability(bits), evidence.weights
    total = weights.sum()
    brier = float(weights @ (chance - evidence.right) ** 2 / total)
    bins = np.minimum((chance * BINS).astype(int), BINS - 1)
    gaps = (abs(float(weights[bins == b] @ (chance - evidence.right)[bins == b])) for b in range(BINS))
    return Quality(round(brier, 4), round(float(sum(gaps) / total), 4))
