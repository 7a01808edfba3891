"""What pictures of the region are drawn from: each question one statement over all programs that a reader may see.

`once` is what of the programs' money counts for the reader (`once_for`), looked up where it is not given.
"""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from donors.models import Organization
from goals.codes import REGIONS_AROUND, SEVEN
from programs.codes import CARRYING_OUT, OUTGOING, OVER, SPENT, Role, Scope, Status, TransactionType, sql_list
from programs.models import Program
from programs.money.asking import ask_of, money_from, sums_of
from programs.money.memory import Memory, once_kept
from programs.money.once import Once
from programs.money.sql import FUNDED, FUNDED_OF_ALL, LOCATED_OF_ALL, PLACED_OF_ALL, SHOWN, ask
from programs.money.stored import once_for
from programs.overlap.models import Overlap
from programs.overlap.querysets import OverlapQuerySet
from programs.querysets import ANYWHERE, ProgramQuerySet

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from donors.models import User


def programs_counted(user: "User | AnonymousUser") -> ProgramQuerySet:
    """Programs that pictures and sums of the region are made of: visible, listed, within the goals."""
    return Program.objects.visible_to(user).listed().exclude(scope=Program.Scope.OUT_OF_SCOPE)


def programs_in_region(user: "User | AnonymousUser") -> ProgramQuerySet:
    """Of these, the ones for any of the seven countries or for Central America as a whole."""
    return programs_counted(user).in_country(ANYWHERE)


