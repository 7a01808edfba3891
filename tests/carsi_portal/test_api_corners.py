"""What holds at every address of the API: pages, codes, ETags, and what the schema says of each call."""

import re
from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse

from core.api.schema import OneSchema
from donors.models import User
from programs.overlap.models import Overlap
from tests import factories
from tests.api import Api
from tests.carsi_portal.test_api_schema import ADDRESSES, WHOLE
from tests.worlds import World, kept_through

pytestmark = pytest.mark.django_db
CODE = re.compile(r"[a-z]+(_[a-z]+)*")
DOCUMENT: dict[str, Any] = OneSchema().get_schema()
CALLS = [(path, method, call) for path, methods in DOCUMENT["paths"].items() for method, call in methods.items()]
LISTS = [path for path, method, _call in CALLS if method == "get" and "{" not in path and not path.endswith("/ids/")]
# What is no value of any parameter.
NO_VALUE = "%C2%B2"


@pytest.fixture(scope="module")
def built(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    with kept_through(django_db_blocker, World) as world:
        yield world


@pytest.fixture
def world(built: World, db: None) -> World:
    return deepcopy(built)


@pytest.fixture
def person(world: World) -> User:
    return factories.user(is_superuser=True)


@pytest.fixture
def api(person: User) -> Api:
    return Api(person)


def codes(answer: HttpResponse) -> list[str]:
    return [answer.json()["code"], *(error["code"] for error in answer.json()["errors"])]  # type: ignore[attr-defined]


@pytest.mark.parametrize("path", LISTS)
def test_a_page_that_is_too_large_is_refused_and_the_largest_is_not(api: Api, path: str) -> None:
    for size in ("201", "1000", "0", "-1", "x", NO_VALUE):
        refused = api.client.get(f"{path}?page_size={size}")
        assert refused.status_code == 400, size
        assert refused.json()["errors"][0]["parameter"] == "page_size"
    assert api.client.get(f"{path}?page_size=200").status_code == 200


@pytest.mark.parametrize("path", LISTS)
def test_every_refused_parameter_has_a_code(api: Api, path: str) -> None:
    said = [one["name"] for one in DOCUMENT["paths"][path]["get"].get("parameters", ()) if one["in"] == "query"]
    tried = 0
    for name in [*said, "unheard_of"]:
        for value in (NO_VALUE, "%00", ""):
            answer = api.client.get(f"{path}?{name}={value}")
            if answer.status_code == 400:
                tried += 1
                assert all(CODE.fullmatch(code) and code != "none" for code in codes(answer)), (name, codes(answer))
    assert tried


@pytest.mark.parametrize("name", [*ADDRESSES, *WHOLE])
def test_head_has_the_etag_of_get(api: Api, world: World, name: str) -> None:
    address = name
    if name in ADDRESSES:
        address = f"/api/v1/{name}/{ADDRESSES[name][1](world)}/"

    got, headed = api.client.get(address), api.client.head(address)

    assert (got.status_code, headed.status_code, headed.content) == (200, 200, b"")
    assert got["ETag"] == headed["ETag"]
    again = api.client.head(address, headers={"if-none-match": headed["ETag"]})
    assert (again.status_code, again["ETag"]) == (304, headed["ETag"])


def program_body(world: World) -> dict[str, Any]:
    return {"reporting_org_id": world.own.pk, "identifier": "NEW-1", "title": "Vetted units"}


def agreement_body(world: World) -> dict[str, Any]:
    pair = world.overlaps["own public"]
    Overlap.objects.filter(pk=pair.pk).update(state="confirmed")
    return {"title": "Share", "overlaps": [pair.pk], "kind": "share_results", "text": "Share."}


def priority_body(world: World) -> dict[str, Any]:
    return {
        "goal": 1, "country": "HN", "title_en": "Safer streets", "title_es": "Calles más seguras",
        "period_start": "2026-01-01", "period_end": "2026-12-31",
    }  # fmt: skip


def import_form(world: World) -> dict[str, Any]:
    return {"organization": world.own.pk, "file": SimpleUploadedFile("a.csv", b"Identifier,Title\nA-1,Patrols\n")}


# What makes something -> a body. Of those with an ETag, it is that of the version.
CREATIONS: dict[str, Callable[[World], dict[str, Any]]] = {
    "/api/v1/programs/": program_body,
    "/api/v1/agreements/": agreement_body,
    "/api/v1/priorities/": priority_body,
    "/api/v1/imports/": import_form,
    "/api/v1/comments/": lambda world: {"program": world.programs["own public"].pk, "text": "Hello"},
    "/api/v1/saved-searches/": lambda world: {"name": "Streets", "query": "?goal=2"},
    "/api/v1/overlaps/{id}/reviews/": lambda world: {"action": "confirm"},
}
WITH_A_VERSION = {"/api/v1/programs/", "/api/v1/agreements/", "/api/v1/priorities/"}


@pytest.mark.parametrize("path", CREATIONS)
def test_a_creation_that_is_sent_again_is_answered_with_the_same_headers(api: Api, world: World, path: str) -> None:
    address = path.replace("{id}", str(world.overlaps["own public"].pk))

    def send() -> HttpResponse:
        body = CREATIONS[path](world)
        form = {} if "imports" in path else {"content_type": "application/json"}
        return api.client.post(address, body, headers={"idempotency-key": "once"}, **form)

    first, second = send(), send()

    assert (first.status_code, second.status_code) == (201, 201), first.text
    assert (first.content, second["Idempotent-Replayed"]) == (second.content, "true")
    for header in ("ETag", "Location"):
        assert first.get(header) == second.get(header)
    assert ("ETag" in second) is (path in WITH_A_VERSION)


def test_every_creation_is_tried() -> None:
    made = {
        path
        for path, method, call in CALLS
        if method == "post" and "201" in call["responses"]
        if any(one["name"] == "Idempotency-Key" for one in call["parameters"])
    }

    assert made == set(CREATIONS)


class TestSchema:
    def test_it_says_where_the_portal_is_who_answers_for_it_and_under_which_licence(self) -> None:
        assert DOCUMENT["servers"][0]["url"] == "/"
        assert "@" in DOCUMENT["info"]["contact"]["email"]
        assert DOCUMENT["info"]["license"]["identifier"] == "MIT"

    def test_every_tag_is_declared_and_used(self) -> None:
        declared = {tag["name"]: tag["description"] for tag in DOCUMENT["tags"]}

        assert set(declared) == {tag for _path, _method, call in CALLS for tag in call["tags"]}
        assert all(words.endswith(".") for words in declared.values())
        assert declared == settings.API_TAGS

    @pytest.mark.parametrize(("path", "method", "call"), CALLS)
    def test_every_call_has_a_summary_in_a_line(self, path: str, method: str, call: dict[str, Any]) -> None:
        assert 5 < len(call["summary"]) <= 120
        assert "\n" not in call["summary"]
        assert not call["summary"].endswith(".")
