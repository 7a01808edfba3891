"""What the engine knows of a program: frozen, typed, cheap to compare."""

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from programs.overlap.engine.text import plain_words, telling_words

# A place as a description names it: in Soyapango, en San Pedro Sula, (Chamelecón), …, Quetzaltenango.
_NAMED_PLACE = re.compile(
    r"(?:\b(?:in|en)\s+|\(|,\s+)((?:[A-ZÁÉÍÓÚÑ][\w'’-]+)(?:\s+(?:de|del|la|los)?\s*[A-ZÁÉÍÓÚÑ][\w'’-]+){0,3})"
)


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

    @cached_property
    def places(self) -> frozenset[str]:
        """Localities that it lists or its texts name, without accents."""
        named = {" ".join(plain_words(name)) for text in self.texts for name in _NAMED_PLACE.findall(text)}
        return self.localities | frozenset(name for name in named if name)

    @cached_property
    def words(self) -> frozenset[str]:
        """Telling words of its texts, without those of its places."""
        return telling_words(self.texts, frozenset(word for place in self.places for word in place.split()))

    @cached_property
    def payers(self) -> frozenset[int]:
        """Who pays for it: its funders, else the organization that reports it."""
        return self.funders or frozenset({self.reporting_org})


def normalized_names(names: Iterable[str]) -> frozenset[str]:
    """Names of localities as they are compared."""
    return frozenset(text for name in names if (text := " ".join(plain_words(name))))
