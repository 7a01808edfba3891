"""Writing what a scan found: a few statements for however many pairs."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, cast

from django.db import connection, transaction
from django.db.models import ProtectedError, Q
from django.utils import timezone

from core.locks import Locked, wait_for
from programs.overlap.models import Overlap, Review

Pair = tuple[int, int]

_COLUMNS = {
    "left_id": "bigint",
    "right_id": "bigint",
    "kind": "text",
    "score": "float8",
    "factors": "jsonb",
    "money_usd": "numeric",
    "smaller_id": "bigint",
    "parts": "jsonb",
    "second_report_id": "bigint",
    "state": "text",
    "model_version": "text",
    "left_version": "int",
    "right_version": "int",
    "material": "jsonb",
    "sites": "text[]",
}
_WRITTEN = [column for column in _COLUMNS if column not in ("left_id", "right_id")] + ["is_flagged"]
_OLD, _NEW = (", ".join(f"{row}.{name}" for name in _WRITTEN) for row in ("o", "excluded"))

_UPSERT = f"""
INSERT INTO overlap_overlap AS o ({", ".join(_COLUMNS)}, is_flagged, first_flagged_at, updated_at)
SELECT {", ".join(_COLUMNS)}, %(flagged)s, %(now)s, %(now)s
FROM jsonb_to_recordset(%(rows)s) AS r({", ".join(f"{name} {kind}" for name, kind in _COLUMNS.items())})
ON CONFLICT (left_id, right_id) DO UPDATE SET
    {", ".join(f"{name} = excluded.{name}" for name in _WRITTEN)}, updated_at = excluded.updated_at
WHERE ({_OLD}) IS DISTINCT FROM ({_NEW})
RETURNING o.id
"""

_STORED = """
SELECT o.id, o.left_id, o.right_id, o.state, o.is_flagged, o.cluster_id,
    CASE WHEN o.state <> 'open' THEN o.material END
FROM overlap_overlap o
JOIN unnest(%s::bigint[], %s::bigint[]) AS wanted(one, two) ON o.left_id = wanted.one AND o.right_id = wanted.two
"""


@dataclass(frozen=True)
class Stored:
    """A pair that the table has; `material` only where it was decided on."""

    id: int
    left: int
    right: int
    state: str
    is_flagged: bool
    cluster: int | None
    material: dict[str, Any] | None


def one_at_a_time() -> None:
    """Waits until nobody else writes pairs or clusters, and holds others off until commit.

    Anyone who comes next sees all that was written before, so that a cluster is never made from half of its pairs, and
    no two writers wait for each other's rows. To be called before any row is locked.
    """
    wait_for(Locked.OVERLAPS)


@dataclass(frozen=True)
class Known:
    """The pairs that the table has of some programs, and the versions that they were flagged in by the model in use
    (None where another model or nobody flags them); `held` are those that stay flagged whatever their score: a
    person confirmed them."""

    pairs: dict[Pair, tuple[int, int] | None]
    held: frozenset[Pair]


def pairs_of(ids: Sequence[int], *, upwards: bool, model_version: str) -> Known:
    """What the table has of these programs."""
    of_these = Q(left__in=ids) if upwards else Q(left__in=ids) | Q(right__in=ids)
    columns = ("left_id", "right_id", "left_version", "right_version", "is_flagged", "model_version")
    pairs: dict[Pair, tuple[int, int] | None] = {}
    held = set()
    rows = Overlap.objects.filter(of_these).order_by().values_list(*columns, "state")
    for left, right, mine, theirs, is_flagged, made_by, state in rows:
        pairs[left, right] = (mine, theirs) if is_flagged and made_by == model_version else None
        if state == Overlap.State.CONFIRMED:
            held.add((left, right))
    return Known(pairs, frozenset(held))


def locked_programs(ids: Collection[int]) -> tuple[dict[int, int], frozenset[int]]:
    """Programs with their versions, held as they are until commit; and those that somebody else is changing.

    These are not waited for: anyone who changes them may in turn wait for one of ours.
    """
    wanted = sorted(ids)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, version FROM programs_program WHERE id = ANY(%s) ORDER BY id FOR SHARE SKIP LOCKED", [wanted]
        )
        locked = dict(cursor.fetchall())
        missing = [pk for pk in wanted if pk not in locked]
        if not missing:
            return locked, frozenset()
        cursor.execute("SELECT id FROM programs_program WHERE id = ANY(%s)", [missing])
        return locked, frozenset(pk for (pk,) in cursor.fetchall())


def stored_pairs(pairs: Sequence[Pair]) -> dict[Pair, Stored]:
    """Those of the pairs that the table has."""
    if not pairs:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_STORED, [[one for one, _two in pairs], [two for _one, two in pairs]])
        rows = [
            Stored(*row, material=json.loads(material) if material else None) for *row, material in cursor.fetchall()
        ]
    return {(row.left, row.right): row for row in rows}


def upsert(rows: list[dict[str, Any]], *, flagged: bool = True) -> list[int]:
    """Makes the table have these pairs, flagged or not; the ids of those that were not there, or otherwise."""
    if not rows:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_UPSERT, {"rows": json.dumps(rows), "now": timezone.now(), "flagged": flagged})
        return [pk for (pk,) in cursor.fetchall()]


def reopen_decided(rows: dict[Pair, dict[str, Any]], stored: dict[Pair, Stored]) -> None:
    """Sets `state` to open in the rows of decided pairs whose material facts are others now, and says which."""
    reviews = []
    for pair, row in rows.items():
        before = stored[pair].material
        changes = changed(before, row["material"]) if before is not None else {}
        if changes:
            row["state"] = Overlap.State.OPEN.value
            reviews.append(
                Review(
                    overlap_id=stored[pair].id,
                    action=Review.Action.REOPEN,
                    changes=changes,
                    left_version=row["left_version"],
                    right_version=row["right_version"],
                )
            )
    Review.objects.bulk_create(reviews)


def unflag(rows: Sequence[Stored]) -> list[int]:
    """What nothing rests on goes; what people decided or said stays with its pair, unflagged. The ids of both."""
    flagged = sorted(row.id for row in rows if row.is_flagged)
    if not flagged:
        return []
    # Held, so that what somebody is just writing about one of them is waited for and seen.
    list(Overlap.objects.select_for_update(of=("self",)).filter(pk__in=flagged).order_by("pk").values_list("pk"))
    going = Overlap.objects.filter(pk__in=flagged)
    try:
        with transaction.atomic():
            going.delete()
    except ProtectedError as error:
        rested_on = {thing.overlap_id for thing in cast(set[Any], error.protected_objects)}
        going.exclude(pk__in=rested_on).delete()
        Overlap.objects.filter(pk__in=rested_on).update(is_flagged=False, updated_at=timezone.now())
    return flagged


def mark_scanned(versions: dict[int, int]) -> None:
    """These programs, held since, are scanned in these versions."""
    if not versions:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE programs_program p SET scanned_version = s.version, scanned_at = %s"
            " FROM unnest(%s::bigint[], %s::int[]) AS s(id, version)"
            " WHERE p.id = s.id AND p.scanned_version < s.version",
            [timezone.now(), list(versions), list(versions.values())],
        )


def changed(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    """Material facts that differ, as {"left.end": [before, after]}."""
    return {
        f"{side}.{name}": [before.get(side, {}).get(name), value]
        for side in ("left", "right")
        for name, value in after[side].items()
        if before.get(side, {}).get(name) != value
    }
