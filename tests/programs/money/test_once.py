"""Every dollar once, for every reader: sums as a slow, plain calculation gives them, and cases by their kind."""

from collections import defaultdict
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from core.money import left_out_of
from donors.models import Organization, User
from programs.models import Participation, Program
from programs.money.calculated import calculated
from programs.overlap.models import Overlap
from programs.region import counting
from programs.services import (
    CoverageData,
    GoalData,
    ParticipationData,
    RelatedData,
    SectorData,
    TransactionData,
)
from tests import factories
from tests.worlds import overlap

pytestmark = pytest.mark.django_db
DAY = date(2024, 3, 1)
PARENT, CHILD = 1, 2
FUNDING, IMPLEMENTING = 1, 4


def commits(value: Any, country: str | None = None, **fields: Any) -> TransactionData:
    return TransactionData(2, Decimal(value), "USD", DAY, country_id=country, **fields)


def in_equal_parts(*countries: str) -> tuple[CoverageData, ...]:
    return tuple(CoverageData(code) for code in countries)


def funded_by(*organizations: Organization) -> tuple[ParticipationData, ...]:
    return tuple(ParticipationData(one.pk, FUNDING) for one in organizations)


def reader_of_all() -> User:
    return factories.user(is_superuser=True, is_staff=True)


def committed(reader: Any) -> Decimal:
    return counting.totals(reader).committed_usd


def by_country(reader: Any) -> dict[str | None, Decimal]:
    return rounded(
        {place: usd for (goal, place), (_n, usd, _moved) in counting.served(reader, DAY).cells.items() if goal is None}
    )


def by_donor(reader: Any) -> dict[int, Decimal]:
    return rounded({pk: funded.committed_usd for pk, funded in counting.funded(reader).items()})


class TestFamilies:
    def test_a_child_and_its_parent_count_once_everywhere(self) -> None:
        agency = factories.organization()
        parent = factories.program(
            agency, "published", identifier="P", transactions=(commits(1000),), coverages=in_equal_parts("HN", "GT"),
            participations=funded_by(agency),
        )  # fmt: skip
        factories.program(
            agency, "published", identifier="C", transactions=(commits(600),), coverages=in_equal_parts("HN"),
            participations=funded_by(agency), related=(RelatedData(PARENT, parent.identifier),),
        )  # fmt: skip
        reader = reader_of_all()
        assert committed(reader) == 1000
        assert by_country(reader) == {"HN": 800, "GT": 200, None: 1000}
        assert by_donor(reader) == {agency.pk: 1000}

    def test_whether_the_parent_or_the_child_says_so_is_the_same(self) -> None:
        agency = factories.organization()
        factories.program(
            agency, "published", identifier="P", transactions=(commits(1000),), related=(RelatedData(CHILD, "C"),)
        )
        factories.program(agency, "published", identifier="C", transactions=(commits(600),))
        assert committed(reader_of_all()) == 1000

    def test_the_next_hierarchy_under_the_same_identifier_is_a_part(self) -> None:
        agency = factories.organization()
        for identifier, level, value in (
            ("GB-1-20", 1, 1000),
            ("GB-1-20-101", 2, 700),
            ("GB-1-201", 2, 50),
            ("GB-1-20-X", 1, 7),
        ):
            factories.program(
                agency, "published", identifier=identifier, hierarchy=level, transactions=(commits(value),)
            )
        assert committed(reader_of_all()) == 1057

    def test_who_does_not_see_the_child_counts_the_parent_whole(self) -> None:
        agency, partner = factories.organization(), factories.organization()
        factories.program(
            agency, "published", identifier="P", transactions=(commits(1000),), visibility="public",
            related=(RelatedData(CHILD, "C"),), coverages=in_equal_parts("HN", "GT"),
        )  # fmt: skip
        factories.program(
            agency, "published", identifier="C", transactions=(commits(600),), visibility="restricted",
            coverages=in_equal_parts("HN"),
        )  # fmt: skip
        outsider = factories.user(partner)
        assert by_country(outsider) == {"HN": 500, "GT": 500, None: 1000}
        assert by_country(factories.user(agency)) == {"HN": 800, "GT": 200, None: 1000}
        assert calculated(outsider).through == {}

    def test_spending_counts_once_and_by_year(self) -> None:
        agency = factories.organization()
        spent = TransactionData(3, Decimal(400), "USD", DAY)
        factories.program(
            agency, "published", identifier="P", transactions=(commits(1000), spent), related=(RelatedData(CHILD, "C"),)
        )
        factories.program(
            agency,
            "published",
            identifier="C",
            transactions=(commits(600), TransactionData(4, Decimal(100), "USD", DAY)),
        )
        reader = reader_of_all()
        ((_programs, usd, moved),) = [
            row for key, row in counting.served(reader, DAY).cells.items() if key == (None, None)
        ]
        assert (usd, moved) == (1000, 400)
        ((goal, years),) = counting.years_by_goal(reader, 2024, 2024).items()
        assert (goal, years) == (1, {2024: (1000, 400)})

    def test_a_second_report_of_a_part_is_no_further_money(self) -> None:
        """Somebody else's report of the child counts in its place, and is a part of the parent as the child was."""
        agency, other = factories.organization(), factories.organization()
        factories.program(
            agency, "published", identifier="P", transactions=(commits(1000),), related=(RelatedData(CHILD, "C"),)
        )
        child = factories.program(agency, "published", identifier="C", transactions=(commits(600),))
        report = factories.program(other, "published", identifier="R", transactions=(commits(590),))
        overlap(child, report, kind="duplicate", second_report=child)
        assert committed(reader_of_all()) == 1000
        Overlap.objects.update(state="dismissed")
        assert committed(reader_of_all()) == 1590

    def test_what_sums_leave_out_counts_once_too(self) -> None:
        """No rate is known for the Cuban peso."""
        agency = factories.organization()
        for identifier, value, related in (("P", 1000, ()), ("C", 600, (RelatedData(PARENT, "P"),))):
            factories.program(
                agency, "published", identifier=identifier, related=related, coverages=in_equal_parts("HN"),
                transactions=(TransactionData(2, Decimal(value), "CUP", DAY),),
            )  # fmt: skip
        reader = reader_of_all()
        assert dict(left_out_of(committed(reader))) == {"CUP": 1000}
        ((_n, usd, _moved),) = [row for key, row in counting.served(reader, DAY).cells.items() if key == (None, "HN")]
        assert dict(left_out_of(usd)) == {"CUP": 1000}
        assert dict(left_out_of(counting.funded(reader)[agency.pk].committed_usd)) == {"CUP": 1000}


