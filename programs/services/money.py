"""What a program's transactions and budgets come to, in US dollars."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from programs.codes import SPENT, BudgetType, TransactionType
from programs.models import Program

Basis = Program.CommittedBasis

# A transaction's type and worth in US dollars; a budget's period, type and worth.
Moves = Iterable[tuple[int, Decimal | None]]
Budgets = Iterable[tuple[date | None, date | None, int, Decimal | None]]
Period = tuple[date | None, date | None]
# A revised budget whose first and last days are as near to those of an original is for the same period.
SAME_PERIOD_DAYS = 7


def refresh_money(program: Program) -> None:
    """Writes the program's sums in US dollars from its stored transactions and budgets (two queries and an update)."""
    set_sums(
        program,
        program.transactions.values_list("type", "value_usd"),
        program.budgets.values_list("period_start", "period_end", "type", "value_usd"),
    )
    Program.objects.filter(pk=program.pk).update(
        committed_basis=program.committed_basis,
        committed_usd=program.committed_usd,
        disbursed_usd=program.disbursed_usd,
    )


@dataclass(frozen=True)
class Sums:
    """Committed and disbursed US dollars, None where nothing with a known rate is stated; and what committed sums."""

    basis: str
    committed: Decimal | None
    disbursed: Decimal | None


def sums_of(transactions: Moves, budgets: Budgets) -> Sums:
    """What a program's money comes to.

    Committed is the sum of the commitments; where none is stated, of the budgets (a revised budget replaces the
    original of its period, or of one that differs by a few days); where there is none either, of what was spent.
    Commitments that are all 0 state none where a budget does. Amounts without a known rate are left out; a sum of
    nothing but such amounts is None.
    """
    transactions = list(transactions)
    committed = [usd for kind, usd in transactions if kind == TransactionType.COMMITMENT]
    spent = [usd for kind, usd in transactions if kind in SPENT]
    budgeted = [] if any(usd != 0 for usd in committed) else _budgets_that_count(budgets)
    if any(budgeted):
        committed = []
    stated = ((Basis.COMMITMENTS, committed), (Basis.BUDGETS, budgeted), (Basis.DISBURSED, spent))
    basis, amounts = next(((basis, amounts) for basis, amounts in stated if amounts), (Basis.NONE, []))
    return Sums(basis, _sum(amounts), _sum(spent))


def set_sums(program: Program, transactions: Moves, budgets: Budgets) -> None:
    """Sets the program's sums in US dollars on the row, unsaved."""
    sums = sums_of(transactions, budgets)
    program.committed_basis, program.committed_usd, program.disbursed_usd = sums.basis, sums.committed, sums.disbursed


def _budgets_that_count(budgets: Budgets) -> list[Decimal | None]:
    """All but the originals that a revised budget replaces."""
    budgets = list(budgets)
    revised = {(start, end) for start, end, kind, _usd in budgets if kind == BudgetType.REVISED}
    return [
        usd
        for start, end, kind, usd in budgets
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


def _sum(amounts: Iterable[Decimal | None]) -> Decimal | None:
    known = [amount for amount in amounts if amount is not None]
    return sum(known, Decimal(0)) if known else None
