"""A copy of the programs stays exact: what changed since, and which programs there are."""

import pytest
from django.db import connections
from django.utils import timezone

from donors.models import Organization, User
from programs.models import Program
from tests import factories
from tests.api import Api

pytestmark = pytest.mark.django_db


@pytest.fixture
def own() -> Organization:
    return factories.organization("Own")


@pytest.fixture
def editor(own: Organization) -> User:
    return factories.user(own, "editor")


@pytest.fixture
def api(editor: User) -> Api:
    return Api(editor)


@pytest.mark.parametrize("since", ["2026-03-02T06:00:00Z", "2026-03-02T00:00:00-06:00", "2026-03-02"])
def test_what_changed_since_an_instant_or_a_day(api: Api, since: str) -> None:
    before, at = factories.program(), factories.program()
    Program.objects.filter(pk=before.pk).update(updated_at="2026-03-01T23:59:59Z")
    Program.objects.filter(pk=at.pk).update(updated_at="2026-03-02T06:00:00Z")

    assert api.ids(f"programs/?updated_since={since}") == [at.pk]


@pytest.mark.parametrize(
    "since",
    ["yesterday", "2026-03-02T06:00:00", "2026-13-02", "2026-03-02T06:00:00 00:00", "0001-01-01T00:00:00%2B23:59"],
)
def test_what_is_no_instant_with_its_zone_is_refused(api: Api, since: str) -> None:
    ((parameter, sentence),) = api.refused(f"programs/?updated_since={since}")

    assert (parameter, "with its time zone" in sentence) == ("updated_since", True)


def test_the_ids_are_those_of_the_list_with_the_same_filters(api: Api) -> None:
    other = factories.organization("Another")
    factories.program(other, title="archived", stage="archived")
    restricted = factories.program(other, visibility="restricted")
    Program.objects.filter(pk=factories.program(other, visibility="partners").pk).update(status=4)
    factories.program(other)

    for question in ("", "?status=4", "?country=HN", "?updated_since=2000-01-01"):
        assert api.get(f"programs/ids/{question}")["ids"] == api.all(f"programs/{question}")
    assert restricted.pk not in api.get("programs/ids/")["ids"]


def test_what_was_removed_or_hidden_is_no_longer_among_the_ids(api: Api) -> None:
    kept, hidden, draft, archived, removed = (factories.program(visibility="public") for _ in range(5))
    assert len(api.get("programs/ids/")["ids"]) == 5

    Program.objects.filter(pk=hidden.pk).update(visibility="restricted")
    Program.objects.filter(pk=draft.pk).update(stage="draft")
    Program.objects.filter(pk=archived.pk).update(stage="archived")
    Program.objects.filter(pk=removed.pk).delete()

    assert api.get("programs/ids/")["ids"] == [kept.pk]


def test_all_ids_come_in_one_answer(api: Api) -> None:
    assert [parameter for parameter, _ in api.refused("programs/ids/?page_size=2")] == ["page_size"]


def test_what_is_being_written_meanwhile_is_not_missed(committed_db: None, api: Api) -> None:
    program = factories.program()
    other = connections.create_connection("default")
    try:
        other.set_autocommit(False)
        with other.cursor() as cursor:
            cursor.execute("UPDATE programs_program SET updated_at = clock_timestamp() WHERE id = %s", [program.pk])
        as_of = api.get("programs/ids/")["as_of"]
        other.commit()
    finally:
        other.close()

    assert api.ids(f"programs/?updated_since={as_of}") == [program.pk]


@pytest.mark.parametrize("ordering", ["id", "-id", "updated_at", "-updated_at"])
def test_pages_neither_skip_nor_repeat_while_others_write(committed_db: None, own: Organization, ordering: str) -> None:
    api = Api(factories.user(own, "editor"))
    stay = [factories.program(own).pk for _number in range(14)]
    goes, moves = ([factories.program(own).pk for _number in range(4)] for _ in range(2))
    seen: list[int] = []
    address = f"programs/?page_size=3&ordering={ordering}"
    while address:
        answer = api.get(address)
        seen += [row["id"] for row in answer["results"]]
        if goes:
            # Between two pages: one is removed, one changed, one is new.
            Program.objects.filter(pk=goes.pop()).delete()
            Program.objects.filter(pk=moves.pop()).update(updated_at=timezone.now())
            factories.program(own)
        address = answer["next"] and answer["next"].partition("/api/v1/")[2]

    of_those = [pk for pk in seen if pk in stay]
    assert sorted(of_those) == stay
