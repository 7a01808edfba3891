"""Which pairs are worth scoring: found by the database through the candidate keys, never all pairs.

Two programs are candidates when, under one key, they meet in time and share at least as many goals and kinds of work
as one of them asks for under it (see keys.py). Every condition is symmetric and knows of the two programs alone. A
pair that meets under several keys is found once. Records of one series are not looked for: thousands of accounting
lines under one key step over each other in the index.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection

from programs.overlap.keys import MOST_IN_COMMON, NOT_OF_ITS_OWN, Keys

Pair = tuple[int, int]

# The index on (key, least, series) answers it alone: who asks for nothing on its own account reads only those who do,
# and nobody reads its own series, since each value of `least` is named and the series lie on either side of its own.
_ASKING = list(range(MOST_IN_COMMON + 1))
OTHERS = " UNION ALL ".join(
    f"""SELECT o.program_id, o.least, o.mask, o.starts, o.ends FROM overlap_candidatekey o
        WHERE o.key = m.key AND o.series {side} m.series AND o.title_series <> m.title_series
            AND o.least = ANY(CASE WHEN m.least < {NOT_OF_ITS_OWN} THEN ARRAY{[*_ASKING, NOT_OF_ITS_OWN]}
                ELSE ARRAY{_ASKING} END)"""
    for side in "<>"
)

# Of the keys m and o of two programs.
ENOUGH_IN_COMMON = (
    "o.starts <= m.ends AND o.ends >= m.starts AND bit_count((m.mask & o.mask)::bit(64)) >= least(m.least, o.least)"
)

# OFFSET 0 holds the planner to the versions' index: for the few hundred programs of a part it would read all profiles
# instead.
PAIRS = f"""
WITH pairs AS (
    SELECT DISTINCT least(m.program_id, o.program_id) AS one, greatest(m.program_id, o.program_id) AS two
    FROM overlap_candidatekey m CROSS JOIN LATERAL ({OTHERS}) o
    WHERE m.program_id = ANY(%(ids)s)
        AND o.program_id <> m.program_id AND (NOT %(upwards)s OR o.program_id > m.program_id)
        AND {ENOUGH_IN_COMMON}
)
SELECT pairs.one, pairs.two, p.version, q.version FROM pairs
CROSS JOIN LATERAL (SELECT version FROM overlap_programprofile WHERE program_id = pairs.one OFFSET 0) p
CROSS JOIN LATERAL (SELECT version FROM overlap_programprofile WHERE program_id = pairs.two OFFSET 0) q
ORDER BY 1, 2
"""

_MEETING = f"""
SELECT DISTINCT o.program_id
FROM unnest(%(keys)s::bigint[], %(leasts)s::int[], %(starts)s::int[], %(ends)s::int[], %(series)s::bigint[],
    %(title_series)s::bigint[]) AS m(key, least, starts, ends, series, title_series)
CROSS JOIN LATERAL ({OTHERS}) o
WHERE o.starts <= m.ends AND o.ends >= m.starts
    AND bit_count((%(mask)s::bigint & o.mask)::bit(64)) >= least(m.least, o.least)
ORDER BY 1
"""


@dataclass(frozen=True)
class Candidates:
    """Pairs as (smaller id, larger id), in order, and the versions of the profiles that they were found by."""

    pairs: list[Pair]
    versions: dict[int, int]


def find_candidates(ids: Sequence[int], *, upwards: bool = False) -> Candidates:
    """The candidates of the programs with these ids, as far as their profiles are current; one query.

    `upwards` leaves out partners with a smaller id: the parts of a full scan then find each pair once.
    """
    with connection.cursor() as cursor:
        cursor.execute(PAIRS, {"ids": list(ids), "upwards": upwards})
        rows = cursor.fetchall()
    versions = {one: version for one, _two, version, _other in rows}
    versions |= {two: version for _one, two, _other, version in rows}
    return Candidates([(one, two) for one, two, _v, _w in rows], versions)


def candidate_pairs(ids: Sequence[int], *, upwards: bool = False) -> list[Pair]:
    """The pairs alone."""
    return find_candidates(ids, upwards=upwards).pairs


def meeting(keys: Keys) -> list[int]:
    """The programs that one with these keys, not saved yet, would be a candidate with; its own id among them if it
    has keys already."""
    columns = {
        "keys": [key.key for key in keys.keys],
        "leasts": [key.least for key in keys.keys],
        "starts": [key.starts for key in keys.keys],
        "ends": [key.ends for key in keys.keys],
        "series": [key.series for key in keys.keys],
        "title_series": [key.title_series for key in keys.keys],
    }
    with connection.cursor() as cursor:
        cursor.execute(_MEETING, {**columns, "mask": keys.mask})
        return [pk for (pk,) in cursor.fetchall()]
