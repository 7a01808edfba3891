"""What pictures of the region are drawn from: each question one statement over all programs that a reader may see."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import Q

from donors.models import Organization
from goals.codes import REGIONS_AROUND
from programs.codes import CARRYING_OUT, OUTGOING, OVER, SPENT, Role, Scope, TransactionType, sql_list
from programs.models import Participation, Program
from programs.overlap.models import Overlap
from programs.overlap.querysets import OverlapQuerySet, duplicate_reports
from programs.querysets import ANYWHERE, UNENDED, ProgramQuerySet

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from donors.models import User


def programs_counted(user: "User | AnonymousUser") -> ProgramQuerySet:
    """Programs that pictures and sums of the region are made of: visible, listed, within the goals."""
    return Program.objects.visible_to(user).listed().exclude(scope=Program.Scope.OUT_OF_SCOPE)


def programs_in_region(user: "User | AnonymousUser") -> ProgramQuerySet:
    """Of these, the ones for any of the seven countries or for Central America as a whole."""
    return programs_counted(user).in_country(ANYWHERE)


# Programs that the reader may see, once each; `twice` are duplicate reports of the same funds.
_SHOWN = """
WITH shown AS MATERIALIZED (
    SELECT p.*, p.id IN ({second}) AS twice FROM ({programs}) p
)"""
# Their goals and places with their shares: where a program states none, equal parts.
_SERVED = (
    _SHOWN
    + """, place AS (
    SELECT c.program_id, CASE WHEN k.in_carsi THEN k.code WHEN c.region_id IN {regions} THEN 'regional' END AS place,
        COALESCE(c.percentage, 100.0 / count(*) OVER (PARTITION BY c.program_id)) / 100 AS share
    FROM shown s JOIN programs_coverage c ON c.program_id = s.id LEFT JOIN goals_country k ON k.code = c.country_id
), served AS (
    SELECT s.*, g.goal_id AS goal, l.place, g.percentage / 100 * l.share AS share
    FROM shown s JOIN programs_programgoal g ON g.program_id = s.id
    JOIN place l ON l.program_id = s.id AND l.place IS NOT NULL
)
"""
)
# Each cell, each goal, each place, and all: a program of two goals or countries counts once in a total.
_CELLS = """
SELECT goal, place, count(DISTINCT id), COALESCE(sum(committed_usd * share) FILTER (WHERE NOT twice), 0),
    COALESCE(sum(disbursed_usd * share) FILTER (WHERE NOT twice), 0)
FROM served GROUP BY GROUPING SETS ((goal, place), (goal), (place), ())
"""
# The same of what a donor funds; money of several funders counts in equal parts.
_CELLS_OF_DONOR = """
SELECT goal, place, count(DISTINCT id), COALESCE(sum(committed_usd * share / funders) FILTER (WHERE NOT twice), 0),
    COALESCE(sum(disbursed_usd * share / funders) FILTER (WHERE NOT twice), 0)
FROM served JOIN LATERAL (
    SELECT count(*) AS funders FROM programs_participation f WHERE f.program_id = served.id AND f.role = {funding}
) f ON true GROUP BY GROUPING SETS ((goal, place), (goal), (place), ())
"""
# What each organization funds; money in equal parts, countries of the seven.
_FUNDED = """
SELECT f.organization_id, count(DISTINCT s.id),
    COALESCE(sum(s.committed_usd / f.funders) FILTER (WHERE NOT s.twice), 0),
    COALESCE(sum(s.disbursed_usd / f.funders) FILTER (WHERE NOT s.twice), 0)
FROM shown s JOIN (
    SELECT program_id, organization_id, count(*) OVER (PARTITION BY program_id) AS funders
    FROM programs_participation WHERE role = {funding}
) f ON f.program_id = s.id GROUP BY 1
"""
_FUNDED_COUNTRIES = """
SELECT f.organization_id, count(DISTINCT c.country_id)
FROM shown s JOIN programs_participation f ON f.program_id = s.id AND f.role = {funding}
JOIN programs_coverage c ON c.program_id = s.id JOIN goals_country k ON k.code = c.country_id AND k.in_carsi GROUP BY 1
"""
# Programs of today and later that nobody cancelled; `unended` are carried out still, whatever their planned end.
_RUNNING = """
SELECT goal, place, count(DISTINCT id), COALESCE(sum(committed_usd * share) FILTER (WHERE NOT twice), 0)
FROM served WHERE (period && daterange(%s, NULL) OR unended) AND status IS DISTINCT FROM 5 GROUP BY goal, place
"""
_DONORS = """
SELECT s.goal, s.place, f.organization_id, count(DISTINCT s.id)
FROM served s JOIN programs_participation f ON f.program_id = s.id AND f.role = {funding}
WHERE (s.period && daterange(%s, NULL) OR s.unended) AND s.status IS DISTINCT FROM 5
GROUP BY s.goal, s.place, f.organization_id
"""
_AREAS = """
SELECT COALESCE(a.parent_id, a.code) AS area, count(DISTINCT s.id),
    COALESCE(sum(s.committed_usd * l.share) FILTER (WHERE NOT s.twice), 0)
