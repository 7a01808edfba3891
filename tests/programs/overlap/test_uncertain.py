"""Pairs that the engine is not sure of: which are kept, who is asked, and what an answer does."""

from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings
from hypothesis import given
from hypothesis import strategies as st

from core.errors import NotAllowed, Refused
from donors.models import User
from programs.discussion.models import Notification
from programs.discussion.services.notifying import notify_of_overlaps
from programs.models import Program
from programs.overlap import services
from programs.overlap.engine.score import UNCERTAIN_FROM, model
from programs.overlap.filters import queue_filter_of
from programs.overlap.models import Cluster, Overlap, Review, SampleLevel, UncertainPair
from programs.overlap.models.learning import LOTS
from programs.overlap.movement import movement_of
from programs.overlap.services import sampling
from programs.overlap.services.sampling import keep_sample_bounded, lot_of
from programs.overlap.uncertain import with_questions
from programs.services import save_program
from tests import factories
from tests.queries import queries_of
from tests.worlds import kept_through, overlap, uncertain

SignIn = Callable[[User], Client]
LIST = "/overlaps/"
TEXTS = [
    ("Community policing in Choloma", "Community police patrols, with training for officers and radios."),
    ("Patrols", "Vehicles for police patrols."),
    ("Youth clubs", "Youth clubs and sports for young people at risk."),
    ("Courts", "Judges hear criminal cases in new court rooms."),
    ("Training of police officers", "Officers learn investigation."),
    ("Wells and drains", "Drinking water, wells and drains for three quarters."),
    ("Shelters for women", "Shelters and advice for women who fled from violence."),
    ("Customs", "Scanners for customs officers at the port."),
    ("Neighbourhood police", "Officers walk the streets and meet the neighbours."),
]


@pytest.fixture(scope="module")
def made(django_db_setup: None, django_db_blocker: Any) -> Iterator[list[Program]]:
    with kept_through(django_db_blocker, make_programs) as made:
        yield made


@pytest.fixture
def programs(made: list[Program], db: None) -> list[Program]:
    return deepcopy(made)


def make_programs() -> list[Program]:
    """Nine donors' programs in one town, more and less alike."""
    made = [factories.program(title=title, description=description) for title, description in TEXTS]
    services.sweep(seconds=None)
    return made


@pytest.fixture
def asked(programs: list[Program]) -> UncertainPair:
    return UncertainPair.objects.select_related("left", "right").earliest("pk")


def sample() -> set[tuple[Any, ...]]:
    return set(UncertainPair.objects.values_list("left", "right", "kind", "score", "lot"))


def found(asked: UncertainPair) -> Overlap:
    return Overlap.objects.get(left=asked.left_id, right=asked.right_id)


def questions(client: Client, **query: str) -> list[int]:
    """The uncertain pairs that a page of the queue asks about."""
    return [row["question"].asked.pk for row in client.get(LIST, query).context["rows"] if "question" in row]


