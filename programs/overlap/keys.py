"""The keys under which a program is found by those that may overlap with it: a pure function of that program alone.

No key depends on another program or on how many there are, so that a program's keys change with the program only, and
scanning what changed ends where scanning everything does. Two programs are candidates where, under one key, they
have enough in common: see `Family` for each key, what it is made of, and how much is enough.
"""

import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum
from itertools import product
from math import floor, log

import numpy as np

from goals.codes import GOALS
from programs.overlap.engine.facts import ProgramFacts
from programs.overlap.engine.profile import code
from programs.overlap.engine.reading import Reading
from programs.overlap.engine.sectors import stems
from programs.overlap.engine.taxonomy import domains_of_work

# Two programs meet in time if they come this near, before or after.
MARGIN_DAYS = 90
FOREVER = (0, 10_000_000)
GOAL_BITS = 5
MASK_BITS = 62
# What a text clearly speaks of, in a reading's numbers of 0 to 127.
SPOKEN_OF_FROM = 25
# Does not ask for a meeting on its own account: meets those under the key that do.
NOT_OF_ITS_OWN = 99
# No key asks for more in common.
MOST_IN_COMMON = 5
# A payment and its receipt: within 7 %, and within 120 days.
AMOUNT_STEP, PAYMENT_DAYS = log(1.07), 120
# One program recorded twice: amounts within 8 %, starts within 45 days, in cells of twice that, two grids of them.
TWIN_STEP, TWIN_DAYS = log(1.08) * 2, 90
# The two reports of one undertaking begin within 400 days.
PARTNERS_DAYS = 800
# Types of work count as what a program mainly does from this part of the first on, so many at most; and so many of
# those who name a town or an area where they are looked for in the whole country.
MAIN_FROM, MOST_WORK, MOST_WORK_OF_PLACED, MOST_DOMAINS = 0.3, 5, 2, 3
MOST_PAYMENTS = 40


class Family(IntEnum):
    """What a key is made of. In brackets: how many goals and types of work two programs must share under it.

    Keys that would be dense by construction, an area or a whole country, are divided by the types of work that the
    texts speak of most: who works there without naming a town meets those who do the same.
    """

    PLACE = 1  # country x town [1]
    AREA = 2  # area x domain of work, if one of them names no town [1]
    COUNTRY = 3  # country or region x type of work, if one of them names neither area nor town [1]
    PARTNERS = 4  # payer x implementer x start, if one of them lists no locality [2]
    TWIN = 5  # country x amount x start [5; 4 if one of them lists no locality]
    WHOLE_COUNTRY = 8  # country or region x domain of work, of those that name neither area nor town [1]
    SECTOR = 9  # country or region x start of a DAC sector's code, of those that name neither: texts may say little [2]
    IDENTIFIER = 6  # an activity's identifier, if it is the own one of one of them
    PAYMENT = 7  # payer or payee x currency x amount x time, of a payment here and an income there
    SAME_RECORD = 10  # reporter x title x amount x start: one record entered twice


# Under these keys records of one series meet; under all others they are not looked for.
MEET_WITHIN_A_SERIES = frozenset({Family.IDENTIFIER, Family.SAME_RECORD})


@dataclass(frozen=True)
class Key:
    """A key of a program. `least` is what it asks another one to share; NOT_OF_ITS_OWN leaves that to the other.
    Programs of one `series`, or of one by their titles, do not meet under it; where they may, both are a number of the
    program's own."""

    key: int
    family: Family
    least: int
    starts: int
    ends: int
    series: int
    title_series: int


@dataclass(frozen=True)
class Keys:
    """All keys of a program, with `mask`: a bit for each goal and each kind of work, compared under every key."""

    mask: int
    keys: tuple[Key, ...]


