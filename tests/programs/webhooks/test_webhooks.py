"""Webhooks: who is told of what, how a message is signed and tried again, and where none may lead."""

import base64
import hashlib
import hmac
import json
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from cryptography.fernet import InvalidToken
from django.core import mail
from django.db.models import F
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from core.errors import NotAllowed, Refused
from donors.models import User
from programs.models import Program
from programs.overlap.services import confirm, sweep
from programs.services import move_program
from programs.webhooks import services
from programs.webhooks.models import Attempt, Delivery, Endpoint, Event, Kind
from programs.webhooks.sending import CannotSend, Problem, post, signature, target_of
from programs.webhooks.services.delivering import LOST_AFTER, STALE_AFTER, SWITCHED_OFF_AFTER, WAITS
from tests import factories
from tests.conftest import wait_until
from tests.worlds import World, agreement

SECRET = "whsec_" + base64.b64encode(b"a key of the tests").decode()


@dataclass
class Receiver:
    """A real HTTP server that notes what it gets, and answers as it is told."""

    url: str = ""
    answers: list[int] = field(default_factory=list)
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    def checked(self, secret: str) -> list[dict[str, Any]]:
        """The bodies, each with its signature verified as a receiver would."""
        key = base64.b64decode(secret.removeprefix("whsec_"))
        for headers, body in self.got:
            signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
            expected = "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
            assert hmac.compare_digest(expected, headers["webhook-signature"])
        return [json.loads(body) for _headers, body in self.got]


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    settings.WEBHOOK_NETWORKS = ["127.0.0.0/8"]
    noted = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            noted.got.append(({name.lower(): value for name, value in self.headers.items()}, body))
            status = noted.answers.pop(0) if noted.answers else 204
            self.send_response(status)
            if status == 302:
                self.send_header("Location", "/elsewhere")
            self.send_header("Content-Length", "2" if status >= 400 else "0")
            self.end_headers()
            if status >= 400:
                self.wfile.write(b"no")

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    noted.url = f"http://127.0.0.1:{server.server_port}/hook?from=carsi"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield noted
    server.shutdown()
    server.server_close()


@pytest.fixture
def owner(db: None) -> User:
    return factories.user(factories.organization("UNDP"), "editor", language="es")


def endpoint(owner: User, receiver: Receiver, kinds: list[str] = Kind.values) -> tuple[Endpoint, str]:
    return services.create_endpoint(actor=owner, name="Warehouse", url=receiver.url, kinds=kinds)


def work() -> None:
    """What the sweep and the workers do."""
    services.spread_events()
    for pk in services.queue_due():
        services.deliver(pk)


def make_due() -> None:
    Delivery.objects.filter(state="waiting").update(next_try_at=timezone.now())


def answer_slowly(seconds: float, beginning: bytes) -> Iterator[str]:
    """The address of a server that answers so, and then one byte at a time until somebody hangs up or time is over."""
    over = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.wfile.write(beginning)
            ends_at = time.monotonic() + seconds
            while time.monotonic() < ends_at and not over.wait(0.02):
                try:
                    self.wfile.write(b"x")
                    self.wfile.flush()
                except OSError:
                    return

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    over.set()
    server.shutdown()
    server.server_close()


