"""A program that is carried out after its planned end counts as running, in every filter and figure."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from donors.models import User
from programs.models import Program
from programs.overlap.dossier import timeline_of
from programs.overlap.models import Overlap
from programs.overlap.services.stakes import days_of, write_stakes
from programs.overlap.stake import NOWHERE, OVER, UNKNOWN_TIME, time_factor
from programs.region import counting
from tests import factories
from tests.api import Api

pytestmark = pytest.mark.django_db
# Days from today: a test that runs past midnight asks for today when it needs it.
TODAY, TOMORROW, LAST_YEAR, NEXT_YEAR, STARTED = 0, 1, -365, 365, -1000
OVERDUE: dict[str, Any] = {"planned_start": STARTED, "planned_end": LAST_YEAR, "status": 2}
# What is over, each for another reason.
OVER_BY = [
    {**OVERDUE, "actual_end": LAST_YEAR},
    {**OVERDUE, "status": 3},
    {**OVERDUE, "status": 4},
    {**OVERDUE, "status": 5},
    {**OVERDUE, "status": None},
    {**OVERDUE, "stage": "closed"},
]


def on(days: int) -> date:
    """The date that many days from today."""
    return timezone.localdate() + timedelta(days=days)


def program_of(which: dict[str, Any]) -> Program:
    """A program whose dates are given as days from today."""
    dates = ("planned_start", "planned_end", "actual_end")
    return factories.program(**{name: on(value) if name in dates else value for name, value in which.items()})


@pytest.fixture
def overdue() -> Program:
    for which in OVER_BY:
        program_of(which)
    return program_of(OVERDUE)


@pytest.mark.parametrize(
    ("first", "last", "runs"),
    [
        (TODAY, None, True),
        (TODAY, TODAY, True),
        (LAST_YEAR + 1, TODAY, True),
        (None, STARTED - 1, False),
        (STARTED - 9, STARTED - 1, False),
        (TOMORROW, None, False),
        (TOMORROW, NEXT_YEAR, False),
    ],
)
def test_it_runs_until_today(overdue: Program, first: int | None, last: int | None, runs: bool) -> None:
    found = Program.objects.running_between(*(None if days is None else on(days) for days in (first, last)))

    assert list(found) == ([overdue] if runs else [])


def test_a_script_and_the_list_find_it(overdue: Program, coordinator: User) -> None:
    assert Api(coordinator).ids(f"programs/?start={on(TODAY)}") == [overdue.pk]
    assert Api(coordinator).ids(f"programs/?start={on(TODAY)}&end={on(TODAY)}&goal=1&country=HN") == [overdue.pk]


def test_what_runs_in_the_region_counts_it(overdue: Program, coordinator: User) -> None:
    assert counting.served(coordinator, on(TODAY)).running == {(1, "HN"): (1, Decimal(1_000_000))}
    ((goal, place, funder, programs),) = counting.donors_running(coordinator, on(TODAY))
    assert (goal, place, funder, programs) == (1, "HN", overdue.reporting_org_id, 1)


def test_the_gap_links_to_the_programs_that_it_counts(overdue: Program, coordinator: User) -> None:
    """The figure of a gap, and the list that its link opens, agree."""
    (programs, _money) = counting.served(coordinator, on(TODAY)).running[1, "HN"]

    assert len(Api(coordinator).ids(f"programs/?goal=1&country=HN&start={on(TODAY)}&status=not-cancelled")) == programs


@pytest.mark.parametrize(("which", "factor"), [(OVERDUE, UNKNOWN_TIME), *((dates, OVER) for dates in OVER_BY)])
def test_the_time_left_of_an_overlap(which: dict[str, Any], factor: float) -> None:
    program = program_of(which)
    other = factories.program(planned_start=on(STARTED), planned_end=None)

    assert time_factor(days_of(program, on(TODAY)), days_of(other, on(TODAY)), on(TODAY)) == factor
    overlap = Overlap.objects.create(
        left=program,
        right=other,
        kind="overlap",
        score=0.5,
        money_usd=1_000_000,
        model_version="1",
        left_version=1,
        right_version=1,
    )
    assert write_stakes([overlap.pk]) == 1
    overlap.refresh_from_db()
    assert overlap.stake == pytest.approx(100 * 0.5 * (2 / 3) * NOWHERE * factor)


def test_its_line_goes_on_to_today() -> None:
    timeline = timeline_of([program_of(OVERDUE)], on(TODAY))

    assert timeline is not None
    (span,) = timeline.spans
    assert not span.end_known
    assert timeline.today is not None
    assert span.left + span.width > timeline.today


def test_the_property_and_the_query_agree() -> None:
    programs = [program_of(which) for which in (OVERDUE, *OVER_BY)]

    found = set(Program.objects.running_between(on(TODAY), on(TODAY)))

    assert found == {program for program in programs if program.runs_past_its_end(on(TODAY))} == {programs[0]}
