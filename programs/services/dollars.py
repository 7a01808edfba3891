"""Renews what is stored in US dollars after exchange rates changed: in parts, each its own transaction.

A part locks its programs, as saving does, and reads what it changes after that: nothing that somebody saves at the same
time is lost, and no page waits for longer than a part takes. Nothing says what is due: the jobs look at every program
with money in a currency whose rate is not fixed by law, and write what differs; they may be stopped and run again.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.db import transaction
from django.db.models import Max
from django.dispatch import Signal
from django.utils import timezone
from redis.exceptions import RedisError

from core.jobs import request_job
from goals.models import RateChange
from goals.money import FIXED_BY_LAW, RateTable
from programs.models import Budget, PlannedDisbursement, Program, Transaction
from programs.services.money import SUMS, set_sums
from programs.services.planned import OF_BUDGET, OF_PAYMENT, Line, differing_years, planned_rows, write_planned

A_PART, PARTS_A_JOB = 200, 25
TASK = "programs.renew_dollars"
MONEY: tuple[Any, ...] = (Transaction, Budget, PlannedDisbursement)
# What pictures of the region are remembered by holds it: see programs/money/memory.py.
EDITION = "dollars-edition"

# Sent with `ids` after each part: programs whose sums in US dollars changed.
dollars_renewed = Signal()


@dataclass(frozen=True)
class Renewed:
    """How many programs of these parts changed, and the id after which a next job goes on; None: all are done."""

    changed: int
    after: int | None


def ask_to_renew(**_signal: Any) -> None:
    """Asks the workers to renew what is stored in US dollars, once the transaction is committed."""
    request_job(TASK)


def renew_dollars(after: int = 0, change: int | None = None) -> Renewed:
    """Converts the stored money of the next programs again where the table of rates says otherwise.

    Asks for a further job for those that follow; and for one over all, where a rate changed since the first of these
    jobs began (`change` is the latest that it knew).
    """
    latest = _latest_change()
    change = latest if change is None else change
    changed = 0
    for _part in range(PARTS_A_JOB):
        part = list(Program.objects.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:A_PART])
        if not part:
            if latest != change:
                request_job(TASK)
            break
        after = part[-1]
        differing = _differing(part)
        renewed = _renew(differing) if differing else []
        changed += len(renewed)
        if renewed:
            _new_edition()
            dollars_renewed.send(sender=renew_dollars, ids=renewed)
    else:
        request_job(TASK, after, change or 0)
        return Renewed(changed, after)
    return Renewed(changed, None)


def _latest_change() -> int:
    return RateChange.objects.aggregate(latest=Max("pk"))["latest"] or 0


def _rows(model: Any, ids: Collection[int]) -> list[Any]:
    return list(model._default_manager.filter(program__in=ids).order_by("pk"))


def _differing(part: list[int]) -> list[int]:
    """Of these programs, the ones with a row, a sum or a planned year that the table of rates now gives another worth;
    and those whose planned years nobody worked out yet, as the release before wrote them."""
    in_other = {
        pk
        for model in MONEY
        for pk in model._default_manager.filter(program__in=part)
        .exclude(currency__in=FIXED_BY_LAW)
        .order_by()
        .values_list("program_id", flat=True)
    }
    plans = {
        pk
        for model in (Budget, PlannedDisbursement)
        for pk in model._default_manager.filter(program__in=part).order_by().values_list("program_id", flat=True)
    }
    if not (ids := in_other | plans):
        return []
    rates = RateTable()
    found = set()
    money = {pk: _Money() for pk in ids}
    for model in MONEY:
        for row in _rows(model, ids):
            if _converts(row, rates):
                found.add(row.program_id)
            money[row.program_id].of[model].append(row)
    for program in Program.objects.filter(pk__in=ids - found).defer("search", "description"):
        before = [getattr(program, column) for column in SUMS]
        _sum(program, money[program.pk])
        if before != [getattr(program, column) for column in SUMS]:
            found.add(program.pk)
    found |= differing_years({pk: money[pk].planned_rows() for pk in ids - found})
    return sorted(found)


@transaction.atomic
def _renew(ids: list[int]) -> list[int]:
    """Locks these programs in the order of their ids, converts their money, and sums it; those whose sums, or what they
    plan by year, changed."""
    rates = RateTable()
    programs = {
        one.pk: one
        for one in Program.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=ids).order_by("pk")
    }
    money = {pk: _Money() for pk in programs}
    for model in MONEY:
        rows = _rows(model, list(programs))
        differing = [row for row in rows if _converts(row, rates)]
        model._default_manager.bulk_update(differing, ["value_usd", "rate_month"])
        for row in rows:
            money[row.program_id].of[model].append(row)
    changed = []
    for pk, program in programs.items():
        before = [getattr(program, column) for column in SUMS]
        _sum(program, money[pk])
        if before != [getattr(program, column) for column in SUMS]:
            changed.append(program)
    Program.objects.bulk_update(changed, SUMS)
    replanned = write_planned({pk: money[pk].planned_rows() for pk in programs})
    return sorted({program.pk for program in changed} | replanned)


class _Money:
    """The rows of one program's money."""

    def __init__(self) -> None:
        self.of: dict[Any, list[Any]] = {model: [] for model in MONEY}

    def planned_rows(self) -> list[dict[str, Any]]:
        """What it plans by year."""
        budgets, payments = (
            [Line(*(getattr(row, column) for column in columns)) for row in self.of[model]]
            for model, columns in ((Budget, OF_BUDGET), (PlannedDisbursement, OF_PAYMENT))
        )
        return planned_rows(budgets, payments)


def _converts(row: Any, rates: RateTable) -> bool:
    """Sets on the row what it is worth at the rates of today; whether that is another worth than it had."""
    dollars = rates.to_usd(row.value, row.currency, row.converted_on)
    worth = (dollars.value, dollars.rate_month) if dollars else (None, None)
    before = (row.value_usd, row.rate_month)
    row.value_usd, row.rate_month = worth
    return before != worth


def _sum(program: Program, money: _Money) -> None:
    set_sums(
        program,
        [(row.type, row.value_usd, row.currency, row.value) for row in money.of[Transaction]],
        [
            (row.period_start, row.period_end, row.type, row.value_usd, row.currency, row.value)
            for row in money.of[Budget]
        ],
    )


def _new_edition() -> None:
    """Has pictures that are remembered made again, for everybody."""
    try:
        cache.set(EDITION, timezone.now().isoformat(), None)
    except (RedisError, OSError):
        return