class TestTelling:
    def test_it_works(self, owner: User, receiver: Receiver, coordinator: User) -> None:
        _hook, secret = endpoint(owner, receiver)
        left, right = factories.program(), factories.program(title="Policía comunitaria en Choloma")
        sweep(seconds=None)
        overlap = left.overlaps_as_left.get()
        confirm(overlap, actor=coordinator)
        move_program(left, "close", actor=factories.user(left.reporting_org, "manager"))

        work()

        told = [(body["type"], body["data"]["id"]) for body in receiver.checked(secret)]
        assert sorted(told) == sorted(
            [
                ("program.published", left.pk),
                ("program.published", right.pk),
                ("overlap.flagged", overlap.pk),
                ("overlap.confirmed", overlap.pk),
                ("program.closed", left.pk),
            ]
        )
        of_overlap = next(body for body in receiver.checked(secret) if body["type"] == "overlap.confirmed")
        assert of_overlap["data"]["programs"] == [left.pk, right.pk]
        assert of_overlap["data"]["url"].endswith(overlap.get_absolute_url())

    def test_a_change_is_told_once_and_only_to_who_asked_for_it(self, owner: User, receiver: Receiver) -> None:
        _hook, secret = endpoint(owner, receiver, [Kind.PROGRAM_CHANGED])
        program = factories.program()
        Program.objects.filter(pk=program.pk).update(title="Another title", version=F("version") + 1)

        work()
        work()

        assert [(b["type"], b["data"]["title"]) for b in receiver.checked(secret)] == [
            ("program.changed", "Another title")
        ]

    def test_an_agreement_is_told_to_its_parties_alone(self, receiver: Receiver, db: None) -> None:
        world = World()
        hooks = [
            services.create_endpoint(actor=person, name="Agreements", url=receiver.url, kinds=[Kind.AGREEMENT_PROPOSED])
            for person in (world.person("manager"), world.person("member of nobody"))
            if person
        ]
        proposed = agreement(world)

        work()

        (told,) = receiver.checked(hooks[0][1])
        assert (told["type"], told["data"]["id"], told["data"]["state"]) == (
            "agreement.proposed",
            proposed.pk,
            "proposed",
        )
        assert [hook.deliveries.count() for hook, _secret in hooks] == [1, 0]

    @pytest.mark.parametrize(
        "hidden", [{"stage": "draft"}, {"stage": "submitted"}, {"visibility": "restricted"}], ids=str
    )
    def test_what_its_owner_may_not_see_leaves_no_trace(
        self, owner: User, receiver: Receiver, hidden: dict[str, str]
    ) -> None:
        hook, _secret = endpoint(owner, receiver)
        factories.program(**hidden)
        factories.program(title="Policía comunitaria en Choloma")
        sweep(seconds=None)

        work()

        assert [json.loads(body)["type"] for _headers, body in receiver.got] == ["program.published"]
        assert hook.deliveries.count() == 1

    def test_what_is_hidden_before_it_was_sent_is_withheld(self, owner: User, receiver: Receiver) -> None:
        hook, _secret = endpoint(owner, receiver)
        program = factories.program()
        services.spread_events()
        Program.objects.filter(pk=program.pk).update(visibility="restricted")

        for pk in services.queue_due():
            services.deliver(pk)

        assert receiver.got == []
        assert hook.deliveries.get().state == "withheld"

    def test_what_happened_before_is_not_told(self, owner: User, receiver: Receiver) -> None:
        endpoint(owner, receiver)
        old = factories.program()
        Event.objects.update(happened_at=timezone.now() - timedelta(days=1))

        work()

        assert receiver.got == []
        assert Event.objects.get(subject_id=old.pk).spread_at

    def test_nothing_is_noted_while_nobody_listens(self, db: None) -> None:
        factories.program()

        assert not Event.objects.exists()

    def test_a_person_who_was_locked_out_hears_nothing(self, owner: User, receiver: Receiver) -> None:
        endpoint(owner, receiver)
        User.objects.filter(pk=owner.pk).update(is_active=False)
        factories.program()

        work()

        assert receiver.got == []

    def test_spreading_asks_as_many_questions_for_fifty_events_as_for_one(
        self, owner: User, receiver: Receiver, django_assert_max_num_queries: Any
    ) -> None:
        endpoint(owner, receiver)
        for _ in range(50):
            factories.program()

        # Memberships, events, endpoints, programs, overlaps, deliveries, the mark; twice to find nothing more.
        with django_assert_max_num_queries(16):
            assert services.spread_events() == 50


