from datetime import date
from decimal import Decimal
from itertools import chain

import pytest
from django.utils import timezone

from programs.services import ParticipationData, PlannedDisbursementData, TransactionData
from tests import factories
from tests.api import Api
from tests.worlds import overlap

pytestmark = pytest.mark.django_db


@pytest.fixture
def api() -> Api:
    return Api(factories.user(factories.organization("Somebody else's")))


def test_it_works(api: Api) -> None:
    donor = factories.organization("Agency", short_name="AG", ref="XM-DAC-1", kind="10")
    factories.program(donor)

    row = api.get(f"organizations/{donor.pk}/")

    assert (row["name"], row["short_name"], row["ref"], row["kind"]) == ("Agency", "AG", "XM-DAC-1", "10")
    assert (row["programs"], row["countries"], row["committed_usd"]) == (1, 1, "1000000.00")
    assert row["disbursed_usd"] == "0.00"


def test_a_program_of_three_donors_counts_for_each_in_equal_parts(api: Api) -> None:
    donors = [factories.organization() for _ in range(3)]
    factories.program(donors[0], participations=tuple(ParticipationData(donor.pk, 1) for donor in donors))

    sums = [api.get(f"organizations/{donor.pk}/")["committed_usd"] for donor in donors]

    assert sums == ["333333.33"] * 3


def test_a_second_report_of_the_same_money_is_left_out_for_who_sees_both(api: Api) -> None:
    donor = factories.organization()
    first, second = factories.program(donor, visibility="restricted"), factories.program(donor)
    overlap(first, second, kind="same_money", second_report=second)

    outsider, insider = api, Api(factories.user(donor))

    # The first report is hidden from the outsider: for them the second is the only one.
    assert Decimal(outsider.get(f"organizations/{donor.pk}/")["committed_usd"]) == 1_000_000
    assert Decimal(insider.get(f"organizations/{donor.pk}/")["committed_usd"]) == 1_000_000
    assert (outsider.get(f"organizations/{donor.pk}/")["programs"], insider.ids("programs/")) == (
        1,
        [first.pk, second.pk],
    )


def test_each_filter_finds_what_it_is_for(api: Api) -> None:
    wanted = factories.organization("Agencia Española", kind="40", aliases=("AECID",))
    factories.program(wanted)

    for query in ("q=espanola", "q=aecid", "kind=40", "is_donor=true"):
        assert api.ids(f"organizations/?{query}") == [wanted.pk], query
    assert wanted.pk not in api.ids("organizations/?is_donor=false")
    assert api.ids("organizations/?country=ES") == []


@pytest.mark.parametrize("query", ["kind=1", "country=ZZZ", "is_donor=maybe", "q=%00", "ordering=kind", "name=x"])
def test_what_is_wrong_is_refused_by_name(api: Api, query: str) -> None:
    assert [field for field, _ in api.refused(f"organizations/?{query}")] == [query.split("=")[0]]


def test_pages_neither_skip_nor_repeat(api: Api) -> None:
    made = [factories.organization().pk for _ in range(5)]

    pages = api.pages("organizations/?page_size=2")

    assert [*chain(*pages)][-5:] == made
    assert len({*chain(*pages)}) == 6


def test_asks_as_many_queries_for_50_as_for_1(api: Api) -> None:
    factories.program()
    one = api.queries("organizations/")
    for _ in range(49):
        factories.program()

    assert api.queries("organizations/") == one


def test_years_of_goals_and_donors_hold_what_is_committed_spent_and_planned(api: Api) -> None:
    year = timezone.localdate().year
    donor = factories.organization()
    factories.program(
        donor,
        planned_disbursements=(
            PlannedDisbursementData(Decimal(70), "USD", date(year + 1, 1, 1), date(year + 1, 12, 31)),
            PlannedDisbursementData(Decimal(5), "VES", date(year + 1, 1, 1), date(year + 1, 12, 31)),
        ),
        transactions=(
            TransactionData(2, Decimal(100), "USD", date(year, 1, 1)),
            TransactionData(3, Decimal(40), "USD", date(year, 1, 1)),
        ),
    )

    rows = api.get("years/")

    left_out = [{"sum": "planned_usd", "currency": "VES", "amount": "5.00"}]
    assert [row for row in rows if row["goal"] == 1] == [
        {"goal": 1, "organization": None, "year": year, "committed_usd": "100.00", "disbursed_usd": "40.00",
         "planned_usd": "0.00", "left_out": []},
        {"goal": 1, "organization": None, "year": year + 1, "committed_usd": "0.00", "disbursed_usd": "0.00",
         "planned_usd": "70.00", "left_out": left_out},
    ]  # fmt: skip
    assert [(row["year"], row["planned_usd"]) for row in rows if row["organization"] == donor.pk] == [
        (year, "0.00"), (year + 1, "70.00"),
    ]  # fmt: skip
    assert {row["planned_usd"] for row in api.get("gaps/") if row["country"] == "BZ"} == {"0.00"}


def test_a_gap_says_what_is_planned_for_the_next_year(api: Api) -> None:
    year = timezone.localdate().year + 1
    # No current program, since it is over; what it still plans is said all the same.
    factories.program(
        planned_start=date(2024, 1, 1),
        planned_end=date(2025, 1, 1),
        actual_end=date(2025, 1, 1),
        planned_disbursements=(PlannedDisbursementData(Decimal(70), "USD", date(year, 1, 1), date(year, 12, 31)),),
    )

    gaps = {(row["goal"], row["country"]): row for row in api.get("gaps/")}

    assert (gaps[1, "HN"]["gap"], gaps[1, "HN"]["planned_usd"]) == ("no_program", "70.00")
