"""What decisions teach: the two numbers of a kind, when they are proposed, how they take effect and are reversed."""

from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from django.core.cache import cache
from django.db.models import F
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from core.errors import NotAllowed, Refused
from core.numbers import HIGHEST_SHOWN_KEY, highest_shown
from donors.models import User
from programs.models import Program
from programs.overlap import services
from programs.overlap.calibrated import current_model
from programs.overlap.decisions import standing_decisions
from programs.overlap.engine.calibration import (
    AS_FITTED,
    LEAST_SLOPE,
    Evidence,
    Line,
    before_and_after,
    fit_line,
    probability,
)
from programs.overlap.engine.catalogue import KINDS, measure
from programs.overlap.engine.score import bits_of, model
from programs.overlap.engine.table import Table
from programs.overlap.learning_tables import moved
from programs.overlap.models import Calibration, CalibrationMove, Overlap, Review, ScanRun, UncertainPair
from programs.overlap.profiles import stored_profiles
from programs.overlap.services import proposing
from tests import factories
from tests.worlds import calibration, kept_through, overlap

SignIn = Callable[[User], Client]
PAGE = "/overlaps/calibration/"
BITS = st.floats(-30, 30)
LINES = st.builds(Line, st.floats(LEAST_SLOPE, 3), st.floats(-8, 8))


def evidence(bits: list[float], right: list[bool], weights: list[float] | None = None) -> Evidence:
    return Evidence(
        np.array(bits), np.array(right, float), np.array(weights or [1.0] * len(bits)), np.arange(len(bits)) % 5
    )


def too_sure(number: int = 200) -> Evidence:
    """Pairs with 3 bits (.89), of which half are right."""
    return evidence([3.0] * number, [place % 2 == 0 for place in range(number)])


class TestLine:
    def test_it_works(self) -> None:
        line = fit_line(too_sure(), AS_FITTED)

        assert 0.5 <= probability(np.array([line.at(3.0)]))[0] < 0.65

    @given(st.lists(st.tuples(BITS, st.booleans(), st.floats(0.01, 20)), min_size=1, max_size=60), LINES, BITS, BITS)
    def test_what_is_more_probable_stays_so(
        self, decided: list[tuple[float, bool, float]], now: Line, one: float, other: float
    ) -> None:
        line = fit_line(evidence(*map(list, zip(*decided, strict=True))), now)

        low, high = sorted((one, other))
        assert line.slope >= LEAST_SLOPE
        assert line.at(low) <= line.at(high)

    def test_few_decisions_move_it_less_than_many(self) -> None:
        few, many = (fit_line(too_sure(number), AS_FITTED).at(3.0) for number in (4, 400))

        assert many < few < 3.0

    def test_no_decisions_leave_it_as_it_is(self) -> None:
        assert fit_line(evidence([], []), Line(0.7, -1.5)) == Line(0.7, -1.5)

    def test_the_same_decisions_in_another_order_give_the_same_line(self) -> None:
        bits, right = [float(place % 7) - 2 for place in range(60)], [place % 3 == 0 for place in range(60)]

        assert fit_line(evidence(bits, right), AS_FITTED) == fit_line(evidence(bits[::-1], right[::-1]), AS_FITTED)

    def test_a_decision_that_counts_for_three_is_as_good_as_three(self) -> None:
        once = fit_line(evidence([1.0, 4.0], [False, True], [3.0, 3.0]), AS_FITTED)
        thrice = fit_line(evidence([1.0, 4.0] * 3, [False, True] * 3), AS_FITTED)

        assert once == thrice

    def test_a_better_line_is_better_on_decisions_left_out(self) -> None:
        before, after = before_and_after(too_sure(), AS_FITTED)

        assert (before.brier, before.error) == (pytest.approx(0.4012, abs=1e-3), pytest.approx(0.3889, abs=1e-3))
        assert after.brier < 0.27
        assert after.error < 0.15

    @given(LINES, LINES, st.floats(0.01, 0.99))
    def test_the_table_of_a_change_says_what_the_engine_does(self, before: Line, after: Line, now: float) -> None:
        bits = (np.log2(now / (1 - now)) - before.shift) / before.slope

        assert moved(now, before, after) == pytest.approx(float(probability(np.array([after.at(bits)]))[0]))


@pytest.fixture(scope="module")
def policing(django_db_setup: None, django_db_blocker: Any) -> Iterator[list[Program]]:
    with kept_through(django_db_blocker, make_programs) as made:
        yield made


@pytest.fixture
def programs(policing: list[Program], db: None) -> list[Program]:
    return deepcopy(policing)


