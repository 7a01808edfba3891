"""What is planned, in spreadsheets: all of a program in one cell, or a column for each year; out and in unchanged."""

import csv
import io
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from donors.models import Organization, User
from programs.exchange.spreadsheet import export
from programs.exchange.spreadsheet.headers import guess
from programs.exchange.spreadsheet.tables import csv_file
from programs.models import Program
from programs.services import BudgetData, PlannedDisbursementData
from tests import factories
from tests.programs.exchange.importing import (
    HEADINGS,
    apply,
    check,
    checked,
    outcomes,
    problems,
    row,
    undo,
    upload_file,
)

pytestmark = pytest.mark.django_db
Y26 = (date(2026, 1, 1), date(2026, 12, 31))
Y27 = (date(2027, 1, 1), date(2027, 12, 31))
BOTH = [*HEADINGS, "Budgets by year", "Planned payments"]


@pytest.fixture
def organization() -> Organization:
    return factories.organization("Fund of the North", ref="XX-FUND")


@pytest.fixture
def editor(organization: Organization) -> User:
    return factories.user(organization, "editor")


def budgets(program: Program) -> list[Any]:
    return list(program.budgets.order_by("period_start").values_list("period_start", "period_end", "value", "currency"))


def payments(program: Program) -> list[Any]:
    rows = program.planned_disbursements.order_by("period_start")
    return list(rows.values_list("period_start", "period_end", "value", "currency"))


def test_it_works(organization: Organization, editor: User) -> None:
    line = [*row(), "2026: 400000 USD; 2027: 450000.50 EUR", "2027-01-01/2027-06-30: US$ 1.2M; 2027-07-01/?: 5 USD"]

    apply(checked(organization, editor, [line], headings=BOTH), editor)

    program = Program.objects.get()
    assert budgets(program) == [(*Y26, Decimal(400_000), "USD"), (*Y27, Decimal("450000.50"), "EUR")]
    assert payments(program) == [
        (date(2027, 1, 1), date(2027, 6, 30), Decimal(1_200_000), "USD"),
        (date(2027, 7, 1), None, Decimal(5), "USD"),
    ]
    assert outcomes(checked(organization, editor, [line], headings=BOTH)) == ["unchanged"]


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("500000", "planned_entry"),
        ("2027 500000 USD", "planned_entry"),
        ("next year: 5 USD", "planned_entry"),
        ("2027: 500000", "planned_currency"),
        ("2027: much USD", "number"),
        ("2027: 1.250 USD", "amount_ambiguous"),
        ("1800: 5 USD", "date_out_of_range"),
        ("2027-12-31/2027-01-01: 5 USD", "dates_in_order"),
    ],
)
def test_what_cannot_be_read_is_named_with_its_cell(
    organization: Organization, editor: User, cell: str, code: str
) -> None:
    job = checked(organization, editor, [[*row(), "", cell]], headings=BOTH)

    assert problems(job.rows.get()) == [(code, len(HEADINGS) + 1)]


def test_columns_of_years(organization: Organization, editor: User) -> None:
    headings = [*HEADINGS, "Planned 2027 (EUR)", "Desembolso previsto 2028", "Presupuesto 2026", "Notes 2027"]
    job = upload_file(organization, editor, [[*row(), "1,000", "2500", "3500", "x"]], headings=headings)
    assert job.columns[-4:] == ["planned_year", "planned_year", "budget_year", ""]

    apply(check(job, editor), editor)

    program = Program.objects.get()
    assert budgets(program) == [(*Y26, Decimal(3500), "USD")]
    assert payments(program) == [
        (*Y27, Decimal(1000), "EUR"), (date(2028, 1, 1), date(2028, 12, 31), Decimal(2500), "USD"),
    ]  # fmt: skip