class TestTryingAgain:
    def test_a_failure_is_tried_again_ever_later_and_then_given_up(self, owner: User, receiver: Receiver) -> None:
        hook, _secret = endpoint(owner, receiver)
        factories.program()
        receiver.answers = [500] * (len(WAITS) + 1)
        services.spread_events()
        waits = []
        for _ in range(len(WAITS)):
            make_due()
            before = timezone.now()
            services.deliver(hook.deliveries.get().pk)
            waits.append(hook.deliveries.get().next_try_at - before)
        make_due()
        services.deliver(hook.deliveries.get().pk)

        assert waits == sorted(waits)
        assert waits[0] < timedelta(minutes=1) < timedelta(hours=20) < waits[-1]
        assert hook.deliveries.get().state == "failed"
        assert {attempt.status for attempt in Attempt.objects.all()} == {500}
        assert len({headers["webhook-id"] for headers, _body in receiver.got}) == 1

    def test_a_message_at_which_workers_die_is_given_up_after_three(
        self, owner: User, receiver: Receiver, signed_in: Any
    ) -> None:
        hook, _secret = endpoint(owner, receiver)
        factories.program()
        services.spread_events()
        # A secret that nobody can read any more: each worker fails before it sends.
        Endpoint.objects.update(secret="x")
        for _ in range(3):
            Delivery.objects.update(claimed_at=None, queued_at=None)
            (pk,) = services.queue_due()
            assert services.queue_due() == []  # it waits in the queue
            with pytest.raises(InvalidToken):
                services.deliver(pk)
        Delivery.objects.update(claimed_at=None, queued_at=None)

        assert services.deliver(pk) is False

        assert (hook.deliveries.get().state, receiver.got) == ("failed", [])
        page = signed_in(owner).get(hook.get_absolute_url()).content.decode()
        assert "El mensaje no se envió: el envío se interrumpió tres veces." in page

    def test_its_owner_cancels_and_deletes_a_message(self, owner: User, receiver: Receiver, signed_in: Any) -> None:
        hook, _secret = endpoint(owner, receiver)
        factories.program()
        services.spread_events()
        client, address = signed_in(owner), f"{hook.get_absolute_url()}deliveries/{hook.deliveries.get().pk}/"
        assert "Cancélelo primero" in client.post(f"{address}delete/", follow=True).content.decode()

        client.post(f"{address}cancel/")
        work()
        assert (hook.deliveries.get().state, receiver.got) == ("cancelled", [])
        client.post(f"{address}delete/")
        assert not hook.deliveries.exists()

    def test_what_was_given_up_is_sent_again_word_for_word_when_its_owner_says_so(
        self, owner: User, receiver: Receiver
    ) -> None:
        hook, secret = endpoint(owner, receiver)
        program = factories.program()
        work()
        Program.objects.filter(pk=program.pk).update(title="Changed since")

        services.replay(hook.deliveries.select_related("endpoint").get(), actor=owner)
        work()

        first, second = receiver.checked(secret)
        assert first == second
        assert receiver.got[0][0]["webhook-id"] == receiver.got[1][0]["webhook-id"]

    def test_redirects_are_not_followed(self, owner: User, receiver: Receiver) -> None:
        hook, _secret = endpoint(owner, receiver)
        factories.program()
        receiver.answers = [302]

        work()

        assert len(receiver.got) == 1
        assert hook.deliveries.get().state == "waiting"

    def test_one_that_fails_for_days_is_switched_off_and_its_owner_is_told_once(
        self, owner: User, receiver: Receiver, django_capture_on_commit_callbacks: Any
    ) -> None:
        hook, _secret = endpoint(owner, receiver)
        Endpoint.objects.update(failing_since=timezone.now() - SWITCHED_OFF_AFTER - timedelta(minutes=1))
        for _ in range(2):
            factories.program()
        receiver.answers = [500, 500]

        with django_capture_on_commit_callbacks(execute=True):
            work()

        hook.refresh_from_db()
        assert hook.ended == "failing"
        assert [letter.to for letter in mail.outbox] == [[owner.email]]
        assert "se desactivó" in mail.outbox[0].subject
        assert services.queue_due() == []

    def test_success_forgets_that_it_failed(self, owner: User, receiver: Receiver) -> None:
        hook, _secret = endpoint(owner, receiver)
        factories.program()
        receiver.answers = [503]
        work()
        assert Endpoint.objects.get().failing_since

        make_due()
        work()

        assert Endpoint.objects.get().failing_since is None
        assert hook.deliveries.get().state == "delivered"

    def test_an_address_that_is_gone_is_not_called_again(self, owner: User, receiver: Receiver) -> None:
        hook, _secret = endpoint(owner, receiver)
        factories.program()
        receiver.answers = [410]

        work()

        hook.refresh_from_db()
        assert hook.ended == "gone"

    def test_two_workers_do_not_send_one_message_twice(self, owner: User, receiver: Receiver) -> None:
        hook, _secret = endpoint(owner, receiver)
        factories.program()
        services.spread_events()
        Delivery.objects.update(claimed_at=timezone.now())

        assert not services.deliver(hook.deliveries.get().pk)
        assert receiver.got == []

        Delivery.objects.update(claimed_at=timezone.now() - STALE_AFTER - timedelta(seconds=1))
        assert services.deliver(hook.deliveries.get().pk)


