"""Bodies that are too large are refused in words before anything of them is read."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from carsi_portal.bodies import most_bytes
from core.bodies import LONG_FORM, MIB, SHORT_FORM, WITH_A_FILE
from donors.models import User
from tests import factories

pytestmark = pytest.mark.django_db

MULTIPART = "multipart/form-data; boundary=carsi"


class Unread:
    """A body that must not be read."""

    def read(self, *_arguments: Any) -> bytes:
        raise AssertionError("the body was read")

    readline = readlines = __iter__ = read


def send(client: Client, address: str, length: int | str, **more: Any) -> Any:
    return client.generic("POST", address, content_type=MULTIPART, CONTENT_LENGTH=str(length), **more)


def unread(client: Client, address: str, length: int | str) -> Any:
    return send(client, address, length, **{"wsgi.input": Unread()})


@pytest.mark.parametrize(("language", "words"), [("en", "the limit is 1 MB"), ("es", "el límite es 1 MB")])
def test_a_stranger_fills_no_disk_with_files_for_the_sign_in_page(language: str, words: str) -> None:
    client = Client(enforce_csrf_checks=True, headers={"accept-language": language})

    answer = unread(client, "/accounts/login/", 290 * MIB)

    assert answer.status_code == 413
    assert words in answer.text
    assert f'<html lang="{language}">' in answer.text


@pytest.mark.parametrize(
    ("address", "most"),
    [
        ("/accounts/login/", SHORT_FORM),
        ("/account/keys/", SHORT_FORM),
        ("/admin/login/", SHORT_FORM),
        ("/i18n/setlang/", SHORT_FORM),
        ("/programs/new/", LONG_FORM),
        ("/imports/", WITH_A_FILE),
        ("/priorities/import/", WITH_A_FILE),
        ("/api/v1/programs/", LONG_FORM),
        ("/api/v1/programs/bulk/", LONG_FORM),
        ("/api/v1/imports/", WITH_A_FILE),
    ],
)
def test_a_body_is_taken_up_to_the_limit_of_its_address(
    address: str, most: int, signed_in: Callable[[User], Client]
) -> None:
    client = signed_in(factories.user(factories.organization(), "manager"))

    assert send(client, address, most).status_code != 413
    refused = unread(client, address, most + 1)

    assert refused.status_code == 413
    if address.startswith("/api/"):
        assert refused["Content-Type"] == "application/problem+json"
        assert refused.json()["code"] == "too_large"
    assert f"{most // MIB} MB" in refused.text


def views(patterns: Any, before: str = "") -> Iterator[tuple[str, Any]]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from views(pattern.url_patterns, before + str(pattern.pattern))
        elif isinstance(pattern, URLPattern):
            yield before + str(pattern.pattern), pattern.callback


def test_files_are_taken_at_the_addresses_for_files_alone(rf: Any) -> None:
    taking = {
        address
        for address, view in views(get_resolver().url_patterns)
        if most_bytes(rf.post("/" + address), view) > LONG_FORM
    }

    assert {address.partition("<")[0] for address in taking} == {
        "imports/", "priorities/import/", "rates/upload/", "api/v1/imports/",
    }  # fmt: skip


@pytest.mark.parametrize("length", ["", "-", "1e9", "ten"])
def test_a_length_that_is_none_reads_nothing(length: str, client: Client) -> None:
    assert unread(client, "/accounts/login/", length).status_code in (200, 403, 411)


@pytest.mark.parametrize("address", ["/accounts/login/", "/api/v1/programs/"])
def test_a_body_of_unknown_length_is_refused_in_words(client: Client, address: str) -> None:
    answer = client.generic("POST", address, headers={"transfer-encoding": "chunked"})

    assert answer.status_code == 411
    assert "Content-Length" in answer.text
