"""The form of a program as its pages: saving, publishing, small buttons, autosave, who may."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from donors.models import Organization, User
from programs.models import Program
from tests import factories

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


@pytest.fixture
def org() -> Organization:
    return factories.organization("Agencia Española de Cooperación", short_name="AECID", ref="ES-DIR3-1")


@pytest.fixture
def manager(org: Organization) -> User:
    return factories.user(org, "manager")


@pytest.fixture
def editor(org: Organization) -> User:
    return factories.user(org, "editor")


def typed(org: Organization, **fields: str) -> dict[str, str]:
    """A form with all that publishing needs."""
    return {
        "reporting_org": str(org.pk),
        "title": "Community policing in Choloma",
        "description": "Community police patrols with training for officers.",
        "language": "en",
        "status": "2",
        "planned_start": "2026-01-01",
        "planned_end": "2027-12-31",
        "visibility": "partners",
        "goals_by": "proposed",
        "token": "ABC234",
        "version": "",
        "countries-0-place": "HN",
        "places-0-area": "cortes",
        "places-0-name": "Choloma",
        "sectors-0-sector": "15132",
        "organizations-0-name": "aecid",
        "organizations-0-role": "1",
        "transactions-0-type": "2",
        "transactions-0-value": "1.500.000,50",
        "transactions-0-currency": "USD",
        "transactions-0-date": "2026-01-15",
        **fields,
    }


def post(client: Client, data: dict[str, str], program: Program | None = None, **more: str) -> Any:
    address = reverse("programs:edit", args=[program.pk]) if program else reverse("programs:new")
    return client.post(address, {**data, **more})


class TestSaving:
    def test_it_works(self, signed_in: SignIn, manager: User, org: Organization) -> None:
        client = signed_in(manager)

        answer = post(client, typed(org), do="publish")

        program = Program.objects.get()
        assert answer.status_code == 302, answer.context["editor"].errors
        assert answer.url == program.get_absolute_url()
        assert (program.stage, program.reporting_org, program.committed_usd) == ("published", org, 1_500_000.50)
        assert program.identifier.startswith("ES-DIR3-1-")
        assert [(row.area_id, row.name) for row in program.locations.all()] == [("HN-CR", "Choloma")]
        assert {row.goal_id for row in program.goals.all()} >= {1}

    def test_a_title_is_enough_for_a_draft(self, signed_in: SignIn, editor: User, org: Organization) -> None:
        answer = post(signed_in(editor), {"title": "Begun", "reporting_org": str(org.pk), "language": "es"})

        program = Program.objects.get()
        assert answer.url == reverse("programs:edit", args=[program.pk])
        assert (program.title, program.stage, program.visibility) == ("Begun", "draft", "partners")

    def test_what_a_draft_cannot_hold_is_kept_as_typed(
        self, signed_in: SignIn, editor: User, org: Organization
    ) -> None:
        client = signed_in(editor)
        answer = client.post(
            reverse("programs:new"),
            typed(org, **{"transactions-0-value": "a lot", "planned_end": "2020-01-01"}),
            follow=True,
        )

        page = answer.content.decode()
        program = Program.objects.get()
        assert program.transactions.count() == 0
        assert program.planned_end is None
        assert "a lot" in page
        assert "2020-01-01" in page
        assert "The end comes before the start." in page

    def test_publishing_asks_for_what_is_missing_and_loses_nothing(
        self, signed_in: SignIn, manager: User, org: Organization
    ) -> None:
        data = typed(org, **{"title": "", "countries-0-percentage": "60", "description": "Typed at length"})

        answer = post(signed_in(manager), data, do="publish")

        page = answer.content.decode()
        assert answer.status_code == 400
        assert not Program.objects.filter(stage="published").exists()
        assert "A program needs a title." in page
        assert "The percentages add up to 60.00; they must add up to 100." in page
        assert "Typed at length" in page

    def test_reopened_it_says_the_same(self, signed_in: SignIn, manager: User, org: Organization) -> None:
        client = signed_in(manager)
        post(client, typed(org), do="publish")
        program = Program.objects.get()
        before = (program.version, program.updated_at)

        page = client.get(reverse("programs:edit", args=[program.pk]))
        answer = post(client, page.context["editor"].raw, program)

        program.refresh_from_db()
        assert answer.status_code == 302
        assert (program.version, program.updated_at) == before
