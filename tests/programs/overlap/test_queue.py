"""The queue of cases: order, decisions on whole cases, undo, assignment, views, and how it moves."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.errors import NotAllowed, Refused
from donors.models import User
from programs.models import Program
from programs.overlap import services
from programs.overlap.models import Assignment, CaseMoved, Cluster, Overlap, Review, SavedView
from programs.overlap.movement import movement_of
from programs.overlap.services.clusters import rebuild_clusters
from programs.services import LocationData, TransactionData
from tests import factories
from tests.worlds import overlap

SignIn = Callable[[User], Client]
LIST = "/overlaps/"


@pytest.fixture
def three(db: None) -> list[Program]:
    """Three donors' community policing in one town: one case of three pairs."""
    made = [factories.program() for _ in range(3)]
    services.sweep(seconds=None)
    return made


def two_elsewhere(name: str, area: str, **fields: Any) -> Cluster:
    """A case of one pair in another town."""
    before = set(Cluster.objects.values_list("pk", flat=True))
    for _ in range(2):
        factories.program(
            title=f"Community policing in {name}",
            description=f"Community police patrols in {name}, with training for officers and radios.",
            locations=(LocationData(area_id=area, name=name),),
            **fields,
        )
    services.sweep(seconds=None)
    return Cluster.objects.exclude(pk__in=before).get()


def case_programs(case: Cluster) -> list[Program]:
    return [side for pair in case.overlaps.all() for side in pair.sides]


def cases(client: Client, **query: str) -> list[int]:
    rows = client.get(LIST, query).context["rows"]
    return [row["overlap_case"].key for row in rows if "overlap_case" in row]


def triage(client: Client, do: str, **fields: Any) -> str:
    """What the page says afterwards."""
    answer = client.post(reverse("overlap:triage"), {"do": do, **fields}, follow=True)
    return " ".join(str(message) for message in answer.context["messages"])


@pytest.mark.parametrize(("asked", "number"), [("", 1), ("2", 2), ("9", 2), ("0", 2), ("x", 1), ("9" * 30, 2)])
def test_each_page_says_how_many_cases_and_pairs_all_have(
    three: list[Program], coordinator: User, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch, asked: str, number: int
) -> None:
    monkeypatch.setattr("programs.overlap.queue_views.CASES_A_PAGE", 1)
    two_elsewhere("La Ceiba", "HN-AT")

    shown = signed_in(coordinator).get(LIST, {"page": asked}).context

    shown_cases = [row for row in shown["rows"] if "overlap_case" in row]
    assert (shown["page"].number, len(shown_cases)) == (number, 1)
    assert (shown["page"].paginator.count, shown["number_of_pairs"]) == (2, 4)


class TestOrder:
    def test_the_most_at_stake_comes_first(self, three: list[Program], coordinator: User, signed_in: SignIn) -> None:
        first = Cluster.objects.get()
        over = two_elsewhere("La Ceiba", "HN-AT", planned_start="2019-01-01", planned_end="2020-12-31", status=4)
        client = signed_in(coordinator)

        assert cases(client) == [first.pk, over.pk]
        money = (TransactionData(2, Decimal(9_000_000), "USD", date(2024, 1, 1)),)
        larger = two_elsewhere("Tela", "HN-AT", transactions=money)
        assert cases(client) == [larger.pk, first.pk, over.pk]

    def test_each_factor_is_shown(self, three: list[Program], coordinator: User, signed_in: SignIn) -> None:
        client = signed_in(coordinator)
        row = client.get(LIST).context["rows"][0]["overlap_case"]
        page = client.get(f"/cases/{row.key}/")

        shown = page.context["overlap_case"]
        stake = shown.formula.stake
        assert stake.total == pytest.approx(100 * stake.score * (2 / 3) * stake.place * stake.time)
        assert stake.total == pytest.approx(max(Overlap.objects.values_list("stake", flat=True)))
        assert row.points == shown.points == stake.points
        words = " ".join(page.content.decode().split())
        assert f"Priority {stake.points} of 100 = 100 × amount 0.67 × probability" in words
        sentence = shown.formula.pairs[0].parts[0].sentence
        assert sentence.startswith("US$ 1,000,000 committed")
        assert sentence in words

    def test_what_one_may_not_see_adds_nothing_to_the_stake(self, three: list[Program], signed_in: SignIn) -> None:
        viewer = factories.user(three[0].reporting_org)
        hidden = Overlap.objects.filter(left=three[0], right=three[2])
        hidden.update(money_usd=900_000_000, stake=99)
        Program.objects.filter(pk=three[2].pk).update(visibility="restricted")

        row = signed_in(viewer).get(LIST).context["rows"][0]

        shown = row["overlap_case"]
        assert (shown.money_usd, shown.figures.pairs) == (Decimal(1_000_000), 1)
        assert shown.points < 99

    def test_renewing_changes_only_what_time_has_changed(self, three: list[Program]) -> None:
        assert services.renew_stakes() == 0