class TestMoneyThatIsPassedOn:
    def pool(self) -> tuple[Organization, Organization, Organization]:
        """A donor gives 10 million to a fund, which pays 3 million of it into a program that has 5 million."""
        donor, fund, other = (factories.organization(name) for name in ("Donor", "Fund", "Other donor"))
        factories.program(
            donor, "published", identifier="XM-POOL", coverages=in_equal_parts("HN", "GT"),
            participations=(*funded_by(donor), ParticipationData(fund.pk, IMPLEMENTING)),
            transactions=(commits(10_000_000, receiver_id=fund.pk),),
        )  # fmt: skip
        factories.program(
            fund, "published", identifier="XM-OF-POOL", coverages=in_equal_parts("HN"),
            participations=funded_by(fund, other),
            transactions=(
                commits(5_000_000),
                TransactionData(
                    11, Decimal(3_000_000), "USD", DAY, provider_id=fund.pk, provider_activity="XM-POOL"
                ),
            ),
        )  # fmt: skip
        return donor, fund, other

    def test_it_is_one_dollar_and_the_first_giver_s(self) -> None:
        donor, _fund, other = self.pool()
        reader = reader_of_all()
        assert committed(reader) == 12_000_000
        assert by_country(reader) == {"HN": 8_500_000, "GT": 3_500_000, None: 12_000_000}
        assert by_donor(reader) == {donor.pk: 10_000_000, other.pk: 2_000_000}

    def test_who_passes_it_on_still_has_the_program_among_its_own(self) -> None:
        _donor, fund, _other = self.pool()
        found = counting.funded(reader_of_all())[fund.pk]
        assert (found.programs, found.committed_usd) == (1, 0)

    def test_the_same_money_flagged_is_counted_by_what_was_passed_on(self) -> None:
        """The duplicate report is not left out whole where what it was given is stated: it has other money, too."""
        self.pool()
        pool, program = Program.objects.order_by("identifier").filter(identifier__startswith="XM-")
        overlap(pool, program, kind="same_money", second_report=program)
        assert committed(reader_of_all()) == 12_000_000

    def test_a_donor_that_the_receiver_names_is_not_given_its_money_twice(self) -> None:
        """8 of 10 come from the pool, and the receiver says so itself: the other 2 are its own."""
        donor, fund = factories.organization(), factories.organization()
        factories.program(
            donor, "published", identifier="XM-POOL", transactions=(commits(100),),
            participations=(*funded_by(donor), ParticipationData(fund.pk, IMPLEMENTING)),
        )  # fmt: skip
        came = TransactionData(11, Decimal(8), "USD", DAY, provider_id=donor.pk, provider_activity="XM-POOL")
        factories.program(fund, "published", participations=funded_by(fund), transactions=(commits(10), came))
        assert by_donor(reader_of_all()) == {donor.pk: 100, fund.pk: 2}

    def test_a_matrix_of_the_donor_holds_what_others_pass_on(self) -> None:
        donor, _fund, _other = self.pool()
        cells = counting.cells_of_donor(reader_of_all(), donor, DAY)
        assert rounded({place: usd for (goal, place), (_n, usd, _m) in cells.items() if goal is None}) == {
            "HN": 6_500_000,
            "GT": 3_500_000,
            None: 10_000_000,
        }


