"""Uncertain pairs in the API: who may read them, and what is said of each."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from donors.models import User
from programs.models import Program
from programs.overlap import services
from programs.overlap.models import Overlap, UncertainPair
from tests import factories
from tests.queries import queries_of
from tests.worlds import World, uncertain

SignIn = Callable[[User], Client]
LIST = "/api/v1/uncertain-pairs/"


@pytest.fixture
def programs(db: None) -> list[Program]:
    """Four donors' programs in one town, more and less alike."""
    made = [
        factories.program(title=title, description=title)
        for title in (
            "Community police patrols",
            "Youth clubs for young people at risk",
            "Scanners for customs",
            "Patrols",
        )
    ]
    services.sweep(seconds=None)
    return made


def listed(client: Client, **query: str) -> list[dict[str, Any]]:
    return client.get(LIST, query).json()["results"]


def test_it_works(programs: list[Program], coordinator: User, signed_in: SignIn) -> None:
    client = signed_in(coordinator)
    rows = listed(client)

    stored = UncertainPair.objects.order_by("-score", "-pk")
    assert [(row["id"], row["score"]) for row in rows] == list(stored.values_list("pk", "score"))
    first = stored[0]
    assert (rows[0]["left"]["title"], rows[0]["right"]["id"]) == (first.left.title, first.right_id)
    assert rows[0]["factors"][0]["sentence"]
    assert client.get(f"{LIST}{first.pk}/").json() == rows[0]


def test_what_is_answered_is_a_question_no_more(programs: list[Program], coordinator: User, signed_in: SignIn) -> None:
    client, asked = signed_in(coordinator), UncertainPair.objects.earliest("pk")

    services.answer_uncertain(asked, "dismiss", actor=coordinator, reason="complementary")

    assert asked.pk not in [row["id"] for row in listed(client)]
    assert client.get(f"{LIST}{asked.pk}/").status_code == 404


def test_has_only_what_its_reader_may_see(coordinator: User, signed_in: SignIn, db: None) -> None:
    world = World()
    public = world.programs["own public"]
    shown = uncertain(public, world.programs["other restricted"], lot=1)
    hidden = uncertain(public, world.programs["other draft"], lot=2)
    client = signed_in(coordinator)

    assert [row["id"] for row in listed(client)] == [shown.pk]
    assert client.get(f"{LIST}{hidden.pk}/").status_code == 404
    assert signed_in(factories.user(world.own, "manager")).get(LIST).status_code == 403


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"kind": "duplicate"}, 0), ({"kind": "overlap"}, 1), ({"country": "HN"}, 1), ({"country": "BZ"}, 0),
        ({"goal": "1"}, 1), ({"area": "HN-CR"}, 1), ({"area": "HN-FM"}, 0),
    ],
)  # fmt: skip
def test_filters(coordinator: User, signed_in: SignIn, query: dict[str, str], found: int) -> None:
    uncertain(factories.program(), factories.program())

    assert len(listed(signed_in(coordinator), **query)) == found


@pytest.mark.parametrize("name", ["state", "age", "assignee", "uncertain"])
def test_takes_no_filter_of_flagged_pairs(coordinator: User, signed_in: SignIn, name: str) -> None:
    assert signed_in(coordinator).get(LIST, {name: "open"}).status_code == 400


def test_programs_that_are_being_compared_again_have_no_factors_yet(coordinator: User, signed_in: SignIn) -> None:
    uncertain(factories.program(), factories.program())

    assert listed(signed_in(coordinator))[0]["factors"] == []


def test_asks_as_few_queries_for_many(programs: list[Program], coordinator: User, signed_in: SignIn) -> None:
    client = signed_in(coordinator)
    one = queries_of(client, f"{LIST}?page_size=1")
    assert UncertainPair.objects.count() > 1

    assert queries_of(client, LIST) == one


def test_is_in_no_list_of_flagged_pairs(programs: list[Program], coordinator: User, signed_in: SignIn) -> None:
    flagged = signed_in(coordinator).get("/api/v1/overlaps/").json()["results"]

    assert {row["id"] for row in flagged} == set(Overlap.objects.flagged().values_list("pk", flat=True))