class TestFilters:
    def test_by_area_age_and_assignee(self, three: list[Program], coordinator: User, signed_in: SignIn) -> None:
        here, there = Cluster.objects.get(), two_elsewhere("La Ceiba", "HN-AT")
        Overlap.objects.filter(cluster=there).update(first_flagged_at=timezone.now() - timedelta(days=60))
        services.assign_cases([here.pk], coordinator, actor=coordinator)
        client = signed_in(coordinator)

        assert cases(client, area="HN-AT") == [there.pk]
        assert cases(client, age="older-month") == [there.pk]
        assert cases(client, age="week") == [here.pk]
        assert cases(client, assignee="me") == [here.pk]
        assert cases(client, assignee="nobody") == [there.pk]
        assert cases(client, assignee=str(coordinator.pk)) == [here.pk]

    def test_who_sees_to_a_case_is_no_filter_for_others(self, three: list[Program], signed_in: SignIn) -> None:
        client = signed_in(factories.user(three[0].reporting_org))

        assert "assignee" not in client.get(LIST).context["filters"].form.fields

    def test_a_wrong_filter_is_refused(self, coordinator: User, signed_in: SignIn) -> None:
        assert signed_in(coordinator).get(LIST, {"age": "old", "area": "XX"}).status_code == 400


class TestDecisions:
    def test_a_case_is_decided_with_all_its_open_pairs(
        self, three: list[Program], coordinator: User, signed_in: SignIn
    ) -> None:
        case = Cluster.objects.get()

        told = triage(signed_in(coordinator), f"dismiss:{case.pk}:complementary")

        assert told == "Dismissed: 1 case, 3 pairs."
        assert list(Review.objects.values_list("action", "reason")) == [("dismiss", "complementary")] * 3
        assert not Cluster.objects.exists()

    def test_many_are_dismissed_with_one_reason(
        self, three: list[Program], coordinator: User, signed_in: SignIn
    ) -> None:
        both = [Cluster.objects.get().pk, two_elsewhere("La Ceiba", "HN-AT").pk]

        told = triage(signed_in(coordinator), "dismiss", case=both, reason="other", note="Settled in May.")

        assert told == "Dismissed: 2 cases, 4 pairs."
        assert Review.objects.values("batch").distinct().count() == 1

    @pytest.mark.parametrize(
        ("fields", "stated"),
        [
            ({"reason": ""}, "Choose a reason to dismiss the overlap."),
            ({"reason": "other"}, "Describe the other reason in the note."),
            ({"case": "", "reason": "complementary"}, "Choose at least one case."),
        ],
    )
    def test_what_is_missing_is_said_and_nothing_is_done(
        self, three: list[Program], coordinator: User, signed_in: SignIn, fields: dict[str, str], stated: str
    ) -> None:
        values = {"case": [Cluster.objects.get().pk], **fields}

        assert triage(signed_in(coordinator), "dismiss", **values) == stated
        assert not Review.objects.exists()

    def test_a_confirmation_may_say_why(self, three: list[Program], coordinator: User) -> None:
        services.decide_cases([Cluster.objects.get().pk], "confirm", actor=coordinator, reason="sequential_phases")

        assert set(Overlap.objects.values_list("state", flat=True)) == {"confirmed"}
        assert Cluster.objects.get().pairs == 3

    def test_only_coordinators_decide(self, three: list[Program]) -> None:
        viewer = factories.user(three[0].reporting_org)
        case = Cluster.objects.get().pk

        for forbidden in (
            lambda: services.decide_cases([case], "confirm", actor=viewer),
            lambda: services.undo_last(actor=viewer),
            lambda: services.assign_cases([case], None, actor=viewer),
        ):
            with pytest.raises(NotAllowed):
                forbidden()

    def test_what_was_decided_meanwhile_is_refused(self, three: list[Program], coordinator: User) -> None:
        case = Cluster.objects.get().pk
        services.decide_cases([case], "confirm", actor=coordinator)

        with pytest.raises(Refused):
            services.decide_cases([case], "dismiss", actor=coordinator, reason="complementary")