class TestAddresses:
    @pytest.mark.parametrize(
        ("url", "problem"),
        [
            ("http://93.184.216.34/", Problem.NOT_HTTPS),
            ("ftp://93.184.216.34/", Problem.NOT_HTTPS),
            ("https://user:secret@93.184.216.34/", Problem.USERINFO),
            ("https://93.184.216.34:22/", Problem.PORT),
            ("https://93.184.216.34:99999/", Problem.UNKNOWN_NAME),
            ("https://no-such-host.invalid/", Problem.UNKNOWN_NAME),
            ("https://127.0.0.1/", Problem.INSIDE),
            ("https://localhost:8443/", Problem.INSIDE),
            ("https://2130706433/", Problem.INSIDE),
            ("https://0x7f.1/", Problem.INSIDE),
            ("https://10.1.2.3/", Problem.INSIDE),
            ("https://192.0.0.192/", Problem.INSIDE),
            ("https://169.254.169.254/latest/meta-data/", Problem.INSIDE),
            ("https://0.0.0.0/", Problem.INSIDE),
            ("https://224.0.0.1/", Problem.INSIDE),
            ("https://100.64.0.1/", Problem.INSIDE),
            ("https://[::1]/", Problem.INSIDE),
            ("https://[::ffff:127.0.0.1]/", Problem.INSIDE),
            ("https://[64:ff9b::a00:1]/", Problem.INSIDE),
            ("https://[2002:7f00:1::]/", Problem.INSIDE),
            ("https://[fd00::1]/", Problem.INSIDE),
        ],
    )
    def test_none_leads_into_a_private_network_or_to_another_service(self, url: str, problem: Problem) -> None:
        with pytest.raises(CannotSend) as refusal:
            target_of(url)

        assert refusal.value.problem == problem

    def test_the_public_internet_is_reached_at_the_address_that_was_checked(self) -> None:
        target = target_of("https://93.184.216.34/a?b=c")

        assert (target.ip, target.port, target.path) == ("93.184.216.34", 443, "/a?b=c")

    def test_a_network_that_was_private_when_made_is_checked_again_when_sent(
        self, owner: User, receiver: Receiver, settings: Any
    ) -> None:
        hook, _secret = endpoint(owner, receiver)
        factories.program()
        settings.WEBHOOK_NETWORKS = []

        work()

        assert receiver.got == []
        assert Attempt.objects.get().problem == "inside"
        assert hook.deliveries.get().state == "waiting"

    def test_a_server_that_is_not_there_is_a_connection_that_failed(self, owner: User, receiver: Receiver) -> None:
        hook, _secret = endpoint(owner, receiver)
        Endpoint.objects.update(url="http://127.0.0.1:1025/")

        assert not services.deliver(services.ping(hook, actor=owner).pk)
        assert Attempt.objects.get().problem == "connection"


class TestOneDeadline:
    """A server that sends a byte now and then holds nobody longer than one that sends nothing."""

    # The server gives up after SERVER seconds: a caller who waits for the end has an answer then, and the test fails.
    DEADLINE, SERVER = 0.5, 30.0

    @pytest.fixture(autouse=True)
    def our_network(self, settings: Any) -> None:
        settings.WEBHOOK_NETWORKS = ["127.0.0.0/8"]

    @pytest.mark.parametrize(
        "beginning",
        [b"", b"HTTP/1.1 200 OK\r\nX-Slow: ", b"HTTP/1.1 100 Continue\r\nX-Slow: "],
        ids=["before the status", "in the headers", "in a notice that more will come"],
    )
    def test_an_answer_that_does_not_come_in_time_is_none(self, beginning: bytes) -> None:
        for url in answer_slowly(self.SERVER, beginning):
            began = time.monotonic()
            with pytest.raises(CannotSend) as refusal:
                post(url, SECRET, "message", b"{}", seconds=self.DEADLINE)

            assert refusal.value.problem in (Problem.TIMEOUT, Problem.CONNECTION)
            assert time.monotonic() - began < self.SERVER

    def test_of_a_text_without_end_the_status_counts(self) -> None:
        for url in answer_slowly(self.SERVER, b"HTTP/1.1 200 OK\r\n\r\n"):
            began = time.monotonic()
            answer = post(url, SECRET, "message", b"{}", seconds=self.DEADLINE)

            assert answer.status == 200
            assert set(answer.text) <= {"x"}
            assert time.monotonic() - began < self.SERVER

    def test_headers_without_end_are_not_read_to_it(self) -> None:
        endless = b"HTTP/1.1 100 Continue\r\n\r\n" * 10_000
        for url in answer_slowly(self.SERVER, endless):
            with pytest.raises(CannotSend) as refusal:
                post(url, SECRET, "message", b"{}", seconds=self.SERVER)

            assert refusal.value.problem == Problem.CONNECTION

    def test_a_name_that_nobody_answers_for_is_not_waited_for(self, monkeypatch: pytest.MonkeyPatch) -> None:
        asked = threading.Event()
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_more: asked.wait(self.SERVER))

        with pytest.raises(CannotSend) as refusal:
            post("https://slow.example.org/", SECRET, "message", b"{}", seconds=self.DEADLINE)
        asked.set()

        assert refusal.value.problem == Problem.TIMEOUT


