from collections.abc import Callable

import pytest
from django.test import Client

from donors.models import User
from programs.models import Program
from programs.overlap.models import Overlap, Review
from programs.overlap.templatetags.overlaps import bits
from programs.services import CoverageData, GoalData
from tests import factories
from tests.queries import queries_of
from tests.worlds import overlap

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


@pytest.fixture
def client(signed_in: SignIn) -> Client:
    return signed_in(factories.user(factories.organization("Somebody else's")))


@pytest.fixture
def reviewer(signed_in: SignIn, coordinator: User) -> Client:
    return signed_in(coordinator)


@pytest.fixture
def pair() -> Overlap:
    return overlap(factories.program(title="First"), factories.program(title="Second"))


def found(client: Client, query: str) -> list[int]:
    answer = client.get(f"/overlaps/?{query}")
    assert answer.status_code == 200, query
    return [pair["overlap"].pk for overlap_case in answer.context["rows"] for pair in overlap_case["pairs"]]


class TestList:
    def test_it_works(self, client: Client, pair: Overlap) -> None:
        page = client.get("/overlaps/").text

        money = "Possible duplication: US$ 1,000,000"
        for text in (f'href="/overlaps/{pair.pk}/"', "First", "Second", "80 %", money, "1 overlap"):
            assert text in page

    def test_shows_the_open_ones_unless_asked_for_others(self, client: Client, pair: Overlap) -> None:
        confirmed = overlap(factories.program(), factories.program(), state="confirmed")
        overlap(factories.program(), factories.program(), is_flagged=False)

        assert found(client, "") == found(client, "state=open") == [pair.pk]
        assert found(client, "state=confirmed") == [confirmed.pk]
        assert set(found(client, "state=")) == {pair.pk, confirmed.pk}

    def test_each_filter_finds_what_it_is_for(self, client: Client, pair: Overlap) -> None:
        donor = factories.organization()
        there = {
            "goals": (GoalData(2, 100),),
            "coverages": (CoverageData(country_id="GT", percentage=100),),
            "locations": (),
        }
        wanted = overlap(factories.program(donor, **there), factories.program(**there), kind="duplicate")

        for query in ("goal=2", "country=GT", f"donor={donor.pk}", "kind=duplicate", "goal=2&country=GT&state="):
            assert found(client, query) == [wanted.pk], query

    def test_a_pair_is_in_a_country_or_goal_when_both_programs_are(self, client: Client) -> None:
        overlap(
            factories.program(goals=(GoalData(2, 100),)),
            factories.program(coverages=(CoverageData(country_id="GT", percentage=100),), locations=()),
        )

        for query in ("goal=1", "goal=2", "country=GT", "country=HN"):
            assert found(client, query) == []

    @pytest.mark.parametrize(
        ("name", "value"), [("state", "x"), ("kind", "x"), ("goal", "6"), ("country", "MX"), ("donor", "0")]
    )
    @pytest.mark.parametrize("language", ["en", "es"])
    def test_a_wrong_value_is_400_with_the_field_named(
        self, client: Client, pair: Overlap, name: str, value: str, language: str
    ) -> None:
        answer = client.get(f"/overlaps/?{name}={value}", headers={"accept-language": language})

        assert answer.status_code == 400
        assert list(answer.context["filters"].form.errors) == [name]
        assert f'id="id_{name}_error"' in answer.text
        assert list(answer.context["page"]) == []

    def test_orders(self, client: Client) -> None:
        sure, dear, unknown = (
            overlap(factories.program(), factories.program(), score=score, money_usd=money, stake=stake).pk
            for score, money, stake in ((0.9, 1, 20), (0.6, 9, 10), (0.7, None, 30))
        )

        assert found(client, "") == [unknown, sure, dear]
        assert found(client, "sort=score") == [sure, unknown, dear]
        assert found(client, "sort=money") == [dear, sure, unknown]
        assert found(client, "sort=newest") == [unknown, dear, sure]

    def test_pages_hold_each_pair_once_and_keep_filters(self, client: Client) -> None:
        first = factories.program()
        pairs = {overlap(first, factories.program()).pk for _ in range(27)}

        one, two = found(client, "goal=1"), found(client, "goal=1&page=2")

        assert (len(one), len(two)) == (15, 12)
        assert {*one, *two} == pairs
        assert "?goal=1&amp;page=2" in client.get("/overlaps/?goal=1").text

    def test_asks_as_many_queries_for_25_as_for_1(self, client: Client, pair: Overlap) -> None:
        one = queries_of(client, "/overlaps/")
        for _ in range(49):
            overlap(factories.program(), factories.program())

        assert queries_of(client, "/overlaps/") == one

    def test_speaks_spanish(self, client: Client, pair: Overlap) -> None:
        page = client.get("/overlaps/", headers={"accept-language": "es"}).text

        assert "1 traslape" in page
        assert "El mismo trabajo en el mismo lugar y tiempo" in page


