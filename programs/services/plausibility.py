"""What a program may say and probably does not mean: one table of rules, for every way in.

A rule finds values that are possible but unlikely. A person confirms them, and that is recorded; a draft needs none.
docs/plausibility.md is printed from the table.
"""

import hashlib
import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.errors import NeedsConfirmation, ToConfirm
from goals.money import RateTable
from programs.codes import SPENT, BudgetType, CommittedBasis
from programs.services.data import BudgetData, PlannedDisbursementData, ProgramData, TransactionData
from programs.services.money import Sums, is_same_period, sums_of

Params = dict[str, str]
Planned = BudgetData | PlannedDisbursementData
Money = TransactionData | Planned
# Confirms whatever there is.
EVERYTHING = frozenset({"*"})
NOTHING: frozenset[str] = frozenset()

# No program of citizen safety in the region comes near: the largest loans of the development banks are of some
# hundred millions of dollars.
LARGEST_USD = Decimal(1_000_000_000)
# Of a currency without a known rate; 1,000,000,000 dollars are less than this in any that is used in the region.
LARGEST_UNCONVERTED = Decimal(10_000_000_000_000)
FIRST_LIKELY, LAST_LIKELY = date(1990, 1, 1), date(2100, 12, 31)
# More was spent than committed: by so many times, and by more than rounding and rates explain.
SPENT_OVER_COMMITTED, LEAST_OVER_USD = 2, Decimal(100_000)
# A payment may be planned for some months after the end, for what is still open then.
LONG_AFTER_END = timedelta(days=365)
# Where it is tomorrow already, what happened there today is no error.
A_DAY = timedelta(days=1)

DATES = ("planned_start", "planned_end", "actual_start", "actual_end")


@dataclass(frozen=True)
class Stated:
    """What the rules look at: the program, its money with its worth in US dollars (None: no known rate), the day."""

    data: ProgramData
    transactions: tuple[tuple[TransactionData, Decimal | None], ...]
    budgets: tuple[tuple[BudgetData, Decimal | None], ...]
    payments: tuple[tuple[PlannedDisbursementData, Decimal | None], ...]
    sums: Sums
    today: date


@dataclass(frozen=True)
class Rule:
    """A row of the table: a code that stays, what it looks for, the sentence with the values, and what finds them:
    (field of ProgramData, values) of each."""

    code: str
    about: Promise
    sentence: Promise
    find: Callable[[Stated], Iterable[tuple[str, Params]]]


@dataclass(frozen=True)
class DataWarning:
    """A value that a rule found."""

    code: str
    field: str
    params: Mapping[str, str]

    @property
    def key(self) -> str:
        """The same for the same value: another amount must be confirmed again."""
        said = json.dumps([self.field, *sorted(self.params.items())])
        return f"{self.code}:{hashlib.sha256(said.encode()).hexdigest()[:16]}"

    @property
    def sentence(self) -> str:
        """In the active language."""
        return sentence_of(self.code, self.params)

    def is_confirmed_by(self, confirmed: Collection[str]) -> bool:
        """Whether one of the codes or keys that a person confirmed is this one's."""
        return self.code in confirmed or self.key in confirmed or set(confirmed) >= EVERYTHING

    def to_confirm(self) -> ToConfirm:
        return ToConfirm(self.code, self.field, self.sentence, self.key)


def sentence_of(code: str, params: Mapping[str, str]) -> str:
    """What a warning says in the active language. A rule that is no more is named by its code."""
    rule = RULES.get(code)
    return str(rule.sentence) % params if rule else code


def _money(value: Decimal, currency: str) -> str:
    text = f"{value:,.2f}".removesuffix(".00")
    return f"{text} {currency}"


def _large_amounts(stated: Stated) -> Iterator[tuple[str, Params]]:
    amounts: list[tuple[str, Money, Decimal | None]] = [
        *(("transactions", row, usd) for row, usd in stated.transactions),
        *(("budgets", row, usd) for row, usd in stated.budgets),
        *(("planned_disbursements", row, usd) for row, usd in stated.payments),
    ]
    for field, row, usd in amounts:
        if abs(usd) > LARGEST_USD if usd is not None else abs(row.value) > LARGEST_UNCONVERTED:
            yield field, {"amount": _money(row.value, row.currency)}


