"""The form of a program as its pages: saving, publishing, small buttons, autosave, who may."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from donors.models import Organization, OrganizationRequest, User
from programs.models import Program, WorkingCopy
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
        assert "The end is before the start. Correct one of them." in page

    def test_publishing_asks_for_what_is_missing_and_loses_nothing(
        self, signed_in: SignIn, manager: User, org: Organization
    ) -> None:
        data = typed(org, **{"title": "", "countries-0-percentage": "60", "description": "Typed at length"})

        answer = post(signed_in(manager), data, do="publish")

        page = answer.content.decode()
        assert answer.status_code == 400
        assert not Program.objects.filter(stage="published").exists()
        assert "A program needs a title." in page
        assert "The percentages add up to 60; they must make 100." in page
        assert "Typed at length" in page

    def test_all_that_is_wrong_is_told_at_once(self, signed_in: SignIn, manager: User, org: Organization) -> None:
        data = typed(org, **{"title": "", "transactions-0-value": "a lot"})

        page = post(signed_in(manager), data, do="publish").content.decode()

        assert "A program needs a title." in page
        assert "“a lot” is not a number." in page

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


class TestSmallButtons:
    @pytest.mark.parametrize(
        ("do", "before", "after"),
        [
            ("add:budgets", {}, {"budgets-0-value": ""}),
            ("remove:countries:0", {}, {"countries-0-place": None, "title": "Community policing in Choloma"}),
            (
                "share:countries",
                {"countries-1-place": "GT", "countries-2-place": "SV"},
                {
                    "countries-0-percentage": "33.34",
                    "countries-1-percentage": "33.33",
                    "countries-2-percentage": "33.33",
                },
            ),
            (
                "rest:countries",
                {"countries-1-place": "GT", "countries-2-place": "SV", "countries-0-percentage": "50,5"},
                {"countries-1-percentage": "24.75", "countries-2-percentage": "24.75"},
            ),
            ("link:US-1:2", {}, {"related-0-identifier": "US-1:2", "related-0-type": "3"}),
            ("goals:1=60.00,3=40.00", {}, {"goal_1": "60.00", "goal_3": "40.00", "goals_by": "me"}),
        ],
    )
    def test_change_the_form_and_save_nothing(
        self,
        signed_in: SignIn,
        editor: User,
        org: Organization,
        do: str,
        before: dict[str, str],
        after: dict[str, str | None],
    ) -> None:
        answer = post(signed_in(editor), typed(org, **before), do=do)

        raw = answer.context["editor"].raw
        assert answer.status_code == 200
        assert {key: raw.get(key) for key in after} == after
        assert not Program.objects.exists()


class TestOrganizationsNotInTheList:
    def test_are_asked_about_and_nothing_is_made(self, signed_in: SignIn, manager: User, org: Organization) -> None:
        data = typed(org, **{"organizations-1-name": "Agencia Espanola Cooperacion", "organizations-1-role": "4"})

        answer = post(signed_in(manager), data, do="publish")

        page = answer.content.decode()
        assert answer.status_code == 400
        assert "Did you mean" in page
        assert "Agencia Española de Cooperación (AECID)" in page
        assert Organization.objects.count() == 1

    def test_one_that_was_meant_is_taken(self, signed_in: SignIn, manager: User, org: Organization) -> None:
        data = typed(org, **{"organizations-1-name": "Agencia Espanola Cooperacion", "organizations-1-role": "4"})

        answer = post(signed_in(manager), data, do=f"use:organizations-1:{org.pk}")

        assert answer.context["editor"].raw["organizations-1-name"] == org.name

    def test_a_new_one_is_made_once_it_was_confirmed(self, signed_in: SignIn, manager: User, org: Organization) -> None:
        data = typed(
            org,
            **{
                "organizations-1-name": "Fundación Calle Segura",
                "organizations-1-role": "4",
                "organizations-1-is_new": "Fundación Calle Segura",
                "organizations-1-kind": "22",
            },
        )

        answer = post(signed_in(manager), data, do="publish")

        assert answer.status_code == 302
        made = Organization.objects.get(name="Fundación Calle Segura")
        assert made.kind == "22"
        assert made.participations.get().role == 4

    def test_a_new_one_is_added_with_the_program_or_not_at_all(
        self, signed_in: SignIn, manager: User, org: Organization
    ) -> None:
        client = signed_in(manager)
        data = typed(
            org,
            **{
                "organizations-1-name": "Fundación Calle Segura",
                "organizations-1-role": "4",
                "organizations-1-is_new": "Fundación Calle Segura",
                "organizations-1-kind": "22",
            },
        )

        refused = post(client, {**data, "transactions-0-value": "5 or 6"}, do="publish")

        assert refused.status_code == 400
        assert Organization.objects.count() == 1
        page = refused.content.decode()
        assert '<input type="hidden" name="organizations-1-is_new" value="Fundación Calle Segura">' in page
        assert '<input type="hidden" name="organizations-1-kind" value="22">' in page
        assert "is not in the list" not in page
        assert post(client, data, do="publish").status_code == 302
        assert Organization.objects.filter(name="Fundación Calle Segura", kind="22").exists()

    def test_a_new_one_is_not_left_behind_where_the_services_refuse(
        self, signed_in: SignIn, manager: User, org: Organization
    ) -> None:
        program = factories.program(org)
        data = typed(
            org,
            version="0",
            identifier=program.identifier,
            **{
                "organizations-1-name": "Fundación Calle Segura",
                "organizations-1-role": "4",
                "organizations-1-is_new": "Fundación Calle Segura",
            },
        )

        # The identifier is another program's of the same organization.
        answer = post(signed_in(manager), data, do="save")

        assert answer.status_code == 400
        assert Organization.objects.count() == 1

    def test_who_is_not_sure_asks_and_the_form_stays_as_it_was_typed(
        self, signed_in: SignIn, editor: User, org: Organization
    ) -> None:
        client = signed_in(editor)
        data = typed(org, **{"organizations-1-name": "Calle Segura", "organizations-1-role": "4"})

        answer = post(client, data, do="ask:organizations-1")

        assert answer.context["editor"].raw["organizations-1-name"] == "Calle Segura"
        assert "awaiting an answer" in answer.content.decode()
        asked = OrganizationRequest.objects.get()
        assert (asked.name, asked.asked_for, asked.place) == ("Calle Segura", org, data["title"])
        assert Organization.objects.count() == 1
        assert not Program.objects.exists()

    def test_a_yes_to_one_name_is_none_to_another(self, signed_in: SignIn, manager: User, org: Organization) -> None:
        data = typed(
            org,
            **{
                "organizations-1-name": "Fundación Calle Segura",
                "organizations-1-role": "4",
                "organizations-1-is_new": "Fundación Calle",
            },
        )

        assert post(signed_in(manager), data, do="publish").status_code == 400
        assert Organization.objects.count() == 1


def test_an_older_form_with_something_unreadable_is_compared_too(
    signed_in: SignIn, editor: User, org: Organization
) -> None:
    program = factories.program(org)
    data = typed(org, version="0", identifier=program.identifier, **{"transactions-0-value": "5 or 6"})

    answer = post(signed_in(editor), data, program)

    assert answer.status_code == 409
    assert b"5 or 6" in answer.content


class TestAutosave:
    def url(self, program: Program | None = None) -> str:
        return reverse("programs:autosave", args=[program.pk]) if program else reverse("programs:autosave_new")

    def test_a_new_form_becomes_a_draft_and_sent_again_stays_one(
        self, signed_in: SignIn, editor: User, org: Organization
    ) -> None:
        client = signed_in(editor)
        first = client.post(self.url(), typed(org, title="Half a ti")).json()
        second = client.post(self.url(), typed(org, title="Half a title")).json()

        program = Program.objects.get()
        assert (first["state"], second["state"]) == ("saved", "saved")
        assert first["edit"] == second["edit"] == reverse("programs:edit", args=[program.pk])
        assert (program.title, program.stage, second["version"]) == ("Half a title", "draft", 2)

    def test_what_cannot_be_read_is_kept_beside_the_draft(
        self, signed_in: SignIn, editor: User, org: Organization
    ) -> None:
        client = signed_in(editor)

        told = client.post(self.url(), typed(org, **{"transactions-0-value": "12 mil"})).json()

        assert told["unreadable"] == 1
        assert WorkingCopy.objects.get().typed["transactions-0-value"] == "12 mil"
        assert "12 mil" in client.get(told["edit"]).content.decode()

    def test_a_published_program_is_not_touched(self, signed_in: SignIn, editor: User, org: Organization) -> None:
        program = factories.program(org)
        client = signed_in(editor)

        told = client.post(self.url(program), typed(org, title="Not yet", version=str(program.version))).json()

        program.refresh_from_db()
        assert told["state"] == "kept"
        assert (program.title, program.version) == ("Community policing in Choloma", 1)
        assert "Not yet" in client.get(told["edit"]).content.decode()

    def test_an_older_version_is_a_conflict(self, signed_in: SignIn, editor: User, org: Organization) -> None:
        program = factories.program(org, stage="draft")

        answer = signed_in(editor).post(self.url(program), typed(org, version="0"))

        assert (answer.status_code, answer.json()["state"]) == (409, "conflict")

    def test_nobody_signed_in_is_told_so(self, client: Client, org: Organization) -> None:
        assert client.post(self.url(), typed(org)).status_code == 401


class TestTwoAtOnce:
    def test_the_second_compares_and_takes_either_side_of_each_field(
        self, signed_in: SignIn, manager: User, editor: User, org: Organization
    ) -> None:
        program = factories.program(org, stage="draft")
        mine, theirs = signed_in(editor), signed_in(manager)
        address = reverse("programs:edit", args=[program.pk])
        opened_by_me = dict(mine.get(address).context["editor"].raw)
        opened_by_them = dict(theirs.get(address).context["editor"].raw)
        theirs.post(address, {**opened_by_them, "title": "Their title", "status": "3"})

        answer = mine.post(address, {**opened_by_me, "title": "My title", "description": "My description"})

        differences = {one.field: one for one in answer.context["differences"]}
        assert answer.status_code == 409
        assert set(differences) == {"title", "description", "status"}
        assert (differences["title"].mine, differences["title"].theirs) == (["My title"], ["Their title"])

        choice = {"take-title": "theirs", "take-description": "mine", "take-status": "theirs", "do": "resolve"}
        saved = mine.post(address, {**answer.context["typed"], **choice})

        program.refresh_from_db()
        assert saved.status_code == 302
        assert (program.title, program.description, program.status) == ("Their title", "My description", 3)

    def test_lists_are_taken_whole(self, signed_in: SignIn, editor: User, org: Organization) -> None:
        program = factories.program(org, stage="draft")
        client = signed_in(editor)
        address = reverse("programs:edit", args=[program.pk])
        opened = dict(client.get(address).context["editor"].raw)
        client.post(address, {**opened, "countries-0-place": "GT", "places-0-area": ""})

        answer = client.post(address, {**opened, "countries-1-place": "SV", "title": "Mine"})
        client.post(
            address, {**answer.context["typed"], "take-coverages": "theirs", "take-title": "mine", "do": "resolve"}
        )

        program.refresh_from_db()
        assert [row.country_id for row in program.coverages.all()] == ["GT"]
        assert program.title == "Mine"


class TestWhoMay:
    def test_other_organizations_drafts_do_not_exist(self, signed_in: SignIn, org: Organization) -> None:
        draft = factories.program(org, stage="draft")
        stranger = signed_in(factories.user(factories.organization(), "manager"))

        for name in ("edit", "autosave", "history", "detail"):
            assert stranger.get(reverse(f"programs:{name}", args=[draft.pk])).status_code == 404
        for name in ("edit", "autosave", "move", "restore"):
            assert stranger.post(reverse(f"programs:{name}", args=[draft.pk])).status_code == 404

    def test_what_one_may_see_one_may_not_change(self, signed_in: SignIn, org: Organization) -> None:
        program = factories.program(org)
        stranger = signed_in(factories.user(factories.organization(), "manager"))

        assert stranger.get(reverse("programs:edit", args=[program.pk])).status_code == 403
        assert stranger.post(reverse("programs:move", args=[program.pk]), {"move": "archive"}).status_code == 403
        assert stranger.get(reverse("programs:history", args=[program.pk])).status_code == 403

    def test_viewers_log_nothing(self, signed_in: SignIn, org: Organization) -> None:
        assert signed_in(factories.user(org, "viewer")).get(reverse("programs:new")).status_code == 403

    def test_nobody_saves_for_another_organization(self, signed_in: SignIn, editor: User) -> None:
        other = factories.organization()

        answer = post(signed_in(editor), typed(other), do="submit")

        assert answer.status_code == 400
        assert not Program.objects.filter(reporting_org=other).exists()


def test_a_currency_that_no_list_has_stays_what_it_is(signed_in: SignIn, editor: User, org: Organization) -> None:
    given = replace(factories.program_data(org).transactions[0], currency="QQQ")
    program = factories.program(org, stage="draft", transactions=(given,))

    page = signed_in(editor).get(reverse("programs:edit", args=[program.pk])).text

    assert '<option value="QQQ" selected>QQQ</option>' in page


def test_the_number_of_queries_does_not_grow_with_the_rows(signed_in: SignIn, editor: User, org: Organization) -> None:
    client = signed_in(editor)

    def queries(rows: int) -> int:
        given = factories.program_data(org).transactions[0]
        paid = (replace(given, currency="GTQ", receiver_id=org.pk), *[replace(given, provider_id=org.pk)] * (rows - 1))
        program = factories.program(org, transactions=paid)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(reverse("programs:edit", args=[program.pk])).status_code == 200
        return len(captured)

    queries(1)
    assert queries(1) == queries(50)


def test_autosave_asks_no_more_queries_for_more_rows(
    org: Organization, editor: User, signed_in: Callable[[User], Client]
) -> None:
    client = signed_in(editor)
    for number in range(20):
        factories.organization(f"Partner {number}")

    def queries(rows: int) -> int:
        """Of the second save of a draft with so many rows in each list, all of them changed."""
        draft = factories.program(org, stage="draft")
        typed = {
            "reporting_org": str(org.pk),
            "identifier": draft.identifier,
            "title": "Community policing",
            "language": "en",
            "visibility": "public",
            "goals_by": "portal",
            "countries-0-place": "HN",
            "version": str(draft.version),
        }
        for row in range(rows):
            typed |= {
                f"places-{row}-area": "Cortés",
                f"places-{row}-name": f"Quarter {row}",
                f"organizations-{row}-name": f"Partner {row}",
                f"organizations-{row}-role": "4",
                f"transactions-{row}-type": "2",
                f"transactions-{row}-value": str(1000 + row),
                f"transactions-{row}-currency": "EUR",
                f"transactions-{row}-date": "2024-01-15",
                f"related-{row}-type": "3",
                f"related-{row}-identifier": f"OTHER-{row}",
            }
        with CaptureQueriesContext(connection) as captured:
            answer = client.post(reverse("programs:autosave", args=[draft.pk]), typed)
        assert answer.json()["state"] == "saved"
        assert draft.transactions.count() == rows
        return len(captured)

    queries(1)  # what a process reads once and remembers
    few, many = queries(2), queries(20)

    assert few == many
    assert many <= 65  # of them 20 read the ten lists, once for the form and once under the lock


class TestDeleting:
    def test_a_draft_goes_from_its_form_with_the_version_that_was_read(
        self, signed_in: SignIn, editor: User, org: Organization
    ) -> None:
        program, client = factories.program(org, stage="draft"), signed_in(editor)
        address = reverse("programs:delete", args=[program.pk])
        for page in (reverse("programs:edit", args=[program.pk]), program.get_absolute_url()):
            assert f'formaction="{address}"' in client.get(page).text

        for unread in (program.version - 1, "²", "9" * 5000, "x"):
            client.post(address, {"version": unread})
        assert Program.objects.filter(pk=program.pk).exists()
        told = client.post(address, typed(org, version=str(program.version)), follow=True)

        assert "The draft is deleted." in told.text
        assert not Program.objects.filter(pk=program.pk).exists()

    def test_of_what_others_have_seen_it_is_neither_offered_nor_done(
        self, signed_in: SignIn, manager: User, org: Organization
    ) -> None:
        program, client = factories.program(org), signed_in(manager)
        address = reverse("programs:delete", args=[program.pk])
        for page in (reverse("programs:edit", args=[program.pk]), program.get_absolute_url()):
            assert address not in client.get(page).text

        told = client.post(address, {"version": program.version}, follow=True)

        assert "Archive it instead" in told.text
        assert Program.objects.filter(pk=program.pk).exists()
