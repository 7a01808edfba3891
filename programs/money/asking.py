"""Asks the database for sums of programs, each counted once."""

from collections.abc import Collection
from decimal import Decimal
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.models import Q
from django.utils import timezone

from core.money import UsdSum
from programs.codes import Role
from programs.models import Participation, PlannedYear
from programs.money.once import Once
from programs.money.plans import as_columns, by_year
from programs.money.sql import SHOWN, ask, asked_of
from programs.querysets import UNENDED, ProgramQuerySet

COLUMNS = (
    "id", "committed_usd", "disbursed_usd", "committed_left_out", "disbursed_left_out", "period", "scope", "status",
)  # fmt: skip
_SUMS = asked_of("SELECT sum(committed_usd), sum(disbursed_usd) FROM shown", SHOWN)
# What is summed in place of US dollars to learn what a sum leaves out: the amounts in one currency that no rate is
# known for. The same statement sums them: shares and what counts once are as in the sum itself.
_IN_A_CURRENCY = """
SELECT id, (committed_left_out ->> '{currency}')::numeric AS committed_usd,
    (disbursed_left_out ->> '{currency}')::numeric AS disbursed_usd, period, scope, status, unended
FROM ({programs}) q WHERE committed_left_out ? '{currency}' OR disbursed_left_out ? '{currency}'
"""
_WORTH_IN_DOLLARS = "t.value_usd"
_WORTH_IN_A_CURRENCY = "CASE WHEN t.value_usd IS NULL AND t.currency = '{currency}' THEN t.value END"


def ask_of(
    programs: ProgramQuerySet, once: Once, statement: str, *params: Any, currency: str = "", **codes: Any
) -> list[tuple[Any, ...]]:
    """The rows of a statement that begins with the tables of programs/money/sql.py, `shown` first.

    `codes` fill its names in braces, `params` what stands after these tables; {worth} is a transaction's (`t`) amount.
    With a `currency`, its sums are of the amounts in it that no rate is known for.
    """
    columns = programs.order_by().values(*COLUMNS, unended=Q(UNENDED))
    try:
        shown, of_programs = columns.query.sql_with_params()
    except EmptyResultSet:
        # Nothing can be among these, and Django writes no statement that says so.
        nothing = programs.model._default_manager.filter(pk=0).values(*COLUMNS, unended=Q(UNENDED))
        shown, of_programs = nothing.query.sql_with_params()
    worth = _WORTH_IN_DOLLARS
    if currency:
        shown = _IN_A_CURRENCY.format(programs=shown, currency=currency)
        worth = _WORTH_IN_A_CURRENCY.format(currency=currency)
    counted = (once.in_currency(currency) if currency else once).columns
    inherited = once.inherited if " inherited AS " in statement else ()
    plans = as_columns(once.plans) if "planned AS (" in statement else ()
    asked = statement.format(programs=shown, worth=worth, **codes)
    return ask(asked, *counted, *of_programs, *inherited, *plans, *params)


def planned_of(
    programs: ProgramQuerySet, once: Once, statement: str, years: tuple[int, int], *params: Any, **codes: Any
) -> dict[tuple[Any, ...], dict[int, UsdSum]]:
    """Key -> year -> what is planned for it, of the first of `years` to the last: a statement with the table `planned`
    (programs/money/plans.py) before all that `params` are for, whose rows are key, year, currency and amount.

    Of what is over nothing is planned from today's year on. Where nobody plans anything the statement is not asked.
    """
    if not PlannedYear.objects.filter(year__range=years).exists():
        return {}
    bounds = (*years, timezone.localdate().year)
    return by_year(ask_of(programs, once, statement, *bounds, *params, **codes))


def sums_of(
    programs: ProgramQuerySet,
    once: Once,
    statement: str,
    *params: Any,
    keys: int,
    sums: Collection[int],
    **codes: Any,
) -> list[tuple[Any, ...]]:
    """The rows of a statement, whose first columns `keys` name a row; its columns `sums` carry what they leave out.

    A statement, a look for programs that leave something out, and the statement once more for each currency found.
    """
    rows = {row[:keys]: row for row in ask_of(programs, once, statement, *params, **codes)}
    left_out: dict[tuple[Any, ...], dict[int, dict[str, Decimal]]] = {}
    for currency in programs.currencies_left_out():
        for row in ask_of(programs, once, statement, *params, currency=currency, **codes):
            rows.setdefault(row[:keys], tuple(Decimal(0) if n in sums else value for n, value in enumerate(row)))
            for column in sums:
                left_out.setdefault(row[:keys], {}).setdefault(column, {})[currency] = row[column] or Decimal(0)
    return [
        tuple(
            UsdSum(value, left_out.get(key, {}).get(column)) if column in sums and value is not None else value
            for column, value in enumerate(row)
        )
        for key, row in rows.items()
    ]


def sums_of_shown(programs: ProgramQuerySet, once: Once) -> tuple[Decimal | None, Decimal | None]:
    """Committed, and disbursed or spent, of these programs in US dollars; None where nothing is stated."""
    ((committed, disbursed),) = sums_of(programs, once, _SUMS, keys=0, sums=(0, 1))
    return committed, disbursed


def money_from(programs: ProgramQuerySet, donors: Collection[int], once: Once) -> ProgramQuerySet:
    """Of the programs, those that any of the donors (ids) funds, or whose money comes from it by way of others."""
    stated = Participation.objects.filter(organization__in=donors, role=Role.FUNDING)
    by_way = [program for program, shares in once.funders.items() if any(one in shares for one in donors)]
    return programs.filter(Q(pk__in=stated.values("program")) | Q(pk__in=by_way))