FROM shown s JOIN (
    SELECT program_id, area_id,
        COALESCE(percentage, 100.0 / count(*) OVER (PARTITION BY program_id)) / 100 AS share
    FROM programs_programlocation WHERE area_id IS NOT NULL
) l ON l.program_id = s.id JOIN goals_area a ON a.code = l.area_id
GROUP BY 1
"""
_YEARS_BY_GOAL = """
SELECT s.goal, extract(year FROM t.date)::int,
    COALESCE(sum(t.value_usd * s.share) FILTER (WHERE t.type = {commitment}), 0),
    COALESCE(sum(t.value_usd * s.share) FILTER (WHERE t.type IN {spent}), 0)
FROM served s JOIN programs_transaction t ON t.program_id = s.id
WHERE NOT s.twice AND t.type IN {moved} AND t.date >= %s AND t.date < %s GROUP BY 1, 2
"""
_YEARS_BY_DONOR = """
SELECT f.organization_id, extract(year FROM t.date)::int,
    COALESCE(sum(t.value_usd / f.funders) FILTER (WHERE t.type = {commitment}), 0),
    COALESCE(sum(t.value_usd / f.funders) FILTER (WHERE t.type IN {spent}), 0)
FROM shown s JOIN (
    SELECT program_id, organization_id, count(*) OVER (PARTITION BY program_id) AS funders
    FROM programs_participation WHERE role = {funding}
) f ON f.program_id = s.id JOIN programs_transaction t ON t.program_id = s.id
WHERE NOT s.twice AND t.type IN {moved} AND t.date >= %s AND t.date < %s GROUP BY 1, 2
"""
# For each program that ends: programs of the same goal in the same place that go on after its last day, and are neither
# closed nor cancelled.
_GOING_ON = """
SELECT e.id, count(DISTINCT o.id), (array_agg(DISTINCT o.id))[1:3]
FROM shown e
JOIN programs_programgoal eg ON eg.program_id = e.id JOIN place ep ON ep.program_id = e.id AND ep.place IS NOT NULL
JOIN programs_programgoal og ON og.goal_id = eg.goal_id
JOIN place op ON op.program_id = og.program_id AND op.place = ep.place
JOIN shown o ON o.id = og.program_id AND o.id <> e.id AND o.period @> upper(e.period)
    AND COALESCE(o.status, 0) NOT IN {over}
WHERE e.id = ANY(%s) GROUP BY e.id
"""

# Pairs for the region, by the goal and the place that both programs share; the total is of all of them.
_OVERLAPS = """
WITH place AS (
    SELECT c.program_id, CASE WHEN k.in_carsi THEN k.code ELSE 'regional' END AS place
    FROM programs_coverage c LEFT JOIN goals_country k ON k.code = c.country_id
    WHERE k.in_carsi OR c.region_id IN {regions}
), pair AS MATERIALIZED (
    SELECT p.id, p.left_id, p.right_id FROM ({pairs}) p
    WHERE EXISTS (SELECT FROM place WHERE program_id = p.left_id)
    AND EXISTS (SELECT FROM place WHERE program_id = p.right_id)
), at AS (
    SELECT p.id, a.place FROM pair p JOIN place a ON a.program_id = p.left_id
    JOIN place b ON b.program_id = p.right_id AND b.place = a.place
), serving AS (
    SELECT p.id, a.goal_id AS goal FROM pair p JOIN programs_programgoal a ON a.program_id = p.left_id
    JOIN programs_programgoal b ON b.program_id = p.right_id AND b.goal_id = a.goal_id
)
SELECT goal, place, count(DISTINCT id) FROM at JOIN serving USING (id) GROUP BY 1, 2
UNION ALL SELECT NULL, place, count(DISTINCT id) FROM at GROUP BY 2
UNION ALL SELECT goal, NULL, count(DISTINCT id) FROM serving GROUP BY 1
UNION ALL SELECT NULL, NULL, count(*) FROM pair
"""
_TOTALS = """
SELECT count(*), count(*) FILTER (WHERE scope = '{undetermined}'),
    (SELECT count(DISTINCT f.organization_id) FROM shown f_s JOIN programs_participation f
        ON f.program_id = f_s.id AND f.role = {funding}),
    COALESCE(sum(committed_usd) FILTER (WHERE NOT twice), 0), COALESCE(sum(committed_usd) FILTER (WHERE twice), 0),
    count(*) FILTER (WHERE twice)