class TestShares:
    def test_transactions_say_how_much_is_for_which_country(self) -> None:
        factories.program(
            transactions=(commits(600_000, "HN"), commits(100_000, "GT")), coverages=in_equal_parts("HN", "GT")
        )
        assert by_country(reader_of_all()) == {"HN": 600_000, "GT": 100_000, None: 700_000}

    def test_without_commitments_what_was_spent_says_so(self) -> None:
        spent = [
            TransactionData(3, Decimal(usd), "USD", DAY, country_id=code) for usd, code in ((900, "HN"), (100, "GT"))
        ]
        factories.program(transactions=tuple(spent), coverages=in_equal_parts("HN", "GT"))
        assert by_country(reader_of_all()) == {"HN": 900, "GT": 100, None: 1000}

    def test_stated_percentages_come_first(self) -> None:
        factories.program(
            transactions=(commits(600, "HN"), commits(400, "GT")),
            coverages=(CoverageData("HN", None, Decimal(25)), CoverageData("GT", None, Decimal(75))),
        )
        assert by_country(reader_of_all()) == {"HN": 250, "GT": 750, None: 1000}

    def test_sectors_of_transactions_weigh_the_goals(self) -> None:
        """Police (goal 1) has nine tenths, prevention of violence at school (goal 2 or other) the rest."""
        police, courts = "15210", "15130"
        program = factories.program(
            goals=None,
            sectors=(SectorData(police), SectorData(courts)),
            transactions=(commits(900, sector_id=police), commits(100, sector_id=courts)),
        )
        equal = factories.program(
            goals=None, sectors=(SectorData(police), SectorData(courts)), transactions=(commits(1),)
        )
        shares, halves = (dict(one.goals.values_list("goal", "percentage")) for one in (program, equal))
        assert shares != halves
        assert max(shares.values()) > max(halves.values())

    @pytest.mark.parametrize("kind", [1, 11])
    def test_incoming_money_says_how_much_is_whose(self, kind: int) -> None:
        one, other, third = (factories.organization() for _ in range(3))
        came = [
            TransactionData(kind, Decimal(usd), "USD", DAY, provider_id=who.pk)
            for usd, who in ((600, one), (100, other))
        ]
        factories.program(participations=funded_by(one, other, third), transactions=(commits(1000), *came))
        assert by_donor(reader_of_all()) == {one.pk: 600, other.pk: 100, third.pk: 300}

    def test_outgoing_money_says_so_only_where_it_names_every_funder(self) -> None:
        one, other = factories.organization(), factories.organization()
        moves = (commits(750, provider_id=one.pk), commits(250, provider_id=other.pk))
        factories.program(participations=funded_by(one, other), transactions=moves)
        assert by_donor(reader_of_all()) == {one.pk: 750, other.pk: 250}
        factories.program(participations=funded_by(one, other), transactions=(commits(1000, provider_id=one.pk),))
        assert by_donor(reader_of_all()) == {one.pk: 1250, other.pk: 750}


AMOUNTS = st.integers(0, 1_000_000).map(lambda cents: Decimal(cents) / 100)
MADE = st.fixed_dictionaries(
    {
        "parent": st.integers(0, 6),
        "committed": st.none() | AMOUNTS,
        "countries": st.lists(st.sampled_from(["HN", "GT", "SV"]), min_size=1, max_size=3, unique=True),
        "of_transactions": st.booleans(),
        "funders": st.lists(st.integers(0, 2), max_size=2, unique=True),
        "visibility": st.sampled_from(["public", "partners", "restricted"]),
        "reporter": st.integers(0, 1),
    }
)