def _spent_in_future(stated: Stated) -> Iterator[tuple[str, Params]]:
    for row, _usd in stated.transactions:
        if row.type in SPENT and row.date is not None and row.date > stated.today + A_DAY:
            yield "transactions", {"amount": _money(row.value, row.currency), "date": str(row.date)}


def _happened_in_future(stated: Stated) -> Iterator[tuple[str, Params]]:
    for field in ("actual_start", "actual_end"):
        day: date | None = getattr(stated.data, field)
        if day is not None and day > stated.today + A_DAY:
            yield field, {"date": str(day)}


def _unlikely_dates(stated: Stated) -> Iterator[tuple[str, Params]]:
    days: list[tuple[str, date | None]] = [(field, getattr(stated.data, field)) for field in DATES]
    for row, _usd in stated.transactions:
        days += [("transactions", row.date)]
    for line, _usd in stated.budgets:
        days += [("budgets", line.period_start), ("budgets", line.period_end)]
    for payment, _usd in stated.payments:
        days += [("planned_disbursements", day) for day in (payment.period_start, payment.period_end)]
    # An amount without a date has that of the program's start: the same day is asked about once.
    first_of = {day: field for field, day in reversed(days) if day is not None}
    for day, field in first_of.items():
        if not FIRST_LIKELY <= day <= LAST_LIKELY:
            yield field, {"date": str(day)}


def _end_before_start(stated: Stated) -> Iterator[tuple[str, Params]]:
    for first, last in (("planned_start", "planned_end"), ("actual_start", "actual_end")):
        start, end = getattr(stated.data, first), getattr(stated.data, last)
        if start and end and end < start:
            yield last, {"start": str(start), "end": str(end)}


def _revised_for_part_of_it(stated: Stated) -> Iterator[tuple[str, Params]]:
    """A revised budget that overlaps an original whose period it does not have: both count."""
    for params in _revised_for_part([row for row, _usd in stated.budgets]):
        yield "budgets", params


def _payment_revised_for_part_of_it(stated: Stated) -> Iterator[tuple[str, Params]]:
    """The same of planned payments between the same parties."""
    between: dict[tuple[int | None, int | None], list[PlannedDisbursementData]] = {}
    for row, _usd in stated.payments:
        between.setdefault((row.provider_id, row.receiver_id), []).append(row)
    for rows in between.values():
        for params in _revised_for_part(rows):
            yield "planned_disbursements", params


def _revised_for_part(rows: Sequence[Planned]) -> Iterator[Params]:
    originals = [row for row in rows if row.type == BudgetType.ORIGINAL]
    for row in rows:
        if row.type != BudgetType.REVISED:
            continue
        period = (row.period_start, row.period_end)
        if any(is_same_period((one.period_start, one.period_end), period) for one in originals):
            continue
        for one in originals:
            if _overlap(one, row):
                yield {"revised": _span(row), "original": _span(one)}


def _planned_after_end(stated: Stated) -> Iterator[tuple[str, Params]]:
    end = stated.data.actual_end or stated.data.planned_end
    for row, _usd in stated.payments:
        if end is not None and row.period_start is not None and row.period_start > end + LONG_AFTER_END:
            params = {"amount": _money(row.value, row.currency), "date": str(row.period_start), "end": str(end)}
            yield "planned_disbursements", params


def _overlap(one: Planned, other: Planned) -> bool:
    if not (one.period_start and one.period_end and other.period_start and other.period_end):
        return False
    return one.period_start <= other.period_end and other.period_start <= one.period_end


def _span(row: Planned) -> str:
    return f"{row.period_start} – {row.period_end}"


def _spent_above_committed(stated: Stated) -> Iterator[tuple[str, Params]]:
    sums = stated.sums
    if sums.basis != CommittedBasis.COMMITMENTS or sums.committed is None or sums.disbursed is None:
        return
    over = sums.disbursed - sums.committed
    if sums.disbursed > sums.committed * SPENT_OVER_COMMITTED and over > LEAST_OVER_USD:
        yield (
            "transactions",
            {"spent": _money(sums.disbursed, "USD"), "committed": _money(sums.committed, "USD")},
        )


def _below_zero(stated: Stated) -> Iterator[tuple[str, Params]]:
    for field, total in (("transactions", stated.sums.disbursed), ("transactions", stated.sums.committed)):
        if total is not None and total < 0:
            yield field, {"amount": _money(total, "USD")}


