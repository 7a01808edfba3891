"""Search, lists, suggestions and pages find an organization, and its programs, by every name that it goes by."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from donors.models import Organization, User
from donors.services import create_organization
from programs.models import Participation, Program
from programs.services import ParticipationData
from tests import factories

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
NAMES = (
    "AECID",
    "A.E.C.I.D.",
    "AECI",
    "cooperacion española",
    "Spanish Cooperation",
    "Agence espagnole de coopération",
)


@pytest.fixture
def aecid() -> Organization:
    return create_organization("AECID", ref="ES-DIR3-EA0035768")


@pytest.fixture
def program(aecid: Organization) -> Program:
    return factories.program(
        factories.organization("Reporter"),
        title="Radios",
        description="Radios",
        participations=(ParticipationData(aecid.pk, Participation.Role.FUNDING),),
    )


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("typed", NAMES)
def test_each_name_finds_the_organization_and_its_programs(
    typed: str, language: str, aecid: Organization, program: Program, signed_in: SignIn
) -> None:
    client = signed_in(factories.user(aecid, language=language))

    assert list(Program.objects.search(typed)) == [program]
    assert list(Organization.objects.matching(typed)) == [aecid]
    assert "Radios" in client.get(reverse("programs:list"), {"q": typed}).text
    assert "AECID" in client.get(reverse("region:donors"), {"q": typed}).text
    offered = client.get(reverse("programs:choices", args=["organizations"]), {"q": typed}).json()["choices"]
    assert offered[0]["value"] == "AECID"


def test_a_known_body_that_nobody_named_is_offered(signed_in: SignIn) -> None:
    client = signed_in(factories.user(factories.organization("Own")))
    address = reverse("programs:choices", args=["organizations"])

    (offered,) = client.get(address, {"q": "administración para el control de drogas"}).json()["choices"]

    assert offered == {"value": "Drug Enforcement Administration", "note": "DEA"}
    assert not Organization.objects.filter(listed_as="us-dea").exists()
    create_organization("DEA")
    assert next(one["value"] for one in client.get(address, {"q": "DEA"}).json()["choices"]) == "DEA"


def test_its_page_lists_its_other_names(aecid: Organization, signed_in: SignIn) -> None:
    page = signed_in(factories.user(factories.organization("Own"))).get(reverse("region:donor", args=[aecid.pk])).text

    assert "Also known as" in page
    assert "Cooperación Española" in page
    assert reverse("donors:names", args=[aecid.pk]) not in page


def test_a_manager_adds_and_removes_a_name(aecid: Organization, signed_in: SignIn) -> None:
    client = signed_in(factories.user(aecid, "manager"))
    page = reverse("donors:names", args=[aecid.pk])

    assert page in client.get(reverse("region:donor", args=[aecid.pk])).text
    answer = client.post(page, {"text": "La Agencia", "kind": "name", "country": ""}, follow=True)
    assert "La Agencia" in answer.text
    alias = aecid.aliases.get(text="La Agencia")
    client.post(reverse("donors:take_name", args=[aecid.pk, alias.pk]))
    assert not aecid.aliases.filter(text="La Agencia").exists()
    wrong = client.post(page, {"text": "USAID", "kind": "name", "country": ""})
    assert wrong.status_code == 400
    assert "U.S. Agency for International Development" in wrong.text


def test_names_of_a_restricted_program_s_organization_show_nothing_of_it(
    aecid: Organization, signed_in: SignIn
) -> None:
    own = factories.organization("Reporter of restricted")
    factories.program(
        own,
        title="Canary",
        visibility="restricted",
        participations=(ParticipationData(aecid.pk, Participation.Role.FUNDING),),
    )
    client = signed_in(factories.user(factories.organization("Other")))

    for typed in NAMES:
        assert "Canary" not in client.get(reverse("programs:list"), {"q": typed}).text
    assert "Canary" not in client.get(reverse("region:donor", args=[aecid.pk])).text
    assert client.get(reverse("programs:choices", args=["programs"]), {"q": "AECID"}).json() == {"choices": []}


def test_the_administration_keeps_names_in_order(aecid: Organization, signed_in: SignIn) -> None:
    client = signed_in(factories.user(is_superuser=True, is_staff=True))
    address = reverse("admin:donors_organization_change", args=[aecid.pk])
    form = client.get(address).context["adminform"].form
    values = {name: form.initial.get(name) or "" for name in form.fields}
    rows = {"aliases-TOTAL_FORMS": "1", "aliases-INITIAL_FORMS": "0", "aliases-0-text": "La Agencia",
            "aliases-0-kind": "name", "aliases-0-organization": str(aecid.pk)}  # fmt: skip

    answer = client.post(address, {**values, "name": "AECID España", "listed_as": "", **rows})

    assert answer.status_code == 302, answer.text
    aecid.refresh_from_db()
    assert (aecid.name, aecid.listed_as, aecid.is_listed_by_hand) == ("AECID España", "", True)
    assert {alias.text for alias in aecid.aliases.all()} == {"AECID España", "AECID", "La Agencia"}
    wrong = client.post(address, {**values, "name": "AECID España", "listed_as": "nobody", **rows})
    assert wrong.status_code == 200