class TestQueueing:
    def test_what_is_queued_is_not_queued_again_until_it_counts_as_lost(self, owner: User, receiver: Receiver) -> None:
        endpoint(owner, receiver)
        factories.program()
        services.spread_events()

        first = services.queue_due()

        assert len(first) == 1
        assert services.queue_due() == []
        Delivery.objects.update(queued_at=timezone.now() - LOST_AFTER - timedelta(seconds=1))
        assert services.queue_due() == first

    def test_what_failed_is_queued_again_when_it_is_due(self, owner: User, receiver: Receiver) -> None:
        endpoint(owner, receiver)
        factories.program()
        receiver.answers = [500]
        work()
        assert services.queue_due() == []

        make_due()

        assert len(services.queue_due()) == 1

    def test_an_address_that_fails_does_not_keep_the_others_waiting(self, owner: User, receiver: Receiver) -> None:
        failing, _secret = endpoint(owner, receiver)
        sound = services.create_endpoint(actor=owner, name="2", url=receiver.url + "&2", kinds=Kind.values)[0]
        for _ in range(3):
            factories.program()
        services.spread_events()
        Endpoint.objects.filter(pk=failing.pk).update(failing_since=timezone.now())
        Delivery.objects.filter(endpoint=failing).update(next_try_at=timezone.now() - timedelta(hours=1))

        queued = services.queue_due()

        of_whom = list(Delivery.objects.filter(pk__in=queued).values_list("endpoint", flat=True))
        assert (of_whom.count(failing.pk), of_whom.count(sound.pk)) == (1, 3)
        assert services.queue_due() == []


class TestOwning:
    def test_nobody_else_does_anything_with_it(self, owner: User, receiver: Receiver, coordinator: User) -> None:
        hook, _secret = endpoint(owner, receiver)

        for act in (services.switch_off, services.switch_on, services.new_secret, services.ping):
            with pytest.raises(NotAllowed):
                act(hook, actor=coordinator)
        with pytest.raises(NotAllowed):
            services.delete_endpoint(hook, actor=coordinator)

    def test_the_secret_is_not_in_the_database_as_it_is(self, owner: User, receiver: Receiver) -> None:
        hook, secret = endpoint(owner, receiver)

        hook.refresh_from_db()
        assert secret not in hook.secret
        assert hook.signing_secret == secret

    def test_a_new_secret_signs_and_the_old_one_does_not(self, owner: User, receiver: Receiver) -> None:
        hook, old = endpoint(owner, receiver)
        new = services.new_secret(hook, actor=owner)
        services.deliver(services.ping(hook, actor=owner).pk)

        receiver.checked(new)
        with pytest.raises(AssertionError):
            receiver.checked(old)

    def test_one_address_once_and_ten_at_most(self, owner: User, receiver: Receiver) -> None:
        endpoint(owner, receiver)
        with pytest.raises(Refused, match="already"):
            endpoint(owner, receiver)
        for number in range(9):
            services.create_endpoint(actor=owner, name="x", url=f"{receiver.url}&n={number}", kinds=["overlap.flagged"])

        with pytest.raises(Refused, match="ten"):
            services.create_endpoint(actor=owner, name="x", url=f"{receiver.url}&n=10", kinds=["overlap.flagged"])

    def test_what_is_over_thirty_days_old_goes(self, owner: User, receiver: Receiver) -> None:
        endpoint(owner, receiver)
        factories.program()
        work()
        long_ago = timezone.now() - timedelta(days=31)
        Event.objects.update(happened_at=long_ago)
        Delivery.objects.update(created_at=long_ago)

        services.forget_old()

        assert not Event.objects.exists()
        assert not Delivery.objects.exists()


