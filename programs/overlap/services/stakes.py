"""Keeping the stakes of pairs: with each change of their clusters, and each night, since time goes on."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from core.money import CENT
from programs.models import Program
from programs.overlap.models import Overlap
from programs.overlap.querysets import SIDES
from programs.overlap.services.writing import one_at_a_time
from programs.overlap.stake import Days, stake_of

PAIRS_AT_A_TIME = 5000
# What differs by less than this is left as it is.
# What days_of reads of a program.
OF_DAYS = ("period", "stage", "status", "planned_end", "actual_end")


def write_stakes(ids: Sequence[int]) -> int:
    """Writes the stakes of these pairs as they are today; how many changed. Call it under `one_at_a_time`."""
    today = timezone.localdate()
    rows = Overlap.objects.filter(pk__in=ids).order_by("pk").select_related("left", "right")
    changed = {}
    for pair in rows.only(
        "score", "money_usd", "sites", "stake", *(f"{side}__{name}" for side in SIDES for name in OF_DAYS)
    ):
        pk, before = pair.pk, pair.stake
        stake = stake_of(
            pair.score, pair.money_usd, pair.sites, days_of(pair.left, today), days_of(pair.right, today), today
        ).total
        if abs(stake - before) > float(CENT):
            changed[pk] = stake
    if changed:
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE overlap_overlap o SET stake = s.stake"
                " FROM unnest(%s::bigint[], %s::float8[]) AS s(id, stake) WHERE o.id = s.id",
                [list(changed), list(changed.values())],
            )
    return len(changed)


def renew_stakes() -> int:
    """Writes the stakes of all pairs in clusters, some thousands at a time; how many changed."""
    ids = list(Overlap.objects.in_clusters().order_by("pk").values_list("pk", flat=True))
    changed = 0
    for first in range(0, len(ids), PAIRS_AT_A_TIME):
        with transaction.atomic():
            one_at_a_time()
            changed += write_stakes(ids[first : first + PAIRS_AT_A_TIME])
    return changed


def days_of(program: Program, today: date) -> Days:
    """The first and last day of a program's period as the database keeps it; None where unknown, as the end of what
    still runs after its planned end."""
    period: Any = program.period
    first: date | None = period.lower if period else None
    after: date | None = period.upper if period else None
    if after is None or program.runs_past_its_end(today):
        return first, None
    return first, after - timedelta(days=1)
