"""What a form shows before it is saved writes nothing, also no known body that it names; what is saved stays."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from donors.models import Organization, OrganizationRequest, User
from programs.models import Program, WorkingCopy
from programs.services import keep_working_copy
from tests import factories
from tests.programs.test_edit_views import post, typed

pytestmark = pytest.mark.django_db

# Known bodies, in each field that takes a name.
NAMES = {
    "organizations-1-name": "UNDP",
    "organizations-1-role": "4",
    "transactions-0-provider": "DEA",
    "transactions-0-receiver": "IOM",
    "shared-0-name": "GIZ",
}
LISTED_AS = ["de-giz", "iom", "undp", "us-dea"]


@pytest.fixture
def org() -> Organization:
    return factories.organization("Agencia Española de Cooperación", short_name="AECID", ref="ES-DIR3-1")


@pytest.fixture
def editor(org: Organization) -> User:
    return factories.user(org, "editor")


@pytest.fixture
def client(signed_in: Callable[[User], Client], editor: User) -> Client:
    return signed_in(editor)


def added(org: Organization) -> list[str]:
    return sorted(Organization.objects.exclude(pk=org.pk).values_list("listed_as", flat=True))


class TestNothingIsAdded:
    @pytest.mark.parametrize("do", ["add:organizations", "add:transactions", "remove:transactions-0", "ask:none"])
    def test_by_the_small_buttons(self, client: Client, org: Organization, do: str) -> None:
        page = post(client, typed(org, **NAMES), do=do)

        assert page.status_code == 200
        assert b"UNDP" in page.content
        assert added(org) == []

    def test_by_asking_for_another_one(self, client: Client, org: Organization) -> None:
        more = {"organizations-2-name": "Nobody yet", "organizations-2-role": "4"}

        page = post(client, typed(org, **NAMES, **more), do="ask:organizations-2")

        assert OrganizationRequest.objects.get().name == "Nobody yet"
        assert b"Nobody yet" in page.content
        assert added(org) == []

    def test_by_proposed_goals(self, client: Client, org: Organization) -> None:
        page = client.post(reverse("programs:proposed_goals"), typed(org, **NAMES))

        assert page.status_code == 200
        assert added(org) == []

    @pytest.mark.parametrize(("wrong", "do"), [({"title": ""}, "submit"), ({"organizations-2-name": "Nobody"}, "save")])
    def test_by_a_form_that_is_not_saved(
        self, client: Client, org: Organization, wrong: dict[str, str], do: str
    ) -> None:
        page = post(client, typed(org, **NAMES, **wrong), do=do)

        assert page.status_code == 400
        assert not Program.objects.exists()
        assert added(org) == []

    def test_by_what_is_compared(self, client: Client, org: Organization) -> None:
        program = factories.program(org)

        page = post(client, typed(org, **NAMES, version="0", identifier=program.identifier), program)

        assert page.status_code == 409
        assert any("UNDP" in line for one in page.context["differences"] for line in one.mine)
        assert added(org) == []

    def test_by_the_copy_of_a_published_program(self, client: Client, org: Organization) -> None:
        program = factories.program(org)
        address = reverse("programs:autosave", args=[program.pk])

        told = client.post(address, typed(org, **NAMES, version=str(program.version))).json()

        assert told["state"] == "kept"
        assert WorkingCopy.objects.get().typed["shared-0-name"] == "GIZ"
        assert added(org) == []

    def test_by_opening_a_copy(self, client: Client, org: Organization, editor: User) -> None:
        program = factories.program(org)
        keep_working_copy(program, typed(org, **NAMES), actor=editor, version=program.version)

        page = client.get(reverse("programs:edit", args=[program.pk]))

        assert b"UNDP" in page.content
        assert added(org) == []

    def test_by_an_autosave_that_comes_too_late(self, client: Client, org: Organization) -> None:
        program = factories.program(org, stage="draft")
        address = reverse("programs:autosave", args=[program.pk])

        assert client.post(address, typed(org, **NAMES, version="0")).status_code == 409
        assert added(org) == []

    @pytest.mark.parametrize("wrong", [{"i-0-title": "Robberies", "i-0-baseline_year": "many"}, {"version": "9"}])
    def test_by_results_that_are_not_saved(self, client: Client, org: Organization, wrong: dict[str, str]) -> None:
        program = factories.program(org)
        data = {"after-organization": "UNDP", "version": str(program.version), **wrong}

        assert client.post(reverse("programs:results", args=[program.pk]), data).status_code in (400, 409)
        assert added(org) == []


class TestWhatIsSavedStays:
    @pytest.mark.parametrize("do", ["save", "submit"])
    def test_with_its_known_bodies(self, client: Client, org: Organization, do: str) -> None:
        answer: Any = post(client, typed(org, **NAMES), do=do)

        assert answer.status_code == 302
        assert added(org) == LISTED_AS
        program = Program.objects.get()
        assert {row.organization.listed_as for row in program.participations.all()} >= {"undp"}
        assert program.transactions.get().provider.listed_as == "us-dea"

    def test_with_a_draft_that_saves_itself(self, client: Client, org: Organization) -> None:
        assert client.post(reverse("programs:autosave_new"), typed(org, **NAMES)).json()["state"] == "saved"
        assert added(org) == LISTED_AS

    def test_with_results(self, client: Client, org: Organization) -> None:
        program = factories.program(org)
        data = {"after-organization": "UNDP", "version": str(program.version)}

        assert client.post(reverse("programs:results", args=[program.pk]), data).status_code == 302
        assert added(org) == ["undp"]
