"""Asks the database for sums of programs, each counted once."""

from collections.abc import Collection
from decimal import Decimal
from typing import Any

from django.db.models import Q

from programs.codes import Role
from programs.models import Participation
from programs.money.once import Once, ask
from programs.money.sql import SHOWN, asked_of
from programs.querysets import UNENDED, ProgramQuerySet

_SUMS = asked_of("SELECT sum(committed_usd), sum(disbursed_usd) FROM shown", SHOWN)


def ask_of(programs: ProgramQuerySet, once: Once, statement: str, *params: Any, **codes: Any) -> list[tuple[Any, ...]]:
    """The rows of a statement that begins with the tables of programs/money/sql.py, `shown` first.

    `codes` fill its names in braces, `params` what stands after these tables.
    """
    columns = programs.order_by().values(
        "id", "committed_usd", "disbursed_usd", "period", "scope", "status", unended=Q(UNENDED)
    )
    shown, of_programs = columns.query.sql_with_params()
    counted: tuple[Any, ...] = _counted(once)
    inherited = _inherited(once) if " inherited AS " in statement else ()
    return ask(statement.format(programs=shown, **codes), *counted, *of_programs, *inherited, *params)


def sums_of_shown(programs: ProgramQuerySet, once: Once) -> tuple[Decimal | None, Decimal | None]:
    """Committed, and disbursed or spent, of these programs in US dollars; None where nothing is stated."""
    ((committed, disbursed),) = ask_of(programs, once, _SUMS)
    return committed, disbursed


def money_from(programs: ProgramQuerySet, donors: Collection[int], once: Once) -> ProgramQuerySet:
    """Of the programs, those that any of the donors (ids) funds, or whose money comes from it by way of others."""
    stated = Participation.objects.filter(organization__in=donors, role=Role.FUNDING)
    by_way = [program for program, shares in once.funders.items() if any(one in shares for one in donors)]
    return programs.filter(Q(pk__in=stated.values("program")) | Q(pk__in=by_way))


def _counted(once: Once) -> tuple[list[Any], ...]:
    """What differs from what programs state, as columns: program, committed, disbursed, whether it is told twice."""
    programs = sorted({*once.committed, *once.disbursed, *once.twice})
    return (
        programs,
        [once.committed.get(program) for program in programs],
        [once.disbursed.get(program) for program in programs],
        [program in once.twice for program in programs],
    )


def _inherited(once: Once) -> tuple[list[Any], ...]:
    rows = [(program, one, share) for program, shares in once.funders.items() for one, share in shares.items()]
    return tuple(map(list, zip(*rows, strict=True))) if rows else ([], [], [])
