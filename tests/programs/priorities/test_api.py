"""Priorities as scripts read and write them."""

import json
from typing import Any

import pytest

from donors.models import User
from goals.models import Priority
from tests import factories
from tests.api import Api

pytestmark = pytest.mark.django_db
SENT = {"goal": 1, "country": "HN", "title_en": "Safe buses", "title_es": "Buses seguros",
        "period_start": "2026-01-01", "period_end": "2029-12-31"}  # fmt: skip


def send(api: Api, method: str, address: str, **body: Any) -> Any:
    return getattr(api.client, method)(f"/api/v1/{address}", json.dumps(body), content_type="application/json")


def test_it_works(coordinator: User) -> None:
    api = Api(coordinator)

    made = send(api, "post", "priorities/", **SENT).json()
    changed = send(api, "patch", f"priorities/{made['id']}/", title_en="Safer buses", version=1).json()

    assert (made["rank"], made["version"], made["country"], made["area"]) == (1, 1, "HN", None)
    assert (changed["title_en"], changed["version"]) == ("Safer buses", 2)
    assert api.get(f"priorities/{made['id']}/") == changed


def test_sent_twice_it_is_one_and_a_change_may_name_its_version_in_if_match(coordinator: User) -> None:
    api = Api(coordinator)
    first, second = (api.send("POST", "priorities/", SENT, 201, Idempotency_Key="1") for _ in range(2))
    there = f"priorities/{first['id']}/"
    etag = api.client.get(f"/api/v1/{there}")["ETag"]

    changed = api.send("PATCH", there, {"title_en": "Safer buses"}, 200, If_Match=etag)

    assert (first, Priority.objects.count()) == (second, 1)
    assert (changed["title_en"], changed["version"]) == ("Safer buses", 2)
    assert api.send("PATCH", there, {"title_en": "x"}, 412, If_Match=etag)["version"] == 2


def test_each_filter_finds_what_it_is_for(coordinator: User) -> None:
    api = Api(coordinator)
    wanted = factories.priority(country_id="GT", goal_id=3, period_start="2001-01-01", period_end="2001-12-31")
    factories.priority(country_id=None)

    for query in ("country=GT", "goal=3", "regional=false", "on=2001-06-01"):
        assert api.ids(f"priorities/?{query}") == [wanted.pk], query


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"goal": 9}, "goal"), ({"country": "US"}, "country"), ({"title_es": ""}, "title_es"), ({"rank": 0}, "rank"),
     ({"tittle": "x"}, "tittle"),
     ({"period_start": "1999-01-01"}, "period_start")],
)  # fmt: skip
def test_what_is_wrong_is_refused_by_name(coordinator: User, wrong: dict[str, Any], field: str) -> None:
    answer = send(Api(coordinator), "post", "priorities/", **{**SENT, **wrong})

    assert answer.status_code == 400
    assert [error["pointer"] for error in answer.json()["errors"]] == [f"#/{field}"]
    assert not Priority.objects.exists()


def test_what_a_rule_forbids_is_refused_with_its_sentence(coordinator: User) -> None:
    answer = send(Api(coordinator), "post", "priorities/", **{**SENT, "area": "GT-01"})

    assert (answer.status_code, answer.json()["code"]) == (409, "refused")
    assert "another country" in answer.json()["detail"]


def test_who_does_not_speak_for_the_country_is_refused(coordinator: User) -> None:
    api = Api(factories.user(factories.organization(), "manager"))
    priority = factories.priority()

    assert send(api, "post", "priorities/", **SENT).status_code == 403
    assert send(api, "patch", f"priorities/{priority.pk}/", title_en="x", version=1).status_code == 403


def test_a_change_of_an_older_version_is_refused(coordinator: User) -> None:
    api, priority = Api(coordinator), factories.priority(version=3)

    older = send(api, "patch", f"priorities/{priority.pk}/", title_en="x", version=2)
    without = send(api, "patch", f"priorities/{priority.pk}/", title_en="x")

    assert (older.status_code, older.json()["version"]) == (412, 3)
    assert (without.status_code, without.json()["code"]) == (428, "if_match_required")


def test_asks_as_many_queries_for_50_as_for_1(coordinator: User) -> None:
    api = Api(coordinator)
    factories.priority()
    one = api.queries("priorities/")
    for _ in range(49):
        factories.priority()

    assert api.queries("priorities/") == one
