"""The candidates of a whole full scan, found at once before its programs are compared, and kept with its parts.

Most keys are one program's alone. Looking up each of them by itself takes several times as long as joining all keys
with one another, which only a full scan can do. What changes after that is looked up again, so that a part finds what
`find_candidates` would find for it.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db import connection

from programs.overlap.candidates import ENOUGH_IN_COMMON, OTHERS, Candidates, Pair, find_candidates
from programs.overlap.keys import NOT_OF_ITS_OWN

# So many records of one series under one key are stepped over in the index; fewer are joined, and then left out.
FEW_OF_A_SERIES = 10

# A program's own number, where it is of no series, is below 0 (keys.py).
_LIST = f"""
WITH crowds AS MATERIALIZED (
    SELECT key, series FROM overlap_candidatekey WHERE series >= 0 GROUP BY key, series
    HAVING count(*) > {FEW_OF_A_SERIES}
), met AS (
    SELECT m.program_id AS one, o.program_id AS two
    FROM overlap_candidatekey m JOIN overlap_candidatekey o ON o.key = m.key
    WHERE m.least < {NOT_OF_ITS_OWN} AND o.series <> m.series AND o.title_series <> m.title_series
        AND (m.series < 0 OR (m.key, m.series) NOT IN (SELECT key, series FROM crowds))
        AND o.program_id <> m.program_id AND {ENOUGH_IN_COMMON}
    UNION ALL
    SELECT m.program_id, o.program_id
    FROM crowds JOIN overlap_candidatekey m ON m.key = crowds.key AND m.series = crowds.series
    CROSS JOIN LATERAL ({OTHERS}) o
    WHERE o.program_id <> m.program_id AND {ENOUGH_IN_COMMON}
), pairs AS (
    SELECT DISTINCT least(one, two) AS one, greatest(one, two) AS two FROM met
), parts AS (
    SELECT id, unnest(program_ids) AS program_id FROM overlap_scanpart WHERE run_id = %(run)s AND step = %(step)s
), listed AS (
    SELECT parts.id, array_agg(pairs.one ORDER BY pairs.one, pairs.two) AS lefts,
        array_agg(pairs.two ORDER BY pairs.one, pairs.two) AS rights
    FROM parts JOIN pairs ON pairs.one = parts.program_id GROUP BY parts.id
)
UPDATE overlap_scanpart part
SET left_ids = COALESCE(listed.lefts, ARRAY[]::bigint[]), right_ids = COALESCE(listed.rights, ARRAY[]::bigint[]),
    listed_before = pg_snapshot_xmin(pg_current_snapshot())::text::bigint
FROM (SELECT id FROM overlap_scanpart WHERE run_id = %(run)s AND step = %(step)s) every
LEFT JOIN listed ON listed.id = every.id
WHERE part.id = every.id
"""

# A profile and its keys are written by one transaction, whose number its row bears: what an older one wrote is listed.
_UNCHANGED = """
SELECT program_id, version FROM overlap_programprofile
WHERE program_id = ANY(%(ids)s) AND age(xmin) > age((%(before)s::bigint & 4294967295)::text::xid)
"""


@dataclass(frozen=True)
class Listed:
    """The candidates of a part of a full scan, in order, and the oldest transaction that they may not know of."""

    pairs: Sequence[Pair]
    before: int


def list_candidates(run_id: int, step: int) -> None:
    """Finds the candidates of all programs of a full scan, and keeps them with its parts; one query, in a transaction
    that the caller begins.
    """
    with connection.cursor() as cursor:
        # Most keys are one program's alone, so that the planner thinks little of looking up each of them: with 1.6
        # million keys that takes more than twice as long as joining them by a hash.
        cursor.execute("SET LOCAL enable_nestloop = off")
        cursor.execute(_LIST, {"run": run_id, "step": step})
        cursor.execute("SET LOCAL enable_nestloop TO DEFAULT")


def candidates_of_part(ids: Collection[int], listed: Listed, kept: Collection[Pair]) -> Candidates:
    """As find_candidates(ids, upwards=True) today: those that were listed, and what concerns changed programs looked
    up again. `kept` are pairs of the table, which may have become candidates since by the change of either program.
    """
    concerned = {*ids, *(pk for pair in (*listed.pairs, *kept) for pk in pair)}
    with connection.cursor() as cursor:
        cursor.execute(_UNCHANGED, {"ids": sorted(concerned), "before": listed.before})
        unchanged: dict[int, int] = dict(cursor.fetchall())
    again = {pk for pk in ids if pk not in unchanged}
    again |= {one for one, two in (*listed.pairs, *kept) if one not in unchanged or two not in unchanged}
    fresh = find_candidates(sorted(again), upwards=True) if again else Candidates([], {})
    left = [pair for pair in listed.pairs if pair[0] not in again]
    versions = {pk: unchanged[pk] for pair in left for pk in pair}
    return Candidates(sorted([*left, *fresh.pairs]), fresh.versions | versions)