def make_programs() -> list[Program]:
    """Twenty-four donors' policing in one town: 276 pairs."""
    made = [
        # Programs that begin in one season and do the same work may be one that was recorded twice.
        factories.program(title=title, planned_start=date(2022 + number % 3, 1, 1))
        for number in range(6)
        for title in ("Community policing", "Patrols", "Policía comunitaria", "Community police and radios")
    ]
    services.sweep(seconds=None)
    return made


def decide_all(coordinator: User, most: int, right_one_in: int = 4) -> str:
    """Decides on so many pairs of the kind that most are of, one in four of them confirmed; the kind."""
    kinds = [overlap.kind for overlap in Overlap.objects.open()]
    kind = max(KINDS, key=kinds.count)
    for place, pair in enumerate(Overlap.objects.open().filter(kind=kind).order_by("left", "right")[:most]):
        if place % right_one_in:
            services.dismiss(pair, actor=coordinator, reason="complementary")
        else:
            services.confirm(pair, actor=coordinator)
    return kind


@dataclass
class Decided:
    """The programs, after 60 decisions of a coordinator on pairs of the kind, a quarter of them confirmed."""

    programs: list[Program]
    coordinator: User
    kind: str


@pytest.fixture(scope="class")
def sixty_decisions(policing: list[Program], django_db_blocker: Any) -> Iterator[Decided]:
    """Made once for the tests of a class: on top of the programs, in a savepoint, so that the other classes begin
    without."""

    def decide() -> Decided:
        coordinator = factories.user(factories.organization("SICA", is_coordinating_body=True), "coordinator")
        return Decided(deepcopy(policing), coordinator, decide_all(coordinator, 60))

    with kept_through(django_db_blocker, decide) as made:
        yield made


@pytest.fixture
def decided(sixty_decisions: Decided, db: None) -> Decided:
    return deepcopy(sixty_decisions)


def scores() -> dict[tuple[int, int], tuple[str, float, bool, str]]:
    rows = Overlap.objects.values_list("left", "right", "kind", "score", "is_flagged", "state")
    return {(left, right): tuple(others) for left, right, *others in rows}


class TestProposal:
    @pytest.mark.parametrize(("most", "right_one_in"), [(49, 4), (60, 7)])
    def test_is_not_made_of_too_few_decisions_or_too_few_of_one_answer(
        self, programs: list[Program], coordinator: User, most: int, right_one_in: int
    ) -> None:
        decide_all(coordinator, most, right_one_in)

        assert services.propose_calibration() is None
        assert not Calibration.objects.exists()

    def test_reasons_that_say_nothing_of_the_engine_do_not_count(
        self, programs: list[Program], coordinator: User
    ) -> None:
        for pair in Overlap.objects.open().order_by("pk")[:60]:
            services.dismiss(pair, actor=coordinator, reason="data_error")

        assert services.propose_calibration() is None

    def test_a_question_counts_for_as_many_pairs_as_it_was_chosen_from(self, programs: list[Program]) -> None:
        sampled = np.array([False, False, True])

        weights = proposing._weights("overlap", sampled, np.arange(3))

        flagged = Overlap.objects.flagged().filter(kind="overlap").count()
        asked = UncertainPair.objects.filter(kind="overlap").count()
        assert weights[2] / weights[0] == pytest.approx(max(1, asked) / max(1, flagged / 2))
        assert weights.sum() <= 3.0000001

    def test_pairs_decided_in_one_stroke_count_together_as_one_decision(self, programs: list[Program]) -> None:
        each = proposing._weights("overlap", np.zeros(60, bool), np.arange(60))
        at_once = proposing._weights("overlap", np.zeros(60, bool), np.zeros(60, np.int64))

        assert (each.sum(), at_once.sum()) == (pytest.approx(60), pytest.approx(1))

    def test_a_few_clicks_on_large_cases_are_too_few_decisions(
        self, programs: list[Program], coordinator: User
    ) -> None:
        pairs = list(Overlap.objects.open().order_by("left", "right")[:80])
        Overlap.objects.exclude(pk__in=[pair.pk for pair in pairs]).delete()
        Overlap.objects.filter(pk__in=[pair.pk for pair in pairs[:40]]).update(case=1)
        Overlap.objects.filter(pk__in=[pair.pk for pair in pairs[40:]]).update(case=2)
        services.decide_cases([1], "confirm", actor=coordinator)
        services.decide_cases([2], "dismiss", actor=coordinator, reason="complementary")
        assert Review.objects.count() == 80

        assert services.propose_calibration() is None