class TestAgainstAPlainCalculation(TestCase):
    """Random families with restricted members, for each kind of reader."""

    @settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(st.lists(MADE, min_size=1, max_size=6))
    def test_sums_at_every_level_are_those_of_a_plain_calculation(self, rows: list[dict[str, Any]]) -> None:
        reporters = [factories.organization(), factories.organization()]
        donors = [factories.organization() for _ in range(3)]
        made: list[Program] = []
        for number, row in enumerate(rows):
            parent = made[row["parent"]] if row["parent"] < number else None
            moves = [] if row["committed"] is None else [commits(row["committed"])]
            if row["of_transactions"] and row["committed"]:
                first, rest = Decimal("0.01"), row["committed"] - Decimal("0.01")
                moves = [commits(first, row["countries"][0]), commits(rest, row["countries"][-1])]
            made.append(
                factories.program(
                    reporters[row["reporter"]], "published", identifier=f"FAMILY-{number}X", goals=(
                        GoalData(1, Decimal(60)), GoalData(2, Decimal(40)),
                    ), transactions=tuple(moves), coverages=in_equal_parts(*row["countries"]),
                    participations=funded_by(*(donors[n] for n in row["funders"])), visibility=row["visibility"],
                    related=(RelatedData(PARENT, parent.identifier),) if parent else (),
                )
            )  # fmt: skip
        coordinator = factories.user(factories.organization(is_coordinating_body=True), "coordinator")
        for reader in (AnonymousUser(), factories.user(reporters[0]), factories.user(reporters[1]), coordinator):
            self.compare(reader)

    def compare(self, reader: Any) -> None:
        plain = Plain(reader)
        assert cents(committed(reader)) == cents(sum(plain.counts.values(), Decimal(0)))
        assert rounded(by_country(reader)) == rounded({**plain.by_country(), None: committed(reader)})
        assert rounded(by_donor(reader)) == rounded(plain.by_donor())


def cents(usd: Decimal) -> Decimal:
    return usd.quantize(Decimal("0.0001"))


def rounded(sums: Any) -> dict[Any, Decimal]:
    return {key: cents(usd) for key, usd in sums.items() if cents(usd)}


class Plain:
    """The same by going down each tree of what the reader may see, program by program."""

    def __init__(self, reader: Any) -> None:
        self.programs = {one.pk: one for one in Program.objects.visible_to(reader).listed()}
        self.parents = {
            one.pk: related.related_id
            for one in self.programs.values()
            for related in one.related_programs.all()
            if related.related_id in self.programs
        }
        self.counts = {pk: self.count(pk) for pk in self.programs}

    def worth(self, pk: int) -> Decimal:
        return max(self.programs[pk].committed_usd or Decimal(0), self.of_children(pk))

    def of_children(self, pk: int) -> Decimal:
        return sum((self.worth(child) for child, parent in self.parents.items() if parent == pk), Decimal(0))

    def count(self, pk: int) -> Decimal:
        return max(Decimal(0), (self.programs[pk].committed_usd or Decimal(0)) - self.of_children(pk))

    def by_country(self) -> dict[str, Decimal]:
        found: dict[str, Decimal] = defaultdict(Decimal)
        for pk, usd in self.counts.items():
            countries = [row.country_id for row in self.programs[pk].coverages.all()]
            own: dict[str, Decimal] = defaultdict(Decimal)
            for move in self.programs[pk].transactions.exclude(country=None):
                own[move.country_id] += move.value_usd
            for code in countries:
                share = own[code] / sum(own.values()) if sum(own.values()) else Decimal(1) / len(countries)
                if len(countries) == 1:
                    share = Decimal(1)
                found[code] += usd * share
        return found

    def funders(self, pk: int) -> list[int]:
        stated = self.programs[pk].participations.filter(role=Participation.Role.FUNDING)
        own = list(stated.values_list("organization", flat=True))
        return own or (self.funders(self.parents[pk]) if pk in self.parents else [])

    def by_donor(self) -> dict[int, Decimal]:
        found: dict[int, Decimal] = defaultdict(Decimal)
        for pk, usd in self.counts.items():
            for donor in (funders := self.funders(pk)):
                found[donor] += usd / len(funders)
        return found
