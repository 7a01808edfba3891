"""To whom the key goes, and when a call is made again; against servers that answer as they are told."""

import gzip
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from carsi import NoAnswer, Portal, Refusal, Unsafe, WrongUse
from carsi.connection import Patience, retry_after
from carsi.errors import sentence_of
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.client.conftest import HASTE

NOW = datetime(2026, 11, 25, tzinfo=UTC)
JSON = {"Content-Type": "application/json"}
END = json.dumps({"next": None, "results": [{"id": 1}]}).encode()


@dataclass
class Server:
    """A server that gives `answers` (status, headers, body) in turn, the last one again and again; and what it got."""

    url: str
    answers: list[tuple[int, dict[str, str], bytes]] = field(default_factory=list)
    got: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)


@pytest.fixture
def server() -> Iterator[Server]:
    yield from _serve()


@pytest.fixture
def another() -> Iterator[Server]:
    yield from _serve()


def _serve() -> Iterator[Server]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            stated.got.append((self.path, {name.lower(): value for name, value in self.headers.items()}, body))
            status, headers, content = stated.answers.pop(0) if len(stated.answers) > 1 else stated.answers[0]
            self.send_response(status)
            for name, value in {"Content-Length": str(len(content)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)
            self.close_connection = "X-Cut" in headers

        do_POST = do_GET

        def log_message(self, *_words: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as serving:
        stated = Server(f"http://127.0.0.1:{serving.server_port}")
        threading.Thread(target=serving.serve_forever, args=(0.01,), daemon=True).start()
        yield stated
        serving.shutdown()


def ids(server: Server, **options: Any) -> list[int]:
    with Portal(server.url, "carsi_key", **{"patience": HASTE, **options}) as portal:
        return [row["id"] for row in portal.programs()]


def test_waits_as_long_as_it_is_asked_to(server: Server) -> None:
    server.answers = [(429, {"Retry-After": "0"}, b""), (503, {}, b""), (200, JSON, END)]
    told: list[str] = []

    assert ids(server, tell=told.append) == [1]
    assert told == ["the portal answered 429; again", "the portal answered 503; again"]


def test_does_not_wait_beyond_its_patience(server: Server) -> None:
    server.answers = [(429, {"Retry-After": "86400"}, b'{"title": "Too many requests"}')]

    with pytest.raises(Refusal, match="Too many requests"):
        ids(server)
    assert len(server.got) == 1


@pytest.mark.parametrize("status", [400, 401, 403, 404, 422, 500])
def test_what_will_not_pass_is_not_tried_again(server: Server, status: int) -> None:
    server.answers = [(status, {}, b"<h1>No</h1>")]

    with pytest.raises(Refusal, match=f"answered {status}"):
        ids(server)
    assert len(server.got) == 1


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ({"Content-Length": "9999", "X-Cut": "1"}, END),
        ({"Transfer-Encoding": "chunked", "X-Cut": "1"}, b"40\r\n" + END),
        ({"Content-Encoding": "gzip"}, gzip.compress(END, mtime=0)[:-9]),
    ],
    ids=["length", "chunk", "gzip"],
)
def test_an_answer_without_its_end_is_none(server: Server, headers: dict[str, str], body: bytes) -> None:
    if "Transfer-Encoding" in headers:
        headers = {**headers, "Content-Length": ""}
    server.answers = [(200, headers, body), (200, {"Content-Encoding": "gzip"}, gzip.compress(END))]

    assert ids(server) == [1]
    assert len(server.got) == 2


def test_gives_up_in_the_end(server: Server) -> None:
    server.answers = [(200, {"Content-Length": "9999", "X-Cut": "1"}, END)]

    with pytest.raises(NoAnswer, match="tried 3 times"):
        ids(server, patience=Patience(tries=3, first_pause=0.001))
    assert len(server.got) == 3


def test_a_change_is_sent_again_with_the_same_key_of_its_own(server: Server) -> None:
    done = json.dumps({"results": [{"outcome": "created", "id": 5}]}).encode()
    server.answers = [(503, {}, b""), (200, {"Content-Length": "999", "X-Cut": "1"}, done), (200, JSON, done)]

    with Portal(server.url, "carsi_key", patience=HASTE) as portal:
        assert [pushed.id for pushed in portal.upsert([{"identifier": "Ñ-1"}])] == [5]

    assert len({headers["idempotency-key"] for _path, headers, _body in server.got}) == 1
    assert {body for _path, _headers, body in server.got} == {'{"programs": [{"identifier": "Ñ-1"}]}'.encode()}


