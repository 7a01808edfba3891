"""The digest: what it says, to whom, and that it goes out once."""

import os
import re
import signal
import smtplib
import socket
import threading
from collections.abc import Callable
from datetime import date, timedelta
from email import message_from_bytes, policy
from pathlib import Path

import psutil
import pytest
from django.conf import settings
from django.core import mail
from django.test import Client
from django.utils import timezone

from donors.models import User
from donors.services import choose_digest
from programs.discussion.models import Letter, Notification
from programs.discussion.services import (
    notify_of_overlaps,
    prepare_emails,
    send_email,
    waiting_emails,
    withdraw,
    write_comment,
)
from programs.discussion.tasks import notify_of_overlaps as notify_of_overlaps_task
from programs.discussion.tasks import prepare_emails as prepare_emails_task
from programs.models import Program
from programs.overlap.services import confirm
from tests import factories
from tests.conftest import wait_until
from tests.programs.discussion import world
from tests.programs.discussion.world import World

TODAY = date(2026, 3, 2)


@pytest.fixture
def the(db: None) -> World:
    return world.make()


def send_all(digest: str = "daily", today: date = TODAY) -> list[mail.EmailMessage]:
    """Sends what is due, and gives what went out."""
    mail.outbox.clear()
    for letter_id in prepare_emails(digest, today):
        send_email(letter_id)
    return list(mail.outbox)


def email_to(person: User, letters: list[mail.EmailMessage]) -> mail.EmailMessage:
    return next(sent_email for sent_email in letters if sent_email.to == [person.email])


class TestWhatItSays:
    def test_it_works(self, the: World) -> None:
        write_comment(the.left, actor=the.elena, text="Which precinct?\nOurs is in Choloma too.")
        notify_of_overlaps(seconds=None)
        confirm(the.overlap, actor=the.coordinator, note="One plan.")
        notify_of_overlaps(seconds=None)

        sent_email = email_to(the.ines, send_all())

        newest = Notification.objects.filter(recipient=the.ines, kind="decision").get()
        assert sent_email.subject == "CARSI Portal: your new notifications (3)"
        assert "You have 3 new notifications." in sent_email.body
        assert "Elena Ruiz commented on a program of your organization." in sent_email.body
        assert "“Which precinct? Ours is in Choloma too.”" in sent_email.body
        assert "Carmen Coordinadora confirmed the overlap." in sent_email.body
        assert sent_email.body.count("Community policing in Choloma ↔ Policía comunitaria en Choloma\n") == 1
        assert f"\nhttp://localhost:8000/notifications/{newest.pk}/\n" in sent_email.body

    def test_it_is_in_the_language_of_its_reader(self, the: World) -> None:
        notify_of_overlaps(seconds=None)

        sent_email = email_to(the.elena, send_all())

        assert sent_email.subject == "Portal CARSI: sus notificaciones nuevas (1)"
        assert "Estimado(a) Elena:" in sent_email.body or "Elena:" in sent_email.body
        assert '<html lang="es">' in sent_email.alternatives[0][0]

    def test_text_is_escaped_in_html_and_plain_in_text(self, the: World) -> None:
        write_comment(the.left, actor=the.elena, text="Police & <b>justice</b>")

        sent_email = email_to(the.ines, send_all())

        assert "Police & <b>justice</b>" in sent_email.body
        assert "Police &amp; &lt;b&gt;justice&lt;/b&gt;" in sent_email.alternatives[0][0]

    def test_the_links_lead_there_and_mark_as_read(self, the: World, signed_in: Callable[[User], Client]) -> None:
        write_comment(the.left, actor=the.elena, text="Hello")
        sent_email = email_to(the.ines, send_all())
        link = re.search(r"http://localhost:8000(/notifications/\d+/)", sent_email.body)
        assert link

        answer = signed_in(the.ines).get(link[1])

        assert answer["Location"] == f"/programs/{the.left.pk}/#comments"
        assert Client().get(link[1])["Location"].startswith("/accounts/login/?next=/notifications/")
        assert not Notification.objects.visible_to(the.ines).unread().exists()

    def test_many_are_summed_up(self, the: World) -> None:
        for number in range(9):
            write_comment(the.left, actor=the.elena, text=f"Comment {number}")

        sent_email = email_to(the.ines, send_all())

        assert "“Comment 8”" in sent_email.body
        assert "- and 4 more" in sent_email.body
        assert "Comment 0" not in sent_email.body


