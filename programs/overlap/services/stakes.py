"""Keeping the priorities of pairs with each change of their clusters; services/amounts.py renews them each night."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from programs.models import Program
from programs.overlap.models import Overlap
from programs.overlap.querysets import SIDES
from programs.overlap.stake import Days, stake_of

# Points that differ by less than this are left as they are.
LEAST_DIFFERENCE = 0.01
# What days_of reads of a program.
OF_DAYS = ("period", "stage", "status", "planned_end", "actual_end")

# The weightiest open pair of a cluster; where none is open, the weightiest.
_OF_CLUSTERS = """
UPDATE overlap_cluster c SET stake = s.stake FROM (
    SELECT cluster_id, COALESCE(max(stake) FILTER (WHERE state = 'open'), max(stake)) AS stake
    FROM overlap_overlap WHERE cluster_id = ANY(%s) GROUP BY cluster_id
) s WHERE c.id = s.cluster_id AND c.stake <> s.stake
"""


def write_stakes(ids: Sequence[int]) -> int:
    """Writes the priorities of these pairs, and of their clusters, as they are today; how many pairs changed. Call it
    under `one_at_a_time`."""
    today = timezone.localdate()
    rows = Overlap.objects.filter(pk__in=ids).order_by("pk").select_related("left", "right")
    changed, clusters = {}, set()
    for pair in rows.only(
        "score", "money_usd", "sites", "stake", "cluster", *(f"{side}__{name}" for side in SIDES for name in OF_DAYS)
    ):
        clusters.add(pair.cluster_id)
        stake = stake_of(
            pair.score, pair.money_usd, pair.sites, days_of(pair.left, today), days_of(pair.right, today), today
        ).total
        if abs(stake - pair.stake) > LEAST_DIFFERENCE:
            changed[pair.pk] = stake
    with connection.cursor() as cursor:
        if changed:
            cursor.execute(
                "UPDATE overlap_overlap o SET stake = s.stake"
                " FROM unnest(%s::bigint[], %s::float8[]) AS s(id, stake) WHERE o.id = s.id",
                [list(changed), list(changed.values())],
            )
        cursor.execute(_OF_CLUSTERS, [sorted(pk for pk in clusters if pk is not None)])
    return len(changed)


def days_of(program: Program, today: date) -> Days:
    """The first and last day of a program's period as the database keeps it; None where unknown, as the end of what
    still runs after its planned end."""
    period: Any = program.period
    first: date | None = period.lower if period else None
    after: date | None = period.upper if period else None
    if after is None or program.runs_past_its_end(today):
        return first, None
    return first, after - timedelta(days=1)
