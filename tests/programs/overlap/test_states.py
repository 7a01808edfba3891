"""Incremental = full: whatever happens in whatever order, pairs and clusters end where a fresh full scan puts them."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test

from core.errors import Refused
from programs import services as program_services
from programs.models import Program
from programs.overlap import services
from programs.overlap.models import Cluster, ClusterDue, Overlap, ProgramProfile, Review, UncertainPair
from programs.services import CoverageData, GoalData, LocationData, RelatedData, TransactionData, save_program
from tests import factories

# Programs 6 and 7 are further records of the organization that reports program 0.
ORGANIZATIONS, NUMBERS = 6, st.integers(0, 7)
CHOLOMA, TELA = LocationData(area_id="HN-CR", name="Choloma"), LocationData(area_id="HN-CR", name="Tela")
FIELDS = st.fixed_dictionaries(
    {
        "planned_start": st.sampled_from([date(2020, 1, 1), date(2024, 1, 1), None]),
        "planned_end": st.sampled_from([date(2025, 1, 1), date(2027, 1, 1), None]),
        "locations": st.sampled_from([(CHOLOMA,), (CHOLOMA,), (TELA,), (CHOLOMA, TELA), ()]),
        "coverages": st.sampled_from([(CoverageData(country_id="HN"),), (CoverageData(region_id="1032"),)]),
        "goals": st.sampled_from([(GoalData(1, Decimal(100)),), (GoalData(3, Decimal(100)),), None]),
        "title": st.sampled_from(
            [
                "Community policing",
                "Community policing 2020",
                "Policía comunitaria",
                "Courts and judges",
                "Salaries",
                "Patrols",
            ]
        ),
        "transactions": st.sampled_from(
            [(TransactionData(2, Decimal(value), "USD", date(2020, 1, 1)),) for value in (1000, 1040, 5000)] + [()]
        ),
        "description": st.sampled_from(["Community police patrols, with training for officers and radios.", ""]),
        "related": st.sampled_from([(), (), (RelatedData(4, "P-0"),), (RelatedData(1, "P-1"),)]),
    }
)


def pairs() -> set[tuple[Any, ...]]:
    return set(
        Overlap.objects.flagged().values_list(
            "left", "right", "kind", "score", "money_usd", "second_report", "left_version", "right_version", "state"
        )
    )


def clusters() -> set[tuple[Any, ...]]:
    """Clusters by their pairs and figures; their ids are their own."""
    return {
        (
            frozenset(cluster.overlaps.values_list("left", "right")),
            cluster.score, tuple(cluster.kinds), cluster.money_usd, cluster.programs, cluster.pairs,
        )
        for cluster in Cluster.objects.all()
    }  # fmt: skip


def sample() -> set[tuple[Any, ...]]:
    """What is kept of the pairs that the engine is not sure of."""
    return set(UncertainPair.objects.values_list("left", "right", "kind", "score"))


class Portal(RuleBasedStateMachine):
    """Eight programs, three of them of one reporter, that people save, delete, archive and decide on while scans of
    every kind go on."""

    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.organizations = [factories.organization() for _ in range(ORGANIZATIONS)]
        self.coordinator = factories.user(factories.organization(is_coordinating_body=True), "coordinator")
        # Pair -> the state that a person decided on, and the versions of the two programs at that time.
        self.decided: dict[tuple[int, int], tuple[str, int, int]] = {}

    def program(self, number: int) -> Program | None:
        return Program.objects.filter(identifier=f"P-{number}").first()

    @rule(number=NUMBERS, fields=FIELDS)
    def save(self, number: int, fields: dict[str, Any]) -> None:
        reporter = self.organizations[number % ORGANIZATIONS]
        data = factories.program_data(reporter, identifier=f"P-{number}", **fields)
        save_program(data, actor=None)

    @rule(numbers=st.lists(NUMBERS, min_size=3, unique=True))
    def save_some_that_overlap(self, numbers: list[int]) -> None:
        for number in numbers:
            self.save(number, {})

    @rule(number=NUMBERS)
    def delete(self, number: int) -> None:
        if program := self.program(number):
            try:
                program_services.delete_program(program, actor=None)
            except Refused:
                assert Review.objects.exists()

    @rule(number=NUMBERS)
    def archive(self, number: int) -> None:
        if program := self.program(number):
            program_services.archive_program(program, actor=None)

    @rule(number=NUMBERS)
    def scan_one(self, number: int) -> None:
        if program := self.program(number):
            services.scan_programs([program.pk])

    @rule()
    def sweep(self) -> None:
        services.sweep(seconds=None)

    @rule()
    def scan_all(self) -> None:
        services.run_full_scan()

    @rule()
    def begin_to_scan_all(self) -> None:
        run = services.start_full_scan()
        if part := run.parts.filter(done_at__isnull=True).order_by("step", "number").first():
            services.scan_part(part.pk)

    @precondition(lambda self: Overlap.objects.flagged().exists())
    @rule(data=st.data(), confirms=st.booleans())
    def decide(self, data: st.DataObject, confirms: bool) -> None:
        overlap = data.draw(st.sampled_from(list(Overlap.objects.flagged().order_by("left", "right"))))
        if overlap.state != "open":
            services.reopen(overlap, actor=self.coordinator)
        elif confirms:
            services.confirm(overlap, actor=self.coordinator)
        else:
            services.dismiss(overlap, actor=self.coordinator, reason="complementary")
        overlap.refresh_from_db()
        versions = (overlap.left.version, overlap.right.version)
        if (overlap.left_version, overlap.right_version) == versions:
            self.decided[overlap.left_id, overlap.right_id] = (overlap.state, *versions)
        else:
            self.decided.pop((overlap.left_id, overlap.right_id), None)

    @precondition(lambda self: UncertainPair.objects.unanswered().exists())
    @rule(data=st.data(), confirms=st.booleans())
    def answer(self, data: st.DataObject, confirms: bool) -> None:
        asked = data.draw(st.sampled_from(list(UncertainPair.objects.unanswered().order_by("left", "right"))))
        action, reason = ("confirm", "") if confirms else ("dismiss", "complementary")
        try:
            services.answer_uncertain(asked, action, actor=self.coordinator, reason=reason)
        except Refused:
            assert Program.objects.due_for_scan().filter(pk__in=[asked.left_id, asked.right_id]).exists()

    def teardown(self) -> None:
        try:
            self.check()
        finally:
            transaction.set_rollback(True)
            self.atomic.__exit__(None, None, None)

    def check(self) -> None:
        services.sweep(seconds=None)
        assert not ClusterDue.objects.exists()
        for (left, right), (state, *versions) in self.decided.items():
            overlap = Overlap.objects.select_related("left", "right").get(left=left, right=right)
            if [overlap.left.version, overlap.right.version] == versions:
                assert overlap.state == state
        step_by_step = pairs(), clusters(), sample()

        self.forget_all_but_decisions()
        services.run_full_scan()
        services.run_full_scan()  # the first one may have been begun before

        assert (pairs(), clusters(), sample()) == step_by_step

    def forget_all_but_decisions(self) -> None:
        Overlap.objects.filter(reviews__isnull=True).delete()
        Overlap.objects.update(is_flagged=False, cluster=None, score=0)
        Cluster.objects.all().delete()
        UncertainPair.objects.all().delete()
        ProgramProfile.objects.all().delete()


@pytest.mark.django_db
def test_any_series_of_changes_ends_where_a_fresh_full_scan_does() -> None:
    run_state_machine_as_test(
        Portal,
        settings=settings(
            max_examples=30, stateful_step_count=14, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
