"""Saved searches in the API: the views of the queue that a person keeps on its page."""

import pytest

from donors.models import User
from programs.overlap.models import SavedView
from tests import factories
from tests.api import Api
from tests.worlds import overlap

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> User:
    return factories.user()


@pytest.fixture
def api(owner: User) -> Api:
    return Api(owner)


def test_one_is_kept_and_leads_to_the_pairs_that_it_finds(api: Api) -> None:
    pair = overlap(factories.program(), factories.program())

    kept = api.send(
        "POST", "saved-searches/", {"name": "Streets", "query": "?goal=2&goal=1&kind=&sort=money&page=3"}, 201
    )

    assert kept["query"] == "goal=1&kind=&sort=money"
    assert kept["overlaps"] == "http://testserver/api/v1/overlaps/?goal=1&state=open"
    assert [row["id"] for row in api.client.get(kept["overlaps"]).json()["results"]] == [pair.pk]
    assert api.get(f"saved-searches/{kept['id']}/") == kept


def test_the_same_name_again_takes_its_place(api: Api) -> None:
    first = api.send("POST", "saved-searches/", {"name": "Mine", "query": "goal=1"}, 201)

    second = api.send("POST", "saved-searches/", {"name": " Mine ", "query": "goal=2"}, 200)

    assert (second["id"], second["query"]) == (first["id"], "goal=2")


def test_they_are_its_owners_alone(api: Api) -> None:
    others = SavedView.objects.create(owner=factories.user(), name="Another's")

    assert api.ids("saved-searches/") == []
    api.send("DELETE", f"saved-searches/{others.pk}/", None, 404)
    assert SavedView.objects.get() == others


def test_one_is_forgotten(api: Api, owner: User) -> None:
    view = SavedView.objects.create(owner=owner, name="Mine")

    api.send("DELETE", f"saved-searches/{view.pk}/", None, 204)

    assert not SavedView.objects.exists()


@pytest.mark.parametrize(
    ("query", "named"),
    [("contry=HN", "contry"), ("country=XX", "country"), ("sort=up", "sort"), ("assignee=me", "assignee")],
)
def test_what_the_queue_does_not_know_is_refused_by_name(api: Api, query: str, named: str) -> None:
    answer = api.send("POST", "saved-searches/", {"name": "Mine", "query": query}, 400)

    assert [(error["pointer"], error["detail"].split(":")[0]) for error in answer["errors"]] == [("#/query", named)]


def test_a_donor_that_one_sees_and_an_assignee_of_those_who_decide_are_known(coordinator: User) -> None:
    donor = factories.program().reporting_org

    Api(coordinator).send("POST", "saved-searches/", {"name": "Mine", "query": f"donor={donor.pk}&assignee=me"}, 201)


def test_a_key_that_reads_keeps_nothing(owner: User) -> None:
    answer = Api(owner, scopes=["read"]).send("POST", "saved-searches/", {"name": "Mine"}, 403)

    assert answer["code"] == "insufficient_scope"
