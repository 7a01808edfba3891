"""What pictures of the region are drawn from: each question one statement over all programs that a reader may see."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeVar

from django.core.cache import cache
from django.db import connection
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import get_language
from redis.exceptions import RedisError

from programs.models import Program
from programs.overlap.models import Overlap
from programs.overlap.querysets import second_reports
from programs.querysets import REGIONS_AROUND
from programs.region.querysets import programs_in_region

if TYPE_CHECKING:
    from donors.models import User

# Programs that the reader may see, once each; `twice` are second reports of the same money. Coverages and goals with
# their shares: where a program states none, equal parts.
_SHOWN = """
WITH shown AS MATERIALIZED (
    SELECT p.id, p.committed_usd, p.disbursed_usd, p.period, p.id IN ({second}) AS twice
    FROM programs_program p WHERE p.id IN ({programs})
), place AS (
    SELECT c.program_id, CASE WHEN k.in_carsi THEN k.code WHEN c.region_id IN {regions} THEN 'regional' END AS place,
        COALESCE(c.percentage, 100.0 / count(*) OVER (PARTITION BY c.program_id)) / 100 AS share
    FROM programs_coverage c LEFT JOIN goals_country k ON k.code = c.country_id
), served AS (
    SELECT s.*, g.goal_id AS goal, l.place, g.percentage / 100 * l.share AS share
    FROM shown s JOIN programs_programgoal g ON g.program_id = s.id
    JOIN place l ON l.program_id = s.id AND l.place IS NOT NULL
)
"""
_RUNNING = """
SELECT goal, place, count(DISTINCT id), COALESCE(sum(committed_usd * share) FILTER (WHERE NOT twice), 0)
FROM served WHERE period && daterange(%s, NULL) GROUP BY goal, place
"""
_DONORS = """
SELECT s.goal, s.place, f.organization_id, count(DISTINCT s.id)
FROM served s JOIN programs_participation f ON f.program_id = s.id AND f.role = 1
WHERE s.period && daterange(%s, NULL) GROUP BY s.goal, s.place, f.organization_id
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
SELECT s.goal, extract(year FROM t.date)::int, COALESCE(sum(t.value_usd * s.share) FILTER (WHERE t.type = 2), 0),
    COALESCE(sum(t.value_usd * s.share) FILTER (WHERE t.type IN (3, 4)), 0)
FROM served s JOIN programs_transaction t ON t.program_id = s.id
WHERE NOT s.twice AND t.type IN (2, 3, 4) AND t.date >= %s AND t.date < %s GROUP BY 1, 2
"""
_YEARS_BY_DONOR = """
SELECT f.organization_id, extract(year FROM t.date)::int,
    COALESCE(sum(t.value_usd / f.funders) FILTER (WHERE t.type = 2), 0),
    COALESCE(sum(t.value_usd / f.funders) FILTER (WHERE t.type IN (3, 4)), 0)