RULES: dict[str, Rule] = {
    rule.code: rule
    for rule in (
        Rule(
            "amount_very_large",
            _("A transaction, budget or planned payment of more than 1,000,000,000 US dollars"),
            _("The amount %(amount)s is larger than that of any program of this kind. Check its digits and its "
              "currency."),
            _large_amounts,
        ),
        Rule(
            "spent_in_future",
            _("A disbursement or expenditure dated after today"),
            _("%(amount)s is recorded as spent on %(date)s, which is in the future. Check the date, or record it as a "
              "commitment."),
            _spent_in_future,
        ),
        Rule(
            "happened_in_future",
            _("An actual start or end after today"),
            _("The actual date %(date)s is in the future. Check it, or state it as a planned date."),
            _happened_in_future,
        ),
        Rule(
            "date_unlikely",
            _("A date before 1990 or after 2100"),
            _("The date %(date)s is before 1990 or after 2100. Check the year."),
            _unlikely_dates,
        ),
        Rule(
            "end_before_start",
            _("An end before its start (the form, the API and spreadsheets reject it)"),
            _("The end (%(end)s) is before the start (%(start)s)."),
            _end_before_start,
        ),
        Rule(
            "revised_budget_overlaps",
            _("A revised budget for another period than the original that it overlaps (more than 7 days apart)"),
            _("The revised budget for %(revised)s overlaps the original for %(original)s. Both are counted: if one "
              "replaces the other, give both the same period."),
            _revised_for_part_of_it,
        ),
        Rule(
            "revised_payment_overlaps",
            _("A revised planned payment for another period than the original between the same parties that it "
              "overlaps (more than 7 days apart)"),
            _("The revised planned payment for %(revised)s overlaps the original for %(original)s. Both are counted: "
              "if one replaces the other, give both the same period."),
            _payment_revised_for_part_of_it,
        ),
        Rule(
            "planned_after_end",
            _("A planned payment that begins more than a year after the program ends"),
            _("The payment of %(amount)s is planned for %(date)s, but the program ends on %(end)s. Check both dates."),
            _planned_after_end,
        ),
        Rule(
            "spent_above_committed",
            _("More than twice as much spent as committed, and over 100,000 US dollars more"),
            _("%(spent)s is spent, but only %(committed)s is committed. Check the amounts."),
            _spent_above_committed,
        ),
        Rule(
            "sum_below_zero",
            _("Commitments or spending that add up to less than 0"),
            _("The amounts add up to %(amount)s, which is less than 0. Check the signs."),
            _below_zero,
        ),
    )
}  # fmt: skip


def warnings_about(data: ProgramData, rates: RateTable, *, today: date | None = None) -> list[DataWarning]:
    """All that the rules find in a program, each value once. No query, but for the rates at the first amount."""
    transactions = tuple((row, _usd(rates, row, row.value_date or row.date)) for row in data.transactions)
    budgets = tuple((row, _usd(rates, row, row.value_date or row.period_start)) for row in data.budgets)
    payments = tuple((row, _usd(rates, row, row.value_date or row.period_start)) for row in data.planned_disbursements)
    sums = sums_of(
        [(row.type, usd, row.currency, row.value) for row, usd in transactions],
        [(row.period_start, row.period_end, row.type, usd, row.currency, row.value) for row, usd in budgets],
    )
    stated = Stated(data, transactions, budgets, payments, sums, today or timezone.localdate())
    found = {
        warning.key: warning
        for rule in RULES.values()
        for field, params in rule.find(stated)
        if (warning := DataWarning(rule.code, field, params))
    }
    return list(found.values())


def _usd(rates: RateTable, row: Money, on: date | None) -> Decimal | None:
    dollars = rates.to_usd(row.value, row.currency, on)
    return dollars.value if dollars else None


def newly_confirmed(
    found: Iterable[DataWarning], known: Collection[str], confirmed: Collection[str], *, asks: bool
) -> list[DataWarning]:
    """Of what the rules found, what `confirmed` (codes or keys) confirms and was not confirmed before (`known`, keys).

    NeedsConfirmation where something is left and somebody `asks`.
    """
    new = [warning for warning in found if warning.key not in known]
    left = [warning for warning in new if not warning.is_confirmed_by(confirmed)]
    if left and asks:
        raise NeedsConfirmation([warning.to_confirm() for warning in left])
    return [warning for warning in new if warning.is_confirmed_by(confirmed)]
