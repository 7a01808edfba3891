"""Every call of the API against its own schema, with made-up parameters."""

import json
from collections.abc import Callable, Iterator
from copy import deepcopy
from datetime import date
from functools import cache
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from jsonschema import Draft202012Validator, FormatChecker
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
)

from carsi_portal.wsgi import application
from core.api.examples import UNNAMED
from core.api.schema import OneSchema
from donors import services
from donors.models import Organization, User
from goals.models import ExchangeRate
from programs.discussion.models import Comment
from programs.discussion.services import write_comment
from programs.exchange.services import make_dumps
from programs.overlap.models import SavedView
from programs.reports.models import OverlapReport
from programs.reports.services import Selected, ask_for_report
from tests import factories
from tests.api import Api
from tests.programs.exchange.importing import row, upload_file
from tests.worlds import World, agreement, kept_through, uncertain

pytestmark = pytest.mark.django_db

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
# A path, and the name of its parameter with a value that is there.
ADDRESSES: dict[str, tuple[str, Callable[[World], object]]] = {
    "goals": ("number", lambda world: 1),
    "countries": ("code", lambda world: "HN"),
    "areas": ("code", lambda world: "HN-CR"),
    "sectors": ("code", lambda world: "15132"),
    "exchange-rates": ("id", lambda world: ExchangeRate.objects.earliest("pk").pk),
    "organizations": ("id", lambda world: world.other.pk),
    "programs": ("id", lambda world: world.programs["other restricted"].pk),
    "overlaps": ("id", lambda world: world.overlaps["other restricted"].pk),
    "uncertain-pairs": (
        "id",
        lambda world: uncertain(world.programs["own public"], world.programs["other public"]).pk,
    ),
    "transactions": ("id", lambda world: world.programs["own public"].transactions.earliest("pk").pk),
    "comments": ("id", lambda world: comment_of(world).pk),
    "saved-searches": ("id", lambda world: SavedView.objects.create(owner=asking(), name="Mine").pk),
    "dumps": ("id", lambda world: make_dumps(date(2026, 11, 25))[0].pk),
    "imports": ("id", lambda world: upload_file(world.own, factories.user(is_superuser=True), [row()]).pk),
    "reports": ("id", lambda world: report_of(asking()).pk),
    "agreements": ("id", lambda world: agreement(world).pk),
    "priorities": ("id", lambda world: factories.priority().pk),
}
PATHS = [path for name, (key, _) in ADDRESSES.items() for path in (f"/api/v1/{name}/", f"/api/v1/{name}/{{{key}}}/")]
# Calls that change something, and one that is neither a list nor one thing.
WRITES = [
    ("/api/v1/programs/", "POST"),
    ("/api/v1/programs/{id}/", "PATCH"),
    ("/api/v1/programs/{id}/", "DELETE"),
    ("/api/v1/programs/{id}/moves/", "POST"),
    ("/api/v1/programs/bulk/", "POST"),
    ("/api/v1/overlaps/{id}/reviews/", "POST"),
    ("/api/v1/agreements/", "POST"),
    ("/api/v1/agreements/{id}/", "PATCH"),
    ("/api/v1/agreements/{id}/answer/", "POST"),
    ("/api/v1/agreements/{id}/marks/", "POST"),
    ("/api/v1/agreements/{id}/moves/", "POST"),
    ("/api/v1/comments/", "POST"),
    ("/api/v1/saved-searches/", "POST"),
    ("/api/v1/saved-searches/{id}/", "DELETE"),
    ("/api/v1/imports/", "POST"),
    *(
        (f"/api/v1/imports/{{id}}/{step}/", "POST")
        for step in ("columns", "choices", "check", "apply", "undo", "cancel")
    ),
    ("/api/v1/imports/{id}/", "DELETE"),
    ("/api/v1/reports/{id}/", "DELETE"),
    ("/api/v1/reports/{id}/cancel/", "POST"),
]
OTHERS = {
    "/api/v1/programs/{id}/history/",
    *(f"/api/v1/{name}/ids/" for name in ("programs", "overlaps", "agreements")),
    "/api/v1/imports/{id}/rows/",
    "/api/v1/dumps/{id}/file/",
    *(path for path, _method in WRITES),
}
# Calls that take no question: one answer for everybody who sees the same.
WHOLE = [
    "/api/v1/accuracy/", "/api/v1/gaps/", "/api/v1/matrix/", "/api/v1/me/", "/api/v1/money/", "/api/v1/search/",
    "/api/v1/years/",
]  # fmt: skip
FEW = settings(
    max_examples=8,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def asking() -> User:
    """Whose the key is."""
    return User.objects.filter(is_superuser=True).latest("pk")


def comment_of(world: World) -> Comment:
    return write_comment(world.programs["own public"], actor=factories.user(world.own, "editor"), text="Hello")


def report_of(asker: User) -> OverlapReport:
    return ask_for_report(asker, date(2026, 1, 1), date(2026, 1, 31), Selected())


@pytest.fixture(scope="module")
def built(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    with kept_through(django_db_blocker, World) as world:
        yield world


@pytest.fixture
def world(built: World, db: None) -> World:
    return deepcopy(built)


@pytest.fixture(autouse=True)
def _connection_stays_open() -> Iterator[None]:
    """A served request gives its connection back; here that is the test's own, with its transaction."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@cache
def served_schema() -> schemathesis.BaseSchema:
    """As the portal sends it; asked for and read once, since it rests on the code alone."""
    return schemathesis.openapi.from_wsgi("/api/schema/?format=json", application)


@pytest.fixture
def schema(world: World) -> schemathesis.BaseSchema:
    return served_schema()


@pytest.fixture
def headers(world: World) -> dict[str, str]:
    key = services.create_api_key(factories.user(is_superuser=True), "schemathesis", scopes=["write", "review"])
    return {"Authorization": f"Bearer {key.secret}", "Accept-Encoding": "identity"}


def test_the_schema_is_valid_and_names_every_call(schema: schemathesis.BaseSchema) -> None:
    schema.validate()

    known = {*PATHS, *WHOLE, *OTHERS}
    assert {operation.ok().path for operation in schema.get_all_operations()} == known


@pytest.mark.parametrize("path", [*PATHS, *WHOLE])
def test_right_questions_are_answered_as_the_schema_says(
    schema: schemathesis.BaseSchema, headers: dict[str, str], path: str
) -> None:
    @FEW
    @given(case=schema[path]["GET"].as_strategy(GenerationMode.POSITIVE))
    def ask(case: schemathesis.Case) -> None:
        case.call_and_validate(headers=headers, checks=CHECKS)

    ask()


@pytest.mark.parametrize("path", PATHS)
def test_wrong_questions_are_refused_as_the_schema_says(
    schema: schemathesis.BaseSchema, headers: dict[str, str], path: str
) -> None:
    @FEW
    @given(case=schema[path]["GET"].as_strategy(GenerationMode.NEGATIVE))
    def ask(case: schemathesis.Case) -> None:
        case.call_and_validate(headers=headers, checks=[*CHECKS, negative_data_rejection])

    ask()


@pytest.mark.parametrize("name", ADDRESSES)
def test_what_is_there_is_shown_as_the_schema_says(
    schema: schemathesis.BaseSchema, headers: dict[str, str], world: World, name: str
) -> None:
    key, value = ADDRESSES[name]
    case = schema[f"/api/v1/{name}/{{{key}}}/"]["GET"].Case(path_parameters={key: value(world)})

    answer = case.call_and_validate(headers=headers, checks=CHECKS)

    assert answer.status_code == 200


@pytest.mark.parametrize(("path", "method"), WRITES)
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_whatever_is_written_is_answered_as_the_schema_says(
    schema: schemathesis.BaseSchema,
    headers: dict[str, str],
    world: World,
    path: str,
    method: str,
    mode: GenerationMode,
) -> None:
    program: Any = world.programs["own public"]
    there: Any = world.overlaps["own public"] if "overlaps" in path else program
    version = program.version
    if "agreements" in path:
        there = agreement(world)
        version = there.edition
    if "imports" in path:
        there = upload_file(world.own, asking(), [row()])

    @FEW
    @given(case=schema[path][method].as_strategy(mode))
    def ask(case: schemathesis.Case) -> None:
        if "{id}" in path and mode is GenerationMode.POSITIVE:
            case.path_parameters = {"id": there.pk}
        case.call_and_validate(headers={**headers, "If-Match": f'"{version}"'}, checks=CHECKS)

    ask()


class TestExamples:
    """Each body and each answer has an example that is as the schema says."""

    @pytest.fixture
    def document(self) -> dict[str, Any]:
        return OneSchema().get_schema()

    def contents(self, document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
        """What each body and answer may be, with where it is."""
        for path, methods in document["paths"].items():
            for method, operation in methods.items():
                for place, stated in [("body", operation.get("requestBody", {})), *operation["responses"].items()]:
                    for media_type, content in stated.get("content", {}).items():
                        yield f"{method} {path} {place} {media_type}", content

    def test_they_are_there_but_for_files(self, document: dict[str, Any]) -> None:
        without = [place for place, content in self.contents(document) if not {"example", "examples"} & set(content)]

        assert {content["schema"].get("format") for place, content in self.contents(document) if place in without} == {
            "binary"
        }
        assert {place.split()[1] for place in without} == {"/api/v1/programs/", "/api/v1/dumps/{id}/file/"}

    def test_they_are_valid(self, document: dict[str, Any]) -> None:
        whole = {"$schema": "https://json-schema.org/draft/2020-12/schema", "components": document["components"]}

        for place, content in self.contents(document):
            examples = [content["example"]] if "example" in content else []
            examples += [named["value"] for named in content.get("examples", {}).values()]
            check = Draft202012Validator({**whole, **content["schema"]}, format_checker=FormatChecker())
            assert [error.message for example in examples for error in check.iter_errors(example)] == [], place
            assert UNNAMED not in json.dumps(content.get("example"), ensure_ascii=False), place

    def test_what_they_say_is_taken(self, document: dict[str, Any], world: World) -> None:
        """With their organizations, their program and their overlap there."""
        for pk in (7, 8):
            Organization.objects.get_or_create(pk=pk, defaults={"name": f"Number {pk}"})
        api = Api(factories.user(is_superuser=True))

        def send(method: str, path: str, address: str, **headers: str) -> Any:
            operation = document["paths"][f"/api/v1/{path}"][method.lower()]
            body = operation["requestBody"]["content"]["application/json"]["example"]
            return api.send(method, address, body, 201 if "201" in operation["responses"] else 200, **headers)

        made = send("POST", "programs/", "programs/")
        assert send("POST", "programs/bulk/", "programs/bulk/")["results"][0]["outcome"] == "unchanged"
        there = f"programs/{made['id']}/"
        changed = send("PATCH", "programs/{id}/", there, If_Match='"1"')
        send("POST", "programs/{id}/moves/", f"{there}moves/", If_Match=f'"{changed["version"]}"')
        send("POST", "overlaps/{id}/reviews/", f"overlaps/{world.overlaps['own public'].pk}/reviews/")
        send("POST", "saved-searches/", "saved-searches/")
        priority = send("POST", "priorities/", "priorities/")
        assert priority["title_es"] == "Calles más seguras en Cortés"
