"""The table of factors: of each its value, its evidence, its name and sentence, and for which kinds it weighs.

A new factor is a function in factors.py, one in evidence.py, one in sentences.py (one in quotes.py where it rests on
texts), a row here, and a new fit.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from programs.overlap.engine import evidence, factors, quotes, sentences
from programs.overlap.engine.evidence import Evidence, Side
from programs.overlap.engine.factors import Pairs, Values
from programs.overlap.engine.table import Ints, Table

DUPLICATE, SAME_MONEY, OVERLAP = "duplicate", "same_money", "overlap"
KINDS = (DUPLICATE, SAME_MONEY, OVERLAP)
# A value speaks for a kind the more it holds, or against it.
FOR, AGAINST = 1, -1
YES_OR_NO = (0, 1)


@dataclass(frozen=True)
class Factor:
    """One factor. `points`: between these points of its value the curve of its bits is a straight line. `weighs`: for
    or against which kinds of overlap it is fitted; a kind that is not named leaves it without a say, unless fitting.py
    sets it by hand. `quote`: where it rests on texts, the words of both. `told_with`: other factors whose values its
    sentence needs; they are kept with its evidence."""

    value: Callable[[Pairs], Values]
    evidence: Callable[[Side, Side], Evidence]
    label: Promise
    sentence: Callable[[float, dict[str, Any], sentences.Names], str]
    points: tuple[float, ...]
    weighs: dict[str, int]
    quote: Callable[[Evidence, quotes.Source, quotes.Source], quotes.Quoted] | None = None
    told_with: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return self.value.__name__


FACTORS: dict[str, Factor] = {
    factor.name: factor
    for factor in (
        Factor(factors.goal, evidence.goal, _("Goal"), sentences.goal, (0, 1), dict.fromkeys(KINDS, FOR)),
        Factor(
            factors.place,
            evidence.place,
            _("Place"),
            sentences.place,
            (0, 0.1, 0.3, 0.5, 0.6, 0.8, 1),
            dict.fromkeys(KINDS, FOR),
            quotes.place,
        ),
        Factor(factors.time, evidence.time, _("Time"), sentences.time, (0, 0.25, 0.5, 1), dict.fromkeys(KINDS, FOR)),
        Factor(
            factors.months,
            evidence.time,
            _("Months in common"),
            sentences.months,
            (0, 0.125, 0.25, 0.375, 1),
            {OVERLAP: FOR},
        ),
        Factor(
            factors.same_dates,
            evidence.same_dates,
            _("Dates"),
            sentences.same_dates,
            (0, 0.5, 0.8, 0.95, 1),
            {DUPLICATE: FOR, SAME_MONEY: FOR},
        ),
        Factor(factors.sector, evidence.sector, _("Sector"), sentences.sector, (0, 1), dict.fromkeys(KINDS, FOR)),
        Factor(
            factors.work,
            evidence.work,
            _("Type of work"),
            sentences.work,
            (0, 0.2, 0.4, 0.6, 0.8, 1),
            dict.fromkeys(KINDS, FOR),
            quotes.work,
        ),
        Factor(
            factors.meaning,
            evidence.nothing,
            _("Field of work"),
            sentences.meaning,
            (0, 0.2, 0.4, 0.6, 0.8, 1),
            dict.fromkeys(KINDS, FOR),
            quotes.meaning,
        ),
        Factor(
            factors.content,
            evidence.nothing,
            _("Content"),
            sentences.content,
            (0, 0.2, 0.4, 0.6, 0.8, 1),
            dict.fromkeys(KINDS, FOR),
            quotes.content,
        ),
        Factor(
            factors.work_here,
            evidence.work_here,
            _("Same work in the same place"),
            sentences.work_here,
            (0, 0.15, 0.3, 0.5, 0.65, 0.8, 1),
            {OVERLAP: FOR},
            quotes.work_here,
        ),
        Factor(
            factors.scope,
            evidence.scope,
            _("Work and scope"),
            sentences.scope,
            (0, 0.35, 0.65, 0.85, 1),
            {OVERLAP: FOR},
            told_with=("place",),
        ),
        Factor(
            factors.beneficiaries,
            evidence.beneficiaries,
            _("Beneficiaries"),
            sentences.beneficiaries,
            (0, 0.5, 0.9, 1),
            dict.fromkeys(KINDS, FOR),
            quotes.beneficiaries,
        ),
        Factor(
            factors.means,
            evidence.means,
            _("Methods"),
            sentences.means,
            (0, 0.5, 0.9, 1),
            dict.fromkeys(KINDS, FOR),
            quotes.means,
        ),
        Factor(
            factors.wording,
            evidence.wording,
            _("Wording"),
            sentences.wording,
            (0, 0.3, 0.6, 0.9, 1),
            dict.fromkeys(KINDS, FOR),
            quotes.wording,
        ),
        Factor(
            factors.institution,
            evidence.institution,
            _("Institution"),
            sentences.institution,
            YES_OR_NO,
            {DUPLICATE: FOR, SAME_MONEY: FOR, OVERLAP: FOR},
            quotes.institution,
        ),
        Factor(
            factors.funder,
            evidence.funder,
            _("Funder"),
            sentences.funder,
            YES_OR_NO,
            {DUPLICATE: FOR, SAME_MONEY: FOR, OVERLAP: AGAINST},
        ),
        Factor(
            factors.implementer,
            evidence.implementer,
            _("Implementer"),
            sentences.implementer,
            YES_OR_NO,
            {DUPLICATE: FOR, SAME_MONEY: FOR},
        ),
        Factor(
            factors.reporter,
            evidence.reporter,
            _("Reported by"),
            sentences.reporter,
            YES_OR_NO,
            {SAME_MONEY: AGAINST, OVERLAP: AGAINST},
        ),
        Factor(
            factors.roles, evidence.roles, _("Roles"), sentences.roles, YES_OR_NO, {DUPLICATE: AGAINST, SAME_MONEY: FOR}
        ),
        Factor(factors.transfer, evidence.transfer, _("Payment"), sentences.transfer, YES_OR_NO, {SAME_MONEY: FOR}),
        Factor(
            factors.amount,
            evidence.amount,
            _("Amount"),
            sentences.amount,
            (0, 0.5, 0.9, 1),
            {DUPLICATE: FOR, SAME_MONEY: FOR},
        ),
        Factor(
            factors.same_title,
            evidence.same_title,
            _("Title"),
            sentences.same_title,
            (0, 0.25, 0.5, 1),
            {},
        ),
        Factor(
            factors.same_sum,
            evidence.same_sum,
            _("Same amount on the same day"),
            sentences.same_sum,
            (0, 0.5, 1),
            {DUPLICATE: FOR, SAME_MONEY: FOR},
        ),
        Factor(factors.series, evidence.nothing, _("Series"), sentences.series, YES_OR_NO, {}),
        Factor(factors.pointer, evidence.pointer, _("Identifier"), sentences.pointer, YES_OR_NO, {}),
        Factor(factors.lineage, evidence.lineage, _("Relationship"), sentences.lineage, YES_OR_NO, {}),
    )
}


def measure(table: Table, left: Ints, right: Ints) -> dict[str, Values]:
    """Every factor of the pairs left[i], right[i] (rows of the table): name -> a value a pair."""
    pairs = Pairs(table, np.asarray(left, np.int64), np.asarray(right, np.int64))
    return {name: pairs.once(factor.value) for name, factor in FACTORS.items()}


def evidence_of(name: str, left: Side, right: Side, values: Mapping[str, float]) -> Evidence:
    """The evidence of a factor whose value is known, the same whichever of the two comes first; `values` are those of
    all factors of the pair."""
    first, second = (left, right) if left.facts.id <= right.facts.id else (right, left)
    factor = FACTORS[name]
    return factor.evidence(first, second) | {other: values[other] for other in factor.told_with}