class TestProposalAfterSixtyDecisions:
    def test_is_made_of_enough_decisions_and_changes_nothing_by_itself(self, decided: Decided) -> None:
        before = scores()

        made = services.propose_calibration()

        assert made is not None
        assert (made.state, made.version) == ("proposed", f"{model().version}+1")
        assert made.figures[decided.kind]["decisions"] == 60
        assert made.figures[decided.kind]["right"] == 15
        assert made.figures[decided.kind]["brier"][1] < made.figures[decided.kind]["brier"][0]
        assert made.lines[decided.kind]["slope"] >= LEAST_SLOPE
        assert current_model().version == model().version
        services.run_full_scan()
        assert scores() == before

    def test_twice_in_a_row_is_as_once(self, decided: Decided) -> None:
        first, second = services.propose_calibration(), services.propose_calibration()

        assert first
        assert second == first
        assert Calibration.objects.count() == CalibrationMove.objects.count() == 1

    def test_a_newer_one_takes_the_place_of_one_that_nobody_decided_on(self, decided: Decided) -> None:
        first = services.propose_calibration()
        decide_all(decided.coordinator, 4)

        second = services.propose_calibration()

        assert first
        assert second
        first.refresh_from_db()
        assert (first.state, second.state, second.number) == ("outdated", "proposed", 2)
        assert [move.action for move in first.moves.all()] == ["propose", "outdate"]

    def test_the_same_decisions_move_the_line_once(self, decided: Decided, monkeypatch: pytest.MonkeyPatch) -> None:
        made = services.propose_calibration()
        assert made
        services.accept_calibration(made, actor=decided.coordinator)
        services.run_full_scan()

        assert services.propose_calibration() is None
        monkeypatch.setattr(proposing, "LEAST_GAIN", -1.0)
        again = services.propose_calibration()
        assert again
        assert again.lines == made.lines

    @pytest.mark.parametrize("refused", ["decline", "reverse"])
    def test_what_was_refused_comes_back_after_further_decisions_alone(self, decided: Decided, refused: str) -> None:
        made = services.propose_calibration()
        assert made
        if refused == "decline":
            services.decline_calibration(made, actor=decided.coordinator, note="A trainee decided")
        else:
            services.accept_calibration(made, actor=decided.coordinator)
            services.reverse_calibration(made, actor=decided.coordinator, note="A trainee decided")
        assert services.propose_calibration() is None
        decide_all(decided.coordinator, 9)
        assert services.propose_calibration() is None

        decide_all(decided.coordinator, 1)

        assert services.propose_calibration() is not None

    def test_pairs_of_one_series_teach_nothing(self, decided: Decided) -> None:
        """What the engine flags at no score says nothing of the scores of what it flags."""
        assert services.propose_calibration()
        Program.objects.update(reporting_org=decided.programs[0].reporting_org)
        # Records of one organization that end on other days are a series, those that are alike were entered twice.
        odd = Program.objects.filter(pk__in=[program.pk for program in decided.programs[1::2]])
        odd.update(planned_end=F("planned_end") + timedelta(days=60))
        services.run_full_scan()
        Program.objects.update(version=F("version") + 1)
        services.run_full_scan()

        kind = max(KINDS, key=[review.kind for review in Review.objects.all()].count)
        known, bits = proposing._bits(kind, standing_decisions())

        assert 0 < len(known) < 60
        assert len(bits) == len(known)

    def test_is_given_up_where_coordinators_changed_what_is_in_effect_in_the_meantime(self, decided: Decided) -> None:
        first = services.propose_calibration()
        assert first
        read_before = current_model()
        services.accept_calibration(first, actor=decided.coordinator)

        overtaken = proposing._propose(model().version, read_before, {decided.kind: Line(0.9, 0.1)}, {decided.kind: {}})

        assert overtaken is None
        assert Calibration.objects.get() == first


