"""What a program lacks for IATI: found one by one, shown to its organization, and to nobody else."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from donors.models import Organization, User
from programs.iati_gaps import GAPS, gaps_of, incomplete_for_iati
from programs.models import Program
from programs.services import (
    BudgetData,
    CoverageData,
    OtherSectorData,
    PlannedDisbursementData,
    SectorData,
    TransactionData,
)
from tests import factories

pytestmark = pytest.mark.django_db
DAY = date(2024, 1, 1)
# So far ahead that no test runs after it.
LATER = date(2190, 1, 1)
PAID = (TransactionData(2, Decimal(5), "USD", DAY),)
# Code of a gap -> a program that has it, and nothing else that is missing.
WITH_GAP: dict[str, dict[str, Any]] = {
    "date": {"planned_start": None, "planned_end": None},
    "start": {"planned_start": None},
    "future": {"actual_start": LATER, "planned_end": LATER + timedelta(days=1)},
    "description": {"description": ""},
    "sector": {"sectors": ()},
    "sector-shares": {"sectors": (SectorData("15130"), SectorData("15220"))},
    "place-shares": {"coverages": (CoverageData("HN"), CoverageData("GT"))},
    "transaction-date": {"transactions": (TransactionData(2, Decimal(5), "USD"),)},
    "transaction-future": {"transactions": (TransactionData(2, Decimal(5), "USD", LATER),)},
    "budget-period": {"budgets": (BudgetData(Decimal(5), "USD", DAY, None),)},
    "planned-period": {"planned_disbursements": (PlannedDisbursementData(Decimal(5), "USD", None, DAY),)},
}
# What only imports leave: written past the checks of the form.
IMPORTED: dict[str, dict[str, Any]] = {
    "order": {"planned_start": date(2025, 1, 1), "planned_end": date(2024, 1, 1), "source": "iati"},
    "status": {"status": None, "source": "iati"},
    "title": {"title": "", "source": "iati"},
}


@pytest.fixture
def organization() -> Organization:
    return factories.organization("Own", ref="XX-OWN", kind="10")


def codes(program: Program) -> list[str]:
    return [gap.code for gap in gaps_of([program])[program.pk]]


def test_a_complete_program_has_none(organization: Organization) -> None:
    program = factories.program(organization)

    assert codes(program) == []
    assert not incomplete_for_iati(Program.objects.all()).exists()


@pytest.mark.parametrize("code", [*WITH_GAP, *IMPORTED])
def test_each_is_found(organization: Organization, code: str) -> None:
    factories.program(organization)
    program = factories.program(organization, **WITH_GAP.get(code, {}))
    Program.objects.filter(pk=program.pk).update(**IMPORTED.get(code, {}))

    assert codes(program) == [code]
    assert list(incomplete_for_iati(Program.objects.all())) == [program]


def test_rows_that_are_not_there_are_found(organization: Organization) -> None:
    program = factories.program(organization)
    program.participations.all().delete()
    program.coverages.all().delete()

    assert codes(program) == ["organization", "place"]


def test_a_sector_of_another_vocabulary_is_one(organization: Organization) -> None:
    program = factories.program(organization, sectors=(), other_sectors=(OtherSectorData("7", "16"),))

    assert codes(program) == []


def test_of_an_identifier_both_organizations_are_told_but_not_of_what_partners_may_not_see(
    organization: Organization,
) -> None:
    other = factories.organization("Other", ref="XX-TWO")
    program = factories.program(organization, identifier="XX-OWN-1")
    theirs = factories.program(other, identifier="XX-OWN-1", visibility="restricted")

    assert codes(program) == []
    assert codes(theirs) == ["identifier"]


def test_every_gap_is_tried() -> None:
    assert {gap.code for gap in GAPS} == {*WITH_GAP, *IMPORTED, "organization", "place", "identifier"}


class TestPages:
    @pytest.fixture
    def program(self, organization: Organization) -> Program:
        return factories.program(organization, title="Without a day", planned_start=None, planned_end=None)

    def test_its_editors_are_told_on_its_page_and_in_a_list(
        self, signed_in: Callable[[User], Client], organization: Organization, program: Program
    ) -> None:
        client = signed_in(factories.user(organization, "editor"))

        page = client.get(program.get_absolute_url()).content.decode()
        own = client.get(f"/my-organization/?organization={organization.pk}")
        listed = client.get("/programs/?iati=incomplete").content.decode()

        assert "Add a planned or actual start or end date" in page
        assert own.status_code == 200
        assert "Add a planned or actual start or end date" in own.content.decode()
        assert "Without a day" in listed

    def test_others_are_not(self, signed_in: Callable[[User], Client], program: Program) -> None:
        client = signed_in(factories.user(factories.organization("Else"), "editor"))

        assert "IATI export" not in client.get(program.get_absolute_url()).content.decode()

    def test_the_list_asks_no_more_for_many_programs(
        self, organization: Organization, program: Program, django_assert_num_queries: Any
    ) -> None:
        programs = [factories.program(organization) for _number in range(5)]

        with django_assert_num_queries(1):
            gaps_of(programs)
