"""What a program plans for each calendar year: its planned payments for that year, or else its budgets.

Of both a revised one replaces the original of its period (docs/money.md). Money of several years is divided by days, to
the cent. What has no date belongs to no year.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from core.money import Amount, LeftOut, as_json, divided, total
from programs.codes import BudgetType, PlannedBasis
from programs.models import Budget, PlannedDisbursement, PlannedYear
from programs.services.money import AMOUNT, is_same_period


class Line(NamedTuple):
    """A budget or a planned payment; of a payment also who pays and who is paid, None where it is not known."""

    start: date | None
    end: date | None
    type: int
    usd: Decimal | None
    currency: str
    value: Decimal
    provider: int | None = None
    receiver: int | None = None


# The columns of a line: of a budget, of a planned payment.
OF_BUDGET = ("period_start", "period_end", "type", *AMOUNT)
OF_PAYMENT = (*OF_BUDGET, "provider_id", "receiver_id")
# What PlannedYear keeps.
COLUMNS = ("year", "basis", "usd", "left_out")


@dataclass(frozen=True)
class Planned:
    """What is planned for a year: US dollars (None: nothing with a known rate), and what they leave out."""

    basis: PlannedBasis
    usd: Decimal | None
    left_out: LeftOut


def planned_years(budgets: Iterable[Line], payments: Iterable[Line]) -> dict[int, Planned]:
    """Year -> what is planned for it."""
    by_budgets, by_payments = _by_year(that_count(list(budgets))), _by_year(that_count(list(payments)))
    found = {}
    for year in sorted({*by_budgets, *by_payments}):
        # Payments that are all 0 hide no budget.
        is_paid = year not in by_budgets or any(amount.value for amount in by_payments.get(year, ()))
        sums = total(by_payments[year] if is_paid else by_budgets[year])
        if sums.usd is not None or sums.left_out:
            basis = PlannedBasis.PAYMENTS if is_paid else PlannedBasis.BUDGETS
            found[year] = Planned(basis, sums.usd, sums.left_out)
    return found


def that_count(lines: Sequence[Line]) -> list[Line]:
    """All but the originals that a revised one replaces: of the same period, and between the same parties as far as
    both name them."""
    revised = [line for line in lines if line.type == BudgetType.REVISED]
    return [
        line for line in lines if line.type == BudgetType.REVISED or not any(_replaces(one, line) for one in revised)
    ]


def _replaces(revised: Line, original: Line) -> bool:
    same = is_same_period((revised.start, revised.end), (original.start, original.end))
    parties = ((revised.provider, original.provider), (revised.receiver, original.receiver))
    return same and all(one == other or one is None or other is None for one, other in parties)


def _by_year(lines: Iterable[Line]) -> dict[int, list[Amount]]:
    found: dict[int, list[Amount]] = defaultdict(list)
    for line in lines:
        start, end = line.start or line.end, line.end or line.start
        if start is None or end is None or end < start:
            continue
        years = range(start.year, end.year + 1)
        days = [(min(end, date(year, 12, 31)) - max(start, date(year, 1, 1))).days + 1 for year in years]
        values = divided(line.value, days)
        dollars = [None] * len(days) if line.usd is None else divided(line.usd, days)
        for year, usd, value in zip(years, dollars, values, strict=True):
            found[year].append(Amount(usd, line.currency, value))
    return found


def planned_rows(budgets: Iterable[Line], payments: Iterable[Line]) -> list[dict[str, Any]]:
    """The rows of PlannedYear of a program, as columns."""
    return [
        {
            "year": year,
            "basis": planned.basis.value,
            "usd": planned.usd,
            "left_out": as_json(planned.left_out),
        }
        for year, planned in planned_years(budgets, payments).items()
    ]


def refresh_planned(program_id: int) -> None:
    """Writes what the program plans for each year from its stored rows, where it differs: three queries or five."""
    budgets = Budget.objects.filter(program=program_id).order_by().values_list(*OF_BUDGET)
    payments = PlannedDisbursement.objects.filter(program=program_id).order_by().values_list(*OF_PAYMENT)
    write_planned({program_id: planned_rows((Line(*row) for row in budgets), (Line(*row) for row in payments))})


def differing_years(wanted: Mapping[int, list[dict[str, Any]]]) -> set[int]:
    """The programs whose stored years are others than the wanted ones; a query."""
    if not wanted:
        return set()
    stored: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in PlannedYear.objects.filter(program__in=list(wanted)).order_by("year").values("program_id", *COLUMNS):
        stored[row.pop("program_id")].append(row)
    return {pk for pk, rows in wanted.items() if rows != stored[pk]}


def write_planned(wanted: Mapping[int, list[dict[str, Any]]]) -> set[int]:
    """Makes the stored years of these programs the wanted ones; the programs of which they were others. A query, and
    two more where something differs."""
    differing = differing_years(wanted)
    if differing:
        PlannedYear.objects.filter(program__in=differing).delete()
        PlannedYear.objects.bulk_create(
            PlannedYear(program_id=pk, **row) for pk in sorted(differing) for row in wanted[pk]
        )
    return differing
