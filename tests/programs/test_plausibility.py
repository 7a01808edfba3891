"""Which values of a program are unlikely, row by row of the table, and what its money comes to."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation

from goals.money import RateTable
from programs.services import BudgetData, PlannedDisbursementData, ProgramData, TransactionData
from programs.services.money import is_same_period, sums_of
from programs.services.plausibility import RULES, DataWarning, sentence_of, warnings_about
from tools.print_plausibility import PAGE, page

TODAY = date(2026, 11, 29)
PLAIN = ProgramData(
    reporting_org_id=1,
    identifier="A-1",
    planned_start=date(2024, 1, 1),
    planned_end=date(2026, 12, 31),
    transactions=(TransactionData(2, Decimal(1_000_000), "USD", date(2024, 1, 1)),),
)
COMMITMENT, SPENT = 2, 3
ORIGINAL, REVISED = 1, 2


def move(kind: int, value: int, day: str = "2024-03-01") -> TransactionData:
    return TransactionData(kind, Decimal(value), "USD", date.fromisoformat(day))


def budget(kind: int, value: int, start: str, end: str) -> BudgetData:
    return BudgetData(Decimal(value), "USD", date.fromisoformat(start), date.fromisoformat(end), kind)


def payment(kind: int, value: int, start: str, end: str, receiver: int | None = None) -> PlannedDisbursementData:
    period = (date.fromisoformat(start), date.fromisoformat(end))
    return PlannedDisbursementData(Decimal(value), "USD", *period, kind, receiver_id=receiver)


YEAR = ("2024-01-01", "2024-12-31")
HALF = ("2024-01-01", "2024-06-30")
# Rule -> what it finds: the field it names, and what a program says.
FOUND: list[tuple[str, str, dict[str, Any]]] = [
    ("amount_very_large", "transactions", {"transactions": (move(COMMITMENT, 10**14),)}),
    ("amount_very_large", "transactions", {"transactions": (move(COMMITMENT, 1_000_000_001),)}),
    ("amount_very_large", "budgets", {"budgets": (budget(ORIGINAL, 10**10, *YEAR),)}),
    ("amount_very_large", "budgets", {"budgets": (budget(ORIGINAL, -(10**10), *YEAR),)}),
    ("spent_in_future", "transactions", {"transactions": (move(COMMITMENT, 9), move(SPENT, 5, "2099-03-01"))}),
    ("spent_in_future", "transactions", {"transactions": (move(COMMITMENT, 9), move(4, 5, "2026-12-01"))}),
    ("happened_in_future", "actual_start", {"actual_start": date(2026, 12, 1)}),
    ("happened_in_future", "actual_end", {"actual_end": date(2099, 1, 1)}),
    ("date_unlikely", "planned_start", {"planned_start": date(1989, 12, 31)}),
    ("date_unlikely", "planned_end", {"planned_end": date(2101, 1, 1)}),
    ("date_unlikely", "transactions", {"transactions": (move(COMMITMENT, 9, "1909-01-01"),)}),
    ("date_unlikely", "budgets", {"budgets": (budget(ORIGINAL, 9, "1924-01-01", "1924-12-31"),)}),
    ("end_before_start", "planned_end", {"planned_end": date(2023, 12, 31)}),
    ("end_before_start", "actual_end", {"actual_start": date(2024, 2, 1), "actual_end": date(2024, 1, 31)}),
    (
        "revised_budget_overlaps",
        "budgets",
        {"budgets": (budget(ORIGINAL, 10, *YEAR), budget(REVISED, 15, "2024-01-01", "2024-06-30"))},
    ),
    (
        "revised_budget_overlaps",
        "budgets",
        {"budgets": (budget(ORIGINAL, 10, *YEAR), budget(REVISED, 15, "2024-01-09", "2024-12-31"))},
    ),
    ("amount_very_large", "planned_disbursements", {"planned_disbursements": (payment(ORIGINAL, 10**10, *YEAR),)}),
    (
        "date_unlikely",
        "planned_disbursements",
        {"planned_disbursements": (payment(ORIGINAL, 9, "1924-01-01", "1924-12-31"),)},
    ),
    (
        "revised_payment_overlaps",
        "planned_disbursements",
        {"planned_disbursements": (payment(ORIGINAL, 10, *YEAR, 3), payment(REVISED, 15, *HALF, 3))},
    ),
    (
        "planned_after_end",
        "planned_disbursements",
        {"planned_disbursements": (payment(ORIGINAL, 10, "2028-01-01", "2028-06-30"),)},
    ),
    ("spent_above_committed", "transactions", {"transactions": (move(COMMITMENT, 100_000), move(SPENT, 200_001))}),
    ("sum_below_zero", "transactions", {"transactions": (move(COMMITMENT, -5),)}),
    ("sum_below_zero", "transactions", {"transactions": (move(COMMITMENT, 9), move(SPENT, -5))}),
]
NOT_FOUND: list[dict[str, Any]] = [
    {},
    {"transactions": (move(COMMITMENT, 1_000_000_000),)},
    # Tomorrow, where it is tomorrow already; and what is only promised.
    {"transactions": (move(COMMITMENT, 9), move(SPENT, 5, "2026-11-30")), "actual_start": date(2026, 11, 30)},
    {"transactions": (move(COMMITMENT, 9, "2030-01-01"),)},
    {"planned_start": date(1990, 1, 1), "planned_end": date(2100, 12, 31)},
    {"planned_start": None, "planned_end": None},
    {"planned_end": PLAIN.planned_start},
    {"budgets": (budget(ORIGINAL, 10, *YEAR), budget(REVISED, 15, "2024-01-01", "2024-12-30"))},
    {"budgets": (budget(ORIGINAL, 10, *YEAR), budget(REVISED, 15, "2025-01-01", "2025-06-30"))},
    {"budgets": (budget(REVISED, 15, "2025-01-01", "2025-06-30"),)},
    # What is paid to others is no part of it.
    {"planned_disbursements": (payment(ORIGINAL, 10, *YEAR, 3), payment(REVISED, 15, *HALF, 4))},
    {"planned_disbursements": (payment(ORIGINAL, 10, "2027-12-31", "2028-06-30"),)},
    {"transactions": (move(COMMITMENT, 100_000), move(SPENT, 200_000))},
    {"transactions": (move(COMMITMENT, 1_000), move(SPENT, 9_000))},
    {"transactions": (move(SPENT, 9_000_000),)},
    {"transactions": (move(COMMITMENT, 9), move(COMMITMENT, -5))},
]


def found_in(**fields: Any) -> list[DataWarning]:
    return warnings_about(replace(PLAIN, **fields), RateTable(), today=TODAY)


@pytest.mark.parametrize(("code", "field", "fields"), FOUND)
def test_a_rule_finds_what_is_unlikely(code: str, field: str, fields: dict[str, Any]) -> None:
    warnings = found_in(**fields)

    assert (code, field) in {(one.code, one.field) for one in warnings}
    assert {one.code for one in warnings} <= {code, "sum_below_zero"}


@pytest.mark.parametrize("fields", NOT_FOUND)
def test_what_programs_really_say_is_not_asked_about(fields: dict[str, Any]) -> None:
    assert found_in(**fields) == []


def test_every_rule_is_tried() -> None:
    assert {code for code, _field, _fields in FOUND} == set(RULES)


@pytest.mark.parametrize(("code", "field", "fields"), FOUND)
def test_the_sentence_holds_the_values_in_both_languages(code: str, field: str, fields: dict[str, Any]) -> None:
    warning = next(one for one in found_in(**fields) if one.code == code)

    english = warning.sentence
    with translation.override("es"):
        spanish = warning.sentence
    assert english != spanish
    assert all(value in english and value in spanish for value in warning.params.values())


def test_another_value_is_another_key_and_the_same_value_the_same() -> None:
    one, same, other = (found_in(transactions=(move(COMMITMENT, value),))[0].key for value in (10**14, 10**14, 10**15))

    assert one == same != other
    assert one.startswith("amount_very_large:")


def test_the_same_value_twice_is_asked_about_once() -> None:
    assert len(found_in(transactions=(move(COMMITMENT, 10**14),) * 2)) == 1


def test_a_rule_that_is_no_more_is_named() -> None:
    assert sentence_of("gone", {"x": "1"}) == "gone"


@pytest.mark.django_db
def test_an_amount_counts_by_its_worth() -> None:
    def of(value: int, currency: str) -> list[str]:
        row = TransactionData(COMMITMENT, Decimal(value), currency, date(2024, 3, 1))
        return [one.code for one in found_in(transactions=(row,))]

    assert of(2_500_000_000, "MXN") == []  # 150 million dollars
    assert of(10**12, "MXN") == ["amount_very_large"]
    # Of a currency without a rate by its number alone.
    assert of(10**13, "VES") == []
    assert of(10**14, "VES") == ["amount_very_large"]


D = Decimal


@pytest.mark.parametrize(
    ("moves", "budgets", "basis", "committed"),
    [
        # A revised budget replaces the original of its period, also where that differs by a few days at either end.
        ([], [(*YEAR, ORIGINAL, D(10)), (*YEAR, REVISED, D(15))], "budgets", 15),
        ([], [(*YEAR, ORIGINAL, D(10)), ("2024-01-01", "2024-12-30", REVISED, D(15))], "budgets", 15),
        ([], [(*YEAR, ORIGINAL, D(10)), ("2024-01-08", "2025-01-07", REVISED, D(15))], "budgets", 15),
        ([], [(*YEAR, ORIGINAL, D(10)), ("2024-01-09", "2024-12-31", REVISED, D(15))], "budgets", 25),
        ([], [("2024-01-01", None, ORIGINAL, D(10)), ("2024-01-02", None, REVISED, D(15))], "budgets", 15),
        ([], [(*YEAR, ORIGINAL, D(10)), ("2024-01-01", None, REVISED, D(15))], "budgets", 25),
        ([], [(None, None, ORIGINAL, D(10)), (None, None, REVISED, D(15))], "budgets", 15),
        ([], [(*YEAR, ORIGINAL, D(10)), ("2025-01-01", "2025-12-31", REVISED, D(15))], "budgets", 25),
        # Commitments of 0 hide no budget, and are 0 where there is none.
        ([(COMMITMENT, D(0))], [(*YEAR, ORIGINAL, D(10))], "budgets", 10),
        ([(COMMITMENT, D(0)), (COMMITMENT, D(0))], [(*YEAR, ORIGINAL, D(10))], "budgets", 10),
        ([(COMMITMENT, D(0))], [], "commitments", 0),
        ([(COMMITMENT, D(0))], [(*YEAR, ORIGINAL, D(0))], "commitments", 0),
        ([(COMMITMENT, D(0)), (SPENT, D(7))], [], "commitments", 0),
        # Commitments that were cancelled are none that was never entered; one without a rate hides the budget.
        ([(COMMITMENT, D(5)), (COMMITMENT, D(-5))], [(*YEAR, ORIGINAL, D(10))], "commitments", 0),
        ([(COMMITMENT, None)], [(*YEAR, ORIGINAL, D(10))], "commitments", None),
        ([(COMMITMENT, D(5))], [(*YEAR, ORIGINAL, D(10))], "commitments", 5),
    ],
)
def test_what_money_comes_to(
    moves: list[tuple[int, Decimal | None]], budgets: list[Any], basis: str, committed: int | None
) -> None:
    def day(text: str | None) -> date | None:
        return date.fromisoformat(text) if text else None

    sums = sums_of(
        [(kind, usd, "VES", D(3)) for kind, usd in moves],
        [(day(start), day(end), kind, usd, "VES", D(3)) for start, end, kind, usd in budgets],
    )

    assert (sums.basis, sums.committed) == (basis, committed)


def test_nothing_is_nothing_in_every_currency() -> None:
    dollars = RateTable().to_usd(Decimal(0), "XXX", None)

    assert dollars is not None
    assert dollars.value == 0


def test_periods_are_the_same_by_both_ends() -> None:
    assert is_same_period((date(2024, 1, 1), None), (date(2024, 1, 3), None))
    assert not is_same_period((date(2024, 1, 1), None), (date(2024, 1, 1), date(2024, 1, 3)))


def test_the_docs_print_the_table() -> None:
    assert PAGE.read_text() == page()