FROM shown
"""

_REGIONS = sql_list(REGIONS_AROUND)
_CODES = {
    "funding": Role.FUNDING.value,
    "carrying_out": sql_list(CARRYING_OUT),
    "commitment": TransactionType.COMMITMENT.value,
    "spent": sql_list(SPENT),
    "moved": sql_list(OUTGOING),
    "over": sql_list(OVER),
    "undetermined": Scope.UNDETERMINED.value,
}

Cells = dict[tuple[int | None, str | None], tuple[int, Decimal, Decimal]]


def _ask(
    programs: ProgramQuerySet, user: "User | AnonymousUser", statement: str, *params: Any
) -> list[tuple[Any, ...]]:
    columns = programs.order_by().values(
        "id", "committed_usd", "disbursed_usd", "period", "scope", "status", unended=Q(UNENDED)
    )
    shown, of_programs = columns.query.sql_with_params()
    second, of_second = duplicate_reports(user).order_by().query.sql_with_params()
    sql = statement.format(programs=shown, second=second, regions=_REGIONS, **_CODES)
    return _rows(sql, *of_second, *of_programs, *params)


def _rows(sql: str, *params: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


def cells(user: "User") -> Cells:
    """(goal, column) -> programs, and their committed and disbursed US dollars by their shares; None is any."""
    return _cells(_ask(programs_counted(user), user, _SERVED + _CELLS))


def cells_of_donor(user: "User", donor: Organization) -> Cells:
    """The same of what the donor funds; money in equal parts with the other funders of a program."""
    return _cells(_ask(programs_counted(user).funded_by(donor), user, _SERVED + _CELLS_OF_DONOR))


def _cells(rows: list[tuple[Any, ...]]) -> Cells:
    return {(goal, place): (programs, usd, moved) for goal, place, programs, usd, moved in rows}


def overlaps(pairs: OverlapQuerySet) -> dict[tuple[int | None, str | None], int]:
    """(goal, column) -> how many of these pairs share both; with None, the one that is named; (None, None) is all."""
    found, params = pairs.order_by().values("id", "left_id", "right_id").query.sql_with_params()
    rows = _rows(_OVERLAPS.format(pairs=found, regions=_REGIONS), *params)
    return {(goal, place): number for goal, place, number in rows}


@dataclass(frozen=True)
class Funded:
    """What an organization funds, or carries out: programs, in how many of the seven countries, and its part of their
    US dollars."""

    programs: int = 0
    countries: int = 0
    committed_usd: Decimal = Decimal(0)
    disbursed_usd: Decimal = Decimal(0)


def funded(user: "User", only: Collection[int] | None = None) -> dict[int, Funded]:
    """Organization -> what it funds of what the reader may see, of all or `only` of these; two statements.

    A program of several funders counts for each in equal parts; duplicate reports of the same funds are left out.
    """
    programs = programs_counted(user)
    if only is not None:
        funding = Participation.objects.filter(organization__in=only, role=Participation.Role.FUNDING)
        programs = programs.filter(pk__in=funding.values("program"))
    countries = dict(_ask(programs, user, _SHOWN + _FUNDED_COUNTRIES))
    rows = _ask(programs, user, _SHOWN + _FUNDED)
    return {
        pk: Funded(number, countries.get(pk, 0), usd, moved)
        for pk, number, usd, moved in rows
        if only is None or pk in only
    }


@dataclass(frozen=True)
class Totals:
    """The region in figures; money in US dollars, with what was left out as a duplicate report of the same funds.

    `undetermined` are programs among these whose goals nobody knows: they stand in no row of the matrix.
    """

    programs: int
    undetermined: int
    donors: int
    committed_usd: Decimal
    left_out_usd: Decimal
    left_out_programs: int
    open_overlaps: int


def totals(user: "User") -> Totals:
    """The region in figures for what `user` may see: two statements."""
    (row,) = _ask(programs_in_region(user), user, _SHOWN + _TOTALS)
    return Totals(*row, open_overlaps=Overlap.objects.visible_to(user).open().in_country(ANYWHERE).count())


def running(user: "User | AnonymousUser", today: dt.date) -> dict[tuple[int, str], tuple[int, Decimal]]:
    """Goal and column -> programs of today and later, not cancelled, and their committed US dollars by shares."""
    return {
        (goal, place): (programs, usd)
        for goal, place, programs, usd in _ask(programs_counted(user), user, _SERVED + _RUNNING, today)
    }


def donors_running(user: "User", today: dt.date) -> list[tuple[int, str, int, int]]:
    """(goal, column, organization, programs of today and later that it funds there)."""
    return _ask(programs_counted(user), user, _SERVED + _DONORS, today)  # type: ignore[return-value]


def areas(user: "User") -> dict[str, tuple[int, Decimal]]:
    """Area -> its programs, and their committed US dollars by the shares of their areas."""
    return {area: (programs, usd) for area, programs, usd in _ask(programs_in_region(user), user, _SHOWN + _AREAS)}


Years = dict[int, dict[int, tuple[Decimal, Decimal]]]


def years_by_goal(user: "User", first: int, last: int) -> Years:
    """Goal -> year -> US dollars committed, and disbursed or spent, by the date of the transaction."""
    return _by_year(
        _ask(programs_counted(user), user, _SERVED + _YEARS_BY_GOAL, dt.date(first, 1, 1), dt.date(last + 1, 1, 1))
    )


def years_by_donor(user: "User", first: int, last: int) -> Years:
    """The same by donor; a program of several funders counts for each in equal parts."""
    return _by_year(
        _ask(programs_in_region(user), user, _SHOWN + _YEARS_BY_DONOR, dt.date(first, 1, 1), dt.date(last + 1, 1, 1))
    )


def _by_year(rows: list[tuple[Any, ...]]) -> Years:
    found: Years = {}
    for key, year, committed, disbursed in rows:
        found.setdefault(key, {})[year] = (committed, disbursed)
    return found


def going_on(user: "User", programs: list[int]) -> dict[int, tuple[int, list[int]]]:
    """Program -> how many others of its goals and places go on after it, and three of them."""
    if not programs:
        return {}
    return {pk: (count, some) for pk, count, some in _ask(programs_counted(user), user, _SERVED + _GOING_ON, programs)}


# What each organization carries out, as the implementing or the extending one; money in equal parts among these.
_CARRYING = (
    _SHOWN
    + """, carrying AS (
    SELECT d.*, count(*) OVER (PARTITION BY program_id) AS bodies FROM (
        SELECT DISTINCT program_id, organization_id FROM programs_participation WHERE role IN {carrying_out}
    ) d
)
"""
)
_CARRIED_OUT = """
SELECT c.organization_id, count(*), COALESCE(sum(s.committed_usd / c.bodies) FILTER (WHERE NOT s.twice), 0),
    COALESCE(sum(s.disbursed_usd / c.bodies) FILTER (WHERE NOT s.twice), 0)
FROM shown s JOIN carrying c ON c.program_id = s.id GROUP BY 1
"""
_CARRIED_OUT_COUNTRIES = """
SELECT c.organization_id, count(DISTINCT k.code)
FROM shown s JOIN carrying c ON c.program_id = s.id
JOIN programs_coverage p ON p.program_id = s.id JOIN goals_country k ON k.code = p.country_id AND k.in_carsi GROUP BY 1
"""


def carried_out(user: "User", only: Collection[int] | None = None) -> dict[int, Funded]:
    """Organization -> what it carries out of what the reader may see, of all or `only` of these; two statements."""
    programs = programs_counted(user)
    if only is not None:
        taking_part = Participation.objects.filter(organization__in=only, role__in=CARRYING_OUT)
        programs = programs.filter(pk__in=taking_part.values("program"))
    countries = dict(_ask(programs, user, _CARRYING + _CARRIED_OUT_COUNTRIES))
    rows = _ask(programs, user, _CARRYING + _CARRIED_OUT)
    return {
        pk: Funded(number, countries.get(pk, 0), usd, moved)
        for pk, number, usd, moved in rows
        if only is None or pk in only
    }
