"""What of each program's money a reader's sums count, so that every dollar is in them once.

What counts is calculated by programs/money/calculated.py. For families of which the reader sees every program it is
kept (programs/money/stored.py); the others, and those that have changed since, are calculated as the reader sees them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from donors.models import User

    Reader: TypeAlias = User | AnonymousUser


@dataclass(frozen=True)
class Once:
    """What differs from what programs state; all other programs count what they state.

    `committed` and `disbursed`: program -> US dollars that it counts. `twice`: duplicate reports, which count nothing,
    with the program that has their money. `funders`: part -> (organization, share of one) where its money is known to
    come from further up. `currencies`: the same as `committed` and `disbursed` of amounts that no rate is known for,
    each in its own currency. `plans`: what they count of what they plan for a year (programs/money/plans.py).
    """

    committed: Mapping[int, Decimal] = field(default_factory=dict)
    disbursed: Mapping[int, Decimal] = field(default_factory=dict)
    twice: Mapping[int, int] = field(default_factory=dict)
    funders: Mapping[int, Mapping[int, Decimal]] = field(default_factory=dict)
    currencies: Mapping[str, tuple[Mapping[int, Decimal], Mapping[int, Decimal]]] = field(default_factory=dict)
    plans: Mapping[tuple[int, int, str], Decimal] = field(default_factory=dict)

    def in_currency(self, currency: str) -> "Once":
        """What counts once of the amounts in a currency (ISO 4217) that no rate is known for."""
        committed, disbursed = self.currencies.get(currency, ({}, {}))
        return replace(self, committed=committed, disbursed=disbursed)

    def __add__(self, other: "Once") -> "Once":
        """Both, of different programs."""
        nothing: tuple[dict[int, Decimal], dict[int, Decimal]] = ({}, {})
        currencies = {}
        for code in sorted({*self.currencies, *other.currencies}):
            (committed, disbursed), (more, moved) = (one.currencies.get(code, nothing) for one in (self, other))
            currencies[code] = ({**committed, **more}, {**disbursed, **moved})
        return Once(
            {**self.committed, **other.committed},
            {**self.disbursed, **other.disbursed},
            {**self.twice, **other.twice},
            {**self.funders, **other.funders},
            currencies,
            {**self.plans, **other.plans},
        )

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """Program, committed, disbursed, whether it is told twice: arrays as PostgreSQL reads them, written once for
        all the statements that are given them."""
        programs = sorted({*self.committed, *self.disbursed, *self.twice})
        return (
            _array(programs),
            _array(self.committed.get(program) for program in programs),
            _array(self.disbursed.get(program) for program in programs),
            _array(program in self.twice for program in programs),
        )

    @cached_property
    def inherited(self) -> tuple[str, ...]:
        """Program, organization, share of one: the same of `funders`."""
        rows = [(program, one, share) for program, shares in self.funders.items() for one, share in shares.items()]
        return tuple(_array(row[column] for row in rows) for column in range(3))


def _array(values: Iterable[Any]) -> str:
    return f"{{{','.join('NULL' if value is None else str(value) for value in values)}}}"