class TestUndo:
    def test_reopens_the_whole_last_decision_and_brings_the_case_back(
        self, three: list[Program], coordinator: User, signed_in: SignIn
    ) -> None:
        case = Cluster.objects.get().pk
        services.decide_cases([case], "dismiss", actor=coordinator, reason="complementary")

        told = triage(signed_in(coordinator), "undo")

        assert told == "Undone: 1 case, 3 pairs."
        assert Cluster.objects.get().pk == case
        assert set(Overlap.objects.values_list("state", flat=True)) == {"open"}
        assert Review.objects.filter(action="reopen", note="Undone.").count() == 3

    def test_once_more_undoes_the_one_before(self, three: list[Program], coordinator: User) -> None:
        first, second = Cluster.objects.get().pk, two_elsewhere("La Ceiba", "HN-AT").pk
        for case in (first, second):
            services.decide_cases([case], "confirm", actor=coordinator)

        assert services.undo_last(actor=coordinator).pairs == 1
        assert services.undo_last(actor=coordinator).pairs == 3
        with pytest.raises(Refused):
            services.undo_last(actor=coordinator)

    def test_leaves_what_somebody_else_decided(self, three: list[Program], coordinator: User, sica: Any) -> None:
        services.decide_cases([Cluster.objects.get().pk], "confirm", actor=coordinator)

        with pytest.raises(Refused):
            services.undo_last(actor=factories.user(sica, "coordinator"))


class TestCases:
    def test_a_case_that_became_part_of_another_leads_there(
        self, three: list[Program], coordinator: User, signed_in: SignIn
    ) -> None:
        case, other, before = Cluster.objects.get(), two_elsewhere("La Ceiba", "HN-AT"), timezone.now()
        overlap(three[0], case_programs(other)[0], sites=["HN/choloma", "HN/la ceiba"])
        Overlap.objects.update(updated_at=before - timedelta(days=1))
        rebuild_clusters()
        left = Cluster.objects.get()
        # A copy through the API has a change to read of each pair whose case is another.
        moved = Overlap.objects.filter(updated_at__gte=before)
        assert moved.count() >= 2

        gone = other if left.pk == case.pk else case
        answer = signed_in(coordinator).get(gone.get_absolute_url())

        assert CaseMoved.objects.get().case == gone.pk
        assert answer.headers["Location"] == left.get_absolute_url()

    def test_a_dismissed_case_keeps_its_address_and_its_history(
        self, three: list[Program], coordinator: User, signed_in: SignIn
    ) -> None:
        case = Cluster.objects.get()
        services.decide_cases([case.pk], "dismiss", actor=coordinator, reason="complementary")

        page = signed_in(coordinator).get(case.get_absolute_url())

        assert page.status_code == 200
        assert "Complementary" in page.content.decode()
        assert cases(signed_in(coordinator), state="dismissed") == [case.pk]