def test_programs_go_by_the_thousand(server: Server) -> None:
    def done(number: int) -> tuple[int, dict[str, str], bytes]:
        return 200, JSON, json.dumps({"results": [{"outcome": "unchanged"}] * number}).encode()

    server.answers = [done(1000), done(1000), done(1)]

    with Portal(server.url, "carsi_key", patience=HASTE) as portal:
        assert len(list(portal.upsert({"identifier": str(number)} for number in range(2001)))) == 2001

    assert [len(json.loads(body)["programs"]) for _path, _headers, body in server.got] == [1000, 1000, 1]
    assert len({headers["idempotency-key"] for _path, headers, _body in server.got}) == 3


class TestTheKeyGoesToOneHostAlone:
    def test_not_where_a_page_says_that_the_next_one_is(self, server: Server, another: Server) -> None:
        elsewhere = {"next": f"{another.url}/api/v1/programs/?cursor=x", "results": [{"id": 1}]}
        server.answers = [(200, JSON, json.dumps(elsewhere).encode())]

        with pytest.raises(Unsafe, match="nothing was sent"):
            ids(server)
        assert another.got == []

    @pytest.mark.parametrize("form", ["{url}/x", "//{host}/x"])
    def test_not_where_it_is_sent_to(self, server: Server, another: Server, form: str) -> None:
        place = form.format(url=another.url, host=another.url.removeprefix("http://"))
        server.answers = [(302, {"Location": place}, b"")]

        with pytest.raises(Unsafe):
            ids(server)
        assert another.got == []

    def test_but_on_within_the_host(self, server: Server) -> None:
        server.answers = [(301, {"Location": "/elsewhere"}, b""), (200, JSON, END)]

        assert ids(server) == [1]
        assert server.got[1][0] == "/elsewhere"
        assert server.got[1][1]["authorization"] == "Bearer carsi_key"

    def test_a_change_is_sent_nowhere_else(self, server: Server) -> None:
        server.answers = [(307, {"Location": "/elsewhere"}, b"")]

        with Portal(server.url, "carsi_key", patience=HASTE) as portal, pytest.raises(Refusal, match="not followed"):
            list(portal.upsert([{}]))
        assert len(server.got) == 1

    def test_nor_in_clear_to_another_machine(self) -> None:
        with pytest.raises(Unsafe, match="in clear"):
            Portal("http://portal.example.org", "carsi_key")

    @pytest.mark.parametrize("key", ["", "two words", "a\r\nX-Header: b", "clé"])
    def test_a_key_that_would_write_headers_is_none(self, key: str) -> None:
        with pytest.raises(WrongUse, match="missing or not valid"):
            Portal("https://portal.example.org", key)

    @pytest.mark.parametrize("url", ["portal.example.org", "ftp://a", "https://", "https://u:p@a", "https://a/?q=1"])
    def test_an_address_that_is_none(self, url: str) -> None:
        with pytest.raises(WrongUse, match="looks like"):
            Portal(url, "carsi_key")


@settings(max_examples=30)
@given(st.integers(0, 10**6))
def test_a_wait_is_a_number_or_a_date(seconds: int) -> None:
    at = format_datetime(NOW + timedelta(seconds=seconds), usegmt=True)

    assert retry_after(str(seconds), NOW) == retry_after(at, NOW) == seconds
    assert retry_after(format_datetime(NOW - timedelta(seconds=seconds), usegmt=True), NOW) == 0


@settings(max_examples=30)
@given(st.text())
def test_a_wait_that_is_neither_is_none(text: str) -> None:
    wait = retry_after(text, NOW)

    assert wait is None or wait >= 0


@settings(max_examples=30)
@given(st.integers(1, 10**6))
def test_pauses_grow_and_end(tried: int) -> None:
    assert 0.25 <= Patience().pause(tried) <= 60


VALUES = st.recursive(
    st.none() | st.integers() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
)


@settings(max_examples=30)
@given(st.dictionaries(st.sampled_from(["title", "detail", "errors", "status"]), VALUES))
def test_whatever_a_problem_is_it_has_a_sentence_that_moves_no_cursor(problem: dict[str, Any]) -> None:
    assert all(sign.isprintable() or sign == "\n" for sign in sentence_of(problem))


def test_a_problem_names_the_parameter_and_the_place() -> None:
    errors = [{"parameter": "goal", "detail": "No."}, {"pointer": "#/title", "detail": "Give one."}, {"detail": "So."}]

    shown = sentence_of({"title": "Not valid", "detail": "See below.", "errors": errors})

    assert shown.splitlines() == ["Not valid: See below.", "  goal: No.", "  #/title: Give one.", "  So."]
