"""How factors add up: for each kind of overlap a sum of bits (log-odds to base 2), and what the sum makes probable.

Every term is kept, so that a score can be shown as a waterfall. A factor that is not known adds nothing; what a known
value adds is read off a line through the points of weights.json, which never falls for a factor that speaks for a
pair (and never rises for one that speaks against it): a closer date never lowers a score.
"""

import json
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from programs.overlap.engine.calibration import Line, probability
from programs.overlap.engine.catalogue import DUPLICATE, FACTORS, KINDS, evidence_of, measure
from programs.overlap.engine.evidence import Side
from programs.overlap.engine.factors import Values
from programs.overlap.engine.facts import ProgramFacts
from programs.overlap.engine.profile import Profile, profile_of
from programs.overlap.engine.table import Ints, Table

WEIGHTS = Path(__file__).parent / "weights.json"
# From this score on a pair is near enough to being flagged to be worth a question.
UNCERTAIN_FROM = 0.05
# Two amounts are the same from this value of the factor on: they differ by a tenth at most.
ALIKE = 0.9


@dataclass(frozen=True)
class Curve:
    """What a factor's value adds: `bits[i]` at `values[i]`, in a straight line between them."""

    values: tuple[float, ...]
    bits: tuple[float, ...]

    @property
    def weight(self) -> float:
        """By how many bits full agreement differs from full disagreement."""
        return self.bits[-1] - self.bits[0]

    def at(self, value: float) -> float:
        """The bits of one known value: as of many, without the cost of an array."""
        after = bisect_right(self.values, value)
        if after in (0, len(self.values)):
            return self.bits[min(after, len(self.bits) - 1)]
        (low, high), (least, most) = self.values[after - 1 : after + 1], self.bits[after - 1 : after + 1]
        return least + (most - least) * (value - low) / (high - low)

    def __call__(self, values: Values) -> Values:
        """The bits of each value; 0 where it is unknown."""
        return np.where(np.isnan(values), 0.0, np.interp(np.nan_to_num(values), self.values, self.bits))


@dataclass(frozen=True)
class Model:
    """The numbers of the engine: for each kind the bits to begin with and each factor's curve, and from which
    score on a pair is flagged; what each factor comes to on average over the pairs that are compared; and the lines
    that decisions taught (calibration.py; none for a kind whose bits stand as the factors add them up)."""

    version: str
    flagged_from: float
    prior_bits: dict[str, float]
    curves: dict[str, dict[str, Curve]]
    typical_bits: dict[str, dict[str, float]]
    lines: dict[str, Line] = field(default_factory=dict)


@dataclass(frozen=True)
class Factor:
    """A factor's value for one pair, with its evidence."""

    name: str
    value: float | None
    evidence: dict[str, Any]


@dataclass(frozen=True)
class Term:
    """One factor of a scored pair: what it adds, in bits, to the belief in the pair's kind."""

    factor: Factor
    weight: float
    bits: float

    def as_json(self) -> dict[str, Any]:
        value = None if self.factor.value is None else round(self.factor.value, 4)
        return {
            "name": self.factor.name,
            "value": value,
            "weight": round(self.weight, 3),
            "bits": round(self.bits, 3),
            "evidence": self.factor.evidence,
        }


@dataclass(frozen=True)
class Verdict:
    """The kind of a pair, how probable it is (0 to 1), and the terms that say so."""

    kind: str
    score: float
    terms: tuple[Term, ...]
    is_flagged: bool


@dataclass(frozen=True)
class Scores:
    """Of many pairs: the kind (its place in KINDS), how probable it is, whether it is flagged, or so near to it that
    the engine is not sure, and whether it can be flagged at all."""

    kinds: Ints
    scores: Values
    flagged: np.ndarray
    uncertain: np.ndarray
    apart: np.ndarray
    values: dict[str, Values]

    def terms(self, pair: int, left: Side, right: Side) -> tuple[Term, ...]:
        """The waterfall of one pair, with its evidence."""
        curves = model().curves[KINDS[self.kinds[pair]]]
        values = {name: float(of_all[pair]) for name, of_all in self.values.items()}
        terms = []
        for name in FACTORS:
            value = values[name]
            known = value == value
            curve = curves.get(name)
            bits = curve.at(value) if curve and known else 0.0
            evidence = evidence_of(name, left, right, values) if known else {}
            factor = Factor(name, value if known else None, evidence)
            terms.append(Term(factor, curve.weight if curve else 0.0, bits))
        return tuple(terms)


@cache
def model() -> Model:
    """The engine's numbers, from weights.json."""
    return model_of(json.loads(WEIGHTS.read_text(encoding="utf-8")))