class TestSample:
    def test_it_works(self, programs: list[Program]) -> None:
        assert UncertainPair.objects.exists()
        assert all(UNCERTAIN_FROM <= pair.score < model().flagged_from for pair in UncertainPair.objects.all())
        flagged = set(Overlap.objects.values_list("left", "right"))
        assert flagged.isdisjoint(UncertainPair.objects.values_list("left", "right"))

    def test_is_the_same_whatever_the_order_of_scans(self, programs: list[Program]) -> None:
        before = sample()
        UncertainPair.objects.all().delete()
        for program in reversed(programs):
            services.scan_programs([program.pk])
        assert sample() == before

        UncertainPair.objects.all().delete()
        services.run_full_scan()
        assert sample() == before

    def test_follows_a_program_that_changes_or_goes(self, programs: list[Program], asked: UncertainPair) -> None:
        data = factories.program_data(asked.left.reporting_org, identifier=asked.left.identifier, status=5)

        save_program(data, actor=None)
        services.sweep(seconds=None)

        assert not UncertainPair.objects.of_program(asked.left).exists()
        left = sample()
        services.run_full_scan()
        assert sample() == left

    def test_a_full_scan_of_what_is_scanned_writes_nothing(self, programs: list[Program]) -> None:
        services.run_full_scan()

        with CaptureQueriesContext(connection) as queries:
            services.run_full_scan()

        assert not [query["sql"] for query in queries if "INTO overlap_uncertainpair" in query["sql"]]

    def test_has_no_more_than_there_is_room_for(self, programs: list[Program], monkeypatch: pytest.MonkeyPatch) -> None:
        every = sample()
        monkeypatch.setattr(sampling, "LEAST_ROOM", len(every) // 2)

        keep_sample_bounded()

        level = SampleLevel.objects.get().level
        assert 0 < len(sample()) <= len(every) // 2
        assert sample() == {row for row in every if row[-1] < LOTS >> level}
        UncertainPair.objects.all().delete()
        for program in programs:
            services.scan_programs([program.pk])
        assert sample() == {row for row in every if row[-1] < LOTS >> level}

    def test_grows_again_with_a_full_scan_when_there_is_room(self, programs: list[Program]) -> None:
        every = sample()
        SampleLevel.objects.create(pk=1, level=1)
        UncertainPair.objects.filter(lot__gte=LOTS >> 1).delete()

        services.run_full_scan()

        assert sample() == every

    @given(st.integers(1, 10**9), st.integers(1, 10**9))
    def test_lots_are_spread_evenly(self, left: int, right: int) -> None:
        lots = [lot_of((left, right + number)) for number in range(64)]

        assert all(0 <= lot < LOTS for lot in lots)
        assert 10 < sum(lot < LOTS // 2 for lot in lots) < 54


class TestAnswer:
    def test_confirmed_it_is_a_confirmed_overlap_like_any_other(self, asked: UncertainPair, coordinator: User) -> None:
        services.answer_uncertain(asked, "confirm", actor=coordinator)

        pair = found(asked)
        assert (pair.state, pair.is_flagged, pair.is_sampled, pair.kind) == ("confirmed", True, True, asked.kind)
        assert Cluster.objects.filter(overlaps=pair).exists()
        review = pair.reviews.get()
        assert (review.action, review.is_sampled, review.score) == ("confirm", True, asked.score)

    def test_confirmed_it_stays_flagged_through_scans(self, asked: UncertainPair, coordinator: User) -> None:
        services.answer_uncertain(asked, "confirm", actor=coordinator)
        before = Overlap.objects.values().get(pk=found(asked).pk)

        services.scan_programs([asked.left_id])
        services.run_full_scan()

        assert Overlap.objects.values().get(pk=before["id"]) == before
        Overlap.objects.update(model_version="2020.1")
        services.run_full_scan()
        assert (found(asked).state, found(asked).is_flagged) == ("confirmed", True)

    def test_dismissed_it_is_flagged_for_nobody(self, asked: UncertainPair, coordinator: User) -> None:
        flagged = Overlap.objects.flagged().count()

        services.answer_uncertain(asked, "dismiss", actor=coordinator, reason="complementary")
        services.run_full_scan()

        pair = found(asked)
        assert (pair.state, pair.is_flagged, pair.is_sampled) == ("dismissed", False, True)
        assert Overlap.objects.flagged().count() == flagged
        partner = factories.user(asked.left.reporting_org, "manager")
        assert not Overlap.objects.visible_to(partner).filter(pk=pair.pk).exists()
        assert Overlap.objects.visible_to(coordinator).filter(pk=pair.pk).exists()

    @pytest.mark.parametrize("action", ["confirm", "dismiss"])
    def test_undone_it_is_asked_again_and_flagged_no_more(
        self, asked: UncertainPair, coordinator: User, action: str
    ) -> None:
        reason = "complementary" if action == "dismiss" else ""
        services.answer_uncertain(asked, action, actor=coordinator, reason=reason)
        assert not UncertainPair.objects.unanswered().filter(pk=asked.pk).exists()

        services.undo_last(actor=coordinator)

        assert (found(asked).state, found(asked).is_flagged) == ("open", False)
        assert UncertainPair.objects.unanswered().filter(pk=asked.pk).exists()
        services.run_full_scan()
        assert (found(asked).state, found(asked).is_flagged) == ("open", False)
        assert UncertainPair.objects.unanswered().filter(pk=asked.pk).exists()
        services.answer_uncertain(asked, "confirm", actor=coordinator)
        assert (found(asked).state, found(asked).is_flagged) == ("confirmed", True)

    def test_a_material_change_reopens_it_as_a_question(self, asked: UncertainPair, coordinator: User) -> None:
        services.answer_uncertain(asked, "confirm", actor=coordinator)
        program = asked.left
        data = factories.program_data(
            program.reporting_org, identifier=program.identifier, title=program.title,
            description=program.description, transactions=(),
        )  # fmt: skip

        save_program(data, actor=None)
        services.sweep(seconds=None)

        pair = found(asked)
        assert pair.state == "open"
        assert pair.is_flagged == (pair.score >= model().flagged_from)
        assert "left.money" in pair.reviews.latest("pk").changes
        step_by_step = sorted(Overlap.objects.values_list("left", "right", "is_flagged", "state", "score"))
        services.run_full_scan()
        assert sorted(Overlap.objects.values_list("left", "right", "is_flagged", "state", "score")) == step_by_step

    def test_what_the_engine_flags_by_now_stays_flagged(self, programs: list[Program], coordinator: User) -> None:
        """The scores have just changed, and no scan has been by since."""
        flagged = Overlap.objects.open().earliest("pk")
        asked = uncertain(flagged.left, flagged.right)

        services.answer_uncertain(asked, "dismiss", actor=coordinator, reason="complementary")

        flagged.refresh_from_db()
        assert (flagged.state, flagged.is_flagged, flagged.is_sampled) == ("dismissed", True, False)

    def test_is_for_coordinators(self, asked: UncertainPair) -> None:
        with pytest.raises(NotAllowed):
            services.answer_uncertain(asked, "confirm", actor=factories.user(asked.left.reporting_org, "manager"))

    def test_is_taken_once(self, asked: UncertainPair, coordinator: User) -> None:
        services.answer_uncertain(asked, "confirm", actor=coordinator)

        with pytest.raises(Refused, match="no longer open"):
            services.answer_uncertain(asked, "dismiss", actor=coordinator, reason="complementary")

    def test_needs_a_reason_to_dismiss(self, asked: UncertainPair, coordinator: User) -> None:
        with pytest.raises(Refused, match="reason"):
            services.answer_uncertain(asked, "dismiss", actor=coordinator)

    def test_waits_for_a_program_that_was_just_changed(self, asked: UncertainPair, coordinator: User) -> None:
        Program.objects.filter(pk=asked.left_id).update(version=7)

        with pytest.raises(Refused, match="just changed"):
            services.answer_uncertain(asked, "confirm", actor=coordinator)

    def test_partners_hear_of_a_confirmed_one_alone(self, asked: UncertainPair, coordinator: User) -> None:
        factories.user(asked.left.reporting_org, "manager")
        of_it = Notification.objects.filter(overlap__left=asked.left_id, overlap__right=asked.right_id)

        services.answer_uncertain(asked, "dismiss", actor=coordinator, reason="complementary")
        notify_of_overlaps(seconds=None)
        assert Notification.objects.exists()
        assert not of_it.exists()

        services.undo_last(actor=coordinator)
        services.answer_uncertain(asked, "confirm", actor=coordinator)
        notify_of_overlaps(seconds=None)
        assert of_it.exists()

    def test_the_queue_moves_by_what_was_flagged_alone(self, asked: UncertainPair, coordinator: User) -> None:
        services.answer_uncertain(asked, "dismiss", actor=coordinator, reason="complementary")

        assert movement_of(coordinator).decided_7 == 0


class TestQueue:
    def test_asks_coordinators_and_says_so(self, programs: list[Program], coordinator: User, signed_in: SignIn) -> None:
        client = signed_in(coordinator)

        assert len(questions(client)) == 1
        text = client.get(LIST).content.decode()
        assert "The engine is not sure about this one. Your answer teaches it." in text

    def test_asks_nobody_else(self, programs: list[Program], signed_in: SignIn) -> None:
        partner = factories.user(programs[0].reporting_org, "manager")

        assert questions(signed_in(partner)) == []
        assert not UncertainPair.objects.visible_to(partner).exists()

    def test_counts_nothing_of_it(self, programs: list[Program], coordinator: User, signed_in: SignIn) -> None:
        shown = signed_in(coordinator).get(LIST).context

        assert shown["number_of_pairs"] == Overlap.objects.open().count()
        assert shown["page"].paginator.count == len([row for row in shown["rows"] if "overlap_case" in row])

    @pytest.mark.parametrize(
        "query",
        [{"state": "confirmed"}, {"state": "dismissed"}, {"age": "week"}, {"assignee": "me"}, {"country": "BZ"}],
    )
    def test_asks_nothing_where_it_does_not_belong(
        self, programs: list[Program], coordinator: User, signed_in: SignIn, query: dict[str, str]
    ) -> None:
        assert questions(signed_in(coordinator), **query) == []

    def test_asks_by_the_filters(self, programs: list[Program], coordinator: User, signed_in: SignIn) -> None:
        assert questions(signed_in(coordinator), country="HN") == questions(signed_in(coordinator))

    @pytest.mark.parametrize(("one_in", "asks"), [(0, 0), (10, 1), (2, 1)])
    def test_asks_as_often_as_the_settings_say(
        self, programs: list[Program], coordinator: User, signed_in: SignIn, settings: Any, one_in: int, asks: int
    ) -> None:
        settings.UNCERTAIN_ONE_IN = one_in

        assert len(questions(signed_in(coordinator))) == asks

    def test_asks_one_of_ten(self, programs: list[Program], coordinator: User, signed_in: SignIn) -> None:
        others = [factories.program(description="", title="Other") for _ in range(11)]
        for number in range(10):
            overlap(others[number], others[10], state="open")

        rows = signed_in(coordinator).get(LIST).context["rows"]

        assert ["question" in row for row in rows].index(True) == 9

    @pytest.mark.parametrize(("page", "places"), [(1, [4]), (2, [2, 7]), (3, [])])
    def test_asks_one_of_five_over_all_pages(
        self, programs: list[Program], coordinator: User, page: int, places: list[int]
    ) -> None:
        """Six rows a page, the third with two: a question after every four rows of the queue."""
        filters = queue_filter_of(coordinator)({"state": "open"}, queryset=Overlap.objects.all())
        assert filters.is_valid()
        rows: list[dict[str, Any]] = [{} for _ in range(6 if page < 3 else 2)]
        with override_settings(UNCERTAIN_ONE_IN=5):
            shown = with_questions(rows, coordinator, filters, page, 6)

        assert [place for place, row in enumerate(shown) if "question" in row] == places

    def test_the_next_page_asks_something_else(
        self, programs: list[Program], coordinator: User, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("programs.overlap.queue_views.CASES_A_PAGE", 1)
        overlap(programs[0], factories.program(title="Other"))
        client = signed_in(coordinator)

        assert set(questions(client)).isdisjoint(questions(client, page="2"))

    @pytest.mark.parametrize(("do", "state"), [("confirm", "confirmed"), ("dismiss", "dismissed")])
    def test_an_answer_in_the_queue(
        self, asked: UncertainPair, coordinator: User, signed_in: SignIn, do: str, state: str
    ) -> None:
        fields = {"do": do, "case": f"u{asked.pk}", "reason": "complementary" if do == "dismiss" else ""}
        answer = signed_in(coordinator).post("/overlaps/triage/", fields, follow=True)

        assert "The engine learns from it." in answer.content.decode()
        assert found(asked).state == state

    def test_a_question_that_is_gone_is_said_so(self, coordinator: User, signed_in: SignIn) -> None:
        answer = signed_in(coordinator).post("/overlaps/triage/", {"do": "confirm:u999"}, follow=True)

        assert "This question is no longer open" in answer.content.decode()

    def test_asks_as_many_queries_for_many_questions_as_for_one(
        self, programs: list[Program], coordinator: User, signed_in: SignIn, settings: Any
    ) -> None:
        for number in range(10):
            overlap(programs[number % 8], factories.program(title=f"Other {number}"), state="open")
        client = signed_in(coordinator)
        settings.UNCERTAIN_ONE_IN = 10
        one = queries_of(client, LIST)
        assert len(questions(client)) == 1
        settings.UNCERTAIN_ONE_IN = 3

        assert queries_of(client, LIST) == one
        assert len(questions(client)) > 1


class TestPage:
    def test_asks_and_takes_the_answer(self, asked: UncertainPair, coordinator: User, signed_in: SignIn) -> None:
        client = signed_in(coordinator)
        text = client.get(asked.get_absolute_url()).content.decode()
        assert "Do these two programs overlap?" in text
        assert asked.left.title in text

        answer = client.post(f"{asked.get_absolute_url()}answer/", {"action": "confirm", "note": "Same patrols"})

        assert answer.url == found(asked).get_absolute_url()
        assert Review.objects.get().note == "Same patrols"
        assert client.get(asked.get_absolute_url()).url == found(asked).get_absolute_url()

    def test_a_second_coordinator_is_shown_what_was_decided(
        self, asked: UncertainPair, coordinator: User, signed_in: SignIn
    ) -> None:
        services.answer_uncertain(asked, "dismiss", actor=coordinator, reason="complementary")

        answer = signed_in(coordinator).post(f"{asked.get_absolute_url()}answer/", {"action": "confirm"}, follow=True)

        assert answer.redirect_chain[0][0] == found(asked).get_absolute_url()
        assert "Someone has already answered this question." in answer.content.decode()
        assert found(asked).state == "dismissed"

    def test_says_what_is_missing(self, asked: UncertainPair, coordinator: User, signed_in: SignIn) -> None:
        answer = signed_in(coordinator).post(f"{asked.get_absolute_url()}answer/", {"action": "dismiss"})

        assert answer.status_code == 400
        assert "reason" in answer.context["form"].errors

    def test_of_programs_that_are_not_compared_yet(self, coordinator: User, signed_in: SignIn) -> None:
        asked = uncertain(factories.program(), factories.program())

        assert "being compared again" in signed_in(coordinator).get(asked.get_absolute_url()).content.decode()


def test_no_list_of_the_api_has_them(programs: list[Program], coordinator: User, signed_in: SignIn) -> None:
    listed = signed_in(coordinator).get("/api/v1/overlaps/").json()

    assert len(listed["results"]) == Overlap.objects.flagged().count()
