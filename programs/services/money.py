"""What a program's transactions and budgets come to, in US dollars."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from programs.codes import SPENT, BudgetType, TransactionType
from programs.models import Program

Basis = Program.CommittedBasis

# A transaction's type and worth in US dollars; a budget's period, type and worth.
Moves = Iterable[tuple[int, Decimal | None]]
Budgets = Iterable[tuple[object, object, int, Decimal | None]]


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
    original of its period); where there is none either, of what was spent. Amounts without a known rate are left
    out; a sum of nothing but such amounts is None.
    """
    transactions = list(transactions)
    committed = [usd for kind, usd in transactions if kind == TransactionType.COMMITMENT]
    spent = [usd for kind, usd in transactions if kind in SPENT]
    budgeted = [] if committed else _budgets_that_count(budgets)
    stated = ((Basis.COMMITMENTS, committed), (Basis.BUDGETS, budgeted), (Basis.DISBURSED, spent))
    basis, amounts = next(((basis, amounts) for basis, amounts in stated if amounts), (Basis.NONE, []))
    return Sums(basis, _sum(amounts), _sum(spent))


def set_sums(program: Program, transactions: Moves, budgets: Budgets) -> None:
    """Sets the program's sums in US dollars on the row, unsaved."""
    sums = sums_of(transactions, budgets)
    program.committed_basis, program.committed_usd, program.disbursed_usd = sums.basis, sums.committed, sums.disbursed


def _budgets_that_count(budgets: Budgets) -> list[Decimal | None]:
    by_period: dict[tuple[object, object], dict[int, list[Decimal | None]]] = {}
    for start, end, kind, usd in budgets:
        by_period.setdefault((start, end), {}).setdefault(kind, []).append(usd)
    counted: list[Decimal | None] = []
    for kinds in by_period.values():
        counted += kinds.get(BudgetType.REVISED) or kinds[BudgetType.ORIGINAL]
    return counted


def _sum(amounts: Iterable[Decimal | None]) -> Decimal | None:
    known = [amount for amount in amounts if amount is not None]
    return sum(known, Decimal(0)) if known else None