def model_of(stored: dict[str, Any]) -> Model:
    """The model of weights.json's content."""
    return Model(
        version=stored["model_version"],
        flagged_from=stored["flagged_from"],
        prior_bits={kind: stored["kinds"][kind]["prior_bits"] for kind in KINDS},
        curves={
            kind: {
                name: Curve(tuple(float(value) for value in points), tuple(points.values()))
                for name, points in stored["kinds"][kind]["bits"].items()
            }
            for kind in KINDS
        },
        typical_bits={kind: stored.get("typical_bits", {}).get(kind, {}) for kind in KINDS},
    )


def bits_of(kind: str, values: dict[str, Values], numbers: Model | None = None) -> Values:
    """The log-odds (base 2) that pairs are of a kind: added up in a fixed order, then as decisions taught."""
    numbers = numbers or model()
    total = np.full(len(next(iter(values.values()))), numbers.prior_bits[kind])
    for name in FACTORS:
        if name in numbers.curves[kind]:
            total = total + numbers.curves[kind][name](values[name])
    line = numbers.lines.get(kind)
    return line(total) if line else total


def score_pairs(table: Table, left: Ints, right: Ints, numbers: Model | None = None) -> Scores:
    """The scores of the pairs left[i], right[i], rows of the table. Each is the same alone and in any company.

    One program recorded twice, or the same money reported twice, is also the same work in one place: where one of
    these is probable, the pair is of that kind. Parents, children and siblings are not flagged: their reporters know
    that they belong together, and how; nor are records of one series.
    """
    numbers = numbers or model()
    left, right = np.asarray(left, np.int64), np.asarray(right, np.int64)
    values = measure(table, left, right)
    scores = np.array([probability(bits_of(kind, values, numbers)) for kind in KINDS])
    scores = scores.reshape(len(KINDS), len(left))
    scores[KINDS.index(DUPLICATE)] *= _may_be_one(values)
    same = scores[:2] >= numbers.flagged_from
    preferred = scores + np.vstack([same, np.zeros((1, len(left)))])
    kinds = preferred.argmax(axis=0)
    chosen = scores[kinds, np.arange(len(left))]
    high = chosen >= numbers.flagged_from
    apart = are_apart(values)
    return Scores(kinds, chosen, high & apart, ~high & apart & (chosen >= UNCERTAIN_FROM), apart, values)


def are_apart(values: dict[str, Values]) -> NDArray[np.bool_]:
    """Whether pairs are of two matters: neither of one family of programs nor of one series of records."""
    return np.isnan(values["lineage"]) & np.isnan(values["series"])


def _may_be_one(values: dict[str, Values]) -> NDArray[np.bool_]:
    """Whether pairs may be one program recorded twice: an organization tells its own programs apart, so two of its
    records are one only where they have a telling title or an amount in common, or one names the other."""
    told = [np.nan_to_num(values["same_title"]) > 0, np.nan_to_num(values["same_sum"]) > 0,
            np.nan_to_num(values["amount"]) >= ALIKE, ~np.isnan(values["pointer"])]  # fmt: skip
    return (values["reporter"] == 0) | np.logical_or.reduce(told)


def score_pair(left: ProgramFacts, right: ProgramFacts, numbers: Model | None = None) -> Verdict:
    """The verdict on a pair, the same whichever of the two comes first; from the two programs and the model alone."""
    facts = {left.id: left, right.id: right}
    return score_all(facts, [(left.id, right.id)], flagged_only=False, numbers=numbers)[0]


def score_all(
    facts: dict[int, ProgramFacts],
    pairs: Sequence[tuple[int, int]],
    *,
    flagged_only: bool = True,
    profiles: dict[int, Profile] | None = None,
    numbers: Model | None = None,
) -> dict[int, Verdict]:
    """Verdicts on pairs of ids by their place in `pairs`; only those that are flagged, unless all are asked for.

    `profiles` are those at hand; the others are made from the facts, which reads their texts.
    """
    profiles = profiles or {}
    wanted = sorted({pk for pair in pairs for pk in pair})
    table = Table([profiles.get(pk) or profile_of(facts[pk]) for pk in wanted])
    rows = np.array([[table.row[a], table.row[b]] for a, b in map(sorted, pairs)], np.int64).reshape(-1, 2)
    scores = score_pairs(table, rows[:, 0], rows[:, 1], numbers)
    verdicts = {}
    for i, pair in enumerate(pairs):
        if scores.flagged[i] or not flagged_only:
            left, right = (Side(facts[pk], table.profiles[table.row[pk]]) for pk in sorted(pair))
            terms = scores.terms(i, left, right)
            verdicts[i] = Verdict(KINDS[scores.kinds[i]], float(scores.scores[i]), terms, bool(scores.flagged[i]))
    return verdicts
