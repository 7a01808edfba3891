"""What speaks for or against a pair: each factor a pure, symmetric function of two programs.

A factor's value is 0 (against) to 1 (for), or None where nothing is known; its evidence is what a sentence about it
needs. What a value weighs for which kind of overlap stands in weights.json.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from programs.overlap.engine.facts import Money, ProgramFacts
from programs.overlap.engine.text import concept_of, likeness

PARENT, CHILD = 1, 2
# Two reports of one transfer may give it different days: until it is booked at the other end.
SAME_TRANSFER_DAYS = 120
# … and the receiver may book it less a fee.
SAME_TRANSFER_TOLERANCE = Decimal("0.06")
DAYS_A_MONTH = 30.44


@dataclass(frozen=True)
class Factor:
    """A factor's value for one pair, with its evidence."""

    name: str
    value: float | None
    evidence: dict[str, Any] = field(default_factory=dict)


Measure = Callable[[ProgramFacts, ProgramFacts], Factor]


def goal(left: ProgramFacts, right: ProgramFacts) -> Factor:
    """Whether they serve a goal in common."""
    if not left.goals or not right.goals:
        return Factor("goal", None)
    shared = left.goals & right.goals
    return Factor("goal", len(shared) / min(len(left.goals), len(right.goals)), {"goals": sorted(shared)})


def place(left: ProgramFacts, right: ProgramFacts) -> Factor:
    """How precisely they meet: a locality in common, an area, a country; or that they name different ones."""
    localities, areas = left.places & right.places, left.areas & right.areas
    countries, regions = left.countries & right.countries, left.regions & right.regions
    evidence = {"localities": sorted(localities), "areas": sorted(areas), "countries": sorted(countries)}
    if not (left.countries or left.regions) or not (right.countries or right.regions):
        return Factor("place", None)
    if localities and (areas or countries):
        return Factor("place", 1.0, evidence)
    if areas:
        apart = left.places and right.places
        return Factor("place", 0.35 if apart else 0.7, evidence)
    if countries:
        return Factor("place", 0.0 if left.areas and right.areas else 0.4, evidence)
    return Factor("place", 0.75 if regions else 0.0, evidence)


def time(left: ProgramFacts, right: ProgramFacts) -> Factor:
    """The share of the shorter one's time that both run; where an end is unknown, as if it ran on."""
    if left.start is None or right.start is None:
        return Factor("time", None)
    begins = max(left.start, right.start)
    ends = min(left.end or dt.date.max, right.end or dt.date.max)
    lengths = [(facts.end - facts.start).days + 1 for facts in (left, right) if facts.end and facts.start]
    if ends == dt.date.max:
        return Factor("time", 1.0, {"from": begins.isoformat()})
    days = max(0, (ends - begins).days + 1)
    shortest = max(1, min([length for length in lengths if length > 0] or [days]))
    evidence = {"from": begins.isoformat(), "to": ends.isoformat(), "months": round(days / DAYS_A_MONTH)}
    return Factor("time", min(1.0, days / shortest), evidence if days else {})


def same_dates(left: ProgramFacts, right: ProgramFacts) -> Factor:
    """How near their starts and their ends lie: 1 for the same days, 0 from a year apart on."""
    apart = [
        abs((mine - theirs).days)
        for mine, theirs in ((left.start, right.start), (left.end, right.end))
        if mine and theirs
    ]
    if not apart:
        return Factor("same_dates", None)
    return Factor("same_dates", max(0.0, 1 - max(apart) / 365), {"days": max(apart)})


def sector(left: ProgramFacts, right: ProgramFacts) -> Factor:
    """Whether their DAC sectors agree, or at least the sectors' categories."""
    if not left.sectors or not right.sectors:
        return Factor("sector", None)
    shared = left.sectors & right.sectors
    if shared:
        return Factor("sector", 1.0, {"sectors": sorted(shared)})
    near = {code[:3] for code in left.sectors} & {code[:3] for code in right.sectors}
    return Factor("sector", 0.4 if near else 0.0)


def ideas(left: ProgramFacts, right: ProgramFacts) -> Factor:
    """The share of the glossary's ideas that their texts have in common, in whichever language."""
    value = likeness(left.text.concepts, right.text.concepts)
    return Factor("ideas", value, {"ideas": sorted(left.text.concepts & right.text.concepts)})


def wording(left: ProgramFacts, right: ProgramFacts) -> Factor:
    """How alike their texts are letter by letter: kindred words of both languages count too."""
    value = likeness(left.text.grams, right.text.grams)
    shared = sorted(left.text.words & right.text.words, key=lambda word: (concept_of(word) is None, -len(word), word))
    return Factor("wording", value, {"words": shared[:12]})


def funder(left: ProgramFacts, right: ProgramFacts) -> Factor:
    """Whether the same body pays for both."""
    shared = left.payers & right.payers
    return Factor("funder", 1.0 if shared else 0.0, {"organizations": sorted(shared)})