class TestInEffect:
    @pytest.fixture
    def proposed(self, programs: list[Program]) -> Calibration:
        """Every kind less probable, so that about half of the flagged pairs are flagged no more."""
        table = Table(list(stored_profiles(program.pk for program in programs).values()))
        rows = np.array(np.triu_indices(len(programs), 1))
        bits = bits_of("overlap", measure(table, rows[0], rows[1]))
        lines = {kind: {"slope": 0.5, "shift": -20.0} for kind in KINDS}
        lines["overlap"]["shift"] = -0.5 * float(np.median(bits[bits > 0])) - 0.1
        return calibration(lines=lines)

    def test_accepted_every_pair_has_its_new_score_and_decisions_stand(
        self, proposed: Calibration, coordinator: User
    ) -> None:
        first, second, *_others = Overlap.objects.open().order_by("-score")
        services.confirm(first, actor=coordinator)
        services.dismiss(second, actor=coordinator, reason="complementary")
        before = scores()

        services.accept_calibration(proposed, actor=coordinator, note="As discussed")
        services.run_full_scan()

        after = scores()
        assert {o.model_version for o in Overlap.objects.flagged()} == {f"{model().version}+1"}
        kept = before.keys() & after.keys()
        assert kept
        same_kind = [pair for pair in kept if after[pair][2] and after[pair][0] == before[pair][0]]
        assert all(after[pair][1] < before[pair][1] for pair in same_kind)
        assert len([row for row in after.values() if row[2]]) < len(before)
        states = {pk: Overlap.objects.get(pk=pk).state for pk in (first.pk, second.pk)}
        assert states == {first.pk: "confirmed", second.pk: "dismissed"}
        move = proposed.moves.get()
        assert (move.action, move.actor, move.note) == ("accept", coordinator, "As discussed")

    def test_a_confirmed_pair_stays_flagged_at_any_score(self, proposed: Calibration, coordinator: User) -> None:
        # A pair that loses its kind may keep another.
        lowest = Overlap.objects.open().filter(kind="overlap").order_by("score", "pk")[0]
        services.confirm(lowest, actor=coordinator)

        services.accept_calibration(proposed, actor=coordinator)
        services.run_full_scan()

        lowest.refresh_from_db()
        assert lowest.score < model().flagged_from
        assert (lowest.state, lowest.is_flagged, lowest.cluster is None) == ("confirmed", True, False)
        services.reopen(lowest, actor=coordinator)
        assert not Overlap.objects.flagged().filter(pk=lowest.pk).exists()

    def test_accepted_no_more_is_stated_than_its_own_decisions_bear_out(
        self, proposed: Calibration, coordinator: User
    ) -> None:
        cache.set(HIGHEST_SHOWN_KEY, 80)

        services.accept_calibration(proposed, actor=coordinator)

        assert highest_shown() == 95

    def test_reversed_every_pair_has_exactly_its_former_score(self, proposed: Calibration, coordinator: User) -> None:
        before, sample = scores(), set(UncertainPair.objects.values_list("left", "right", "kind", "score"))
        services.accept_calibration(proposed, actor=coordinator)
        services.run_full_scan()
        assert scores() != before

        services.reverse_calibration(proposed, actor=coordinator, note="Too much")
        services.run_full_scan()

        assert scores() == before
        assert set(UncertainPair.objects.values_list("left", "right", "kind", "score")) == sample
        assert {o.model_version for o in Overlap.objects.all()} == {model().version}

    def test_step_by_step_is_as_all_at_once(
        self, proposed: Calibration, programs: list[Program], coordinator: User
    ) -> None:
        services.accept_calibration(proposed, actor=coordinator)
        for program in programs:
            services.scan_programs([program.pk])
        step_by_step = scores()

        services.run_full_scan()

        assert scores() == step_by_step

    def test_a_scan_that_began_before_writes_nothing_by_the_old_numbers(
        self, proposed: Calibration, programs: list[Program], coordinator: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from programs.overlap.services import scan

        score = scan.flagged_among

        def accept_meanwhile(*everything: Any, **more: Any) -> Any:
            if proposed.state == "proposed":
                proposed.refresh_from_db()
                Calibration.objects.filter(pk=proposed.pk).update(state="in_effect")
                proposed.state = "in_effect"
            return score(*everything, **more)

        Overlap.objects.all().delete()
        monkeypatch.setattr(scan, "flagged_among", accept_meanwhile)
        found = services.scan_programs([programs[0].pk])

        assert programs[0].pk in found.busy
        assert not Overlap.objects.exists()

    def test_the_one_before_is_in_effect_again_when_a_later_one_is_reversed(
        self, proposed: Calibration, coordinator: User
    ) -> None:
        services.accept_calibration(proposed, actor=coordinator)
        later = calibration(number=2, before=proposed, lines={"overlap": {"slope": 1.2, "shift": 0.5}})
        services.accept_calibration(later, actor=coordinator)
        proposed.refresh_from_db()
        assert (proposed.state, current_model().version) == ("replaced", f"{model().version}+2")

        services.reverse_calibration(later, actor=coordinator, note="Worse")

        assert current_model().version == f"{model().version}+1"

    def test_with_newer_weights_they_count_as_fitted(self, proposed: Calibration) -> None:
        Calibration.objects.update(state="in_effect", base_version="2020.1")

        assert current_model() == model()

    def test_a_running_full_scan_begins_again(self, proposed: Calibration, coordinator: User) -> None:
        running = services.start_full_scan()

        services.accept_calibration(proposed, actor=coordinator)

        running.refresh_from_db()
        assert running.cancelled_by == coordinator
        assert ScanRun.objects.get(finished_at__isnull=True).model_version == f"{model().version}+1"


class TestWhoDecides:
    def test_only_coordinators(self, db: None) -> None:
        proposed, viewer = calibration(), factories.user(factories.organization(), "manager")

        for does in (
            services.accept_calibration,
            services.decline_calibration,
            services.reverse_calibration,
        ):
            with pytest.raises(NotAllowed):
                does(proposed, actor=viewer, note="x")

    def test_once(self, coordinator: User) -> None:
        proposed = calibration()
        services.decline_calibration(proposed, actor=coordinator, note="Too early")

        with pytest.raises(Refused, match="already decided"):
            services.accept_calibration(proposed, actor=coordinator)

    def test_not_on_what_no_longer_fits(self, coordinator: User) -> None:
        calibration(state="in_effect")
        proposed = calibration(number=2)

        with pytest.raises(Refused, match="has changed since"):
            services.accept_calibration(proposed, actor=coordinator)

    @pytest.mark.parametrize(("state", "action"), [("proposed", "decline"), ("in_effect", "reverse")])
    def test_a_refusal_says_why(self, coordinator: User, signed_in: SignIn, state: str, action: str) -> None:
        made = calibration(state=state)

        answer = signed_in(coordinator).post(f"{PAGE}{made.pk}/", {"action": action, "note": " "})

        assert answer.status_code == 400
        assert answer.context["form"].errors["note"] == ["Say why in the note."]
        assert not CalibrationMove.objects.exists()


class TestPage:
    def test_a_second_coordinator_is_told_that_someone_decided(self, coordinator: User, signed_in: SignIn) -> None:
        made = calibration()
        services.decline_calibration(made, actor=coordinator, note="Too early")

        answer = signed_in(coordinator).post(f"{PAGE}{made.pk}/", {"action": "accept"})

        assert answer.status_code == 400
        assert "Someone has already decided on this proposal." in answer.content.decode()

    @pytest.mark.parametrize("state", ["proposed", "in_effect"])
    def test_those_of_earlier_weights_are_history_alone(self, coordinator: User, signed_in: SignIn, state: str) -> None:
        calibration(state=state, base_version="2020.1")
        client = signed_in(coordinator)

        shown = client.get(PAGE)

        assert (shown.context["proposal"], shown.context["in_effect"]) == (None, None)
        assert "Of an earlier version of the engine" in shown.content.decode()
        assert client.get("/overlaps/").context["proposal"] is None

    def test_says_what_would_change(self, coordinator: User, signed_in: SignIn) -> None:
        calibration()

        text = signed_in(coordinator).get(PAGE).content.decode()

        assert "Of 30 open pairs 4 would no longer be flagged;" in text
        assert "about 1 other would be." in text
        assert "From 60 decisions" in text

    def test_accepts_and_says_so(self, coordinator: User, signed_in: SignIn) -> None:
        made = calibration()

        answer = signed_in(coordinator).post(f"{PAGE}{made.pk}/", {"action": "accept"}, follow=True)

        assert "The change is in effect" in answer.content.decode()
        assert answer.context["in_effect"] == made

    def test_the_queue_tells_coordinators_of_a_proposal(self, coordinator: User, signed_in: SignIn) -> None:
        calibration()
        partner = factories.user(factories.organization(), "manager")

        assert "View the proposal" in signed_in(coordinator).get("/overlaps/").content.decode()
        assert "View the proposal" not in signed_in(partner).get("/overlaps/").content.decode()

    def test_a_waterfall_tells_what_decisions_changed(self, coordinator: User, signed_in: SignIn) -> None:
        made = calibration(state="in_effect")
        pair = overlap(factories.program(), factories.program(), model_version=made.version)

        shown = signed_in(coordinator).get(pair.get_absolute_url()).context["waterfall"]

        last, sum_before = shown.steps[-1], shown.steps[-2].total
        assert last.factor.name == "Decisions so far"
        assert shown.total == pytest.approx(0.8 * sum_before - 0.5)


def test_a_decision_keeps_what_the_engine_said_then(programs: list[Program], coordinator: User) -> None:
    pair = Overlap.objects.open().first()
    assert pair
    services.confirm(pair, actor=coordinator)

    review = Review.objects.get()
    assert (review.kind, review.score, review.model_version) == (pair.kind, pair.score, model().version)
    assert not review.is_sampled