FROM shown s JOIN (
    SELECT program_id, organization_id, count(*) OVER (PARTITION BY program_id) AS funders
    FROM programs_participation WHERE role = 1
) f ON f.program_id = s.id JOIN programs_transaction t ON t.program_id = s.id
WHERE NOT s.twice AND t.type IN (2, 3, 4) AND t.date >= %s AND t.date < %s GROUP BY 1, 2
"""
# For each program that ends: programs of the same goal in the same place that go on after its last day.
_GOING_ON = """
SELECT e.id, count(DISTINCT o.id), (array_agg(DISTINCT o.id))[1:3]
FROM shown e
JOIN programs_programgoal eg ON eg.program_id = e.id JOIN place ep ON ep.program_id = e.id AND ep.place IS NOT NULL
JOIN programs_programgoal og ON og.goal_id = eg.goal_id
JOIN place op ON op.program_id = og.program_id AND op.place = ep.place
JOIN shown o ON o.id = og.program_id AND o.id <> e.id AND o.period @> upper(e.period)
WHERE e.id = ANY(%s) GROUP BY e.id
"""

SECONDS_REMEMBERED = 300
T = TypeVar("T")


def _ask(user: "User", statement: str, *params: Any) -> list[tuple[Any, ...]]:
    programs, of_programs = programs_in_region(user).order_by().values("id").query.sql_with_params()
    second, of_second = second_reports(user).order_by().query.sql_with_params()
    codes = "(" + ", ".join(f"'{code}'" for code in REGIONS_AROUND) + ")"
    sql = _SHOWN.format(programs=programs, second=second, regions=codes) + statement
    with connection.cursor() as cursor:
        cursor.execute(sql, [*of_second, *of_programs, *params])
        return cursor.fetchall()


def running(user: "User", today: dt.date) -> dict[tuple[int, str], tuple[int, Decimal]]:
    """Goal and column -> the programs of today and later, and their committed US dollars by their shares."""
    return {(goal, place): (programs, usd) for goal, place, programs, usd in _ask(user, _RUNNING, today)}


def donors_running(user: "User", today: dt.date) -> list[tuple[int, str, int, int]]:
    """(goal, column, organization, programs of today and later that it funds there)."""
    return _ask(user, _DONORS, today)  # type: ignore[return-value]


def areas(user: "User") -> dict[str, tuple[int, Decimal]]:
    """Area -> its programs, and their committed US dollars by the shares of their areas."""
    return {area: (programs, usd) for area, programs, usd in _ask(user, _AREAS)}


Years = dict[int, dict[int, tuple[Decimal, Decimal]]]


def years_by_goal(user: "User", first: int, last: int) -> Years:
    """Goal -> year -> US dollars committed, and disbursed or spent, by the date of the transaction."""
    return _by_year(_ask(user, _YEARS_BY_GOAL, dt.date(first, 1, 1), dt.date(last + 1, 1, 1)))


def years_by_donor(user: "User", first: int, last: int) -> Years:
    """The same by donor; a program of several funders counts for each in equal parts."""
    return _by_year(_ask(user, _YEARS_BY_DONOR, dt.date(first, 1, 1), dt.date(last + 1, 1, 1)))


def _by_year(rows: list[tuple[Any, ...]]) -> Years:
    found: Years = {}
    for key, year, committed, disbursed in rows:
        found.setdefault(key, {})[year] = (committed, disbursed)
    return found


def going_on(user: "User", programs: list[int]) -> dict[int, tuple[int, list[int]]]:
    """Program -> how many others of its goals and places go on after it, and three of them."""
    if not programs:
        return {}
    return {pk: (count, some) for pk, count, some in _ask(user, _GOING_ON, programs)}


class Memory:
    """What pictures were made of, remembered for those who see the same, until a program or an overlap changes.

    The key holds what the reader may see (all, or which organizations' programs), the language, the day, and the last
    change: nobody is shown what was made for somebody who sees more or less.
    """

    def __init__(self, user: "User") -> None:
        self._key = f"{get_language()}:{_sight(user)}:{_last_change()}:{timezone.localdate()}"

    def keep(self, name: str, make: Callable[[], T]) -> T:
        """What `make` gave last time, or gives now."""
        key = f"region:{name}:{self._key}"
        try:
            if (found := cache.get(key)) is not None:
                return found
            made = make()
            cache.set(key, made, SECONDS_REMEMBERED)
            return made
        except (RedisError, OSError):
            return make()


def _sight(user: "User") -> str:
    """What decides which programs a person sees: see `ProgramQuerySet.visible_to`."""
    if user.is_superuser:
        return "all"
    if user.is_coordinator:
        return "coordinator-" + "-".join(map(str, sorted(user.organization_ids)))
    return "of-" + "-".join(map(str, sorted(user.organization_ids)))


def _last_change() -> str:
    """Changes with every change of a program or an overlap; two look-ups in indexes and a count."""
    program = Program.objects.aggregate(at=Max("updated_at"), last=Max("id"))
    overlap = Overlap.objects.aggregate(at=Max("updated_at"), last=Max("id"))
    return "-".join(str(value).replace(" ", "T") for value in (*program.values(), *overlap.values()))
