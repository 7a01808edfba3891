"""Organizations that somebody asked for: asked once, answered once, and nobody is in the list twice."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.errors import NotAllowed, Refused
from donors.models import Organization, OrganizationRequest, User
from donors.services import add_alias, add_requested, answer_with_none, answer_with_organization, ask_for_organization
from tests import factories

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
LIST = "/account/organization-requests/"


@pytest.fixture
def aecid() -> Organization:
    return factories.organization("Agencia Española de Cooperación Internacional", short_name="AECID")


@pytest.fixture
def own() -> Organization:
    return factories.organization("Own")


@pytest.fixture
def editor(own: Organization) -> User:
    return factories.user(own, "editor", full_name="Ana Editora")


@pytest.fixture
def coordinator(sica: Organization) -> User:
    return factories.user(sica, "coordinator")


def asked(editor: User, name: str = "Agencia Espanola de Coop.") -> OrganizationRequest:
    return ask_for_organization(name, actor=editor, asked_for=Organization.objects.get(memberships__user=editor))


class TestAsking:
    def test_it_works(self, editor: User, own: Organization) -> None:
        request = ask_for_organization(
            "  Fundación  Calle Segura ", actor=editor, asked_for=own, kind="22", place="a.xlsx, C2"
        )

        assert (request.name, request.kind, request.place, request.answer) == (
            "Fundación Calle Segura",
            "22",
            "a.xlsx, C2",
            "",
        )

    def test_twice_is_once(self, editor: User) -> None:
        assert asked(editor, "Calle Segura").pk == asked(editor, "CALLE-SEGURA").pk

    @pytest.mark.parametrize("name", ["", "  ", "x" * 256, "aecid"])
    def test_what_is_no_name_or_is_in_the_list_is_refused(self, name: str, editor: User, aecid: Organization) -> None:
        with pytest.raises(Refused):
            asked(editor, name)

    def test_a_viewer_asks_for_nothing(self, own: Organization) -> None:
        with pytest.raises(NotAllowed):
            asked(factories.user(own, "viewer"), "Calle Segura")

    def test_nobody_asks_for_another_organization(self, editor: User, aecid: Organization) -> None:
        with pytest.raises(NotAllowed):
            ask_for_organization("Calle Segura", actor=editor, asked_for=aecid)


class TestAnswering:
    def test_a_new_one_is_added_and_goes_by_both_names(self, editor: User, coordinator: User) -> None:
        request = asked(editor, "Calle Segura")

        made = add_requested(request, actor=coordinator, name="Fundación Calle Segura", kind="22", short_name="FCS")

        request.refresh_from_db()
        assert (request.answer, request.organization, request.answered_by) == ("added", made, coordinator)
        for name in ("calle segura", "FUNDACION CALLE SEGURA", "fcs"):
            assert Organization.objects.named(name).get() == made

    @pytest.mark.parametrize(
        ("name", "short_name"), [("Agencia Española de Cooperación Internacional", ""), ("Another", "aecid")]
    )
    def test_a_name_of_one_in_the_list_is_refused(
        self, name: str, short_name: str, editor: User, coordinator: User, aecid: Organization
    ) -> None:
        request = asked(editor)
        before = Organization.objects.count()

        with pytest.raises(Refused):
            add_requested(request, actor=coordinator, name=name, kind="10", short_name=short_name)

        assert Organization.objects.count() == before

    def test_another_name_of_one_in_the_list_finds_it_from_now_on(
        self, editor: User, coordinator: User, aecid: Organization
    ) -> None:
        answer_with_organization(asked(editor), actor=coordinator, organization=aecid)

        assert Organization.objects.named("AGENCIA ESPANOLA DE COOP").get() == aecid
        assert OrganizationRequest.objects.get().answer == "other"

    def test_one_answer_is_for_all_who_asked(self, editor: User, coordinator: User, aecid: Organization) -> None:
        asked(factories.user(aecid, "manager"))

        answer_with_none(asked(editor), actor=coordinator)

        assert set(OrganizationRequest.objects.values_list("answer", flat=True)) == {"none"}

    def test_the_second_answer_is_refused(self, editor: User, coordinator: User, aecid: Organization) -> None:
        request = asked(editor)
        answer_with_none(request, actor=coordinator)

        with pytest.raises(Refused, match="already been answered"):
            answer_with_organization(request, actor=coordinator, organization=aecid)

        assert not Organization.objects.named(request.name).exists()

    def test_a_manager_answers_nothing(self, editor: User, own: Organization) -> None:
        with pytest.raises(NotAllowed):
            answer_with_none(asked(editor), actor=factories.user(own, "manager"))


class TestPages:
    def test_who_sees_which(self, editor: User, own: Organization, aecid: Organization, coordinator: User) -> None:
        asked(editor, "Calle Segura")
        asked(factories.user(aecid, "editor"), "Calle Oscura")
        seen = {
            person: set(OrganizationRequest.objects.visible_to(person).values_list("name", flat=True))
            for person in (editor, factories.user(own, "manager"), factories.user(own, "editor"), coordinator)
        }

        assert list(seen.values()) == [{"Calle Segura"}, {"Calle Segura"}, set(), {"Calle Segura", "Calle Oscura"}]

    def test_the_list_asks_as_much_for_many_as_for_one(
        self, signed_in: SignIn, editor: User, coordinator: User
    ) -> None:
        client = signed_in(coordinator)
        client.get(LIST)
        counts = []
        for number in range(20):
            asked(editor, f"Calle {number}")
            if number in (0, 19):
                with CaptureQueriesContext(connection) as queries:
                    assert client.get(LIST).status_code == 200
                counts.append(len(queries))

        assert counts[0] == counts[1]

    @pytest.mark.parametrize("text", ["XM-DAC-41114", "xx/7"])
    def test_an_identifier_of_another_one_is_not_the_answer(
        self, editor: User, coordinator: User, aecid: Organization, own: Organization, text: str
    ) -> None:
        Organization.objects.filter(pk=own.pk).update(ref="XX-7")
        request = asked(editor, text)

        with pytest.raises(Refused, match="an identifier of another"):
            answer_with_organization(request, actor=coordinator, organization=aecid)
        assert OrganizationRequest.objects.get().is_open

    def test_the_identifier_names_the_answer_and_a_name_of_several_does_not(
        self, signed_in: SignIn, editor: User, coordinator: User, aecid: Organization, own: Organization
    ) -> None:
        for one in (aecid, own):
            add_alias(one, "Fondo", may_share=True)
        add_alias(aecid, "XX-8")
        Organization.objects.filter(pk=own.pk).update(ref="XX-8")
        request, client = asked(editor), signed_in(coordinator)

        refused = client.post(request.get_absolute_url(), {"do": "known", "named": "fondo"})
        assert b"Several organizations have this name" in refused.content
        assert client.post(request.get_absolute_url(), {"do": "known", "named": "xx-8"}).url == LIST
        assert OrganizationRequest.objects.get().organization == own

    def test_likely_ones_come_first_and_one_click_answers(
        self, signed_in: SignIn, editor: User, coordinator: User, aecid: Organization
    ) -> None:
        request, client = asked(editor), signed_in(coordinator)
        page = client.get(request.get_absolute_url())
        assert list(page.context["alike"]) == [aecid]

        answer = client.post(request.get_absolute_url(), {"do": "known", "organization": aecid.pk})

        assert answer.url == LIST
        assert Organization.objects.named(request.name).get() == aecid

    @pytest.mark.parametrize(
        "sent",
        [
            {},
            {"do": "known", "named": "zzzz"},
            {"do": "known", "organization": "99999999999999999999"},
            {"do": "add", "name": "", "kind": "10"},
            {"do": "add", "name": "AECID", "kind": "10"},
            {"do": "add", "name": "New", "kind": "xx"},
        ],
    )
    def test_a_wrong_answer_is_said_beside_its_field(
        self, sent: dict[str, str], signed_in: SignIn, editor: User, coordinator: User, aecid: Organization
    ) -> None:
        request = asked(editor)

        answer = signed_in(coordinator).post(request.get_absolute_url(), sent)

        assert answer.status_code == 400
        assert not sent or b"usa-error-message" in answer.content
        assert OrganizationRequest.objects.get().is_open

    def test_asking_goes_back_to_where_the_name_stands_and_nowhere_else(
        self, signed_in: SignIn, editor: User, own: Organization
    ) -> None:
        client, there = signed_in(editor), reverse("donors:ask_for_organization")
        sent = {"name": "Calle Segura", "organization": own.pk}

        assert client.post(there, {**sent, "next": "/imports/7/?show=refused"}).url == "/imports/7/?show=refused"
        assert client.post(there, {**sent, "next": "https://example.org/"}).url == LIST
        assert OrganizationRequest.objects.get().asked_for == own
