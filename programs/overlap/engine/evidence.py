"""What a factor's sentence needs to know of a flagged pair, as JSON: worked out for what is shown, not for all.

Of each factor one function, of the same name.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from programs.overlap.engine.factors import is_same_transfer
from programs.overlap.engine.facts import ProgramFacts
from programs.overlap.engine.profile import Profile, mentioned
from programs.overlap.engine.sectors import stems, telling_sectors
from programs.overlap.engine.table import transfers
from programs.overlap.engine.taxonomy import BENEFICIARY, MEANS, WORK, of_role, taxonomy

DAYS_A_MONTH = 30.44
# A kind of work is named as shared where it is this part of what each of both texts speaks of.
NAMED_FROM = 0.3
MOST_NAMED = 3
MOST_WORDS = 12

# IATI RelatedActivityType of a part of the same whole.
SIBLING = 3

Evidence = dict[str, Any]


@dataclass(frozen=True)
class Side:
    """One program of a pair: what is known of it in words, and in numbers."""

    facts: ProgramFacts
    profile: Profile


def goal(left: Side, right: Side) -> Evidence:
    return {"goals": sorted(left.facts.goals & right.facts.goals)}


def place(left: Side, right: Side) -> Evidence:
    mine, theirs = left.facts, right.facts
    countries, areas = mine.countries & theirs.countries, mine.located & theirs.located
    named = (mine.places & theirs.places) | (mine.places & mentioned(theirs)) | (mentioned(mine) & theirs.places)
    met = countries and (areas or not (mine.located and theirs.located))
    return {
        "localities": sorted(named) if met else [],
        # Of these, the ones that only one of them works in; the other's text mentions the name.
        "mentioned": sorted(named - (mine.places & theirs.places)) if met else [],
        "areas": sorted(areas),
        "countries": sorted(countries),
    }


def common_period(left: ProgramFacts, right: ProgramFacts) -> Evidence:
    """From when to when both run, as far as it is known; empty where they do not meet."""
    if not left.start or not right.start:
        return {}
    begins = max(left.start, right.start)
    ends = [facts.end for facts in (left, right) if facts.end]
    if any(end < begins for end in ends):
        return {}
    if len(ends) < 2:
        return {"from": begins.isoformat()} | ({"until_at_most": min(ends).isoformat()} if ends else {})
    days = (min(ends) - begins).days + 1
    return {"from": begins.isoformat(), "to": min(ends).isoformat(), "months": round(days / DAYS_A_MONTH), "days": days}


def time(left: Side, right: Side) -> Evidence:
    return common_period(left.facts, right.facts)


def same_dates(left: Side, right: Side) -> Evidence:
    def apart(mine: dt.date | None, theirs: dt.date | None) -> int | None:
        return abs((mine - theirs).days) if mine and theirs else None

    starts = apart(left.facts.start, right.facts.start)
    ends = apart(left.facts.end, right.facts.end)
    return {
        "days": max(days for days in (starts, ends) if days is not None),
        "of": [name for name, days in (("start", starts), ("end", ends)) if days is not None],
    }


def sector(left: Side, right: Side) -> Evidence:
    return _sectors(left.facts, right.facts)


def _sectors(left: ProgramFacts, right: ProgramFacts) -> Evidence:
    """The telling sectors that both have. Where there are none and one has no text, in `near` those of each that belong
    to the same as one of the other's."""
    mine, theirs = telling_sectors(left.sectors), telling_sectors(right.sectors)
    if mine & theirs or (left.texts and right.texts):
        return {"sectors": sorted(mine & theirs)}
    common = stems(mine) & stems(theirs)
    near = [sorted(code for code in of_one if code[:4] in common) for of_one in (mine, theirs)]
    return {"sectors": []} | ({"near": near} if common else {})


def shared_entries(role: str, mine: bytes, theirs: bytes) -> list[str]:
    """The taxonomy's entries of a role that both readings clearly speak of, the clearest first."""
    a, b = (np.frombuffer(vector, np.int8).astype(float) / 127 for vector in (mine, theirs))
    both = np.minimum(a, b)
    order = [int(i) for i in np.argsort(-both, kind="stable")[:MOST_NAMED] if both[i] >= NAMED_FROM]
    return [taxonomy()[of_role(role).start + i].kind for i in order]


def work(left: Side, right: Side) -> Evidence:
    if not (left.facts.texts and right.facts.texts):
        # Nothing is mentioned: all that is known is a sector.
        return _sectors(left.facts, right.facts)
    return {"work": shared_entries(WORK, left.profile.reading.work, right.profile.reading.work)}


def beneficiaries(left: Side, right: Side) -> Evidence:
    mine, theirs = left.profile.reading.beneficiaries, right.profile.reading.beneficiaries
    return {"beneficiaries": shared_entries(BENEFICIARY, mine, theirs)}


def means(left: Side, right: Side) -> Evidence:
    return {"means": shared_entries(MEANS, left.profile.reading.means, right.profile.reading.means)}