class TestWhomItGoesTo:
    def test_each_at_their_rhythm(self, the: World) -> None:
        choose_digest(the.ines, "weekly")
        notify_of_overlaps(seconds=None)

        assert [sent_email.to for sent_email in send_all("daily")] == [[the.elena.email]]
        assert [sent_email.to for sent_email in send_all("weekly")] == [[the.ines.email]]

    def test_never_to_who_turned_it_off_even_while_it_waits(self, the: World) -> None:
        notify_of_overlaps(seconds=None)
        waiting = prepare_emails("daily", TODAY)

        choose_digest(the.ines, "off")
        for letter_id in waiting:
            send_email(letter_id)

        assert [sent_email.to for sent_email in mail.outbox] == [[the.elena.email]]

    def test_not_of_what_was_read_or_withdrawn(self, the: World, signed_in: Callable[[User], Client]) -> None:
        comment = write_comment(the.left, actor=the.elena, text="Oops")
        withdraw(comment, actor=the.elena)
        notify_of_overlaps(seconds=None)
        read = Notification.objects.get(recipient=the.ines, kind="flagged")
        signed_in(the.ines).post(f"/notifications/{read.pk}/read/")

        assert [sent_email.to for sent_email in send_all()] == [[the.elena.email]]
        assert not Letter.objects.filter(recipient=the.ines).exists()

    def test_not_of_what_is_hidden_by_the_time_it_is_sent(self, the: World) -> None:
        notify_of_overlaps(seconds=None)
        write_comment(the.left, actor=the.victor, text="Hello")
        waiting = prepare_emails("daily", TODAY)

        Program.objects.filter(pk=the.right.pk).update(visibility="restricted")
        for letter_id in waiting:
            send_email(letter_id)

        sent_email = email_to(the.ines, mail.outbox)
        assert "Choloma" in sent_email.body
        assert "Policía" not in sent_email.body + str(sent_email.alternatives)
        assert "(1)" in sent_email.subject

    def test_a_person_deactivated_gets_none(self, the: World) -> None:
        notify_of_overlaps(seconds=None)
        waiting = prepare_emails("daily", TODAY)

        User.objects.filter(pk=the.ines.pk).update(is_active=False)
        for letter_id in waiting:
            send_email(letter_id)

        assert [sent_email.to for sent_email in mail.outbox] == [[the.elena.email]]


