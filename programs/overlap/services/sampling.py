"""The sample of pairs that the engine is not sure of: a number of bounded size, the same whatever the order of scans.

A pair is in it if its score is uncertain (engine/score.py) and its lot, which its two ids alone give, is among the
lowest: one in 2 to the power of the level. The level rises when there are more than MOST_A_THOUSAND pairs for every
1,000 programs, and falls before a full scan, which finds all pairs, when there are far fewer.
"""

import hashlib
from collections.abc import Sequence

from django.db import connection, transaction
from django.db.models import Q

from programs.models import Program
from programs.overlap.models import SampleLevel, UncertainPair
from programs.overlap.models.learning import LOTS
from programs.overlap.services.writing import Pair, one_at_a_time

MOST_A_THOUSAND = 50
# Of a small portal the sample may hold so many: fewer would teach nothing.
LEAST_ROOM = 100
HIGHEST_LEVEL = 30

# Pair -> its kind and score; in changes None where it goes.
Sample = dict[Pair, tuple[str, float]]
Changes = dict[Pair, tuple[str, float] | None]

_UPSERT = """
INSERT INTO overlap_uncertainpair AS u (left_id, right_id, kind, score, lot)
SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::text[], %s::float8[], %s::bigint[])
ON CONFLICT (left_id, right_id) DO UPDATE SET kind = excluded.kind, score = excluded.score
"""

_DELETE = """
DELETE FROM overlap_uncertainpair u USING unnest(%s::bigint[], %s::bigint[]) AS gone(one, two)
WHERE u.left_id = gone.one AND u.right_id = gone.two
"""


def lot_of(pair: Pair) -> int:
    """The pair's number, from 0 to LOTS."""
    text = f"{pair[0]}-{pair[1]}"
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big") % LOTS


def sample_level() -> int:
    """The level as it is now; one query."""
    return SampleLevel.objects.values_list("level", flat=True).first() or 0


def sample_of(ids: Sequence[int], *, upwards: bool) -> Sample:
    """What the table has of these programs, `upwards` only with partners of a larger id."""
    of_these = Q(left__in=ids) if upwards else Q(left__in=ids) | Q(right__in=ids)
    rows = UncertainPair.objects.filter(of_these).order_by().values_list("left_id", "right_id", "kind", "score")
    return {(left, right): (kind, score) for left, right, kind, score in rows}


def changes_to(stored: Sample, found: Sample) -> Changes:
    """What is to be written so that the table has what was found of the sample."""
    below = LOTS >> sample_level() if found else 0
    wanted = {pair: row for pair, row in found.items() if lot_of(pair) < below}
    changes: Changes = {pair: None for pair in stored if pair not in wanted}
    return changes | {pair: row for pair, row in wanted.items() if stored.get(pair) != row}


def write_sample(changes: Changes) -> None:
    """Writes these changes, as far as the level still lets them in. Call it under `one_at_a_time`."""
    if not changes:
        return
    below = LOTS >> sample_level()
    gone = [pair for pair, row in changes.items() if row is None]
    rows = [
        (*pair, *row, lot) for pair, row in sorted(changes.items()) if row is not None and (lot := lot_of(pair)) < below
    ]
    with connection.cursor() as cursor:
        if gone:
            cursor.execute(_DELETE, [list(column) for column in zip(*gone, strict=True)])
        if rows:
            cursor.execute(_UPSERT, [list(column) for column in zip(*rows, strict=True)])


@transaction.atomic
def keep_sample_bounded(*, may_fall: bool = False) -> None:
    """Raises the level until the sample has room; `may_fall` (a full scan follows, and fills it) lowers it where the
    sample would still have room with four times as many pairs."""
    one_at_a_time()
    level = before = sample_level()
    room = max(LEAST_ROOM, MOST_A_THOUSAND * Program.objects.count() // 1000)
    held = UncertainPair.objects.count()
    if may_fall and level and held * 4 < room:
        level -= 1
    while held > room and level < HIGHEST_LEVEL:
        level += 1
        UncertainPair.objects.filter(lot__gte=LOTS >> level).delete()
        held = UncertainPair.objects.count()
    if level != before:
        SampleLevel.objects.update_or_create(pk=1, defaults={"level": level})