class TestDetail:
    def test_it_works(self, client: Client, pair: Overlap) -> None:
        page = client.get(pair.get_absolute_url()).text

        for text in ("First", "Second", "Both serve: ", "coordinators have not decided yet"):
            assert text in page

    def test_only_coordinators_are_offered_a_decision(self, client: Client, reviewer: Client, pair: Overlap) -> None:
        button = 'name="action" value="confirm"'

        assert button not in client.get(pair.get_absolute_url()).text
        assert button in reviewer.get(pair.get_absolute_url()).text

    def test_asks_as_many_queries_for_50_rows_as_for_1(self, client: Client, coordinator: User) -> None:
        def pair_with(rows: int) -> Overlap:
            made = overlap(factories.program(), factories.program())
            for _ in range(rows):
                Review.objects.create(
                    overlap=made, action="reopen", actor=factories.user(), left_version=1, right_version=1
                )
            return made

        one = queries_of(client, pair_with(1).get_absolute_url())

        assert queries_of(client, pair_with(50).get_absolute_url()) == one

    def test_a_programs_page_asks_as_many_queries_for_50_overlaps_as_for_1(self, client: Client, pair: Overlap) -> None:
        one = queries_of(client, pair.left.get_absolute_url())
        for _ in range(49):
            overlap(pair.left, factories.program())

        assert queries_of(client, pair.left.get_absolute_url()) == one


class TestReview:
    def post(self, client: Client, pair: Overlap, **data: str) -> object:
        return client.post(f"/overlaps/{pair.pk}/review/", data, follow=True)

    def state(self) -> str:
        return Overlap.objects.get().state

    def test_confirming_dismissing_and_reopening(self, reviewer: Client, coordinator: User, pair: Overlap) -> None:
        assert "Your decision is recorded: confirmed." in self.post(reviewer, pair, action="confirm").text
        assert self.state() == "confirmed"
        assert "Your decision is recorded: reopened." in self.post(reviewer, pair, action="reopen").text
        assert self.state() == "open"
        answer = self.post(reviewer, pair, action="dismiss", reason="complementary", note="They take turns.")

        assert self.state() == "dismissed"
        for text in ("Your decision is recorded: dismissed.", "Complementary", "They take turns.", coordinator.email):
            assert text in answer.text
        assert list(Review.objects.values_list("action", flat=True)) == ["confirm", "reopen", "dismiss"]

    @pytest.mark.parametrize(
        ("data", "field", "english", "spanish"),
        [
            ({"action": "dismiss"}, "reason", "Choose a reason to dismiss the overlap.", "Elija un motivo"),
            ({"action": "dismiss", "reason": "x"}, "reason", "Select a valid choice.", "Escoja una opción válida."),
            ({"action": "dismiss", "reason": "other", "note": " "}, "note", "in the note", "nota"),
            ({"action": "confirm", "note": "x" * 5001}, "note", "at most 5000 characters", "5000 caracteres"),
        ],
    )  # fmt: skip
    def test_what_is_wrong_is_said_beside_the_field(
        self, reviewer: Client, pair: Overlap, data: dict[str, str], field: str, english: str, spanish: str
    ) -> None:
        for language, words in (("en", english), ("es", spanish)):
            answer = reviewer.post(f"/overlaps/{pair.pk}/review/", data, headers={"accept-language": language})

            assert answer.status_code == 400
            error = answer.text.split(f'id="id_{field}_error"')[1].split("</div>")[0]
            assert words in error
        assert self.state() == "open"
        assert not Review.objects.exists()

    @pytest.mark.parametrize("data", [{}, {"action": "delete"}])
    def test_no_known_decision_is_400_and_says_so(self, reviewer: Client, pair: Overlap, data: dict[str, str]) -> None:
        answer = self.post(reviewer, pair, **data)

        assert answer.status_code == 400
        assert 'role="alert"' in answer.text
        assert self.state() == "open"

    def test_who_decides_second_is_told_what_was_decided(self, reviewer: Client, pair: Overlap) -> None:
        self.post(reviewer, pair, action="confirm")

        answer = self.post(reviewer, pair, action="dismiss", reason="complementary")

        assert answer.status_code == 400
        assert "Someone has already decided on this overlap: it is confirmed." in answer.text
        assert 'value="reopen"' in answer.text
        assert self.state() == "confirmed"

    def test_what_is_no_longer_flagged_is_not_decided(self, reviewer: Client, pair: Overlap) -> None:
        Overlap.objects.update(is_flagged=False)

        answer = self.post(reviewer, pair, action="confirm")

        assert answer.status_code == 400
        assert "This overlap is no longer flagged." in answer.text
        assert 'value="confirm"' not in answer.text
        assert not Review.objects.exists()

    def test_text_of_a_note_is_text(self, reviewer: Client, pair: Overlap) -> None:
        assert "<b>now</b>" not in self.post(reviewer, pair, action="confirm", note="<b>now</b>").text


def test_an_overlap_ends_on_the_page_of_its_program(client: Client, pair: Overlap) -> None:
    page = client.get(Program.objects.get(title="First").get_absolute_url()).text

    assert f'href="/overlaps/{pair.pk}/"' in page
    assert "Second" in page


@pytest.mark.parametrize(("value", "said"), [(2.34, "+2.3"), (-0.04, "0.0"), (0.04, "0.0"), (-0.06, "−0.1")])
def test_bits_that_round_to_nothing_have_no_sign(value: float, said: str) -> None:
    assert bits(value) == said
