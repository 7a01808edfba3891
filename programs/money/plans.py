"""What is planned for each year, so that every dollar is in a sum once: a program and its parts, and who pays whom.

Each year is counted by itself: what a whole plans for a year and its parts plan for it too is counted in the parts.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db import connection

from core.money import UsdSum, to_cent
from programs.codes import OVER, sql_list
from programs.models import PlannedDisbursement, PlannedYear
from programs.money.families import Link, count_once, without_circles
from programs.services.planned import OF_PAYMENT, Line, planned_years

# Program, year and currency ("" for US dollars) -> amount.
Plans = dict[tuple[int, int, str], Decimal]
# Rows between programs: whole, part, who says so, committed and disbursed US dollars that were passed on.
Row = Sequence[Any]
_OF_TRANSACTIONS = (1, 2)
DOLLARS = ""
# After `shown`, and `funded` where there is one: what each program counts of what it plans for the years from the first
# to the last. Of what is over nothing is planned from this year on.
_PLANNED = """
planned AS (
    SELECT y.program_id, y.year::int AS year, a.currency, COALESCE(o.amount, a.amount) AS amount
    FROM shown s JOIN programs_plannedyear y ON y.program_id = s.id CROSS JOIN LATERAL (
        SELECT '' AS currency, y.usd AS amount WHERE y.usd IS NOT NULL
        UNION ALL SELECT e.key, e.value::numeric FROM jsonb_each_text(y.left_out) e
    ) a LEFT JOIN unnest(%s::bigint[], %s::int[], %s::text[], %s::numeric[]) AS o(program_id, year, currency, amount)
        ON o.program_id = y.program_id AND o.year = y.year AND o.currency = a.currency
    WHERE NOT s.twice AND y.year BETWEEN %s AND %s AND (y.year < %s OR COALESCE(s.status, 0) NOT IN [over])
)"""
PLANNED = _PLANNED.replace("[over]", sql_list(OVER))
_PASSED = """
WITH shown AS MATERIALIZED (SELECT id, identifier FROM ({programs}) p)
SELECT d.program_id, b.id, {columns}
FROM programs_planneddisbursement d JOIN shown a ON a.id = d.program_id
JOIN shown b ON b.identifier = d.receiver_activity AND b.id <> a.id WHERE d.receiver_activity <> ''
"""


def plans_once(rows: Iterable[Row], committed: Mapping[int, Decimal | None], seen: Any, first: Any) -> Plans:
    """What counts of what programs plan, where that is not what they plan: four queries at most.

    `rows` are links between programs that the reader may see (`seen`), `committed` is what these state, `first` gives
    the program that has the money of a duplicate report. How much of a part's planned money a program gives that pays
    it: as its planned payments to that activity say; else as much of it as of the part's commitments.
    """
    if not PlannedYear.objects.exists():
        return {}
    paid = _paid(seen, first)
    links = list(rows)
    ends = {(whole, part) for whole, part, *_said in links} | set(paid)
    plans = _stated({pk for pair in ends for pk in pair}) if ends else {}
    joined = _joined(ends, {pk for amounts in plans.values() for pk in amounts})
    shares = _shares(links, committed)
    found: Plans = {}
    for (year, currency), own in plans.items():
        of_year = [
            Link(
                whole, part, _passed(own.get(part), shares.get((whole, part)), paid.get((whole, part)), year, currency)
            )
            for whole, part in sorted(joined)
        ]
        counted = count_once(own, without_circles(of_year, own)).counts
        found |= {(pk, year, currency): amount for pk, amount in counted.items() if amount != own[pk]}
    return found


def _passed(
    planned: Decimal | None,
    share: Decimal | None,
    paid: Mapping[tuple[int, str], Decimal] | None,
    year: int,
    currency: str,
) -> Decimal | None:
    """How much of what a part plans for the year its whole gives; None: all of it."""
    if paid is not None and (year, currency) in paid:
        return paid[year, currency]
    return None if share is None or planned is None else to_cent(planned * share)


def _paid(seen: Any, first: Any) -> dict[tuple[int, int], dict[tuple[int, str], Decimal]]:
    """(giver, receiver) -> (year, currency) -> what the giver plans to pay to the receiver's activity."""
    if not PlannedDisbursement.objects.exclude(receiver_activity="").exists():
        return {}
    programs, params = seen.values("id", "identifier").query.sql_with_params()
    columns = ", ".join(f"d.{column}" for column in OF_PAYMENT)
    lines: dict[tuple[int, int], list[Line]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(_PASSED.format(programs=programs, columns=columns), params)
        for giver, receiver, *line in cursor.fetchall():
            lines[first(giver), first(receiver)].append(Line(*line))
    found: dict[tuple[int, int], dict[tuple[int, str], Decimal]] = {}
    for (giver, receiver), payments in lines.items():
        if giver != receiver:
            years = planned_years([], payments)
            amounts = {(year, DOLLARS): one.usd for year, one in years.items() if one.usd is not None}
            others = {(year, code): value for year, one in years.items() for code, value in one.left_out.items()}
            found[giver, receiver] = amounts | others
    return found


def _stated(programs: Collection[int]) -> dict[tuple[int, str], dict[int, Decimal]]:
    """(year, currency) -> program -> what it plans."""
    found: dict[tuple[int, str], dict[int, Decimal]] = defaultdict(dict)
    rows = PlannedYear.objects.filter(program__in=list(programs)).order_by()
    for program, year, usd, left_out in rows.values_list("program_id", "year", "usd", "left_out"):
        if usd is not None:
            found[year, DOLLARS][program] = usd
        for currency, value in left_out.items():
            found[year, currency][program] = Decimal(value)
    return found


def _joined(ends: Collection[tuple[int, int]], planning: Collection[int]) -> set[tuple[int, int]]:
    """The links of families in which at least two programs plan anything: all others count what they plan."""
    head: dict[int, int] = {}

    def of(program: int) -> int:
        while (above := head.setdefault(program, program)) != program:
            head[program] = head[above]
            program = above
        return program

    for whole, part in ends:
        head[of(whole)] = of(part)
    planned: dict[int, int] = defaultdict(int)
    for program in planning:
        planned[of(program)] += 1
    return {pair for pair in ends if pair[0] != pair[1] and planned[of(pair[0])] > 1}


def _shares(links: Iterable[Row], committed: Mapping[int, Decimal | None]) -> dict[tuple[int, int], Decimal]:
    """How much of a part's commitments its whole gave, as transactions say; none where all of it is the whole's."""
    found: dict[tuple[int, int], Decimal] = {}
    parts: set[tuple[int, int]] = set()
    for whole, part, said_by, *amounts in sorted(links, key=lambda row: tuple(row[:3])):
        if said_by not in _OF_TRANSACTIONS:
            parts.add((whole, part))
            continue
        passed, stated = next((amount for amount in amounts if amount), None), committed.get(part)
        if (whole, part) not in parts and (whole, part) not in found and passed and stated and stated > 0:
            found[whole, part] = min(Decimal(1), max(Decimal(0), passed / stated))
    return found


def as_columns(plans: Mapping[tuple[int, int, str], Decimal]) -> tuple[list[Any], ...]:
    """As `PLANNED` takes them: programs, years, currencies, amounts."""
    rows = [(*key, amount) for key, amount in plans.items()]
    return tuple(map(list, zip(*rows, strict=True))) if rows else ([], [], [], [])


def by_year(rows: Iterable[Sequence[Any]]) -> dict[tuple[Any, ...], dict[int, UsdSum]]:
    """Rows of (key …, year, currency, amount) as key -> year -> US dollars, with what they leave out."""
    found: dict[tuple[Any, ...], dict[int, UsdSum]] = defaultdict(dict)
    for *key, year, currency, amount in rows:
        more = UsdSum(0, {currency: amount}) if currency else UsdSum(amount)
        found[tuple(key)][year] = found[tuple(key)].get(year, UsdSum(0)) + more
    return found