def implementer(left: ProgramFacts, right: ProgramFacts) -> Factor:
    """Whether the same body carries both out."""
    if not left.implementers or not right.implementers:
        return Factor("implementer", None)
    shared = left.implementers & right.implementers
    return Factor("implementer", 1.0 if shared else 0.0, {"organizations": sorted(shared)})


def reporter(left: ProgramFacts, right: ProgramFacts) -> Factor:
    """Whether one body reports both."""
    same = left.reporting_org == right.reporting_org
    return Factor("reporter", 1.0 if same else 0.0, {"organizations": [left.reporting_org]} if same else {})


def roles(left: ProgramFacts, right: ProgramFacts) -> Factor:
    """Whether one is reported by who pays for the other, and that one by who carries it out for them."""
    for upper, lower in ((left, right), (right, left)):
        if (
            upper.reporting_org != lower.reporting_org
            and upper.reporting_org in lower.funders
            and lower.reporting_org in upper.implementers | {m.receiver for m in upper.money if m.out}
        ):
            return Factor("roles", 1.0, {"organizations": [upper.reporting_org, lower.reporting_org]})
    return Factor("roles", 0.0)


def transfer(left: ProgramFacts, right: ProgramFacts) -> Factor:
    """Whether one's payment is the other's income: near amounts and days between the same two bodies."""
    seen = False
    for upper, lower in ((left, right), (right, left)):
        for paid in upper.money:
            for got in lower.money:
                if paid.out and not got.out and _same_ends(paid, got, upper, lower):
                    seen = True
                    if _same_transfer(paid, got):
                        return Factor(
                            "transfer",
                            1.0,
                            {"value": str(paid.value), "currency": paid.currency,
                             "date": paid.date.isoformat() if paid.date else ""},
                        )  # fmt: skip
    return Factor("transfer", 0.0 if seen else None)


def _same_ends(paid: Money, got: Money, upper: ProgramFacts, lower: ProgramFacts) -> bool:
    provider = got.provider or next(iter(lower.funders), None)
    receiver = paid.receiver or next(iter(upper.implementers), None)
    return provider in {paid.provider, upper.reporting_org} and receiver in {
        got.receiver,
        lower.reporting_org,
    }


def _same_transfer(paid: Money, got: Money) -> bool:
    if paid.currency != got.currency or paid.value <= 0 or got.value <= 0:
        return False
    if paid.date is None or got.date is None or abs((paid.date - got.date).days) > SAME_TRANSFER_DAYS:
        return False
    return abs(paid.value - got.value) <= SAME_TRANSFER_TOLERANCE * max(paid.value, got.value)


def amount(left: ProgramFacts, right: ProgramFacts) -> Factor:
    """How near their sizes lie: 1 for the same, 0 from double on; a movement both report alike counts as the same."""
    mine = {(m.value, m.currency, m.date) for m in left.money if m.out and m.date and m.value > 0}
    theirs = {(m.value, m.currency, m.date) for m in right.money if m.out and m.date and m.value > 0}
    if shared := mine & theirs:
        value, currency, date = max(shared)
        return Factor("amount", 1.0, {"value": str(value), "currency": currency, "date": str(date)})
    a, b = left.committed_usd, right.committed_usd
    if a is None or b is None or a <= 0 or b <= 0:
        return Factor("amount", None)
    return Factor("amount", max(0.0, 1 - float(abs(a - b) / min(a, b))), {"usd": [str(a), str(b)]})


def pointer(left: ProgramFacts, right: ProgramFacts) -> Factor:
    """Whether one names the other: as the activity its money comes from or goes to, or as a further report of it."""
    for naming, named in ((left, right), (right, left)):
        if named.identifier in naming.activity_identifiers:
            return Factor("pointer", 1.0, {"identifier": named.identifier})
    if left.identifier == right.identifier:
        return Factor("pointer", 1.0, {"identifier": left.identifier})
    return Factor("pointer", None)


def lineage(left: ProgramFacts, right: ProgramFacts) -> Factor:
    """Whether they are parent and child, or parts of one: a relation that their reporters know of."""
    known = {1, 2, 3}
    for naming, named in ((left, right), (right, left)):
        if any(kind in known and identifier == named.identifier for kind, identifier in naming.related):
            return Factor("lineage", 1.0, {"identifier": named.identifier})
    return Factor("lineage", None)


FACTORS: tuple[Measure, ...] = (
    goal, place, time, same_dates, sector, ideas, wording, funder, implementer, reporter, roles, transfer, amount,
    pointer, lineage,
)  # fmt: skip


def measure(left: ProgramFacts, right: ProgramFacts) -> tuple[Factor, ...]:
    """Every factor of a pair, in a fixed order; the same whichever of the two comes first."""
    first, second = (left, right) if left.id <= right.id else (right, left)
    return tuple(factor(first, second) for factor in FACTORS)