class TestOnce:
    def test_what_was_mailed_is_not_mailed_again(self, the: World) -> None:
        notify_of_overlaps(seconds=None)

        assert len(send_all()) == 2
        assert send_all() == send_all(today=TODAY + timedelta(days=1)) == []

    def test_one_letter_a_day_and_the_rest_the_next(self, the: World) -> None:
        notify_of_overlaps(seconds=None)
        send_all()
        write_comment(the.left, actor=the.elena, text="Later")

        assert send_all() == []
        assert len(send_all(today=TODAY + timedelta(days=1))) == 1

    def test_a_claimed_letter_is_left_alone_until_its_claim_is_stale(self, the: World) -> None:
        notify_of_overlaps(seconds=None)
        letter_id = prepare_emails("daily", TODAY)[0]
        Letter.objects.filter(pk=letter_id).update(claimed_at=timezone.now(), attempts=1)

        assert not send_email(letter_id)
        assert letter_id not in waiting_emails()

        Letter.objects.filter(pk=letter_id).update(claimed_at=timezone.now() - timedelta(minutes=7))
        assert letter_id in waiting_emails()
        assert send_email(letter_id)
        assert len(mail.outbox) == 1

    def test_a_letter_refused_is_tried_five_times_and_again_the_next_day_under_the_same_name(
        self, the: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse(message: mail.EmailMessage, fail_silently: bool = False) -> int:
            raise smtplib.SMTPServerDisconnected

        choose_digest(the.elena, "off")
        notify_of_overlaps(seconds=None)
        letter_id = prepare_emails("daily", TODAY)[0]
        with monkeypatch.context() as broken:
            broken.setattr(mail.EmailMultiAlternatives, "send", refuse)
            for _ in range(7):
                send_email(letter_id)
                Letter.objects.update(claimed_at=timezone.now() - timedelta(minutes=7))
        assert Letter.objects.get().attempts == 5

        assert prepare_emails("daily", TODAY + timedelta(days=1)) == [letter_id]
        assert send_email(letter_id)

        assert mail.outbox[0].extra_headers["Message-ID"] == f"<digest-{letter_id}@localhost>"

    def test_queries_do_not_grow_with_what_there_is_to_tell(
        self, the: World, django_assert_num_queries: object
    ) -> None:
        counts = []
        for number in (1, 30):
            for _ in range(number):
                write_comment(the.left, actor=the.elena, text="Hello")
            letter_id = prepare_emails("daily", TODAY + timedelta(days=number))[0]
            with django_assert_num_queries(8) as queries:  # type: ignore[operator]
                send_email(letter_id)
            counts.append(len(queries))

        assert counts[0] == counts[1]


class TestEndingIt:
    @pytest.fixture
    def link(self, the: World) -> str:
        write_comment(the.left, actor=the.elena, text="Hello")
        sent_email = email_to(the.ines, send_all())
        wire = message_from_bytes(sent_email.message().as_bytes(), policy=policy.default)
        assert wire["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        found = re.fullmatch(r"<http://localhost:8000(/account/emails/end/\S+/)>", wire["List-Unsubscribe"].strip())
        assert found
        assert found[1] in sent_email.body
        assert found[1] in sent_email.alternatives[0][0]
        return found[1]

    def test_a_mail_program_ends_it_with_one_post_without_a_cookie(self, the: World, link: str) -> None:
        answer = Client(enforce_csrf_checks=True).post(
            link, "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded"
        )

        assert answer.status_code == 200
        assert settings.SESSION_COOKIE_NAME not in answer.cookies
        write_comment(the.left, actor=the.elena, text="Again")
        assert send_all(today=TODAY + timedelta(days=1)) == []

    def test_the_link_of_an_earlier_release_still_ends_it(self, the: World, link: str) -> None:
        moved = link.replace("/account/emails/", "/account/letters/")

        assert Client().get(moved).headers["Location"] == link
        assert Client(enforce_csrf_checks=True).post(moved).status_code == 200
        the.ines.refresh_from_db()
        assert the.ines.digest == "off"

    def test_looking_at_the_link_ends_nothing(self, the: World, link: str) -> None:
        answer = Client().get(link)

        assert b'<form method="post">' in answer.content
        assert the.ines.email.encode() not in answer.content
        write_comment(the.left, actor=the.elena, text="Again")
        assert len(send_all(today=TODAY + timedelta(days=1))) == 1

    @pytest.mark.parametrize("token", ["x", "1:x", "999999999999999999999:x", "é", "1"])
    @pytest.mark.parametrize("method", ["get", "post"])
    def test_another_token_ends_nothing(self, the: World, token: str, method: str) -> None:
        assert getattr(Client(), method)(f"/account/emails/end/{token}/").status_code == 404

    def test_one_persons_token_is_not_anothers(self, the: World, link: str) -> None:
        forged = link.replace(f"/{the.ines.pk}:", f"/{the.elena.pk}:")

        assert Client().post(forged).status_code == 404


class TestRealWorkers:
    def test_a_worker_tells_and_sends(
        self,
        committed_db: None,
        worker: Callable[[], psutil.Process],
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        the = world.make()
        monkeypatch.setenv("EMAIL_URL", "filemail://")
        monkeypatch.setenv("CARSI_VAR", str(tmp_path))
        worker()

        notify_of_overlaps_task.delay()
        wait_until(lambda: Notification.objects.count() == 2)
        prepare_emails_task.delay("daily")
        prepare_emails_task.delay("daily")
        wait_until(lambda: Letter.objects.filter(sent_at__isnull=False).count() == 2)

        sent = "".join(file.read_text() for file in (tmp_path / "mail").iterdir())
        assert sorted(re.findall(r"^To: (.*)$", sent, re.MULTILINE)) == sorted([the.ines.email, the.elena.email])

    def test_a_worker_killed_while_it_sends_loses_nothing_and_doubles_nothing(
        self,
        committed_db: None,
        worker: Callable[[], psutil.Process],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        the = world.make()
        choose_digest(the.elena, "off")
        notify_of_overlaps(seconds=None)
        silent = socket.create_server(("127.0.0.1", 0))  # takes the connection and says nothing
        connected = threading.Event()
        threading.Thread(target=lambda: (silent.accept(), connected.set(), connected), daemon=True).start()
        monkeypatch.setenv("EMAIL_URL", f"smtp://127.0.0.1:{silent.getsockname()[1]}")
        monkeypatch.setenv("EMAIL_TIMEOUT", "120")
        process = worker()
        prepare_emails_task.delay("daily")
        wait_until(connected.is_set)

        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        silent.close()

        sent_email = Letter.objects.get()
        assert (sent_email.sent_at, sent_email.attempts) == (None, 1)
        assert not send_email(sent_email.pk)
        Letter.objects.update(claimed_at=timezone.now() - timedelta(minutes=7))
        assert [send_email(sent_email.pk), send_email(sent_email.pk)] == [True, False]
        assert [sent.to for sent in mail.outbox] == [[the.ines.email]]


def test_who_has_no_organization_any_more_gets_none(db: None) -> None:
    the = world.make()
    notify_of_overlaps(seconds=None)
    waiting = prepare_emails("daily", TODAY)

    the.ines.memberships.all().delete()
    for letter_id in waiting:
        send_email(letter_id)

    assert [sent_email.to for sent_email in mail.outbox] == [[the.elena.email]]
    assert factories.user() not in User.objects.filter(letters__isnull=False)
