"""What is planned for each year, every dollar once and of nothing that the reader may not see."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from core.money import left_out_of
from donors.models import Organization
from programs.models import Program
from programs.money.explain import how_it_counts
from programs.money.stored import once_for
from programs.region import planning
from programs.services import (
    BudgetData,
    CoverageData,
    GoalData,
    ParticipationData,
    PlannedDisbursementData,
    RelatedData,
    TransactionData,
)
from tests import factories
from tests.worlds import overlap

pytestmark = pytest.mark.django_db
PARENT = 1


def next_year() -> int:
    return timezone.localdate().year + 1


def plans(value: int, year: int = 0, **fields: Any) -> PlannedDisbursementData:
    year = year or next_year()
    return PlannedDisbursementData(**{
        "value": Decimal(value), "currency": "USD", "period_start": date(year, 1, 1),
        "period_end": date(year, 12, 31), **fields,
    })  # fmt: skip


def budget(value: int, year: int = 0) -> BudgetData:
    year = year or next_year()
    return BudgetData(Decimal(value), "USD", date(year, 1, 1), date(year, 12, 31))


def program(agency: Organization | None = None, *rows: PlannedDisbursementData, **fields: Any) -> Program:
    return factories.program(
        agency, "published", **{"planned_disbursements": rows, "planned_end": date(next_year() + 5, 1, 1), **fields}
    )


def reader_of_all() -> Any:
    return factories.user(is_superuser=True, is_staff=True)


def by_cell(reader: Any) -> dict[Any, Any]:
    return {
        (*key, year): usd
        for key, years in planning.planned_by_cell(reader, next_year() - 1, next_year() + 3).items()
        for year, usd in years.items()
        if usd
    }


def whole(reader: Any, year: int = 0) -> Decimal:
    year = year or next_year()
    return sum((usd for (_goal, _place, one), usd in by_cell(reader).items() if one == year), Decimal(0))


def by_donor(reader: Any, year: int = 0) -> dict[int, Decimal]:
    year = year or next_year()
    found = planning.planned_by_donor(reader, year, year)
    return {pk: round(years[year], 2) for (pk,), years in found.items()}


def test_it_works() -> None:
    one, other = factories.organization(), factories.organization()
    program(
        one,
        plans(100),
        goals=(GoalData(1, Decimal(25)), GoalData(2, Decimal(75))),
        coverages=(CoverageData("HN", None, Decimal(60)), CoverageData("GT", None, Decimal(40))),
        participations=(ParticipationData(one.pk, 1), ParticipationData(other.pk, 1)),
        transactions=(),
        locations=(),
        budgets=(budget(70, next_year() + 1),),
    )
    reader = reader_of_all()

    year = next_year()
    assert by_cell(reader) == {
        (1, "HN", year): 15, (1, "GT", year): 10, (2, "HN", year): 45, (2, "GT", year): 30,
        (1, "HN", year + 1): Decimal("10.5"), (1, "GT", year + 1): 7, (2, "HN", year + 1): Decimal("31.5"),
        (2, "GT", year + 1): 21,
    }  # fmt: skip
    assert by_donor(reader) == {one.pk: 50, other.pk: 50}
    shares = planning.planned_in_cells_by_donor(reader, next_year(), next_year())
    assert {key: years[next_year()] for key, years in shares.items() if key[:2] == (2, "HN")} == {
        (2, "HN", one.pk): Decimal("22.5"), (2, "HN", other.pk): Decimal("22.5"),
    }  # fmt: skip


def test_what_has_no_rate_is_named() -> None:
    program(None, plans(100), plans(7, currency="VES"))

    total = whole(reader_of_all())

    assert (total, left_out_of(total)) == (100, {"VES": 7})


@pytest.mark.parametrize(
    ("status", "now", "later"), [(2, 100, 100), (4, 0, 0), (5, 0, 0), (6, 100, 100), (None, 100, 100)]
)
def test_of_what_is_over_nothing_is_planned(status: int | None, now: int, later: int) -> None:
    last = next_year() - 2
    program(None, plans(100), plans(100, last), status=status)
    reader = reader_of_all()

    assert whole(reader) == later
    assert sum(planning.planned_by_donor(reader, last, last)[key][last] for key in planning.planned_by_donor(
        reader, last, last)) == 100  # fmt: skip


class TestFamilies:
    def test_a_whole_counts_what_its_parts_do_not_plan_each_year_by_itself(self) -> None:
        agency = factories.organization()
        program(agency, plans(100), plans(100, next_year() + 1), identifier="P", transactions=())
        program(agency, plans(60), identifier="C", transactions=(), related=(RelatedData(PARENT, "P"),))
        reader = reader_of_all()

        parent = Program.objects.get(identifier="P")
        assert once_for(reader).plans == {(parent.pk, next_year(), ""): 40}
        assert how_it_counts(parent, reader).planned == [(next_year(), 40)]
        assert (whole(reader), whole(reader, next_year() + 1)) == (100, 100)

    def test_also_where_a_program_between_them_plans_nothing(self) -> None:
        agency = factories.organization()
        program(agency, plans(100), identifier="P", transactions=())
        program(agency, identifier="M", transactions=(), related=(RelatedData(PARENT, "P"),))
        program(agency, plans(130), identifier="C", transactions=(), related=(RelatedData(PARENT, "M"),))

        assert whole(reader_of_all()) == 130

    def test_amounts_without_a_rate_too(self) -> None:
        agency = factories.organization()
        program(agency, plans(100, currency="VES"), identifier="P", transactions=())
        program(agency, plans(60, currency="VES"), identifier="C", transactions=(), related=(RelatedData(PARENT, "P"),))

        assert left_out_of(whole(reader_of_all())) == {"VES": 100}

    def test_a_part_that_is_hidden_leaves_no_trace(self) -> None:
        agency = factories.organization()
        program(agency, plans(100), identifier="P", transactions=(), visibility="public")
        program(
            agency, plans(600), identifier="C", transactions=(), related=(RelatedData(PARENT, "P"),),
            visibility="restricted",
        )  # fmt: skip

        assert whole(AnonymousUser()) == 100
        assert whole(reader_of_all()) == 600

    def test_a_planned_payment_to_another_activity_is_counted_there(self) -> None:
        fund, agency = factories.organization(), factories.organization()
        program(
            fund, plans(500, receiver_activity="X"), plans(200), identifier="F", transactions=(),
            visibility="restricted",
        )  # fmt: skip
        program(agency, plans(800), identifier="X", transactions=(), visibility="public")

        assert whole(reader_of_all()) == 200 + 800
        assert whole(AnonymousUser()) == 800

    def test_who_pays_a_part_of_another_plans_as_much_of_it(self) -> None:
        fund, agency = factories.organization(), factories.organization()
        day = date(2024, 1, 1)
        program(
            fund, plans(300), identifier="F",
            transactions=(TransactionData(2, Decimal(1000), "USD", day, receiver_activity="X"),),
        )  # fmt: skip
        program(agency, plans(400), identifier="X", transactions=(TransactionData(2, Decimal(2000), "USD", day),))

        # Half of what X commits comes from F, and so half of what it plans: 200 of the 300.
        assert whole(reader_of_all()) == 100 + 400

    def test_a_duplicate_report_counts_nothing(self) -> None:
        one, other = program(None, plans(100)), program(None, plans(100))
        overlap(one, other, kind="duplicate", second_report=other)

        assert whole(reader_of_all()) == 100


class TestAnyFamily(TestCase):
    @given(
        st.lists(
            st.tuples(st.integers(-1, 4), st.lists(st.integers(0, 500), min_size=2, max_size=2)),
            min_size=1,
            max_size=5,
        )
    )
    @settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    def test_a_family_counts_the_more_of_what_it_and_its_parts_plan(self, rows: list[tuple[int, list[int]]]) -> None:
        agency = factories.organization()
        names = [f"{agency.pk}x{number}" for number in range(len(rows))]
        parents = {number: above for number, (above, _values) in enumerate(rows) if 0 <= above < number}
        for number, (_above, values) in enumerate(rows):
            program(
                agency, *(plans(value, next_year() + at) for at, value in enumerate(values)), identifier=names[number],
                transactions=(),
                related=(RelatedData(PARENT, names[parents[number]]),) if number in parents else (),
            )  # fmt: skip

        def comes_to(number: int, at: int) -> int:
            parts = [child for child, parent in parents.items() if parent == number]
            return max(rows[number][1][at], sum(comes_to(part, at) for part in parts))

        reader = reader_of_all()
        for at in (0, 1):
            roots = [number for number in range(len(rows)) if number not in parents]
            assert whole(reader, next_year() + at) == sum(comes_to(root, at) for root in roots)
