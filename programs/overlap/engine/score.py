"""How factors add up: for each kind of overlap a sum of bits (log-odds to base 2), and what the sum makes probable.

Every term is kept, so that a score can be shown as a waterfall. A factor that is not known adds nothing; a factor's
bits are weight x (value - neutral), so that the weights are read as: what full agreement adds over half.
"""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from programs.overlap.engine.factors import Factor, measure
from programs.overlap.engine.facts import ProgramFacts

WEIGHTS = Path(__file__).parent / "weights.json"
NEUTRAL = 0.5
DUPLICATE, SAME_MONEY, OVERLAP = "duplicate", "same_money", "overlap"
KINDS = (DUPLICATE, SAME_MONEY, OVERLAP)


@dataclass(frozen=True)
class Model:
    """The numbers of the engine: for each kind the bits to begin with and each factor's weight, and from which
    score on a pair is flagged."""

    version: str
    flagged_from: float
    prior_bits: dict[str, float]
    weights: dict[str, dict[str, float]]


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


@cache
def model() -> Model:
    """The engine's numbers, from weights.json."""
    stored = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    return Model(
        version=stored["model_version"],
        flagged_from=stored["flagged_from"],
        prior_bits={kind: stored["kinds"][kind]["prior_bits"] for kind in KINDS},
        weights={kind: stored["kinds"][kind]["weights"] for kind in KINDS},
    )


def probability(bits: float) -> float:
    """What so many bits of evidence make probable."""
    return 1 / (1 + 2 ** -max(-60.0, min(60.0, bits)))


def terms_of(kind: str, factors: tuple[Factor, ...]) -> tuple[Term, ...]:
    """What each factor adds to the belief in `kind`."""
    weights = model().weights[kind]
    terms = []
    for factor in factors:
        weight = weights.get(factor.name, 0.0)
        bits = 0.0 if factor.value is None else weight * (factor.value - NEUTRAL)
        terms.append(Term(factor, weight, bits))
    return tuple(terms)


def _verdict(kind: str, factors: tuple[Factor, ...]) -> Verdict:
    terms = terms_of(kind, factors)
    score = probability(model().prior_bits[kind] + sum(term.bits for term in terms))
    return Verdict(kind, score, terms, score >= model().flagged_from)


def judge(left: ProgramFacts, right: ProgramFacts) -> Verdict:
    """The verdict on a pair, the same whichever of the two comes first; from the two programs and weights.json alone.

    One program recorded twice, or the same money reported twice, is also the same work in one place: where one of
    these is probable, the pair is of that kind. Parents, children and siblings are not flagged: their reporters know
    that they belong together, and how.
    """
    factors = measure(left, right)
    verdicts = [_verdict(kind, factors) for kind in KINDS]
    best = max(verdicts, key=lambda verdict: (verdict.is_flagged and verdict.kind != OVERLAP, verdict.score))
    known_relation = any(factor.name == "lineage" and factor.value for factor in factors)
    if known_relation:
        return Verdict(best.kind, best.score, best.terms, False)
    return best
