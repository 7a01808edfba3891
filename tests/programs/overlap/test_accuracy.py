"""How right the engine has been: what counts, what is said of small numbers, what it misses, and what is shown."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from core.numbers import HIGHEST_SHOWN, HIGHEST_SHOWN_KEY, shown_probability
from core.templatetags.figures import score
from donors.models import User
from programs.overlap import labels, services
from programs.overlap.accuracy import BANDS, Share, accuracy_of
from programs.overlap.calibrated import current_model
from programs.overlap.decisions import as_called, standing_decisions
from programs.overlap.engine.catalogue import KINDS
from programs.overlap.labels import WAS_RIGHT
from programs.overlap.models import Overlap, Review, SampleLevel
from programs.overlap.services.certainty import supported
from programs.overlap.services.clusters import update_clusters
from tests import factories
from tests.queries import queries_of
from tests.worlds import overlap, uncertain

SignIn = Callable[[User], Client]
PAGE = "/overlaps/accuracy/"


@pytest.fixture
def program(db: None) -> Any:
    return factories.program(title="One of each pair")


@pytest.fixture
def decided(program: Any, coordinator: User) -> Callable[..., Overlap]:
    """Makes a pair that was confirmed, or dismissed for a reason."""

    def decide(reason: str = "", **fields: Any) -> Overlap:
        made = overlap(program, factories.program(description=""), **fields)
        if reason:
            services.dismiss(made, actor=coordinator, reason=reason, note="Why")
        else:
            services.confirm(made, actor=coordinator)
        return made

    return decide


class TestLabels:
    @pytest.mark.parametrize("kind", KINDS)
    @pytest.mark.parametrize("reason", ["", *Review.Reason.values])
    def test_the_query_says_what_the_table_says(self, decided: Callable[..., Overlap], kind: str, reason: str) -> None:
        decided(reason, kind=kind)

        asked = as_called(Review.objects.judgements()).annotate(was_right=WAS_RIGHT)
        made = standing_decisions()[0]

        assert asked.values_list("was_right", flat=True).get() == made.was_right
        assert made.kind == kind

    @pytest.mark.parametrize(
        ("reason", "kind", "label"),
        [
            ("", "overlap", "overlap"),
            ("", "same_money", "same_money"),
            ("different_beneficiaries", "overlap", "none"),
            ("sequential_phases", "duplicate", "none"),
            ("complementary", "overlap", "none"),
            ("one_finances_the_other", "overlap", "same_money"),
            ("one_finances_the_other", "duplicate", "same_money"),
            ("one_finances_the_other", "same_money", "ignore"),
            ("data_error", "overlap", "ignore"),
            ("other", "overlap", "ignore"),
        ],
    )
    def test_are_those_of_the_table(self, reason: str, kind: str, label: str) -> None:
        assert labels.label_of("dismiss" if reason else "confirm", reason, kind) == label

    def test_every_reason_has_a_meaning(self) -> None:
        assert set(labels.DISMISSED) == set(Review.Reason.values)


class TestCounts:
    def test_each_pair_once_by_kind_band_and_month(self, decided: Callable[..., Overlap], coordinator: User) -> None:
        decided(score=0.97)
        decided("complementary", score=0.96)
        decided("data_error", score=0.55, kind="duplicate")

        found = accuracy_of(coordinator)

        assert found.by(lambda row: (row.kind, row.band)) == {
            ("overlap", 0.95): Share(1, 1, 0),
            ("duplicate", 0.5): Share(0, 0, 1),
        }
        assert {row.month for row in found.rows} == {timezone.localdate().replace(day=1)}
        assert found.flagged == Share(1, 1, 1)

    def test_the_last_word_of_a_person_counts(self, decided: Callable[..., Overlap], coordinator: User) -> None:
        made, taken_back = decided("complementary"), decided("complementary")
        services.reopen(taken_back, actor=coordinator)
        services.reopen(made, actor=coordinator)
        services.confirm(made, actor=coordinator)

        assert accuracy_of(coordinator).flagged == Share(1, 0, 0)

    def test_a_change_of_a_program_takes_nothing_back(self, decided: Callable[..., Overlap], coordinator: User) -> None:
        made = decided()
        Review.objects.create(overlap=made, action="reopen", left_version=2, right_version=1)
        Overlap.objects.update(state="open")

        assert accuracy_of(coordinator).flagged == Share(1, 0, 0)
        assert standing_decisions() == []

    def test_by_what_the_engine_said_then(self, decided: Callable[..., Overlap], coordinator: User) -> None:
        decided(score=0.97)
        Overlap.objects.update(score=0.6, kind="duplicate", model_version="2030.1")

        assert [(row.kind, row.band) for row in accuracy_of(coordinator).rows] == [("overlap", 0.95)]
        assert standing_decisions()[0].model_version == "test"

    @pytest.mark.parametrize(("right", "wrong", "share"), [(9, 0, None), (9, 1, 0.9), (0, 10, 0.0)])
    def test_no_per_cent_of_fewer_than_ten(self, right: int, wrong: int, share: float | None) -> None:
        assert Share(right, wrong, left_out=50).share == share

    def test_bands_begin_where_something_changes(self) -> None:
        assert {0.05, 0.5} < set(BANDS)
        assert list(BANDS) == sorted(BANDS)


class TestMissed:
    @pytest.mark.parametrize(("confirmed", "dismissed", "missed"), [(2, 7, None), (3, 9, 33), (0, 10, 0), (36, 0, 108)])
    def test_is_the_share_of_the_answers_of_all_that_nobody_answered(
        self, program: Any, coordinator: User, confirmed: int, dismissed: int, missed: int | None
    ) -> None:
        SampleLevel.objects.create(pk=1, level=2)
        others = [factories.program(description="") for _ in range(36)]
        for number, other in enumerate(others):
            uncertain(program, other, lot=number)
        for number, other in enumerate(others[: confirmed + dismissed]):
            made = overlap(other, program, score=0.3, is_sampled=True)
            if number < confirmed:
                services.confirm(made, actor=coordinator)
            else:
                services.dismiss(made, actor=coordinator, reason="complementary")

        found = accuracy_of(coordinator).missed

        # What was confirmed is flagged, and is missed no longer.
        assert (found.uncertain, found.answered) == (144 - confirmed, Share(confirmed, dismissed, 0))
        assert found.missed == missed

    def test_nothing_is_missed_once_all_is_answered(self, program: Any, coordinator: User) -> None:
        for number in range(12):
            other = factories.program(description="")
            uncertain(program, other, lot=number)
            services.confirm(overlap(other, program, score=0.3, is_sampled=True), actor=coordinator)

        found = accuracy_of(coordinator).missed

        assert (found.uncertain, found.answered, found.missed) == (0, Share(12, 0, 0), 0)

    def test_answers_about_pairs_that_are_uncertain_no_longer_say_nothing(
        self, program: Any, coordinator: User
    ) -> None:
        for number in range(12):
            uncertain(program, factories.program(description=""), lot=number)
            sampled = overlap(factories.program(description=""), program, score=0.3, is_sampled=True)
            services.confirm(sampled, actor=coordinator)

        found = accuracy_of(coordinator).missed

        assert (found.uncertain, found.answered, found.missed) == (12, Share(), None)


class TestPage:
    def test_it_works(self, decided: Callable[..., Overlap], coordinator: User, signed_in: SignIn) -> None:
        for _ in range(9):
            decided(score=0.97)
        client = signed_in(coordinator)
        assert "9 of 9" in client.get(PAGE).content.decode()
        assert "100 %" not in client.get(PAGE).content.decode()

        decided("complementary", score=0.97)

        assert "90 %" in client.get(PAGE).content.decode()

    def test_asks_as_few_queries_for_many_decisions(
        self, decided: Callable[..., Overlap], coordinator: User, signed_in: SignIn
    ) -> None:
        decided()
        client = signed_in(coordinator)
        one = queries_of(client, PAGE)
        for place in range(12):
            decided("" if place % 2 else "complementary", score=BANDS[place % 7], kind=KINDS[place % 3])

        assert queries_of(client, PAGE) == one

    def test_the_api_says_the_same(self, decided: Callable[..., Overlap], coordinator: User, signed_in: SignIn) -> None:
        decided(score=0.97)
        decided("other", score=0.6)

        answer = signed_in(coordinator).get("/api/v1/accuracy/").json()

        assert [
            (row["score_from"], row["score_to"], row["confirmed"], row["not_counted"]) for row in answer["rows"]
        ] == [
            (0.5, 0.7, 0, 1),
            (0.95, 1.0, 1, 0),
        ]
        assert answer["missed"] == {"uncertain": 0, "answered": 0, "confirmed": 0, "missed": None}


class TestShown:
    @pytest.mark.parametrize(
        ("value", "shown"), [(0.94, "94 %"), (0.95, "95 %"), (0.96, "over 95 %"), (1.0, "over 95 %")]
    )
    def test_no_more_than_95_until_decisions_say_more(self, value: float, shown: str) -> None:
        assert score(value) == shown
        assert shown_probability(value) == min(value, 0.95)

    @pytest.mark.parametrize(
        ("right", "decisions", "highest"),
        [
            (99, 99, 95),
            (99, 100, 99),
            (100, 100, 99),
            (98, 100, 98),
            (82, 100, 82),
            (28, 36, 77),
            (27, 30, 95),
            (0, 29, 95),
        ],
    )
    def test_as_much_as_decisions_bear_out(self, right: int, decisions: int, highest: int) -> None:
        assert supported(right, decisions) == highest

    @given(st.integers(0, 1000), st.integers(0, 1000))
    def test_never_more_than_were_right(self, right: int, wrong: int) -> None:
        highest = supported(right, right + wrong)

        assert 50 <= highest <= 99
        if right + wrong >= 100:
            assert highest == 50 or highest <= 100 * right / (right + wrong)
        else:
            assert highest <= HIGHEST_SHOWN

    def test_is_found_from_the_decisions_and_shown_everywhere(
        self, decided: Callable[..., Overlap], coordinator: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("programs.overlap.services.certainty.LEAST_DECISIONS", 5)
        version = current_model().version
        for place in range(5):
            decided("" if place else "complementary", score=0.99, model_version=version)
        decided("complementary", score=0.7, model_version=version)
        decided("data_error", score=0.99, model_version=version)

        assert services.renew_highest_shown() == 80
        assert cache.get(HIGHEST_SHOWN_KEY) == 80
        assert score(0.9) == "over 80 %"

    def test_decisions_on_what_another_version_said_bear_out_nothing(
        self, decided: Callable[..., Overlap], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("programs.overlap.services.certainty.LEAST_DECISIONS", 5)
        for _ in range(6):
            decided(score=0.99, model_version="2020.1")

        assert services.renew_highest_shown() == HIGHEST_SHOWN

    def test_a_case_that_one_click_decides_is_one_decision(
        self, program: Any, coordinator: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("programs.overlap.services.certainty.LEAST_DECISIONS", 5)
        version = current_model().version
        for number in range(9):
            # Six pairs of one program, then three of nobody else's.
            one = program if number < 6 else factories.program(description="")
            overlap(one, factories.program(description=""), score=0.99, model_version=version, sites=["HN/choloma"])
        update_clusters(list(Overlap.objects.values_list("pk", flat=True)))
        cases = set(Overlap.objects.values_list("case", flat=True))
        assert len(cases) == 4

        services.decide_cases(cases, "confirm", actor=coordinator)
        assert services.renew_highest_shown() == HIGHEST_SHOWN
        services.confirm(overlap(factories.program(), program, score=0.99, model_version=version), actor=coordinator)

        assert services.renew_highest_shown() == 99
