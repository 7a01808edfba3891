"""What a pair may cost twice: the parts of both programs for what they share."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programs.overlap import services
from programs.overlap.amounts import Location, Shares, amount_of
from programs.overlap.clustering import PairInCluster, money_at_stake
from programs.overlap.models import Cluster, Overlap
from programs.services import CoverageData, GoalData
from tests import factories

SEVEN = 7
MILLION = Decimal(1_000_000)
CORTES, CHOLOMA, TELA = "HN-CR", Location("HN-CR", "HN-CR", "choloma", Decimal(1)), "tela"


def shares(number: int, committed: int | None = 1_000_000, **fields: Any) -> Shares:
    return Shares(number, None if committed is None else Decimal(committed), **fields)


def parts(**numbers: str) -> dict[str, Decimal]:
    return {name.replace("_", "-"): Decimal(number) for name, number in numbers.items()}


def usd(one: Shares, other: Shares, *sites: str, kind: str = "overlap") -> Decimal | None:
    return amount_of(kind, one, other, sites, SEVEN).usd


HERE = {"countries": parts(HN="1"), "goals": {1: Decimal(1)}, "days": (date(2024, 1, 1), date(2025, 12, 31))}


def test_what_both_do_in_one_place_at_one_time_counts_in_full() -> None:
    assert usd(shares(1, **HERE), shares(2, 300_000, **HERE)) == Decimal(300_000)


@pytest.mark.parametrize(
    ("changed", "amount"),
    [
        ({"countries": parts(HN="0.25", GT="0.75")}, 250_000),
        ({"goals": {1: Decimal("0.4"), 3: Decimal("0.6")}}, 400_000),
        ({"days": (date(2025, 1, 1), date(2028, 12, 31))}, 249_800),
        ({"days": (date(2027, 1, 1), date(2028, 12, 31))}, 0),
        ({"countries": parts(HN="0.5", GT="0.5"), "goals": {1: Decimal("0.5"), 2: Decimal("0.5")}}, 250_000),
    ],
    ids=["the country", "the goal", "the months", "never at once", "all of them"],
)
def test_only_what_both_share_counts(changed: dict[str, Any], amount: int) -> None:
    large, other = shares(1, 50_000_000, **HERE), shares(2, **{**HERE, **changed})

    assert usd(large, other) == usd(other, large) == Decimal(amount)


def test_the_smaller_part_counts_and_not_the_smaller_program() -> None:
    everywhere = shares(1, 8_000_000, **{**HERE, "countries": parts(HN="0.1", GT="0.9")})
    here = shares(2, 1_000_000, **HERE)

    amount = amount_of("overlap", everywhere, here, (), SEVEN)

    assert (amount.usd, amount.smaller) == (Decimal(800_000), 1)


class TestPlace:
    def test_of_areas_those_that_both_name(self) -> None:
        rows = (Location("HN-CR", "HN-CR", "", Decimal("0.25")), Location("HN-AT", "HN-AT", "", Decimal("0.75")))

        assert usd(shares(1, **HERE, locations=rows), shares(2, **HERE, locations=(CHOLOMA,))) == Decimal(250_000)

    def test_of_localities_those_that_both_name(self) -> None:
        rows = (
            Location("HN-CR", "HN-CR", "choloma", Decimal("0.1")),
            Location("HN-CR", "HN-CR", "puerto", Decimal("0.9")),
        )

        assert usd(shares(1, **HERE, locations=rows), shares(2, **HERE, locations=(CHOLOMA,))) == Decimal(100_000)

    def test_a_municipality_lies_in_its_department(self) -> None:
        rows = (Location("HN0502", "HN-CR", "", Decimal("0.5")), Location("HN0101", "HN-AT", "", Decimal("0.5")))
        department = (Location("HN-CR", "HN-CR", "", Decimal(1)),)

        assert usd(shares(1, **HERE, locations=rows), shares(2, **HERE, locations=department)) == Decimal(500_000)

    def test_who_names_no_area_works_in_all_of_the_country(self) -> None:
        assert usd(shares(1, **HERE), shares(2, **HERE, locations=(CHOLOMA,))) == MILLION

    def test_areas_that_only_the_texts_have_in_common(self) -> None:
        rows = (Location("HN-CR", "HN-CR", "", Decimal("0.25")), Location("HN-AT", "HN-AT", "", Decimal("0.75")))
        other = (Location("HN-LP", "HN-LP", "", Decimal(1)),)

        assert usd(shares(1, **HERE, locations=rows), shares(2, **HERE, locations=other), "HN-CR") == Decimal(250_000)

    def test_a_program_for_the_region_is_for_each_of_its_countries_in_equal_parts(self) -> None:
        regional = shares(1, 7_000_000, **{**HERE, "countries": {}, "regional": Decimal(1)})

        assert usd(regional, shares(2, 5_000_000, **HERE)) == Decimal("1000300.00")
        assert usd(regional, shares(2, 5_000_000, **{**HERE, "countries": {}, "regional": Decimal(1)})) == 5 * MILLION

    def test_without_a_place_in_common_nobody_knows_the_amount(self) -> None:
        assert usd(shares(1, **HERE), shares(2, **{**HERE, "countries": parts(GT="1")})) is None

    def test_a_program_without_places_counts_as_a_whole(self) -> None:
        assert usd(shares(1, **HERE), shares(2, **{**HERE, "countries": {}})) == MILLION


class TestWork:
    def test_sectors_count_where_no_goal_is_in_common(self) -> None:
        one = shares(
            1, **{**HERE, "goals": {1: Decimal(1)}, "sectors": {"15130": Decimal("0.3"), "15220": Decimal("0.7")}}
        )
        other = shares(2, **{**HERE, "goals": {2: Decimal(1)}, "sectors": {"15130": Decimal(1)}})

        assert usd(one, other) == Decimal(300_000)

    def test_without_work_in_common_nobody_knows_the_amount(self) -> None:
        assert usd(shares(1, **HERE), shares(2, **{**HERE, "goals": {2: Decimal(1)}})) is None

    def test_who_names_neither_counts_as_a_whole(self) -> None:
        assert usd(shares(1, **HERE), shares(2, **{**HERE, "goals": {}})) == MILLION


def test_dates_that_nobody_knows_count_as_the_whole_time() -> None:
    assert usd(shares(1, **HERE), shares(2, **{**HERE, "days": (None, None)})) == MILLION
    from_2025 = shares(2, 9_000_000, **{**HERE, "days": (date(2025, 1, 1), None)})
    assert usd(shares(1, **HERE), from_2025) == Decimal(499_300)


@pytest.mark.parametrize("kind", ["duplicate", "same_money"])
def test_of_funds_reported_twice_the_smaller_commitment_counts_twice(kind: str) -> None:
    other = shares(2, 700_000, **{**HERE, "countries": parts(GT="1"), "days": (None, date(2001, 1, 1))})

    assert usd(shares(1, **HERE), other, kind=kind) == Decimal(700_000)


@pytest.mark.parametrize("kind", ["overlap", "duplicate", "same_money"])
def test_an_unknown_commitment_makes_an_unknown_amount(kind: str) -> None:
    amount = amount_of(kind, shares(1, **HERE), shares(2, None, **HERE), (), SEVEN)

    assert (amount.usd, amount.smaller) == (None, None)
    assert amount.as_json()["right"]["usd"] is None


part = st.decimals(0, 1, places=2)
programs = st.builds(
    Shares,
    id=st.integers(1, 9),
    committed_usd=st.one_of(st.none(), st.decimals(-1000, 10**9, places=2)),
    countries=st.dictionaries(st.sampled_from(["HN", "GT"]), part, max_size=2),
    regional=part,
    goals=st.dictionaries(st.integers(1, 5), part, max_size=3),
    days=st.one_of(
        st.just((None, None)),
        st.tuples(st.dates(date(2000, 1, 1), date(2020, 1, 1)), st.dates(date(2020, 1, 2), date(2050, 1, 1))),
    ),
)


@given(programs, programs)
def test_it_is_the_same_from_both_sides_and_never_more_than_either_commits(one: Shares, other: Shares) -> None:
    one, other = (Shares(**{**vars(side), "id": number}) for number, side in ((1, one), (2, other)))

    found = usd(one, other)

    assert found == usd(other, one)
    if found is not None:
        least = min(one.committed_usd or Decimal(0), other.committed_usd or Decimal(0))
        assert 0 <= found <= max(Decimal(0), least)


def pair(left: int, right: int, money: int, smaller: int) -> PairInCluster:
    return PairInCluster(left, right, left * 10 + right, ("HN",), "overlap", 0.9, Decimal(money), None, smaller=smaller)


def test_in_a_case_the_money_of_each_program_counts_once() -> None:
    # A small program beside two large ones: its money is in vain once.
    assert money_at_stake([pair(1, 2, 1, 1), pair(1, 3, 1, 1)]) == 1
    # A large one beside two small ones: theirs is.
    assert money_at_stake([pair(1, 2, 1, 2), pair(1, 3, 2, 3)]) == 3


def test_the_parts_are_stored_and_brought_up_to_date(db: None) -> None:
    coverages = (
        CoverageData(country_id="HN", percentage=Decimal(50)),
        CoverageData(country_id="GT", percentage=Decimal(50)),
    )
    goals = (GoalData(1, Decimal(80)), GoalData(2, Decimal(20)))
    wide = factories.program(coverages=coverages, goals=goals)
    factories.program(title="Policía comunitaria en Choloma", planned_start=date(2023, 1, 1))
    services.sweep(seconds=None)

    overlap = Overlap.objects.get()
    stored = overlap.parts
    assert (overlap.money_usd, overlap.smaller_id) == (Decimal(400_000), wide.pk)
    assert (stored["left"]["place"], stored["left"]["work"]) == ("0.5000", "0.8000")
    assert Cluster.objects.get().money_usd == Decimal(400_000)

    # Pairs of an earlier release have whole commitments and no parts.
    Overlap.objects.update(parts=None, money_usd=1_000_000, stake=25)
    Cluster.objects.update(money_usd=1_000_000)
    services.sweep(seconds=None)

    again = Overlap.objects.get()
    assert (again.parts, again.money_usd, again.stake) == (stored, Decimal(400_000), overlap.stake)
    assert Cluster.objects.get().money_usd == Decimal(400_000)
