"""Programs that need an update, and the emails about them."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from donors.models import Organization, User
from programs.models import Program, UpdateReminder
from programs.querysets import months_before
from programs.services.freshness import remind_of_updates, stale_reasons
from tests import factories

pytestmark = pytest.mark.django_db
TODAY = date(2026, 8, 31)


@pytest.fixture
def org() -> Organization:
    return factories.organization("Cooperation Agency")


def updated_on(program: Program, day: date) -> Program:
    at = datetime(day.year, day.month, day.day, 12, tzinfo=ZoneInfo("America/Guatemala"))
    Program.objects.filter(pk=program.pk).update(updated_at=at)
    program.refresh_from_db()
    return program


@pytest.mark.parametrize(
    ("day", "months", "before"),
    [
        (date(2026, 8, 31), 6, date(2026, 2, 28)),
        (date(2026, 3, 15), 6, date(2025, 9, 15)),
        (date(2026, 1, 1), 1, date(2025, 12, 1)),
    ],
)
def test_months_are_counted_by_the_calendar(day: date, months: int, before: date) -> None:
    assert months_before(day, months) == before


@pytest.mark.parametrize(
    ("dates", "stage", "updated", "reasons"),
    [
        ({"planned_end": date(2027, 1, 1)}, "published", date(2026, 8, 1), []),
        ({"planned_end": date(2027, 1, 1)}, "published", date(2026, 2, 27), ["no_update"]),
        ({"planned_end": date(2027, 1, 1)}, "published", date(2026, 2, 28), []),
        ({"planned_end": None}, "published", date(2026, 1, 1), ["no_update"]),
        ({"planned_end": date(2026, 8, 30)}, "published", date(2026, 8, 1), ["past_its_end"]),
        ({"planned_end": date(2026, 8, 31)}, "published", date(2026, 8, 1), []),
        ({"planned_end": date(2026, 1, 1), "actual_end": date(2026, 9, 30)}, "published", date(2026, 8, 1), []),
        ({"planned_start": date(2026, 10, 1), "planned_end": None}, "published", date(2025, 1, 1), []),
        # Cancelled: nobody is asked, neither after its end nor for silence.
        ({"planned_end": date(2026, 1, 1), "status": 5}, "published", date(2025, 1, 1), []),
        ({"planned_end": None, "status": 5}, "published", date(2025, 1, 1), []),
        # Closed: over, and said so.
        ({"planned_end": date(2026, 1, 1), "status": 4}, "published", date(2025, 1, 1), []),
        ({"planned_end": date(2027, 1, 1), "status": 4}, "published", date(2025, 1, 1), []),
        # Being finalised: past its end as it should be, until nobody says anything more.
        ({"planned_end": date(2026, 1, 1), "status": 3}, "published", date(2026, 8, 1), []),
        ({"planned_end": date(2026, 1, 1), "status": 3}, "published", date(2026, 2, 27), ["no_update"]),
        # Suspended, or with no status: the end is still to be put right.
        ({"planned_end": date(2026, 1, 1), "status": 6}, "published", date(2026, 8, 1), ["past_its_end"]),
        ({"planned_end": date(2026, 1, 1), "status": None}, "published", date(2026, 8, 1), ["past_its_end"]),
        # In preparation after its start.
        ({"planned_end": date(2027, 1, 1), "status": 1}, "published", date(2026, 8, 1), ["not_begun"]),
        (
            {"planned_start": date(2026, 8, 30), "planned_end": None, "status": 1},
            "published",
            date(2026, 8, 1),
            ["not_begun"],
        ),
        (
            {"planned_start": date(2026, 8, 31), "planned_end": None, "status": 1},
            "published",
            date(2026, 8, 1),
            [],
        ),
        ({"planned_start": None, "planned_end": None, "status": 1}, "published", date(2026, 8, 1), []),
        ({"planned_end": date(2027, 1, 1), "status": 1}, "draft", date(2026, 8, 1), []),
        ({"planned_end": date(2026, 1, 1), "status": 1}, "published", date(2026, 8, 1), ["past_its_end"]),
        ({"planned_end": date(2026, 1, 1)}, "closed", date(2025, 1, 1), []),
        ({"planned_end": date(2026, 1, 1)}, "draft", date(2025, 1, 1), []),
    ],
)
def test_what_needs_an_update(
    org: Organization, dates: dict[str, Any], stage: str, updated: date, reasons: list[str]
) -> None:
    program = updated_on(factories.program(org, stage=stage, **dates), updated)

    assert [reason.key for reason in stale_reasons(program, TODAY)] == reasons
    assert Program.objects.needing_update(TODAY).exists() == bool(reasons)


class TestReminders:
    @pytest.fixture
    def stale(self, org: Organization) -> Program:
        return factories.program(org, planned_end=timezone.localdate() - timedelta(days=1))

    def test_go_to_editors_and_managers_in_their_language(
        self, org: Organization, stale: Program, mailoutbox: list[Any], settings: Any
    ) -> None:
        settings.PORTAL_URL = "https://portal.example.org"
        manager = factories.user(org, "manager", language="en")
        editor = factories.user(org, "editor", language="es")
        factories.user(org, "viewer")
        factories.user(factories.organization(), "manager")

        assert remind_of_updates() == 2

        letters = {sent_email.to[0]: sent_email for sent_email in mailoutbox}
        assert set(letters) == {manager.email, editor.email}
        assert letters[manager.email].subject == "1 program of Cooperation Agency needs an update"
        assert letters[editor.email].subject == "1 programa de Cooperation Agency necesita actualizarse"
        assert f"https://portal.example.org/programs/{stale.pk}/edit/" in letters[manager.email].body

    def test_can_be_ended_from_the_letter(self, org: Organization, stale: Program, mailoutbox: list[Any]) -> None:
        editor = factories.user(org, "editor")
        remind_of_updates()
        end = mailoutbox[0].extra_headers["List-Unsubscribe"].strip("<>")
        assert mailoutbox[0].extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert end in mailoutbox[0].body
        assert end in mailoutbox[0].alternatives[0][0]

        Client().post(end.removeprefix("http://localhost:8000"))

        editor.refresh_from_db()
        assert editor.digest == "off"
        UpdateReminder.objects.update(sent_at=timezone.now() - timedelta(days=31))
        assert remind_of_updates() == 0

    def test_lead_to_each_program_in_html_too(self, org: Organization, stale: Program, mailoutbox: list[Any]) -> None:
        factories.user(org, "editor")
        remind_of_updates()

        assert f'href="http://localhost:8000/programs/{stale.pk}/edit/"' in mailoutbox[0].alternatives[0][0]

    def test_come_at_most_once_in_thirty_days(self, org: Organization, stale: Program, mailoutbox: list[Any]) -> None:
        factories.user(org, "editor")

        assert [remind_of_updates(), remind_of_updates()] == [1, 0]

        UpdateReminder.objects.update(sent_at=timezone.now() - timedelta(days=31))
        assert remind_of_updates() == 1

    def test_one_that_cannot_be_sent_holds_up_nobody_and_is_tried_again(
        self, org: Organization, stale: Program, mailoutbox: list[Any], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        unlucky, other = factories.user(org, "editor"), factories.user(org, "editor")
        send = mail_message_send()

        def refuse(sent_email: Any, **options: Any) -> Any:
            if sent_email.to == [unlucky.email]:
                raise OSError("no mail server")
            return send(sent_email, **options)

        monkeypatch.setattr("django.core.mail.EmailMultiAlternatives.send", refuse)
        assert remind_of_updates() == 1
        assert [sent_email.to for sent_email in mailoutbox] == [[other.email]]

        monkeypatch.undo()
        assert remind_of_updates() == 1

    def test_none_without_need(self, org: Organization, mailoutbox: list[Any]) -> None:
        factories.user(org, "editor")
        factories.program(org, planned_end=timezone.localdate() + timedelta(days=100))

        assert remind_of_updates() == 0


def mail_message_send() -> Any:
    from django.core.mail import EmailMessage

    return EmailMessage.send


class TestMyOrganization:
    def test_shows_drafts_what_waits_and_numbers(self, org: Organization, signed_in: Callable[[User], Client]) -> None:
        manager = factories.user(org, "manager")
        factories.program(org, stage="draft", title="A draft", status=None)
        submitted = factories.program(org, stage="submitted", title="Handed in")
        stale = factories.program(org, title="Over", planned_end=timezone.localdate() - timedelta(days=1))

        answer = signed_in(manager).get(reverse("region:my_organization"))

        assert answer.status_code == 200
        assert [draft.missing for draft in answer.context["drafts"]] == [1]
        assert {one.program.pk for one in answer.context["waiting"]} == {submitted.pk, stale.pk}
        assert answer.context["numbers"]["published"] == 1

    def test_asks_no_more_for_more_rows(
        self, org: Organization, signed_in: Callable[[User], Client], django_assert_max_num_queries: Any
    ) -> None:
        client = signed_in(factories.user(org, "manager"))
        for _number in range(15):
            factories.program(org, stage="draft")
            factories.program(org, planned_end=timezone.localdate() - timedelta(days=1))

        with django_assert_max_num_queries(48):
            client.get(reverse("region:my_organization"))

    def test_who_belongs_nowhere_has_none(self, signed_in: Callable[[User], Client]) -> None:
        assert signed_in(factories.user()).get(reverse("region:my_organization")).status_code == 404
