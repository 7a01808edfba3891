"""`check_money` finds what is wrong with planned money, and nothing where all is right."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from programs.models import PlannedYear, Program
from programs.money import checking_plans
from programs.money.stored import once_for
from programs.services import BudgetData, PlannedDisbursementData, RelatedData
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def family() -> tuple[Program, Program]:
    agency = factories.organization()

    def plans(value: int, currency: str = "USD") -> PlannedDisbursementData:
        return PlannedDisbursementData(Decimal(value), currency, date(2027, 1, 1), date(2028, 6, 30))

    parent = factories.program(agency, identifier="P", planned_disbursements=(plans(1000), plans(7, "VES")))
    child = factories.program(
        agency,
        identifier="C",
        planned_disbursements=(plans(333),),
        budgets=(BudgetData(Decimal(5), "USD", date(2026, 1, 1), date(2026, 12, 31)),),
        related=(RelatedData(1, "P"),),
        participations=(),
    )
    return parent, child


def test_what_is_right_is_right(family: tuple[Program, Program]) -> None:
    call_command("check_money")


@pytest.mark.parametrize(
    "change",
    [
        lambda: PlannedYear.objects.filter(year=2027).update(usd=1),
        lambda: PlannedYear.objects.filter(year=2026).delete(),
        lambda: PlannedYear.objects.filter(year=2027).update(basis="budgets"),
        lambda: Program.objects.get(identifier="P").planned_disbursements.all().delete(),
    ],
)
def test_a_year_that_is_not_what_its_rows_say_is_found(family: tuple[Program, Program], change: Any) -> None:
    change()

    with pytest.raises(CommandError):
        call_command("check_money")


def test_a_program_that_counts_more_than_it_plans_is_found(family: tuple[Program, Program]) -> None:
    parent, _child = family
    reader = factories.user(is_superuser=True, is_staff=True)
    once = once_for(reader)
    programs: Any = Program.objects.visible_to(reader).listed()
    assert list(checking_plans.wrong_plans(programs, once)) == []

    wrong = replace(once, plans={**once.plans, (parent.pk, 2027, ""): Decimal(5000)})

    assert any(f"Program {parent.pk} plans" in problem for problem in checking_plans.wrong_plans(programs, wrong))


def test_shares_that_do_not_come_to_one_are_found(family: tuple[Program, Program]) -> None:
    _parent, child = family
    reader = factories.user(is_superuser=True, is_staff=True)
    programs: Any = Program.objects.visible_to(reader).listed()

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE programs_programgoal SET percentage = 40 WHERE program_id = %s", [child.pk])
        problems = list(checking_plans.wrong_plans(programs, once_for(reader)))
        # The database would refuse it at the end.
        transaction.set_rollback(True)

    assert any("By goals the programs plan US$" in problem for problem in problems)
