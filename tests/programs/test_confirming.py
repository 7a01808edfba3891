"""Unlikely values are confirmed in the form, by a move and through the API; who said yes is kept."""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.errors import NeedsConfirmation
from donors.models import Organization, User
from programs.models import ConfirmedWarning, Program
from programs.services import ManySaver, TransactionData, Wanted, move_program, save_program
from programs.services.versions import event_model, restore_version
from tests import factories
from tests.api import Api
from tests.programs.test_api_writing import stated
from tests.programs.test_edit_views import post, typed

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
HUGE = {"transactions-0-value": "100000000000000"}
HUGE_ROW = [{"type": 2, "value": "100000000000000", "currency": "USD", "date": "2025-02-01"}]
LARGE, TRILLION = "amount_very_large", Decimal(10**14)


@pytest.fixture
def org() -> Organization:
    return factories.organization("Agencia Española de Cooperación", short_name="AECID", ref="ES-DIR3-1")


@pytest.fixture
def manager(org: Organization) -> User:
    return factories.user(org, "manager")


@pytest.fixture
def client(signed_in: SignIn, manager: User) -> Client:
    return signed_in(manager)


@pytest.fixture
def api(manager: User) -> Api:
    return Api(manager)


def huge_data(org: Organization, identifier: str = "A-1", **fields: Any) -> Any:
    return factories.program_data(
        org, identifier=identifier, transactions=(TransactionData(2, TRILLION, "USD"),), **fields
    )


def keys_in(page: str) -> list[str]:
    return re.findall(r'name="confirm" value="([^"]+)"', page)


def confirmed() -> list[tuple[str, User | None]]:
    return [(one.code, one.actor) for one in ConfirmedWarning.objects.order_by("pk")]


class TestForm:
    def test_it_asks_on_the_same_page_and_takes_the_answer(
        self, client: Client, org: Organization, manager: User
    ) -> None:
        data = typed(org, **HUGE)

        asked = post(client, data, do="publish")

        assert asked.status_code == 400
        assert "The amount 100,000,000,000,000 USD is larger" in asked.text
        assert 'value="100000000000000"' in asked.text
        assert not Program.objects.exists()
        (key,) = keys_in(asked.text)
        done = client.post(reverse("programs:new"), {**data, "do": "publish", "confirm": [key]})
        program = Program.objects.get()
        assert (done.status_code, program.stage, program.committed_usd) == (302, "published", TRILLION)
        assert confirmed() == [(LARGE, manager)]

    def test_a_draft_is_not_asked_about_until_it_is_published(self, client: Client, org: Organization) -> None:
        post(client, typed(org, **HUGE), do="save")

        program = Program.objects.get()
        assert (program.stage, confirmed()) == ("draft", [])
        data = typed(org, **HUGE, version=str(program.version), identifier=program.identifier)
        assert post(client, data, program, do="publish").status_code == 400
        program.refresh_from_db()
        assert program.stage == "draft"

    def test_a_confirmation_holds_for_its_value_alone(self, client: Client, org: Organization, manager: User) -> None:
        program = save_program(huge_data(org), actor=manager, stage="published", confirmed=[LARGE]).program
        page = client.get(reverse("programs:edit", args=[program.pk])).text

        assert keys_in(page) == []
        data = typed(org, **HUGE, version="1", identifier="A-1")
        assert post(client, data, program, do="save").status_code == 302
        more = {"transactions-0-value": "200000000000000", "version": "2"}
        asked = post(client, {**data, **more}, program, do="save")
        assert asked.status_code == 400
        assert "200,000,000,000,000" in asked.text

    def test_the_versions_page_says_who(self, client: Client, org: Organization, manager: User) -> None:
        program = save_program(huge_data(org), actor=manager, stage="published", confirmed=[LARGE]).program

        page = client.get(reverse("programs:history", args=[program.pk])).text

        assert "Confirmed warnings" in page
        assert "The amount 100,000,000,000,000 USD is larger" in page
        assert manager.shown_name in page


class TestMoves:
    def test_its_page_asks_and_takes_the_answer(self, client: Client, org: Organization, manager: User) -> None:
        program = save_program(huge_data(org), actor=manager, stage="draft").program
        address, sent = reverse("programs:move", args=[program.pk]), {"move": "publish", "version": "1"}

        asked = client.post(address, sent)

        assert (asked.status_code, len(keys_in(asked.text))) == (400, 1)
        assert client.post(address, {**sent, "confirm": keys_in(asked.text)}).status_code == 302
        program.refresh_from_db()
        assert (program.stage, confirmed()) == ("published", [(LARGE, manager)])

    def test_what_its_organization_confirmed_is_not_asked_of_a_coordinator(
        self, org: Organization, manager: User, coordinator: User
    ) -> None:
        program = save_program(huge_data(org), actor=manager, stage="draft").program
        move_program(program, "submit", actor=manager, confirmed=[LARGE])

        assert move_program(program, "accept", actor=coordinator).stage == "published"

    def test_those_that_publish_nothing_ask_nothing(self, org: Organization, manager: User) -> None:
        program = factories.program(org, transactions=(TransactionData(2, TRILLION, "USD"),))

        assert move_program(program, "close", actor=manager).stage == "closed"
        with pytest.raises(NeedsConfirmation):
            move_program(program, "reopen", actor=manager)