def keys_of(facts: ProgramFacts, reading: Reading) -> Keys:
    """Under which keys a program is found, by its facts and by what is read in its texts."""
    mask = _mask(facts, reading)
    meets = _period(facts)
    own = -facts.id - 1
    series = (code(facts.series[0]), code(facts.series[-1])) if facts.series else (own, own)
    found: dict[int, Key] = {}
    for family, least, parts in _all(facts, reading):
        key = _number(family, parts)
        period = FOREVER if family in (Family.IDENTIFIER, Family.PAYMENT) else meets
        # Who says little of itself cannot be asked for more than that.
        asks = least if least == NOT_OF_ITS_OWN else min(least, mask.bit_count())
        if key not in found or asks < found[key].least:
            apart_from = (own, own) if family in MEET_WITHIN_A_SERIES else series
            found[key] = Key(key, family, asks, *period, *apart_from)
    return Keys(mask, tuple(found[key] for key in sorted(found)))


def ideas_of(reading: Reading) -> list[int]:
    """What the texts speak of (kinds of work, whom for, by what means), as numbers that both languages share."""
    spoken = np.frombuffer(reading.work + reading.beneficiaries + reading.means, np.int8)
    return [int(i) for i in np.flatnonzero(spoken >= SPOKEN_OF_FROM)]


def main_work_of(reading: Reading) -> list[int]:
    """The types of work that the texts speak of most, the most first, as numbers of taxonomy.csv's rows."""
    spoken = np.frombuffer(reading.work, np.int8)
    order = np.argsort(-spoken, kind="stable")[:MOST_WORK]
    return [int(i) for i in order if spoken[i] >= max(SPOKEN_OF_FROM, MAIN_FROM * spoken.max())]


def domains_of(reading: Reading) -> list[int]:
    """The domains (groups of types) of work that the texts speak of most, the most first."""
    spoken = np.maximum(np.frombuffer(reading.work, np.int8).astype(np.int64), 0)
    totals = np.bincount(domains_of_work(), weights=spoken)
    order = np.argsort(-totals, kind="stable")[:MOST_DOMAINS]
    return [int(i) for i in order if totals[i] >= max(SPOKEN_OF_FROM, MAIN_FROM * totals.max())]


def home_of(facts: ProgramFacts) -> str:
    """Where a program belongs in an order that puts neighbours together."""
    return "/".join(
        next(iter(sorted(names)), "") for names in (facts.countries | facts.regions, facts.located, _named(facts))
    )


Parts = tuple[object, ...]


def _all(facts: ProgramFacts, reading: Reading) -> Iterator[tuple[Family, int, Parts]]:
    if not facts.texts and facts.committed_usd is not None and facts.committed_usd < 0:
        # A line of accounts that takes money back.
        yield from _identifiers(facts)
        yield from _payments(facts)
        return
    named, main_work, domains = _named(facts), main_work_of(reading), domains_of(reading)
    countries = sorted(facts.countries or {area[:2] for area in facts.located})

    for country, place in product(countries or sorted(facts.regions), named):
        yield Family.PLACE, 1, (country, place)
    for area, domain in product(sorted(facts.located), domains):
        yield Family.AREA, NOT_OF_ITS_OWN if named else 1, (area, domain)
    somewhere = bool(named or facts.located)
    wide = [*countries, *sorted(facts.regions)]
    for place, work in product(wide, main_work[:MOST_WORK_OF_PLACED] if somewhere else main_work):
        yield Family.COUNTRY, NOT_OF_ITS_OWN if somewhere else 1, (place, work)
    if not somewhere:
        for place, domain in product(wide, domains):
            yield Family.WHOLE_COUNTRY, 1, (place, domain)
        for place, stem in product(wide, sorted(stems(facts.sectors))):
            yield Family.SECTOR, 2, (place, stem)
    for payer, doer, cell in product(
        sorted(facts.bodies(facts.payers)), sorted(facts.bodies(facts.implementers)), _days(facts.start, PARTNERS_DAYS)
    ):
        yield Family.PARTNERS, NOT_OF_ITS_OWN if facts.localities else 2, (payer, doer, cell)
    if facts.committed_usd and facts.committed_usd > 0:
        amounts = _grids(log(facts.committed_usd), TWIN_STEP)
        for country, amount, cell in product(
            [*countries, *sorted(facts.regions)], amounts, _days(facts.start, TWIN_DAYS)
        ):
            yield Family.TWIN, 5 if facts.localities else 4, (country, amount, cell)
    yield from _identifiers(facts)
    yield from _same_record(facts)
    yield from _payments(facts)


