from datetime import timedelta
from itertools import chain

import pytest
from django.utils import timezone

from donors.models import User
from programs.models import Program
from programs.overlap import services
from programs.overlap.models import Overlap
from programs.services import CoverageData, GoalData
from tests import factories
from tests.api import Api
from tests.worlds import overlap

pytestmark = pytest.mark.django_db


@pytest.fixture
def api() -> Api:
    return Api(factories.user(factories.organization("Somebody else's")))


@pytest.fixture
def pair() -> Overlap:
    return overlap(factories.program(title="First"), factories.program(title="Second"))


def test_it_works(api: Api, pair: Overlap) -> None:
    row = api.get("overlaps/")["results"][0]

    assert (row["id"], row["left"]["title"], row["right"]["title"]) == (pair.pk, "First", "Second")
    assert (row["kind"], row["score"], row["state"], row["money_usd"]) == ("overlap", 0.8, "open", "1000000.00")
    assert [factor["bits"] for factor in row["factors"]] == [3.0, 2.0]


@pytest.mark.parametrize(("language", "words"), [("en", "Both serve: "), ("es", "Ambos ")])
def test_factors_are_sentences_in_the_language_asked_for(pair: Overlap, language: str, words: str) -> None:
    factors = Api(factories.user(), language).get(f"overlaps/{pair.pk}/")["factors"]

    assert any(factor["sentence"].startswith(words) for factor in factors)


def test_one_overlap_has_its_reviews(api: Api, pair: Overlap, coordinator: User) -> None:
    services.dismiss(pair, actor=coordinator, reason="complementary", note="They take turns.")

    found = api.get(f"overlaps/{pair.pk}/")

    assert found["state"] == "dismissed"
    assert [(row["action"], row["reason"], row["note"]) for row in found["reviews"]] == [
        ("dismiss", "complementary", "They take turns.")
    ]


def test_a_pair_that_is_no_longer_flagged_is_in_no_list_but_at_its_address(api: Api, pair: Overlap) -> None:
    Overlap.objects.update(is_flagged=False)

    assert api.ids("overlaps/") == []
    assert api.get(f"overlaps/{pair.pk}/")["id"] == pair.pk


def test_each_filter_finds_what_it_is_for(api: Api, pair: Overlap) -> None:
    donor = factories.organization()
    there = {
        "goals": (GoalData(2, 100),),
        "coverages": (CoverageData(country_id="GT", percentage=100),),
        "locations": (),
    }
    left, right = factories.program(donor, **there), factories.program(**there)
    wanted = overlap(left, right, kind="duplicate", state="confirmed")

    for query in ("goal=2", "country=GT", f"donor={donor.pk}", "kind=duplicate", "state=confirmed"):
        assert api.ids(f"overlaps/?{query}") == [wanted.pk], query
    assert api.ids("overlaps/?state=open") == [pair.pk]
    Overlap.objects.filter(pk=pair.pk).update(first_flagged_at=timezone.now() - timedelta(days=40))
    for query in ("age=week", "area=GT-01"):
        assert pair.pk not in api.ids(f"overlaps/?{query}"), query
    assert pair.pk in api.ids("overlaps/?area=HN-CR")


def test_whoever_decides_finds_what_nobody_sees_to(coordinator: User, api: Api, pair: Overlap) -> None:
    assert Api(coordinator).ids("overlaps/?assignee=nobody") == [pair.pk]
    assert [name for name, _ in api.refused("overlaps/?assignee=nobody")] == ["assignee"]


@pytest.mark.parametrize(
    "query",
    ["goal=6", "country=ZZ", "donor=0", "kind=x", "state=x", "ordering=score", "cursor=x", "page_size=0", "x=1"],
)
def test_what_is_wrong_is_refused_by_name(api: Api, query: str) -> None:
    assert [field for field, _ in api.refused(f"overlaps/?{query}")] == [query.split("=")[0]]


@pytest.mark.parametrize("ordering", ["", "&ordering=-score", "&ordering=id", "&ordering=-id", "&ordering=-updated_at"])
def test_pages_neither_skip_nor_repeat_among_equal_scores(api: Api, ordering: str) -> None:
    first = factories.program()
    made = {overlap(first, factories.program(), score=0.1 + 0.2 if n % 2 else 0.9).pk for n in range(9)}

    pages = api.pages(f"overlaps/?page_size=2{ordering}")

    assert [len(page) for page in pages] == [2, 2, 2, 2, 1]
    assert {*chain(*pages)} == made


