"""What a program's transactions and budgets come to, in US dollars."""

from collections.abc import Iterable
from decimal import Decimal

from programs.models import Budget, Program, Transaction

Basis = Program.CommittedBasis
MOVED = (Transaction.Type.DISBURSEMENT, Transaction.Type.EXPENDITURE)


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


def set_sums(program: Program, transactions: Moves, budgets: Budgets) -> None:
    """Sets the program's sums in US dollars on the row, unsaved.

    Committed is the sum of the commitments; where none is stated, of the budgets (a revised budget replaces the
    original of its period); where there is none either, of what has moved. Amounts without a known rate are left
    out; a sum of nothing but such amounts is null.
    """
    transactions = list(transactions)
    committed = [usd for kind, usd in transactions if kind == Transaction.Type.COMMITMENT]
    moved = [usd for kind, usd in transactions if kind in MOVED]
    budgeted = [] if committed else _budgets_that_count(budgets)
    for basis, amounts in (
        (Basis.COMMITMENTS, committed),
        (Basis.BUDGETS, budgeted),
        (Basis.DISBURSED, moved),
        (Basis.NONE, []),
    ):
        if amounts or basis == Basis.NONE:
            program.committed_basis = basis
            program.committed_usd = _sum(amounts)
            break
    program.disbursed_usd = _sum(moved)


def _budgets_that_count(budgets: Budgets) -> list[Decimal | None]:
    by_period: dict[tuple[object, object], dict[int, list[Decimal | None]]] = {}
    for start, end, kind, usd in budgets:
        by_period.setdefault((start, end), {}).setdefault(kind, []).append(usd)
    counted: list[Decimal | None] = []
    for kinds in by_period.values():
        counted += kinds.get(Budget.Type.REVISED) or kinds[Budget.Type.ORIGINAL]
    return counted


def _sum(amounts: Iterable[Decimal | None]) -> Decimal | None:
    known = [amount for amount in amounts if amount is not None]
    return sum(known, Decimal(0)) if known else None