def scope(left: Side, right: Side) -> Evidence:
    """What is said of work and of place; how widely they meet is the value of `place`, which is told with it."""
    return work(left, right) | place(left, right)


def work_here(left: Side, right: Side) -> Evidence:
    return work(left, right) | place(left, right) | time(left, right)


def wording(left: Side, right: Side) -> Evidence:
    shared = left.facts.words & right.facts.words
    return {"words": sorted(shared, key=lambda word: (-len(word), word))[:MOST_WORDS]}


def institution(left: Side, right: Side) -> Evidence:
    mine, theirs = left.facts, right.facts
    named = mine.institutions & theirs.institutions
    return {"institutions": sorted(named | mine.institutions & theirs.partners | mine.partners & theirs.institutions)}


def _shared(left: ProgramFacts, mine: Iterable[int], right: ProgramFacts, theirs: Iterable[int]) -> list[int]:
    """The organizations of both lists that are one body, each body once: by its first entry in the register."""
    entries: dict[int, int] = {}
    for facts, ids in ((left, mine), (right, theirs)):
        for pk in ids:
            entries[facts.body(pk)] = min(pk, entries.get(facts.body(pk), pk))
    return sorted(entries[body] for body in left.bodies(mine) & right.bodies(theirs))


def funder(left: Side, right: Side) -> Evidence:
    # Of a program that names no funder the one that reports it is taken to be its funder.
    mine, theirs = left.facts, right.facts
    stated = _shared(mine, mine.funders, theirs, theirs.funders)
    shared = _shared(mine, mine.payers, theirs, theirs.payers)
    return {"organizations": stated or shared} | ({} if stated else {"presumed": True})


def implementer(left: Side, right: Side) -> Evidence:
    mine, theirs = left.facts, right.facts
    return {"organizations": _shared(mine, mine.implementers, theirs, theirs.implementers)}


def reporter(left: Side, right: Side) -> Evidence:
    mine, theirs = left.facts, right.facts
    same = _shared(mine, [mine.reporting_org], theirs, [theirs.reporting_org])
    return {"organizations": same} if same else {}


def roles(left: Side, right: Side) -> Evidence:
    for upper, lower in ((left.facts, right.facts), (right.facts, left.facts)):
        carried_out = upper.bodies({*upper.implementers, *(m.receiver for m in upper.money if m.out and m.receiver)})
        pays, does = upper.body(upper.reporting_org), lower.body(lower.reporting_org)
        if pays in lower.bodies(lower.funders) and does in carried_out:
            if pays != does:
                return {"organizations": [upper.reporting_org, lower.reporting_org]}
    return {}


def transfer(left: Side, right: Side) -> Evidence:
    for upper, lower in ((left, right), (right, left)):
        for paid in transfers(upper.profile.paid):
            if any(is_same_transfer(paid, got, upper.profile, lower.profile) for got in transfers(lower.profile.got)):
                for money in upper.facts.money:
                    if money.out and int(money.value * 100) == paid[0] and money.date:
                        if money.date.toordinal() == paid[2]:
                            return {"value": str(money.value), "currency": money.currency, "date": str(money.date)}
    return {}


def amount(left: Side, right: Side) -> Evidence:
    mine, theirs = (
        {(int(m.value * 100), m.currency, m.date): m.value for m in side.facts.money if m.out and m.date}
        for side in (left, right)
    )
    if shared := [movement for movement in mine.keys() & theirs.keys() if movement[0] > 0]:
        cents, currency, date = max(shared)
        return {"value": str(mine[cents, currency, date]), "currency": currency, "date": str(date)}
    return {"usd": [str(left.facts.committed_usd), str(right.facts.committed_usd)]}


def same_title(left: Side, right: Side) -> Evidence:
    shared = left.facts.named & right.facts.named
    return {"title": min(shared, key=lambda title: (-len(title), title))} if shared else {}


def same_sum(left: Side, right: Side) -> Evidence:
    shared = left.facts.dated_sums & right.facts.dated_sums
    value, currency, date = max(shared)
    return {"value": str(value), "currency": currency, "date": str(date), "sums": len(shared)}


def pointer(left: Side, right: Side) -> Evidence:
    for naming, named in ((left.facts, right.facts), (right.facts, left.facts)):
        if named.identifier in naming.activity_identifiers or named.identifier == naming.identifier:
            return {"identifier": named.identifier}
    return {}


def lineage(left: Side, right: Side) -> Evidence:
    for naming, named in ((left.facts, right.facts), (right.facts, left.facts)):
        kinds = {kind for kind, identifier in naming.related if identifier == named.identifier}
        if kinds:
            return {"identifier": named.identifier} | ({"siblings": True} if kinds == {SIBLING} else {})
    return {}


def nothing(left: Side, right: Side) -> Evidence:
    """Of a factor whose value says all."""
    return {}
