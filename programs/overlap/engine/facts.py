"""What the engine knows of a program: frozen, typed, cheap to compare."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from programs.overlap.engine.institutions import body_number, institutions, institutions_among
from programs.overlap.engine.places import Found, find_places, place_named
from programs.overlap.engine.segments import affirmed
from programs.overlap.engine.series import series_of, telling
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
    """A program as the engine sees it. Organizations are ids; dates may be None: unknown, not never.

    `texts` are its titles and descriptions in every language; `titles` those of them that are titles, by default the
    one. A budget is (value, currency, the day on which its own period begins).
    """

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
    budgets: frozenset[tuple[Decimal, str, dt.date | None]]
    committed_usd: Decimal | None
    activity_identifiers: frozenset[str]
    related: frozenset[tuple[int, str]] = field(default=frozenset())
    titles: tuple[str, ...] = ()
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
        return self.found.names | frozenset(name for code in self.found.towns if (name := place_named(code)))

    @cached_property
    def located(self) -> frozenset[str]:
        """Its areas: those it lists, those of its towns, and those its texts name."""
        return self.found.areas

    @cached_property
    def institutions(self) -> frozenset[str]:
        """Public institutions of its countries that its texts name as taking part: keys of organizations.csv."""
        return institutions(map(affirmed, self.texts), self.all_countries)

    @property
    def all_countries(self) -> frozenset[str]:
        """Its countries and those of its areas."""
        return self.countries | {area[:2] for area in self.areas}

    @cached_property
    def partners(self) -> frozenset[str]:
        """Public institutions of its countries that report it or take part in it: keys as of `institutions`."""
        own = {self.reporting_org, *self.funders, *self.implementers, *self.others}
        return institutions_among((key for pk, key in self.listed if pk in own), self.all_countries)

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
    def named(self) -> frozenset[str]:
        """Its titles as words, as they are compared word for word."""
        return frozenset(" ".join(words) for title in self.titles or (self.title,) if (words := plain_words(title)))

    @cached_property
    def telling_titles(self) -> dict[str, int]:
        """How many words of each of its titles tell it from others (see series.telling), by the title as in `named`."""
        told: dict[str, int] = {}
        for title in self.titles or (self.title,):
            if words := " ".join(plain_words(title)):
                told[words] = max(told.get(words, 0), telling(title, self.place_words))
        return told

    @cached_property
    def series(self) -> tuple[str, ...]:
        """The series it belongs to, by its standard text first (see series.series_of)."""
        titles = self.titles or (self.title,)
        taking_part = self.bodies(self.funders | self.implementers | self.others)
        descriptions = [text for text in self.texts if text not in titles]
        return series_of(self.body(self.reporting_org), titles, descriptions, (*taking_part, *self.sectors))

    @cached_property
    def totals(self) -> dict[str, int]:
        """What it comes to, in cents by currency: its commitments in US dollars, else what it paid in each currency by
        itself, as sums of two currencies are no sum. Empty where unknown."""
        if self.committed_usd is not None and self.committed_usd > 0:
            return {"USD": int(self.committed_usd * 100)}
        found: dict[str, int] = {}
        for move in self.money:
            if move.out and (cents := int(move.value * 100)) > 0:
                found[move.currency] = found.get(move.currency, 0) + cents
        return dict(sorted(found.items()))

    @cached_property
    def dated_sums(self) -> frozenset[tuple[Decimal, str, dt.date]]:
        """What it committed or paid, each with its currency and day; a budget is of the day that its period begins, or
        the program where the budget names no period."""
        moved = {(move.value, move.currency, move.date) for move in self.money if move.out and move.date}
        planned = {(value, currency, day) for value, currency, begins in self.budgets if (day := begins or self.start)}
        return frozenset(row for row in moved | planned if row[0] > 0)

    @cached_property
    def payers(self) -> frozenset[int]:
        """Who pays for it: its funders, else the organization that reports it."""
        return self.funders or frozenset({self.reporting_org})


def normalized_names(names: Iterable[str]) -> frozenset[str]:
    """Names of localities as they are compared."""
    return frozenset(text for name in names if (text := " ".join(plain_words(name))))
