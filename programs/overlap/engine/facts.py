"""What the engine knows of a program: frozen, typed, cheap to compare."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from programs.overlap.engine.institutions import body_number, institutions, institutions_among
from programs.overlap.engine.places import Found, find_places, place
from programs.overlap.engine.text import plain_words, telling_words


@dataclass(frozen=True)
class Money:
    """A movement of money as far as the engine compares it. `out` is what its provider paid: types 2, 3, 4."""

    out: bool
    value: Decimal
    currency: str
    date: dt.date | None
    provider: int | None
    receiver: int | None
    provider_activity: str
    receiver_activity: str


@dataclass(frozen=True)
class ProgramFacts:
    """A program as the engine sees it. Organizations are ids; dates may be None: unknown, not never."""

    id: int
    version: int
    identifier: str
    reporting_org: int
    title: str
    texts: tuple[str, ...]
    start: dt.date | None
    end: dt.date | None
    goals: frozenset[int]
    sectors: frozenset[str]
    countries: frozenset[str]
    regions: frozenset[str]
    areas: frozenset[str]
    localities: frozenset[str]
    funders: frozenset[int]
    implementers: frozenset[int]
    others: frozenset[int]
    money: tuple[Money, ...]
    budgets: frozenset[tuple[Decimal, str]]
    committed_usd: Decimal | None
    activity_identifiers: frozenset[str]
    related: frozenset[tuple[int, str]] = field(default=frozenset())
    # (id, key) of those of its organizations that are known bodies: donors/data/organizations.csv.
    listed: frozenset[tuple[int, str]] = field(default=frozenset())

    @cached_property
    def found(self) -> Found:
        """What it lists and its texts say of places."""
        return find_places(self.texts, self.localities, self.countries, self.areas)

    @cached_property
    def places(self) -> frozenset[str]:
        """Towns that it lists or its texts name, by the gazetteer's name for each, and listed names that the gazetteer
        does not know; without accents."""
        towns = (place(code) for code in self.found.towns)
        return self.found.names | frozenset(" ".join(plain_words(town.name)) for town in towns if town)

    @cached_property
    def located(self) -> frozenset[str]:
        """Its areas: those it lists, those of its towns, and those its texts name."""
        return self.found.areas

    @cached_property
    def institutions(self) -> frozenset[str]:
        """Public institutions of its countries that its texts name: keys of donors/data/organizations.csv."""
        return institutions(self.texts, self._homes)

    @cached_property
    def partners(self) -> frozenset[str]:
        """Public institutions of its countries that report it or take part in it: keys as of `institutions`."""
        own = {self.reporting_org, *self.funders, *self.implementers, *self.others}
        return institutions_among((key for pk, key in self.listed if pk in own), self._homes)

    @cached_property
    def _homes(self) -> frozenset[str]:
        return self.countries | {area[:2] for area in self.areas}

    @cached_property
    def _bodies(self) -> dict[int, int]:
        return {pk: body_number(key) for pk, key in self.listed}

    def body(self, organization: int) -> int:
        """Who an organization is, as a number: one for all entries of the register that are one known body."""
        return self._bodies.get(organization, organization)

    def bodies(self, organizations: Iterable[int]) -> frozenset[int]:
        """Who these organizations are."""
        return frozenset(map(self.body, organizations))

    @cached_property
    def words(self) -> frozenset[str]:
        """Telling words of its texts, without those of its places."""
        return telling_words(self.texts, self.place_words)

    @cached_property
    def place_words(self) -> frozenset[str]:
        """Words of the places in its texts, without accents: left out where texts are compared."""
        return self.found.words | frozenset(word for name in self.localities for word in name.split())

    @cached_property
    def payers(self) -> frozenset[int]:
        """Who pays for it: its funders, else the organization that reports it."""
        return self.funders or frozenset({self.reporting_org})


def normalized_names(names: Iterable[str]) -> frozenset[str]:
    """Names of localities as they are compared."""
    return frozenset(text for name in names if (text := " ".join(plain_words(name))))