@given(st.binary(max_size=200), st.text(min_size=1, max_size=20), st.integers(0, 2**40))
def test_a_signature_is_of_id_time_and_body_and_of_nothing_else(body: bytes, message_id: str, timestamp: int) -> None:
    secret = "whsec_" + base64.b64encode(b"k" * 32).decode()
    made = signature(secret, message_id, timestamp, body)

    assert made == signature(secret, message_id, timestamp, body)
    assert made != signature(secret, message_id, timestamp, body + b"x")
    assert made != signature(secret, message_id, timestamp + 1, body)
    assert made != signature(secret, message_id + "x", timestamp, body)


class TestPages:
    def test_a_webhook_is_made_tried_and_shown_with_what_was_answered(
        self, owner: User, receiver: Receiver, signed_in: Any
    ) -> None:
        client = signed_in(owner)
        made = client.post(
            "/account/webhooks/", {"name": "Warehouse", "url": receiver.url, "kinds": ["overlap.flagged"]}
        )
        hook = Endpoint.objects.get()
        receiver.answers = [418]

        tested = client.post(f"/account/webhooks/{hook.pk}/test/")

        assert tested["Location"] == f"{hook.get_absolute_url()}#deliveries"
        assert made.status_code == 201
        assert hook.signing_secret in made.content.decode()
        assert receiver.got == []  # it is a worker that calls the address, not the page
        waiting = client.get(hook.get_absolute_url()).content.decode()
        assert f"/account/webhooks/{hook.pk}/test/progress/" in waiting
        assert client.get(f"/account/webhooks/{hook.pk}/test/progress/").json()["at_work"] is True

        services.deliver(hook.deliveries.get().pk)

        assert client.get(f"/account/webhooks/{hook.pk}/test/progress/").json()["at_work"] is False
        page = client.get(hook.get_absolute_url()).content.decode()
        assert "/test/progress/" not in page
        assert "HTTP 418" in page
        assert "<details open>" in page  # the answer is there to read
        assert hook.signing_secret not in page
        assert "Warehouse" in client.get("/account/webhooks/").content.decode()

    def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_lost(self, owner: User, signed_in: Any) -> None:
        answer = signed_in(owner).post("/account/webhooks/", {"name": "Mine", "url": "https://127.0.0.1/"})

        page = answer.content.decode()
        assert answer.status_code == 400
        assert "Elija al menos un evento." in page
        assert 'value="Mine"' in page
        answer = signed_in(owner).post(
            "/account/webhooks/", {"name": "Mine", "url": "https://127.0.0.1/", "kinds": ["overlap.flagged"]}
        )
        assert "red privada" in answer.content.decode()

    def test_every_button_does_what_it_says(self, owner: User, receiver: Receiver, signed_in: Any) -> None:
        hook, secret = endpoint(owner, receiver)
        client, address = signed_in(owner), hook.get_absolute_url()
        services.deliver(services.ping(hook, actor=owner).pk)
        client.post(f"{address}deliveries/{hook.deliveries.get().pk}/send-again/")
        assert hook.deliveries.get().state == "waiting"
        client.post(f"{address}switch-off/")
        assert not Endpoint.objects.get().is_on
        client.post(f"{address}switch-on/")
        assert Endpoint.objects.get().is_on
        shown = client.post(f"{address}new-secret/").content.decode()
        assert Endpoint.objects.get().signing_secret in shown
        assert Endpoint.objects.get().signing_secret != secret
        client.post(f"{address}delete/")
        assert not Endpoint.objects.exists()


def test_a_worker_sends_the_test_message(
    committed_db: None, worker: Any, owner: User, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WEBHOOK_NETWORKS", "127.0.0.0/8")
    hook, secret = endpoint(owner, receiver)
    worker()

    services.ping(hook, actor=owner)

    wait_until(lambda: hook.deliveries.filter(state="delivered").exists())
    assert [body["type"] for body in receiver.checked(secret)] == ["ping"]
