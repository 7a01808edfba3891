"""A program as a row of whole numbers: what the engine compares of it, made from that program alone.

Every field is an int, bytes or a tuple of ints, so that it fits a database row (BigInteger, Binary, arrays).
Names and codes are 63-bit numbers of their text: equal texts, equal numbers, in every process.
"""

import hashlib
from dataclasses import dataclass

from programs.overlap.engine.facts import ProgramFacts
from programs.overlap.engine.reading import Reading, read
from programs.overlap.engine.sectors import main_stems, sector_names, stems, telling_sectors

# Between two texts of a program that are read as one.
JOINT = ". "
FAMILY_PARENTHOOD = frozenset({1, 2, 3})


@dataclass(frozen=True)
class Profile:
    """What is compared of a program. Dates are days (date.toordinal), 0 where unknown; cents are US, -1 if unknown.

    `sectors` are those that say something of the work, `stems` what they belong to, `main_stems` those of them that
    it is mainly in, `only_stems` all of them where the program has no text. `places` it lists or names as its
    place, `mentioned` are names in its texts that may be places. `paid` and `got` are transfers as (value in cents,
    currency, day, provider, receiver) one after the other, 0 where unknown. `titles`, `series` and `sums` are what
    ProgramFacts.named, series and dated_sums say; `telling` is how many words of each of the titles tell it from
    others, `totals` what the program comes to: (currency, cents) one after the other.
    An organization's number is that of the known body that it is, so that two entries of one body are the same.
    """

    id: int
    version: int
    identifier: int
    reporter: int
    start: int
    end: int
    goals: tuple[int, ...]
    sectors: tuple[int, ...]
    stems: tuple[int, ...]
    main_stems: tuple[int, ...]
    only_stems: tuple[int, ...]
    countries: tuple[int, ...]
    regions: tuple[int, ...]
    areas: tuple[int, ...]
    places: tuple[int, ...]
    mentioned: tuple[int, ...]
    institutions: tuple[int, ...]
    partners: tuple[int, ...]
    funders: tuple[int, ...]
    implementers: tuple[int, ...]
    committed_cents: int
    paid: tuple[int, ...]
    got: tuple[int, ...]
    names: tuple[int, ...]
    family: tuple[int, ...]
    titles: tuple[int, ...]
    telling: tuple[int, ...]
    series: tuple[int, ...]
    totals: tuple[int, ...]
    sums: tuple[int, ...]
    reading: Reading


def code(text: str) -> int:
    """A number for a text: 63 bits of its BLAKE2b hash, so that a database's bigint holds it."""
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest()) >> 1


def profile_of(facts: ProgramFacts, reading: Reading | None = None) -> Profile:
    """The profile of a program. `reading` is its stored one where its texts have not changed since."""
    titles = sorted((code(title), words) for title, words in facts.telling_titles.items())
    return Profile(
        id=facts.id,
        version=facts.version,
        identifier=code(facts.identifier),
        reporter=facts.body(facts.reporting_org),
        start=facts.start.toordinal() if facts.start else 0,
        end=facts.end.toordinal() if facts.end else 0,
        goals=tuple(sorted(facts.goals)),
        sectors=_codes(telling_sectors(facts.sectors)),
        stems=_codes(stems(facts.sectors)),
        main_stems=_codes(main_stems(facts.sectors)),
        only_stems=() if facts.texts else _codes(stems(facts.sectors)),
        countries=_codes(facts.countries),
        regions=_codes(facts.regions),
        areas=_codes(facts.located),
        places=_codes(facts.places),
        mentioned=_codes(mentioned(facts)),
        institutions=_codes(facts.institutions),
        partners=_codes(facts.partners),
        funders=tuple(sorted(facts.bodies(facts.payers))),
        implementers=tuple(sorted(facts.bodies(facts.implementers))),
        committed_cents=-1 if facts.committed_usd is None else int(facts.committed_usd * 100),
        paid=_transfers(facts, out=True),
        got=_transfers(facts, out=False),
        names=_codes(facts.activity_identifiers),
        family=_codes({identifier for kind, identifier in facts.related if kind in FAMILY_PARENTHOOD}),
        titles=tuple(title for title, _words in titles),
        telling=tuple(words for _title, words in titles),
        series=tuple(code(one) for one in facts.series),
        totals=tuple(number for currency, cents in facts.totals.items() for number in (code(currency), cents)),
        sums=_codes({f"{value.normalize():f} {currency} {day}" for value, currency, day in facts.dated_sums}),
        reading=reading or read_facts(facts),
    )


def read_facts(facts: ProgramFacts) -> Reading:
    """What the program's texts say: the part of a profile that takes milliseconds, worth storing."""
    return read(*read_texts(facts), facts.place_words, sector_names(facts.sectors))


def read_texts(facts: ProgramFacts) -> tuple[str, str]:
    """What is read as the program's title, and as its description: all its other texts."""
    return facts.title, JOINT.join(text for text in facts.texts if text != facts.title)


def mentioned(facts: ProgramFacts) -> frozenset[str]:
    """Names in the texts that another program may list as its place."""
    return facts.found.capitalised


def _codes(texts: frozenset[str] | set[str]) -> tuple[int, ...]:
    return tuple(sorted(code(text) for text in texts))


def _transfers(facts: ProgramFacts, *, out: bool) -> tuple[int, ...]:
    rows = sorted(
        (
            int(m.value * 100),
            code(m.currency),
            m.date.toordinal() if m.date else 0,
            facts.body(m.provider or 0),
            facts.body(m.receiver or 0),
        )
        for m in facts.money
        if m.out == out
    )
    return tuple(number for row in rows for number in row)
