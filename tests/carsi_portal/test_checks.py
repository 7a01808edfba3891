from collections.abc import Callable
from typing import Any

import pytest
from django.core.checks import CheckMessage

from carsi_portal import checks

GOOD_KEY = "k3Vd-9sQ_wTz5mYbH2xRfLp7NcJ8gUaE4oWiS6tXyB1vDqKeMhZ0"


def ids(check: Callable[[None], list[CheckMessage]]) -> list[str | None]:
    return [message.id for message in check(None)]


@pytest.mark.parametrize(
    ("host", "public"),
    [
        ("portal.example.org", True),
        (".example.org", True),
        ("*", True),
        ("8.8.8.8", True),
        ("[2001:4860:4860::8888]", True),
        ("localhost", False),
        ("portal", False),
        ("127.0.0.1", False),
        ("[::1]", False),
        ("192.168.1.10", False),
        ("portal.local", False),
        ("portal.test", False),
        ("portal.internal", False),
        ("app.localhost", False),
    ],
)
def test_which_hosts_are_public(host: str, public: bool) -> None:
    assert checks.is_public(host) is public


@pytest.mark.parametrize(
    ("demonstration", "hosts", "refused"),
    [
        (True, ["portal.example.org"], ["carsi_portal.E001"]),
        (True, ["localhost", "*"], ["carsi_portal.E001"]),
        (True, ["localhost", "192.168.0.2"], []),
        (False, ["portal.example.org"], []),
    ],
)
def test_demonstration_stays_at_home(settings: Any, demonstration: bool, hosts: list[str], refused: list[str]) -> None:
    settings.DEMONSTRATION, settings.ALLOWED_HOSTS = demonstration, hosts

    assert ids(checks.demonstration_stays_at_home) == refused


@pytest.mark.parametrize(
    ("key", "refused"),
    [
        (GOOD_KEY, []),
        ("", ["carsi_portal.E002"]),
        (GOOD_KEY[:49], ["carsi_portal.E003"]),
        ("ab" * 30, ["carsi_portal.E003"]),
        (f"django-insecure-{GOOD_KEY}", ["carsi_portal.E003"]),
        (f"Change-me-{GOOD_KEY}", ["carsi_portal.E003"]),
    ],
)
def test_secret_key_is_given_and_strong(
    settings: Any, monkeypatch: pytest.MonkeyPatch, key: str, refused: list[str]
) -> None:
    settings.SECRET_KEY = key or "of this machine"
    monkeypatch.setenv("SECRET_KEY", key)

    assert ids(checks.secret_key_is_given) == refused


@pytest.mark.parametrize(
    ("hosts", "refused"),
    [
        (["portal.example.org"], []),
        (["*"], ["carsi_portal.E004"]),
        ([".example.org"], ["carsi_portal.E004"]),
        (["portal.example.org", "*.example.org"], ["carsi_portal.E004"]),
    ],
)
def test_hosts_are_named(settings: Any, hosts: list[str], refused: list[str]) -> None:
    settings.ALLOWED_HOSTS = hosts

    assert ids(checks.hosts_are_named) == refused


@pytest.mark.parametrize("missing", [(), ("DATABASE_URL",), ("REDIS_URL",), ("DATABASE_URL", "REDIS_URL")])
def test_servers_are_given(monkeypatch: pytest.MonkeyPatch, missing: tuple[str, ...]) -> None:
    for name in ("DATABASE_URL", "REDIS_URL"):
        monkeypatch.setenv(name, "" if name in missing else "given")

    messages = checks.servers_are_given(None)

    assert [message.id for message in messages] == (["carsi_portal.E005"] if missing else [])
    assert all(name in messages[0].msg for name in missing)


@pytest.mark.parametrize(("backend", "refused"), [("smtp", []), ("console", ["carsi_portal.W001"])])
def test_letters_are_sent(settings: Any, backend: str, refused: list[str]) -> None:
    settings.EMAIL_BACKEND = f"django.core.mail.backends.{backend}.EmailBackend"

    assert ids(checks.emails_are_sent) == refused