COUNTED = "WITH" + SHOWN
# Their goals and places with their shares. Programs are counted without telling them apart, which takes longer than all
# else: of a program's goals and of its places one is the first, and several regions are one place.
SERVED = (
    f", {PLACED_OF_ALL}"
    + """, served AS (
    SELECT s.*, g.goal_id AS goal, l.place, is_first_place, is_new_place,
        CASE WHEN g.percentage = 100 THEN l.share ELSE g.percentage * 0.01 * l.share END AS share,
        g.percentage = 100 OR g.goal_id = (SELECT min(goal_id) FROM programs_programgoal WHERE program_id = s.id)
            AS is_first_goal
    FROM shown s JOIN programs_programgoal g ON g.program_id = s.id
    JOIN placed l ON l.program_id = s.id AND l.place IS NOT NULL
)
"""
)
# With whether it runs on a day or later, and was not cancelled; what is `unended` is carried out still, whatever its
# planned end.
_OF_A_DAY = """(
    SELECT *, (unended OR period && daterange(%s, NULL)) AND status IS DISTINCT FROM {cancelled} AS is_running
    FROM served
) s"""
# Each cell, each goal, each place, and all: a program of two goals or countries counts once in a total.
_CELLS = f"""
, cell AS (
    SELECT goal, place, is_running, count(*) FILTER (WHERE {{stated}} AND is_new_place) AS here,
        count(*) FILTER (WHERE {{stated}} AND is_first_place) AS of_goal,
        count(*) FILTER (WHERE {{stated}} AND is_new_place AND is_first_goal) AS of_place,
        count(*) FILTER (WHERE {{stated}} AND is_first_place AND is_first_goal) AS of_all,
        sum(committed_usd * {{share}}) AS committed, sum(disbursed_usd * {{share}}) AS disbursed
    FROM {_OF_A_DAY} {{only}} GROUP BY 1, 2, 3
)
SELECT goal, place,
    COALESCE(
        CASE grouping(goal, place) WHEN 0 THEN sum(here) WHEN 1 THEN sum(of_goal) WHEN 2 THEN sum(of_place)
            ELSE sum(of_all) END, 0
    )::int,
    COALESCE(sum(committed), 0), COALESCE(sum(disbursed), 0),
    COALESCE(sum(here) FILTER (WHERE is_running), 0)::int, COALESCE(sum(committed) FILTER (WHERE is_running), 0)
FROM cell GROUP BY GROUPING SETS ((goal, place), (goal), (place), ())
"""
_OF_ALL = {"stated": "true", "share": "s.share", "only": ""}
# The same of what a donor funds, by its shares; a program is one of its own where it is stated as a funder.
_OF_DONOR = {
    "stated": "f.is_stated",
    "share": "s.share * f.share",
    "only": "JOIN funded f ON f.program_id = s.id AND f.organization_id = %s",
}
# What each organization funds by its shares; countries of the seven.
_FUNDED = f"""{COUNTED}, {FUNDED_OF_ALL}
SELECT f.organization_id, count(*) FILTER (WHERE is_stated),
    COALESCE(sum(s.committed_usd * f.share), 0), COALESCE(sum(s.disbursed_usd * f.share), 0)
FROM shown s JOIN funded f ON f.program_id = s.id GROUP BY 1
"""
_FUNDED_COUNTRIES = (
    COUNTED
    + """
SELECT organization_id, count(*) FROM (
    SELECT DISTINCT f.organization_id, c.country_id
    FROM shown s JOIN programs_participation f ON f.program_id = s.id AND f.role = {funding}
    JOIN programs_coverage c ON c.program_id = s.id AND c.country_id IN {seven}
) d GROUP BY 1
"""
)
_DONORS = f"""
SELECT s.goal, s.place, f.organization_id, count(*) FILTER (WHERE is_new_place)
FROM {_OF_A_DAY} JOIN programs_participation f ON f.program_id = s.id AND f.role = {{funding}} WHERE is_running
GROUP BY s.goal, s.place, f.organization_id
"""
# A program of several places in an area is one program there.
_AREAS = f"""{COUNTED}, {LOCATED_OF_ALL}, of_area AS (
    SELECT program_id, COALESCE(a.parent_id, a.code) AS area, share
    FROM located JOIN goals_area a ON a.code = area_id WHERE is_only_place
    UNION ALL
    SELECT program_id, COALESCE(a.parent_id, a.code), sum(share)
    FROM located JOIN goals_area a ON a.code = area_id WHERE NOT is_only_place GROUP BY 1, 2
)
SELECT l.area, count(*), COALESCE(sum(s.committed_usd * l.share), 0)
FROM shown s JOIN of_area l ON l.program_id = s.id GROUP BY 1
"""
# A transaction counts as much of its program's money as the program counts of what it states.
_YEARS_BY_GOAL = (
    COUNTED
    + SERVED
    + """
SELECT s.goal, extract(year FROM t.date)::int,
    COALESCE(sum({worth} * committed_part * s.share) FILTER (WHERE t.type = {commitment}), 0),
    COALESCE(sum({worth} * disbursed_part * s.share) FILTER (WHERE t.type IN {spent}), 0)
FROM served s JOIN programs_transaction t ON t.program_id = s.id
WHERE NOT s.twice AND t.type IN {moved} AND t.date >= %s AND t.date < %s GROUP BY 1, 2
"""
)
_YEARS_BY_DONOR = (
    f"{COUNTED}, {FUNDED_OF_ALL}"
    + """
SELECT f.organization_id, extract(year FROM t.date)::int,
    COALESCE(sum({worth} * committed_part * f.share) FILTER (WHERE t.type = {commitment}), 0),
    COALESCE(sum({worth} * disbursed_part * f.share) FILTER (WHERE t.type IN {spent}), 0)
FROM shown s JOIN funded f ON f.program_id = s.id JOIN programs_transaction t ON t.program_id = s.id
WHERE NOT s.twice AND t.type IN {moved} AND t.date >= %s AND t.date < %s GROUP BY 1, 2
"""
)
# Where programs are, without shares.
_PLACE = """program_id, CASE WHEN country_id IN {seven} THEN country_id ELSE 'regional' END AS place
    FROM programs_coverage WHERE (country_id IN {seven} OR region_id IN {regions})
"""
# For each program that ends: programs of the same goal in the same place that go on after its last day, and are neither
# closed nor cancelled.
_GOING_ON = f"""{COUNTED}, ends AS MATERIALIZED (
    SELECT DISTINCT e.id, e.period, g.goal_id, p.place
    FROM programs_program e JOIN programs_programgoal g ON g.program_id = e.id
    JOIN (SELECT {_PLACE} AND program_id = ANY(%s)) p ON p.program_id = e.id WHERE e.id = ANY(%s)
), later AS MATERIALIZED (
    SELECT id, period FROM shown
    WHERE period && daterange((SELECT min(upper(period)) FROM ends), NULL) AND COALESCE(status, 0) NOT IN {{over}}
)
SELECT id, count(*), (array_agg(other ORDER BY other))[1:3] FROM (
    SELECT DISTINCT e.id, l.id AS other
    FROM later l JOIN programs_programgoal g ON g.program_id = l.id
    JOIN (SELECT {_PLACE}) p ON p.program_id = l.id
    JOIN ends e ON e.goal_id = g.goal_id AND e.place = p.place AND e.id <> l.id AND l.period @> upper(e.period)
) o GROUP BY id
"""

# Pairs for the region, by the goal and the place that both programs share; the total is of all of them.
_OVERLAPS = """
WITH place AS (SELECT {place}), pair AS MATERIALIZED (
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
_TOTALS = (
    COUNTED
    + """
