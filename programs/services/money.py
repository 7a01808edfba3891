"""What a program's transactions and budgets come to, in US dollars."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from core.money import Amount, LeftOut, as_json, total
from programs.codes import SPENT, BudgetType, TransactionType
from programs.models import Program

Basis = Program.CommittedBasis

# A transaction's type, worth in US dollars, currency and value; a budget's period, type and the same.
Move = tuple[int, Decimal | None, str, Decimal]
BudgetRow = tuple[date | None, date | None, int, Decimal | None, str, Decimal]
Moves = Iterable[Move]
Budgets = Iterable[BudgetRow]
Period = tuple[date | None, date | None]
# The columns that a row of money is summed from, and those of a program that hold the sums.
AMOUNT = ("value_usd", "currency", "value")
SUMS = ("committed_basis", "committed_usd", "disbursed_usd", "committed_left_out", "disbursed_left_out")
# A revised budget whose first and last days are as near to those of an original is for the same period.
SAME_PERIOD_DAYS = 7


def refresh_money(program: Program) -> None:
    """Writes the program's sums in US dollars from its stored transactions and budgets (two queries and an update)."""
    set_sums(
        program,
        program.transactions.values_list("type", *AMOUNT),
        program.budgets.values_list("period_start", "period_end", "type", *AMOUNT),
    )
    Program.objects.filter(pk=program.pk).update(**{column: getattr(program, column) for column in SUMS})


@dataclass(frozen=True)
class Sums:
    """Committed and disbursed US dollars, None where nothing with a known rate is stated; what committed sums; and
    what each leaves out, since no rate is known (currency -> amount)."""

    basis: str
    committed: Decimal | None
    disbursed: Decimal | None
    committed_left_out: LeftOut
    disbursed_left_out: LeftOut


def sums_of(transactions: Moves, budgets: Budgets) -> Sums:
    """What a program's money comes to.

    Committed is the sum of the commitments; where none is stated, of the budgets (a revised budget replaces the
    original of its period, or of one that differs by a few days); where there is none either, of what was spent.
    Commitments that are all 0 state none where a budget does. Amounts without a known rate are left out, and named;
    a sum of nothing but such amounts is None.
    """
    moves = [(kind, Amount(usd, currency, value)) for kind, usd, currency, value in transactions]
    committed = [amount for kind, amount in moves if kind == TransactionType.COMMITMENT]
    spent = [amount for kind, amount in moves if kind in SPENT]
    budgeted = [] if any(amount.usd != 0 for amount in committed) else _budgets_that_count(budgets)
    if any(amount.usd for amount in budgeted):
        committed = []
    stated = ((Basis.COMMITMENTS, committed), (Basis.BUDGETS, budgeted), (Basis.DISBURSED, spent))
    basis, amounts = next(((basis, amounts) for basis, amounts in stated if amounts), (Basis.NONE, []))
    sums, disbursed = total(amounts), total(spent)
    return Sums(basis, sums.usd, disbursed.usd, sums.left_out, disbursed.left_out)


def set_sums(program: Program, transactions: Moves, budgets: Budgets) -> None:
    """Sets the program's sums in US dollars on the row, unsaved."""
    sums = sums_of(transactions, budgets)
    program.committed_basis, program.committed_usd, program.disbursed_usd = sums.basis, sums.committed, sums.disbursed
    program.committed_left_out = as_json(sums.committed_left_out)
    program.disbursed_left_out = as_json(sums.disbursed_left_out)


def _budgets_that_count(budgets: Budgets) -> list[Amount]:
    """All but the originals that a revised budget replaces."""
    budgets = list(budgets)
    revised = {(start, end) for start, end, kind, *_amount in budgets if kind == BudgetType.REVISED}
    return [
        Amount(usd, currency, value)
        for start, end, kind, usd, currency, value in budgets
        if kind == BudgetType.REVISED or not any(is_same_period((start, end), period) for period in revised)
    ]


def is_same_period(one: Period, other: Period) -> bool:
    """Whether two budgets are for the same period: to the day, or but for a few days at either end."""
    if one == other:
        return True
    days = [
        abs((day - same).days) if day and same else (0 if day is same else None)
        for day, same in zip(one, other, strict=True)
    ]
    return all(apart is not None and apart <= SAME_PERIOD_DAYS for apart in days)