def test_assigning_is_kept_and_recorded(three: list[Program], coordinator: User, signed_in: SignIn) -> None:
    case = Cluster.objects.get().pk

    told = triage(signed_in(coordinator), "assign", case=[case], assignee=coordinator.pk)

    assert told == "1 case assigned."
    assert set(Overlap.objects.values_list("assignee", flat=True)) == {coordinator.pk}
    assert Assignment.objects.get().assignee == coordinator


class TestViews:
    def test_a_view_is_saved_opened_and_forgotten(self, coordinator: User, signed_in: SignIn) -> None:
        client = signed_in(coordinator)
        client.post(reverse("overlap:save-view"), {"name": "Honduras", "query": "country=HN"})
        client.post(reverse("overlap:save-view"), {"name": "Honduras", "query": "country=HN&goal=1"})
        view = SavedView.objects.get()

        assert 'href="/overlaps/?country=HN&amp;goal=1"' in client.get(LIST).content.decode()
        client.post(reverse("overlap:delete-view", args=[view.pk]))
        assert not SavedView.objects.exists()

    def test_it_is_its_owners_alone(self, coordinator: User, signed_in: SignIn) -> None:
        view = SavedView.objects.create(owner=factories.user(), name="Mine", query="")
        client = signed_in(coordinator)

        assert "Mine" not in client.get(LIST).content.decode()
        assert client.post(reverse("overlap:delete-view", args=[view.pk])).status_code == 404


class TestMovement:
    def test_counts_what_came_and_what_was_decided(self, three: list[Program], coordinator: User) -> None:
        old = Overlap.objects.earliest("pk")
        Overlap.objects.filter(pk=old.pk).update(first_flagged_at=timezone.now() - timedelta(days=20))
        services.confirm(Overlap.objects.latest("pk"), actor=coordinator)

        movement = movement_of(coordinator)

        assert (movement.open, movement.median_age) == (2, 0)
        assert (movement.flagged_7, movement.flagged_30) == (2, 3)
        assert (movement.decided_7, movement.decided_30) == (1, 1)
        assert sum(week.flagged for week in movement.weeks) == 3
        assert sum(week.decided for week in movement.weeks) == 1

    def test_a_week_begins_on_its_monday_at_midnight(self, three: list[Program], coordinator: User) -> None:
        week = movement_of(coordinator).weeks[-2]
        midnight = timezone.make_aware(datetime.combine(week.monday, time.min))
        for number, pair in enumerate(Overlap.objects.order_by("pk")):
            moment = midnight - timedelta(seconds=1) + number * timedelta(seconds=1)
            Overlap.objects.filter(pk=pair.pk).update(first_flagged_at=moment)

        assert [week.flagged for week in movement_of(coordinator).weeks[-3:]] == [1, 2, 0]

    def test_has_no_trace_of_what_one_may_not_see(self, three: list[Program], coordinator: User) -> None:
        Program.objects.filter(pk=three[2].pk).update(visibility="restricted")
        viewer = factories.user(three[0].reporting_org)
        services.confirm(Overlap.objects.get(left=three[1], right=three[2]), actor=coordinator)

        movement = movement_of(viewer)

        assert (movement.open, movement.flagged_7, movement.decided_7) == (1, 1, 0)

    def test_the_number_of_queries_is_constant(
        self, three: list[Program], coordinator: User, signed_in: SignIn
    ) -> None:
        client = signed_in(coordinator)
        client.get(reverse("overlap:movement"))
        with CaptureQueriesContext(connection) as captured:
            assert client.get(reverse("overlap:movement")).status_code == 200

        assert len(captured) < 20