def test_the_surest_come_first(api: Api) -> None:
    made = {score: overlap(factories.program(), factories.program(), score=score).pk for score in (0.6, 0.95, 0.7)}

    assert api.ids("overlaps/") == [made[0.95], made[0.7], made[0.6]]


def test_more_than_a_thousand_of_one_score_are_paged_to_the_end(api: Api) -> None:
    org = factories.organization()
    programs = Program.objects.bulk_create(
        Program(reporting_org=org, identifier=str(n), title="x", stage="published", visibility="public")
        for n in range(52)
    )
    Overlap.objects.bulk_create(
        Overlap(left=a, right=b, kind="overlap", score=0.9, model_version="x", left_version=1, right_version=1)
        for number, b in enumerate(programs)
        for a in programs[:number]
    )

    found = api.all("overlaps/?page_size=200")

    assert (len(found), len(set(found))) == (1326, 1326)


def test_asks_as_many_queries_for_50_as_for_1(api: Api, pair: Overlap) -> None:
    one = api.queries("overlaps/")
    for _ in range(49):
        overlap(factories.program(), factories.program())

    assert len(api.ids("overlaps/")) == 50
    assert api.queries("overlaps/") == one


class TestDecisions:
    def test_a_coordinator_decides(self, pair: Overlap, coordinator: User) -> None:
        api, address = Api(coordinator), f"overlaps/{pair.pk}/reviews/"

        shown = api.send("POST", address, {"action": "dismiss", "reason": "complementary", "note": "In turns."}, 201)
        again = api.send("POST", address, {"action": "reopen", "note": "They met."}, 201)

        assert (shown["state"], again["state"]) == ("dismissed", "open")
        assert [(row["action"], row["reason"]) for row in again["reviews"]] == [
            ("dismiss", "complementary"), ("reopen", "")
        ]  # fmt: skip

    @pytest.mark.parametrize(
        ("body", "status", "code"),
        [
            ({"action": "dismiss"}, 409, "refused"),
            ({"action": "dismiss", "reason": "other"}, 409, "refused"),
            ({"action": "reopen"}, 409, "refused"),
            ({"action": "reopen", "reason": "other"}, 400, "invalid"),
            ({"action": "forget"}, 400, "invalid"),
        ],
    )
    def test_what_the_page_refuses_is_refused(
        self, pair: Overlap, coordinator: User, body: dict[str, str], status: int, code: str
    ) -> None:
        assert Api(coordinator).send("POST", f"overlaps/{pair.pk}/reviews/", body, status)["code"] == code
        assert Overlap.objects.get().state == "open"

    def test_nobody_else_does_nor_a_key_without_the_scope(self, api: Api, pair: Overlap, coordinator: User) -> None:
        address, body = f"overlaps/{pair.pk}/reviews/", {"action": "confirm"}

        assert api.send("POST", address, body, 403)["code"] == "permission_denied"
        without = Api(coordinator, scopes=["write"])
        assert without.send("POST", address, body, 403)["code"] == "insufficient_scope"


def test_a_copy_of_the_overlaps_is_kept_exact(api: Api, pair: Overlap, coordinator: User) -> None:
    gone, hidden = (overlap(factories.program(), factories.program()) for _ in range(2))
    before = api.get("overlaps/ids/")

    services.confirm(pair, actor=coordinator)
    Overlap.objects.filter(pk=gone.pk).update(is_flagged=False, updated_at=timezone.now())
    Program.objects.filter(pk=hidden.left_id).update(visibility=Program.Visibility.RESTRICTED)

    assert before["ids"] == [pair.pk, gone.pk, hidden.pk]
    assert api.get("overlaps/ids/")["ids"] == [pair.pk]
    assert api.ids(f"overlaps/?updated_since={before['as_of']}") == [pair.pk]
    late = timezone.now() + timedelta(days=1)
    assert api.ids(f"overlaps/?updated_since={late.isoformat().replace('+', '%2B')}") == []
