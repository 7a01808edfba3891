"""Which pairs are worth scoring: found by the database, never all pairs. Every condition is symmetric.

A pair is a candidate when it meets in time (90 days' margin; unknown dates are wide) and
- works in the same area, or
- shares a goal (or the goals of one are unknown) and a country of which one of them names no area, or the whole region;
or, whatever place and time say, when
- one names the other by its identifier, or both carry the same one, or
- one's payment may be the other's income (near amounts and days, and one of them names the other's reporter).
"""

from collections.abc import Sequence

from django.db import connection

MARGIN_DAYS = 90

_SCANNABLE = """{p}.stage NOT IN ('draft', 'archived') AND {p}.scope <> 'out_of_scope'
    AND ({p}.status IS NULL OR {p}.status <> 5)"""

_MEET_IN_TIME = "daterange(lower(m.period) - %(margin)s, upper(m.period) + %(margin)s) && o.period"

_SHARE_A_GOAL = """(
    EXISTS (SELECT 1 FROM programs_programgoal g1 JOIN programs_programgoal g2 ON g2.goal_id = g1.goal_id
            WHERE g1.program_id = m.id AND g2.program_id = o.id)
    OR NOT EXISTS (SELECT 1 FROM programs_programgoal g WHERE g.program_id = m.id)
    OR NOT EXISTS (SELECT 1 FROM programs_programgoal g WHERE g.program_id = o.id)
)"""

_HAS_AREA = "EXISTS (SELECT 1 FROM programs_programlocation l WHERE l.program_id = {p}.id AND l.area_id IS NOT NULL)"

# Each finds (mine, other); `m` is a program scanned now.
_BRANCHES = (
    f"""
    SELECT m.id AS mine, o.id AS other FROM mine m
    JOIN programs_programlocation l1 ON l1.program_id = m.id
    JOIN programs_programlocation l2 ON l2.area_id = l1.area_id AND l2.program_id <> m.id
    JOIN programs_program o ON o.id = l2.program_id
    WHERE {_MEET_IN_TIME}
    """,
    f"""
    SELECT m.id, o.id FROM mine m
    JOIN programs_coverage c1 ON c1.program_id = m.id
    JOIN programs_coverage c2 ON c2.program_id <> m.id
        AND (c2.country_id = c1.country_id OR c2.region_id = c1.region_id)
    JOIN programs_program o ON o.id = c2.program_id
    WHERE {_MEET_IN_TIME} AND {_SHARE_A_GOAL}
        AND NOT ({_HAS_AREA.format(p="m")} AND {_HAS_AREA.format(p="o")})
    """,
    "SELECT m.id, o.id FROM mine m JOIN programs_program o ON o.identifier = m.identifier AND o.id <> m.id",
    """
    SELECT m.id, t.program_id FROM mine m
    JOIN programs_transaction t ON t.provider_activity = m.identifier OR t.receiver_activity = m.identifier
    """,
    """
    SELECT m.id, o.id FROM mine m JOIN programs_transaction t ON t.program_id = m.id
    JOIN programs_program o ON o.identifier = t.provider_activity AND t.provider_activity <> ''
    """,
    """
    SELECT m.id, o.id FROM mine m JOIN programs_transaction t ON t.program_id = m.id
    JOIN programs_program o ON o.identifier = t.receiver_activity AND t.receiver_activity <> ''
    """,
    """
    SELECT m.id, p.program_id FROM mine m
    JOIN programs_participation p ON p.activity_identifier = m.identifier AND p.activity_identifier <> ''
    """,
    """
    SELECT m.id, o.id FROM mine m JOIN programs_participation p ON p.program_id = m.id
    JOIN programs_program o ON o.identifier = p.activity_identifier AND p.activity_identifier <> ''
    """,
    """
    SELECT m.id, r.program_id FROM mine m
    JOIN programs_relatedprogram r ON r.identifier = m.identifier AND r.type IN (4, 5)
    """,
    """
    SELECT m.id, o.id FROM mine m JOIN programs_relatedprogram r ON r.program_id = m.id AND r.type IN (4, 5)
    JOIN programs_program o ON o.identifier = r.identifier
    """,
    """
    SELECT m.id, o.id FROM mine m
    JOIN programs_transaction t1 ON t1.program_id = m.id AND t1.value > 0
    JOIN programs_transaction t2 ON t2.currency = t1.currency AND t2.program_id <> m.id
        AND t2.value BETWEEN t1.value * 0.93 AND t1.value * 1.07
        AND t2.date BETWEEN t1.date - 120 AND t1.date + 120
    JOIN programs_program o ON o.id = t2.program_id
    WHERE (t1.type IN (2, 3, 4) AND t2.type IN (1, 11)
            AND (t1.receiver_id = o.reporting_org_id OR t2.provider_id = m.reporting_org_id))
       OR (t2.type IN (2, 3, 4) AND t1.type IN (1, 11)
            AND (t2.receiver_id = m.reporting_org_id OR t1.provider_id = o.reporting_org_id))
    """,
)

_PAIRS = f"""
WITH mine AS MATERIALIZED (
    SELECT m.id, m.period, m.identifier, m.reporting_org_id FROM programs_program m
    WHERE m.id = ANY(%(ids)s) AND {_SCANNABLE.format(p="m")}
), pairs AS (
    {" UNION ".join(_BRANCHES)}
)
SELECT DISTINCT least(pairs.mine, pairs.other), greatest(pairs.mine, pairs.other) FROM pairs
JOIN programs_program o ON o.id = pairs.other AND {_SCANNABLE.format(p="o")}
WHERE pairs.mine <> pairs.other
    AND (NOT %(upwards)s OR pairs.other > pairs.mine)
ORDER BY 1, 2
"""


def candidate_pairs(ids: Sequence[int], *, upwards: bool = False) -> list[tuple[int, int]]:
    """The candidates of the programs with these ids, as (smaller id, larger id), each once; one query.

    `upwards` leaves out partners with a smaller id: the parts of a full scan then find each pair once.
    """
    with connection.cursor() as cursor:
        cursor.execute(_PAIRS, {"ids": list(ids), "margin": MARGIN_DAYS, "upwards": upwards})
        return cursor.fetchall()
