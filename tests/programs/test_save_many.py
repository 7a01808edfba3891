"""Saving many programs gives what saving each alone gives."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import NotAllowed
from programs.models import Program
from programs.models.program import Program as ProgramModel
from programs.services import (
    BudgetData,
    CoverageData,
    GoalData,
    LocationData,
    ManySaver,
    PlannedDisbursementData,
    ProgramData,
    ProgramSaver,
    RelatedData,
    SectorData,
    TransactionData,
    Wanted,
    stored_programs,
)
from programs.services.places import places_outside
from tests import factories

pytestmark = pytest.mark.django_db

WHOLE = Decimal(100)


def in_its_countries(fields: dict[str, Any]) -> dict[str, Any]:
    """The fields without places outside the program's countries, which either way refuses."""
    outside = places_outside(fields["coverages"], fields["locations"])
    return {**fields, "locations": ()} if outside else fields


FIELDS = st.fixed_dictionaries(
    {
        "title": st.sampled_from(["Community policing", "Courts", "Wells and roads"]),
        "description": st.sampled_from(["", "Police patrols and training"]),
        "status": st.sampled_from([None, 2, 4]),
        "planned_start": st.sampled_from([None, date(2024, 1, 1)]),
        "coverages": st.sampled_from([(), (CoverageData("HN", None, WHOLE),), (CoverageData("GT"),)]),
        "locations": st.sampled_from([(), (LocationData("HN-CR", "Tela", Decimal("15.61234567"), Decimal("-87.9")),)]),
        "goals": st.sampled_from([None, (), (GoalData(1, Decimal(60)), GoalData(3, Decimal(40)))]),
        "sectors": st.sampled_from([(), (SectorData("15130", WHOLE),), (SectorData("15132"), SectorData("15210"))]),
        "transactions": st.lists(
            st.builds(TransactionData, st.sampled_from([2, 3, 4]), st.sampled_from([Decimal("10.005"), Decimal(7)]),
                      st.sampled_from(["USD", "BZD", "GTQ"]), st.just(date(2024, 1, 1))), max_size=3
        ).map(tuple),
        "budgets": st.lists(
            st.builds(BudgetData, st.sampled_from([Decimal(80), Decimal(5)]), st.just("USD"),
                      st.sampled_from([None, date(2024, 1, 1)]), st.none(), st.sampled_from([1, 2])), max_size=2
        ).map(tuple),
        "planned_disbursements": st.lists(
            st.builds(PlannedDisbursementData, st.sampled_from([Decimal("80.005"), Decimal(5)]),
                      st.sampled_from(["USD", "VES"]), st.sampled_from([None, date(2024, 1, 1)]),
                      st.sampled_from([None, date(2025, 6, 30)]), st.sampled_from([1, 2])), max_size=2
        ).map(tuple),
        "related": st.sampled_from([(), (RelatedData(1, "P-1"),), (RelatedData(3, "P-2"), RelatedData(4, "X"))]),
    }
).map(in_its_countries)  # fmt: skip


def picture(organization: Any) -> list[dict[str, Any]]:
    """All that is stored of an organization's programs, but for ids and times."""
    pictures = []
    programs = Program.objects.filter(reporting_org=organization).order_by("identifier")
    for program, stored in zip(programs, stored_programs(programs), strict=True):
        lists = {name: sorted(map(repr, rows)) for name, rows in vars(stored.data).items() if isinstance(rows, tuple)}
        money = sorted(program.transactions.values_list("value", "value_usd", "rate_month"), key=repr)
        links = sorted(program.related_programs.values_list("identifier", "related__identifier"))
        pictures.append(
            {
                **lists,
                **{name: getattr(program, name) for name in (
                    "identifier", "title", "description", "status", "stage", "version", "scope", "goals_origin",
                    "esca_component", "committed_usd", "disbursed_usd", "committed_basis", "planned_start",
                )},
                "money": money,
                "planned": list(program.planned_years.values_list("year", "basis", "usd", "left_out")),
                "links": links,
                "history": list(ProgramModel.pgh_event_model.objects.filter(pgh_obj=program).order_by("pgh_id")
                                .values_list("pgh_label", "title")),
            }
        )  # fmt: skip
    return pictures


@given(rounds=st.lists(st.lists(FIELDS, min_size=1, max_size=3), min_size=1, max_size=3))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_many_at_once_are_as_each_alone(rounds: list[list[dict[str, Any]]]) -> None:
    organization = factories.organization()

    def saved(save: Callable[[list[ProgramData]], list[str]]) -> tuple[list[str], list[dict[str, Any]]]:
        with transaction.atomic():
            outcomes = []
            for fields in rounds:
                outcomes += save(
                    [
                        factories.program_data(organization, identifier=f"P-{number}", **values)
                        for number, values in enumerate(fields)
                    ]
                )
            seen = picture(organization)
            transaction.set_rollback(True)
        return outcomes, seen

    assert saved(together) == saved(each)


def each(data: list[ProgramData]) -> list[str]:
    saver = ProgramSaver(actor=None)
    return [saver.save(item).outcome for item in data]


def together(data: list[ProgramData]) -> list[str]:
    return [saved.outcome for saved in ManySaver(actor=None).save_many([Wanted(item) for item in data])]


def test_queries_do_not_grow_with_the_programs() -> None:
    organization = factories.organization()

    def queries(count: int) -> int:
        data = [factories.program_data(organization) for _ in range(count)]
        saver = ManySaver(actor=None, ask_for_scan=False)
        with CaptureQueriesContext(connection) as captured:
            saver.save_many([Wanted(item) for item in data])
        return len(captured)

    assert queries(50) == queries(2)


def test_all_or_none() -> None:
    good = factories.program_data(factories.organization())
    bad = replace(good, identifier="X", planned_start=date(2024, 2, 1), planned_end=date(2024, 1, 1))

    with pytest.raises(ValidationError):
        ManySaver(actor=None).save_many([Wanted(good), Wanted(bad)])

    assert not Program.objects.exists()


def test_who_may_not_save_one_may_not_save_many() -> None:
    own, other = factories.organization(), factories.organization()
    editor = factories.user(own, "editor")

    with pytest.raises(NotAllowed):
        ManySaver(actor=editor).save_many([Wanted(factories.program_data(own)), Wanted(factories.program_data(other))])
    with pytest.raises(NotAllowed):
        ManySaver(actor=editor).save_many([Wanted(factories.program_data(own), program_id=factories.program(other).pk)])


def test_goals_that_a_person_set_can_be_given_back_to_the_proposal() -> None:
    program = factories.program(goals=None)
    before = stored_programs([program])[0]
    changed = replace(before.data, goals=(GoalData(5, Decimal(100)),))
    ManySaver(actor=None).save_many([Wanted(changed)])

    ManySaver(actor=None).save_many([Wanted(before.original, before.stage, program.pk, goals_proposed=True)])

    program.refresh_from_db()
    assert program.goals_origin == "proposed"
    assert {row.goal_id for row in program.goals.all()} == {row.goal_id for row in before.data.goals or ()}