def test_a_column_of_a_year_changes_that_year_alone(organization: Organization, editor: User) -> None:
    stored = (
        PlannedDisbursementData(Decimal(10), "USD", *Y26),
        PlannedDisbursementData(Decimal(20), "USD", *Y27, provider_id=organization.pk),
    )
    factories.program(organization, identifier="P-1", planned_disbursements=stored)
    headings = ["Identifier", "Planned 2026", "Planned 2027", "Currency"]

    job = checked(organization, editor, [["P-1", "", "25", "USD"]], headings=headings)
    assert job.rows.get().changes == [["planned_payments", "2026: 10 USD; 2027: 20 USD", "2026: 10 USD; 2027: 25 USD"]]
    apply(job, editor)

    program = Program.objects.get()
    assert payments(program) == [(*Y26, Decimal(10), "USD"), (*Y27, Decimal(25), "USD")]
    assert program.planned_disbursements.get(value=25).provider == organization
    undo(job, editor)
    assert payments(program) == [(*Y26, Decimal(10), "USD"), (*Y27, Decimal(20), "USD")]

    apply(checked(organization, editor, [["P-1", "-", "", ""]], headings=headings), editor)
    assert payments(program) == [(*Y27, Decimal(20), "USD")]


def test_a_year_that_a_longer_period_holds_is_refused(organization: Organization, editor: User) -> None:
    stored = (PlannedDisbursementData(Decimal(10), "USD", Y26[0], Y27[1]),)
    factories.program(organization, identifier="P-1", planned_disbursements=stored)

    job = checked(organization, editor, [["P-1", "25", "USD"]], headings=["Identifier", "Planned 2027", "Currency"])

    assert problems(job.rows.get()) == [("planned_otherwise", 1)]


def test_one_year_in_two_columns_is_refused(organization: Organization, editor: User) -> None:
    headings = [*HEADINGS, "Planned 2027", "Previsto 2027"]

    job = checked(organization, editor, [[*row(), "5", "6"]], headings=headings)

    assert problems(job.rows.get()) == [("year_twice", len(HEADINGS) + 1)]


def test_an_export_comes_back_unchanged(organization: Organization, editor: User) -> None:
    factories.program(
        organization,
        budgets=(
            BudgetData(Decimal("400000.25"), "USD", *Y26, 2, 2),
            BudgetData(Decimal(5), "HNL"),
            BudgetData(Decimal(5), "HNL", None, Y26[1]),
        ),
        planned_disbursements=(
            PlannedDisbursementData(Decimal(-3), "USD", date(2026, 2, 1), Y27[1], receiver_id=organization.pk),
            PlannedDisbursementData(Decimal(7), "USD", date(2026, 2, 1)),
            PlannedDisbursementData(Decimal(7), "USD", date(2026, 2, 1)),
        ),
    )
    before = Program.objects.get().version
    table = list(export.table(Program.objects.all(), "es"))
    cells = dict(zip(table[0], table[1], strict=True))
    assert cells["Presupuestos por año"] == "?/2026-12-31: 5 HNL; ?/?: 5 HNL; 2026: 400000.25 USD"
    assert list(csv.reader(io.StringIO(b"".join(csv_file(table)).decode("utf-8-sig"))))[1] == table[1]

    job = checked(organization, editor, table[1:], headings=table[0], language="es")

    assert outcomes(job) == ["unchanged"]
    assert Program.objects.get().version == before


@pytest.mark.parametrize(
    ("heading", "key"),
    [
        ("Planned 2027", "planned_year"),
        ("Planned disbursement 2027 (USD)", "planned_year"),
        ("2027 previsto (millones de US$)", "planned_year"),
        ("Budget 2027", "budget_year"),
        ("Presupuesto anual 2026", "budget_year"),
        ("Budget", "amount"),
        ("Planned 2026-2027", ""),
        ("Title 2027", ""),
    ],
)
def test_headings_of_years_are_guessed(heading: str, key: str) -> None:
    assert guess([heading], {}) == [key]