SELECT count(*), count(*) FILTER (WHERE scope = '{undetermined}'),
    COALESCE(sum(committed_usd), 0), COALESCE(sum(stated_usd) FILTER (WHERE twice), 0), count(*) FILTER (WHERE twice),
    COALESCE(sum(stated_usd - committed_usd) FILTER (WHERE NOT twice), 0),
    count(*) FILTER (WHERE NOT twice AND committed_usd < stated_usd)
FROM shown
"""
)
# How many organizations fund one of some programs: of each the first is looked for in an index, and not all.
_FUNDERS = """
SELECT count(*) FROM donors_organization o WHERE (
    SELECT true FROM programs_participation f JOIN ({programs}) p ON p.id = f.program_id
    WHERE f.organization_id = o.id AND f.role = {funding} LIMIT 1
)
"""

CODES: dict[str, Any] = {
    "regions": sql_list(REGIONS_AROUND),
    "seven": sql_list(SEVEN),
    "cancelled": Status.CANCELLED.value,
    "funding": Role.FUNDING.value,
    "carrying_out": sql_list(CARRYING_OUT),
    "commitment": TransactionType.COMMITMENT.value,
    "spent": sql_list(SPENT),
    "moved": sql_list(OUTGOING),
    "over": sql_list(OVER),
    "undetermined": Scope.UNDETERMINED.value,
}

Cells = dict[tuple[int | None, str | None], tuple[int, Decimal, Decimal]]


def ask_counted(programs: ProgramQuerySet, once: Once, statement: str, *params: Any) -> list[tuple[Any, ...]]:
    return ask_of(programs, once, statement, *params, **CODES)


def summed(
    programs: ProgramQuerySet,
    once: Once,
    statement: str,
    *params: Any,
    keys: int,
    sums: Collection[int],
    **names: str,
) -> list[tuple[Any, ...]]:
    return sums_of(programs, once, statement, *params, keys=keys, sums=sums, **CODES, **names)


@dataclass(frozen=True)
class Served:
    """What serves each goal in each column of the matrix.

    `cells`: (goal, column) -> programs, and their committed and disbursed US dollars by their shares; None is any.
    `running`: goal and column -> programs of today and later, not cancelled, and their committed US dollars by shares.
    """

    cells: Cells
    running: dict[tuple[int, str], tuple[int, Decimal]]


def served(user: "User | AnonymousUser", today: dt.date, once: Once | None = None) -> Served:
    """Both in one statement: what they are made of is the same."""
    programs, once = programs_counted(user), once or once_for(user)
    return _served(summed(programs, once, COUNTED + SERVED + _CELLS, today, keys=2, sums=(3, 4, 6), **_OF_ALL))


def served_kept(user: "User | AnonymousUser", today: dt.date, memory: Memory) -> Served:
    """The same, remembered."""
    return memory.keep("served", lambda: served(user, today, once_kept(user, memory)))


def cells_of_donor(user: "User", donor: Organization, today: dt.date, once: Once | None = None) -> Cells:
    """The cells of what the donor funds: its share of each program, and what others pass on of its money."""
    once = once or once_for(user)
    programs = money_from(programs_counted(user), [donor.pk], once)
    statement = f"{COUNTED}, {FUNDED}{SERVED}{_CELLS}"
    return _served(summed(programs, once, statement, today, donor.pk, keys=2, sums=(3, 4, 6), **_OF_DONOR)).cells


def _served(rows: list[tuple[Any, ...]]) -> Served:
    return Served(
        {(goal, place): (programs, usd, moved) for goal, place, programs, usd, moved, _running, _usd in rows},
        {
            (goal, place): (running, usd)
            for goal, place, _programs, _usd, _moved, running, usd in rows
            if goal and place and running
        },
    )


def overlaps(pairs: OverlapQuerySet) -> dict[tuple[int | None, str | None], int]:
    """(goal, column) -> how many of these pairs share both; with None, the one that is named; (None, None) is all."""
    found, params = pairs.order_by().values("id", "left_id", "right_id").query.sql_with_params()
    rows = ask(_OVERLAPS.format(pairs=found, place=_PLACE.format(**CODES), **CODES), *params)
    return {(goal, place): number for goal, place, number in rows}


@dataclass(frozen=True)
class Funded:
    """What an organization funds, or carries out: programs, in how many of the seven countries, and its part of their
    US dollars."""

    programs: int = 0
    countries: int = 0
    committed_usd: Decimal = Decimal(0)
    disbursed_usd: Decimal = Decimal(0)


def funded(user: "User", only: Collection[int] | None = None, once: Once | None = None) -> dict[int, Funded]:
    """Organization -> what it funds of what the reader may see, of all or `only` of these.

    A program of several funders counts for each by its share; each dollar counts once (programs/money/once.py).
    """
    programs, once = programs_counted(user), once or once_for(user)
    if only is not None:
        programs = money_from(programs, only, once)
    countries = dict(ask_counted(programs, once, _FUNDED_COUNTRIES))
    rows = summed(programs, once, _FUNDED, keys=1, sums=(2, 3))
    return {
        pk: Funded(number, countries.get(pk, 0), usd, moved)
        for pk, number, usd, moved in rows
        if only is None or pk in only
    }


@dataclass(frozen=True)
class Totals:
    """The region in figures; money in US dollars, with what was left out as a duplicate report of the same funds, and
    what is counted elsewhere: in parts of programs, or in those that they pay.

    `undetermined` are programs among these whose goals nobody knows: they stand in no row of the matrix.
    """

    programs: int
    undetermined: int
    donors: int
    committed_usd: Decimal
    left_out_usd: Decimal
    left_out_programs: int
    elsewhere_usd: Decimal
    elsewhere_programs: int
    open_overlaps: int


def totals(user: "User", once: Once | None = None) -> Totals:
    """The region in figures for what `user` may see: three statements."""
    programs = programs_in_region(user)
    ((number, undetermined, *sums),) = summed(programs, once or once_for(user), _TOTALS, keys=0, sums=(2, 3, 5))
    shown, params = programs.order_by().values("id").query.sql_with_params()
    ((donors,),) = ask(_FUNDERS.format(programs=shown, **CODES), *params)
    return Totals(
        number,
        undetermined,
        donors,
        *sums,
        open_overlaps=Overlap.objects.visible_to(user).open().in_country(ANYWHERE).count(),
    )


def donors_running(user: "User", today: dt.date) -> list[tuple[int, str, int, int]]:
    """(goal, column, organization, programs of today and later that it funds there)."""
    return ask_counted(programs_counted(user), Once(), COUNTED + SERVED + _DONORS, today)  # type: ignore[return-value]


def areas(user: "User", once: Once | None = None) -> dict[str, tuple[int, Decimal]]:
    """Area -> its programs, and their committed US dollars by the shares of their areas."""
    rows = summed(programs_in_region(user), once or once_for(user), _AREAS, keys=1, sums=(2,))
    return {area: (programs, usd) for area, programs, usd in rows}


Years = dict[int, dict[int, tuple[Decimal, Decimal]]]


def years_by_goal(user: "User", first: int, last: int, once: Once | None = None) -> Years:
    """Goal -> year -> US dollars committed, and disbursed or spent, by the date of the transaction."""
    days = _days(first, last)
    return _by_year(summed(programs_counted(user), once or once_for(user), _YEARS_BY_GOAL, *days, keys=2, sums=(2, 3)))


def years_by_donor(user: "User", first: int, last: int, once: Once | None = None) -> Years:
    """The same by donor; a program of several funders counts for each by its share."""
    days = _days(first, last)
    return _by_year(
        summed(programs_in_region(user), once or once_for(user), _YEARS_BY_DONOR, *days, keys=2, sums=(2, 3))
    )


def _days(first: int, last: int) -> tuple[dt.date, dt.date]:
    return dt.date(first, 1, 1), dt.date(last + 1, 1, 1)


def _by_year(rows: list[tuple[Any, ...]]) -> Years:
    found: Years = {}
    for key, year, committed, disbursed in rows:
        found.setdefault(key, {})[year] = (committed, disbursed)
    return found


def going_on(user: "User", programs: list[int]) -> dict[int, tuple[int, list[int]]]:
    """Program -> how many others of its goals and places go on after it, and three of them."""
    if not programs:
        return {}
    rows = ask_counted(programs_counted(user), Once(), _GOING_ON, programs, programs)
    return {pk: (count, some) for pk, count, some in rows}


_CELLS_OF = """
SELECT DISTINCT id, goal, place FROM served WHERE id = ANY(%s)
"""


def cells_of_programs(user: "User | AnonymousUser", programs: list[int]) -> dict[int, frozenset[tuple[int, str]]]:
    """Program -> (goal, column) that it serves."""
    found: dict[int, set[tuple[int, str]]] = {}
    for pk, goal, place in ask_counted(programs_counted(user), Once(), COUNTED + SERVED + _CELLS_OF, programs):
        found.setdefault(pk, set()).add((goal, place))
    return {pk: frozenset(cells) for pk, cells in found.items()}