def _identifiers(facts: ProgramFacts) -> Iterator[tuple[Family, int, Parts]]:
    yield Family.IDENTIFIER, 0, (facts.identifier,)
    for identifier in sorted(facts.activity_identifiers):
        yield Family.IDENTIFIER, NOT_OF_ITS_OWN, (identifier,)


def _same_record(facts: ProgramFacts) -> Iterator[tuple[Family, int, Parts]]:
    """Under which keys one record entered twice meets itself: what neither of the two says is the same of both."""
    # Those of one record are in the same currencies: the first of them is enough to find it by.
    currency, cents = next(iter(facts.totals.items()), ("", 0))
    amounts = [f"{currency} {cell}" for cell in _grids(log(cents), TWIN_STEP)] if cents else ["unknown"]
    starts = _days(facts.start, TWIN_DAYS) or ["unknown"]
    titles = [title for title, words in sorted(facts.telling_titles.items()) if cents or words]
    if not facts.named and cents:
        titles = [""]
    for title, amount, start in product(titles, amounts, starts):
        yield Family.SAME_RECORD, 0, (facts.body(facts.reporting_org), title, amount, start)


def _payments(facts: ProgramFacts) -> Iterator[tuple[Family, int, Parts]]:
    """A payment lies in one cell of amounts and days; an income is found in its own and in those around it."""
    known = [row for row in facts.money if row.date and row.value > 0]
    largest = sorted(known, key=lambda row: (-row.value, row.currency, row.date, row.out))[:MOST_PAYMENTS]
    for row in largest:
        assert row.date
        amount, day = floor(log(row.value) / AMOUNT_STEP), row.date.toordinal() // PAYMENT_DAYS
        payer, payee = (facts.reporting_org, row.receiver) if row.out else (row.provider, facts.reporting_org)
        payer, payee = (None if one is None else facts.body(one) for one in (payer, payee))
        around = (0,) if row.out else (-1, 0, 1)
        for a, d in product(around, around):
            for side, organization in (("payer", payer), ("payee", payee)):
                if organization is not None:
                    parts = (side, organization, row.currency, amount + a, day + d)
                    yield Family.PAYMENT, NOT_OF_ITS_OWN if row.out else 0, parts


def _named(facts: ProgramFacts) -> list[str]:
    return sorted(facts.places)


def _mask(facts: ProgramFacts, reading: Reading) -> int:
    """Goals in the lowest bits, all of them where none is known; what the texts speak of spread over the others."""
    mask = 0
    for goal in facts.goals or GOALS:
        mask |= 1 << (goal - 1)
    spoken = [("idea", idea) for idea in ideas_of(reading)] + [("domain", domain) for domain in domains_of(reading)]
    for of_what, number in spoken:
        mask |= 1 << (GOAL_BITS + _number(of_what, (number,)) % (MASK_BITS - GOAL_BITS))
    return mask


def _period(facts: ProgramFacts) -> tuple[int, int]:
    """First and last day, each moved outwards by half the margin; open where unknown."""
    first = facts.start.toordinal() - MARGIN_DAYS // 2 if facts.start else FOREVER[0]
    return first, facts.end.toordinal() + MARGIN_DAYS // 2 if facts.end else FOREVER[1]


def _days(day: dt.date | None, length: int) -> list[str]:
    return _grids(day.toordinal(), length) if day else []


def _grids(value: float, step: float) -> list[str]:
    """The cell of a value in two grids, moved by half a cell: values within half a cell share one of them."""
    return [f"a{floor(value / step)}", f"b{floor(value / step + 0.5)}"]


def _number(family: object, parts: Iterable[object]) -> int:
    """A key as 63 bits: equal parts, equal numbers, in every process."""
    text = "\x1f".join(map(str, (family, *parts)))
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big") >> 1
