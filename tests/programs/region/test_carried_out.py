"""What an organization carries out for others, added up on its page and in the API."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from donors.models import Organization, User
from programs.models import Program
from programs.region import carrying
from programs.region.counting import Funded
from programs.services import CoverageData, ParticipationData, TransactionData
from tests import factories
from tests.api import Api
from tests.queries import queries_of
from tests.worlds import overlap

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


@pytest.fixture
def body() -> Organization:
    return factories.organization("Police academy")


def carried_out_by(body: Organization, *others: Organization, country: str = "HN", **fields: Any) -> Program:
    """A program of a million that these implement and a donor of its own funds."""
    donor = factories.organization()
    roles = [ParticipationData(donor.pk, 1), *(ParticipationData(one.pk, 4) for one in (body, *others))]
    place = {"coverages": (CoverageData(country, None, Decimal(100)),), "locations": ()}
    return factories.program(donor, participations=tuple(roles), **{**place, **fields})


def test_money_programs_countries_and_overlaps_are_added_up(
    body: Organization, coordinator: User, signed_in: SignIn
) -> None:
    one = carried_out_by(body)
    spent = TransactionData(3, Decimal(500_000), "USD")
    committed = TransactionData(2, Decimal(3_000_000), "USD")
    other = carried_out_by(body, factories.organization(), country="GT", transactions=(committed, spent))
    overlap(one, other)

    page = signed_in(coordinator).get(f"/donors/{body.pk}/")

    expected = Funded(2, 2, Decimal(2_500_000), Decimal(250_000))
    assert page.context["carried_out"] == expected
    assert page.context["carried_out_overlaps"] == 1
    assert "What it carries out" in page.text
    for address in (f"organizations/{body.pk}/", "organizations/"):
        answer = Api(coordinator).get(address)
        (row,) = [row for row in answer.get("results", [answer]) if row["id"] == body.pk]
        assert row["carried_out"] == {
            "programs": 2, "countries": 2, "committed_usd": "2500000.00", "disbursed_usd": "250000.00",
        }  # fmt: skip
        assert row["programs"] == 0


def test_in_two_roles_a_program_counts_once_and_a_second_report_not_as_money(
    body: Organization, coordinator: User
) -> None:
    first, second = (carried_out_by(body) for _ in range(2))
    first.participations.create(organization=body, role=3)
    overlap(first, second, kind="same_money", second_report=second)

    assert carrying.carried_out(coordinator) == {body.pk: Funded(2, 1, Decimal(1_000_000), Decimal(0))}


def test_what_one_may_not_see_is_not_added(body: Organization) -> None:
    carried_out_by(body, visibility="restricted")
    carried_out_by(body)
    member = factories.user(factories.organization())

    assert carrying.carried_out(member, [body.pk])[body.pk].programs == 1


def test_who_carries_nothing_out_is_not_said_to(coordinator: User, signed_in: SignIn) -> None:
    program = factories.program()

    page = signed_in(coordinator).get(f"/donors/{program.reporting_org_id}/").text

    assert "What it carries out" not in page


def test_it_costs_as_many_queries_for_one_program_as_for_twenty(
    body: Organization, coordinator: User, signed_in: SignIn
) -> None:
    client = signed_in(coordinator)
    carried_out_by(body)
    client.get(f"/donors/{body.pk}/")

    few = queries_of(client, f"/donors/{body.pk}/")
    for _ in range(19):
        carried_out_by(body)

    assert queries_of(client, f"/donors/{body.pk}/") <= few