class TestApi:
    def test_a_change_names_the_codes_and_takes_them(self, api: Api, org: Organization, manager: User) -> None:
        pk = factories.program(org).pk
        change = {"transactions": HUGE_ROW}

        problem = api.send("PATCH", f"programs/{pk}/", change, 422, If_Match='"1"')

        assert (problem["code"], problem["confirm"]) == ("confirmation_needed", [LARGE])
        (error,) = problem["errors"]
        assert (error["code"], error["pointer"]) == (LARGE, "#/transactions")
        assert "100,000,000,000,000 USD" in error["detail"]
        assert Program.objects.get().version == 1
        api.send("PATCH", f"programs/{pk}/", {**change, "confirm": problem["confirm"]}, 200, If_Match='"1"')
        assert confirmed() == [(LARGE, manager)]
        api.send("PATCH", f"programs/{pk}/", {"title": "Another"}, 200, If_Match='"2"')

    def test_a_draft_is_asked_about_when_it_moves(self, api: Api, org: Organization) -> None:
        made = api.send("POST", "programs/", stated(org, transactions=HUGE_ROW), 201)
        moves = f"programs/{made['id']}/moves/"

        assert api.send("POST", moves, {"move": "publish"}, 422, If_Match='"1"')["confirm"] == [LARGE]
        assert api.send("POST", moves, {"move": "publish", "confirm": [LARGE]}, 200, If_Match='"1"')["stage"]

    def test_a_list_of_programs_saves_the_others(self, api: Api, org: Organization) -> None:
        for identifier in ("A-1", "A-2"):
            factories.program(org, identifier=identifier)
        rows = [
            {"reporting_org_id": org.pk, "identifier": "A-1", "transactions": HUGE_ROW},
            {"reporting_org_id": org.pk, "identifier": "A-2", "title": "Another"},
        ]

        first, second = api.send("POST", "programs/bulk/", {"programs": rows}, 200)["results"]

        assert (first["outcome"], second["outcome"]) == ("refused", "updated")
        assert (first["problem"]["code"], first["problem"]["confirm"]) == ("confirmation_needed", [LARGE])
        rows[0]["confirm"] = [LARGE]
        first, _second = api.send("POST", "programs/bulk/", {"programs": rows}, 200)["results"]
        assert first["outcome"] == "updated"

    def test_a_code_that_is_none_is_refused_by_name(self, api: Api, org: Organization) -> None:
        problem = api.send("POST", "programs/", stated(org, confirm=["x"]), 400)

        assert [error["pointer"] for error in problem["errors"]] == ["#/confirm/0"]


class TestServices:
    def test_nothing_is_saved_of_what_is_not_confirmed(self, org: Organization, manager: User) -> None:
        with pytest.raises(NeedsConfirmation) as refusal:
            save_program(huge_data(org), actor=manager, stage="published", confirmed=["date_unlikely"])

        assert [one.code for one in refusal.value.warnings] == [LARGE]
        assert not Program.objects.exists()

    def test_what_does_not_change_is_not_asked_about(self, org: Organization, manager: User) -> None:
        save_program(huge_data(org), actor=None, stage="published")

        assert save_program(huge_data(org), actor=manager).outcome == "unchanged"
        with pytest.raises(NeedsConfirmation):
            save_program(huge_data(org, title="Another"), actor=manager)

    def test_many_at_once_are_as_one_by_one(self, org: Organization, manager: User) -> None:
        saver = ManySaver(actor=manager)
        with pytest.raises(NeedsConfirmation):
            saver.save_many([Wanted(huge_data(org), stage="published")])

        saver.save_many([Wanted(huge_data(org), stage="published", confirmed=[LARGE])])
        saver.save_many([Wanted(huge_data(org, title="Another"), stage="published")])

        assert confirmed() == [(LARGE, manager)]

    def test_queries_do_not_grow_with_what_is_confirmed(self, org: Organization, manager: User) -> None:
        def queries(count: int, of: str) -> int:
            wanted = [
                Wanted(huge_data(org, f"{of}-{number}"), stage="published", confirmed=[LARGE])
                for number in range(count)
            ]
            with CaptureQueriesContext(connection) as asked:
                ManySaver(actor=manager, ask_for_scan=False).save_many(wanted)
            return len(asked)

        queries(1, "first")
        assert queries(1, "one") == queries(20, "many")

    def test_restoring_a_version_confirms_what_it_had(
        self, committed_db: None, org: Organization, manager: User
    ) -> None:
        program = save_program(huge_data(org), actor=None, stage="published").program
        moment = event_model(Program).objects.latest("pgh_id").pgh_created_at
        save_program(factories.program_data(org, identifier="A-1"), actor=manager)

        restored = restore_version(program, moment, actor=manager, version=2)

        assert (restored.outcome, confirmed()) == ("updated", [(LARGE, manager)])
