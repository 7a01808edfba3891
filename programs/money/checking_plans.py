"""Proves of what is planned what programs/money/checking.py proves of what is committed."""

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.db.models import Max
from django.utils import timezone

from core.dates import FIRST_DATE, LAST_DATE
from core.money import CENT
from programs.models import Budget, PlannedDisbursement, PlannedYear, Program
from programs.money.asking import ask_of
from programs.money.once import Once
from programs.money.plans import PLANNED
from programs.money.sql import FUNDED, PLACED, SHOWN, asked_of
from programs.querysets import ProgramQuerySet
from programs.services.planned import OF_BUDGET, OF_PAYMENT, Line, differing_years, planned_rows

AT_ONCE = 5000
_WHOLE = asked_of("SELECT year, currency, sum(amount) FROM planned GROUP BY 1, 2", SHOWN, PLANNED)
# The whole, its parts by shares, and what has no share.
_PARTS = {
    "goals": asked_of(
        "SELECT year, currency, sum(amount * COALESCE(g.percentage / 100, 1)) FROM planned p "
        "LEFT JOIN programs_programgoal g ON g.program_id = p.program_id GROUP BY 1, 2",
        SHOWN,
        PLANNED,
    ),
    "places": asked_of(
        "SELECT year, currency, sum(amount * COALESCE(share, 1)) FROM planned p "
        "LEFT JOIN placed l ON l.program_id = p.program_id GROUP BY 1, 2",
        SHOWN,
        PLACED,
        PLANNED,
    ),
    "donors": asked_of(
        "SELECT year, currency, sum(part) FROM (SELECT year, currency, amount * share AS part FROM planned p "
        "JOIN funded f ON f.program_id = p.program_id UNION ALL "
        "SELECT year, currency, amount * (1 - COALESCE(known, 0)) FROM planned p LEFT JOIN (SELECT program_id, "
        "sum(share) AS known FROM funded GROUP BY 1) f ON f.program_id = p.program_id) q GROUP BY 1, 2",
        SHOWN,
        FUNDED,
        PLANNED,
    ),
}


def check_planned() -> list[str]:
    """What is wrong with what is stored of the years that programs plan for, against their budgets and payments."""
    wrong: set[int] = set()
    last = Program.objects.aggregate(last=Max("pk"))["last"] or 0
    for first in range(0, last + 1, AT_ONCE):
        wrong |= _differing(first, first + AT_ONCE)
    return [
        f"Program {pk}: what is stored of the years that it plans for is not what its rows say." for pk in sorted(wrong)
    ]


def _differing(first: int, end: int) -> set[int]:
    """Of the programs with an id from `first` to before `end`."""
    lines: dict[int, tuple[list[Line], list[Line]]] = defaultdict(lambda: ([], []))
    models: tuple[tuple[Any, tuple[str, ...]], ...] = ((Budget, OF_BUDGET), (PlannedDisbursement, OF_PAYMENT))
    for place, (model, columns) in enumerate(models):
        rows = model.objects.filter(program__gte=first, program__lt=end).order_by()
        for program, *line in rows.values_list("program_id", *columns):
            lines[program][place].append(Line(*line))
    for program in PlannedYear.objects.filter(program__gte=first, program__lt=end).values_list("program_id", flat=True):
        lines[program]  # one that has years, and nothing that they are made of
    return differing_years({program: planned_rows(*both) for program, both in lines.items()})


def wrong_plans(programs: ProgramQuerySet, once: Once) -> Iterator[str]:
    """What is wrong with a reader's sums of what is planned: a program that counts more than it plans, or sums by goal,
    place and donor that do not agree."""
    stated = {
        (pk, year): usd
        for pk, year, usd in PlannedYear.objects.filter(
            program__in={pk for pk, _year, _currency in once.plans}
        ).values_list("program_id", "year", "usd")
    }
    for (pk, year, currency), amount in once.plans.items():
        if not currency and not 0 <= amount <= (stated.get((pk, year)) or Decimal(0)):
            yield f"Program {pk} plans US$ {stated.get((pk, year))} for {year} and counts US$ {amount}."
    bounds = (FIRST_DATE.year, LAST_DATE.year, timezone.localdate().year)
    whole = {tuple(key): amount for *key, amount in ask_of(programs, once, _WHOLE, *bounds)}
    for what, statement in _PARTS.items():
        parts = {tuple(key): amount for *key, amount in ask_of(programs, once, statement, *bounds)}
        for year, currency in sorted(whole):
            together, apart = whole[year, currency], parts.get((year, currency), Decimal(0))
            if abs(apart - together) >= CENT:
                yield (
                    f"By {what} the programs plan {currency or 'US$'} {apart} for {year}, and together "
                    f"{currency or 'US$'} {together}."
                )
