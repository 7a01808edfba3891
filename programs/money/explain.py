"""How one program's money counts in the sums of a reader, to be shown beside it."""

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from core.money import UsdSum
from donors.models import Organization
from goals.models import Country, Region
from programs.models import Program
from programs.money.asking import ask_of
from programs.money.calculated import Calculated, calculated
from programs.money.links import family_of
from programs.money.once import Once
from programs.money.sql import FUNDED, PLACED, SHOWN, asked_of
from programs.querysets import among

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from donors.models import User

_PLACES = asked_of(
    "SELECT country_id, region_id, share FROM placed ORDER BY share DESC, country_id, region_id", SHOWN, PLACED
)
_FUNDERS = asked_of(
    "SELECT organization_id, share, is_stated FROM funded ORDER BY share DESC, organization_id", SHOWN, FUNDED
)
STATED, OF_TRANSACTIONS, IN_EQUAL_PARTS, ALONE = "stated", "transactions", "equal", "alone"
# What the shares of the places or of the donors rest on, in a sentence.
PLACES_REST_ON = {
    STATED: _("The percentages are those of the program."),
    OF_TRANSACTIONS: _("The program states no percentages. Its transactions show how much is for each place."),
    IN_EQUAL_PARTS: _("The program states no percentages, so each place counts for an equal part."),
    ALONE: "",
}
FUNDERS_REST_ON = {
    OF_TRANSACTIONS: _("The transactions show how much each donor gave."),
    IN_EQUAL_PARTS: _("How much each donor gave is not stated, so each counts for an equal part."),
    ALONE: "",
}


@dataclass(frozen=True)
class Part:
    """A share of what counts: of a place or a donor. `is_passed_on`: the donor's money comes by way of others."""

    named: Any
    percentage: Decimal
    usd: Decimal | None
    is_passed_on: bool = False


@dataclass(frozen=True)
class HowItCounts:
    """What of a program's money counts in totals, US dollars; None where it states none.

    `first`: the program whose report of the same funds counts instead. `parts` and `wholes`: other programs with the
    money of this one that is counted there, or of theirs that is counted here. `planned`: years of which not all that
    it plans counts here, with what does.
    """

    program: Program
    committed: Decimal | None
    disbursed: Decimal | None
    first: Program | None
    parts: list[tuple[Program, Decimal]]
    wholes: list[tuple[Program, Decimal]]
    places: list[Part]
    places_rest_on: Any
    funders: list[Part]
    funders_rest_on: Any
    planned: list[tuple[int, Decimal]]

    @property
    def is_whole(self) -> bool:
        """Whether all that it states counts here."""
        return self.first is None and self.committed == self.program.committed_usd


def how_it_counts(program: Program, reader: "User | AnonymousUser") -> HowItCounts:
    """What of the program's money the reader's totals count, where, and as whose; only from what they may see."""
    found = calculated(reader, family_of(program.pk))
    once = found.once
    others = _others(program, found, reader)
    committed = None if program.pk in once.twice else once.committed.get(program.pk, program.committed_usd)
    disbursed = None if program.pk in once.twice else once.disbursed.get(program.pk, program.disbursed_usd)
    places, funders = _places(program, once, committed), _funders(program, once, committed)
    return HowItCounts(
        program,
        committed,
        disbursed,
        first=others.get(once.twice.get(program.pk, 0)),
        parts=[(others[part], usd) for (whole, part), usd in _largest(found) if whole == program.pk and part in others],
        wholes=[
            (others[whole], usd) for (whole, part), usd in _largest(found) if part == program.pk and whole in others
        ],
        places=places,
        places_rest_on=PLACES_REST_ON[_places_basis(program, places)],
        funders=funders,
        funders_rest_on=FUNDERS_REST_ON[_funders_basis(funders)],
        planned=_planned(program, once),
    )


def _planned(program: Program, once: Once) -> list[tuple[int, Decimal]]:
    found: dict[int, UsdSum] = {}
    for (pk, year, currency), amount in sorted(once.plans.items()):
        if pk == program.pk:
            counts = UsdSum(0, {currency: amount}) if currency else UsdSum(amount)
            found[year] = found.get(year, UsdSum(0)) + counts
    return list(found.items())


def _largest(found: Calculated) -> list[tuple[tuple[int, int], Decimal]]:
    return sorted(found.through.items(), key=lambda item: (-item[1], item[0]))


def _others(program: Program, found: Calculated, reader: Any) -> dict[int, Program]:
    """The programs that share money with this one; a query."""
    ids = {pk for pair in found.through if program.pk in pair for pk in pair}
    ids |= {found.once.twice.get(program.pk, program.pk)}
    others = Program.objects.visible_to(reader).filter(pk__in=among(sorted(ids - {program.pk})))
    return {other.pk: other for other in others.only("title", "identifier")}


def _usd(committed: Decimal | None, share: Decimal) -> Decimal | None:
    return None if committed is None else committed * share


def _places(program: Program, once: Once, committed: Decimal | None) -> list[Part]:
    rows = ask_of(Program.objects.filter(pk=program.pk), once, _PLACES)
    countries = Country.objects.in_bulk([country for country, _region, _share in rows if country])
    regions = Region.objects.in_bulk([region for _country, region, _share in rows if region])
    return [
        Part(countries.get(country) or regions.get(region), share * 100, _usd(committed, share))
        for country, region, share in rows
    ]


def _funders(program: Program, once: Once, committed: Decimal | None) -> list[Part]:
    rows = ask_of(Program.objects.filter(pk=program.pk), once, _FUNDERS)
    known = Organization.objects.in_bulk([pk for pk, _share, _stated in rows])
    return [
        Part(known[pk], share * 100, _usd(committed, share), not is_stated)
        for pk, share, is_stated in rows
        if share or is_stated
    ]


def _places_basis(program: Program, places: list[Part]) -> str:
    if len(places) < 2:
        return ALONE
    if any(row.percentage is not None for row in program.coverages.all()):
        return STATED
    return IN_EQUAL_PARTS if len({part.percentage for part in places}) == 1 else OF_TRANSACTIONS


def _funders_basis(funders: list[Part]) -> str:
    if len(funders) < 2:
        return ALONE
    return IN_EQUAL_PARTS if len({part.percentage for part in funders}) == 1 else OF_TRANSACTIONS
