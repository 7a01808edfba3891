"""Which programs the engine proposes for a priority: same goal, place and time, and texts that speak of the same."""

import json
from collections.abc import Iterable
from typing import Any

import numpy as np
import structlog
from django.db import connection, transaction
from django.utils import timezone

from core.jobs import request_job
from goals.models import Priority
from programs.models import Program
from programs.overlap.engine.reading import LENGTHS, Reading, read
from programs.overlap.engine.taxonomy import WORK, of_role, taxonomy
from programs.priorities.models import PriorityLink
from programs.querysets import REGIONAL

log = structlog.get_logger(__name__)

PROPOSE_TASK = "programs.priorities.propose_for"
# Below it a proposal is noise (tried on the demonstration data); so many are proposed for a priority at most.
LEAST_SCORE = 0.35
MOST_PROPOSED = 40
# How much the kinds of work count in the nearness of two texts; the meaning of the words is the rest.
WORK_COUNTS = 0.6
# A program that names no area works everywhere in its country: half as near to a priority of one area.
NOWHERE_IN_PARTICULAR = 0.5

_CANDIDATES = """
SELECT p.id, f.reading, g.percentage, COALESCE(bool_or(l.area_id = %(area)s OR a.parent_id = %(area)s), false),
    count(l.area_id) > 0
FROM ({programs}) p
JOIN overlap_programprofile f ON f.program_id = p.id
JOIN programs_programgoal g ON g.program_id = p.id AND g.goal_id = %(goal)s
LEFT JOIN programs_programlocation l ON %(area)s IS NOT NULL AND l.program_id = p.id
LEFT JOIN goals_area a ON a.code = l.area_id
GROUP BY p.id, f.reading, g.percentage
"""

_WRITE = """
INSERT INTO priorities_prioritylink AS link (priority_id, program_id, state, score, reasons)
SELECT %(priority)s, * FROM (SELECT unnest(%(programs)s::bigint[]) program, 'proposed' AS state,
    unnest(%(scores)s::float[]) score, unnest(%(reasons)s::jsonb[]) reasons) AS found
ON CONFLICT (priority_id, program_id) DO UPDATE SET score = excluded.score, reasons = excluded.reasons
WHERE link.state = 'proposed' AND (link.score <> excluded.score OR link.reasons <> excluded.reasons)
"""


def ask_for_proposals(priority: Priority) -> None:
    """Proposes after commit, by a worker; what does not arrive is done by the regular round."""
    request_job(PROPOSE_TASK, priority.pk)


def propose_all() -> int:
    """The regular round: proposals for every priority that is not over; how many."""
    return sum(propose(priority) for priority in Priority.objects.not_over(timezone.localdate()))


@transaction.atomic
def propose(priority: Priority) -> int:
    """Makes the proposals for a priority what the engine finds now; what people settled stays. How many it finds."""
    found = nearest(priority)[:MOST_PROPOSED]
    with connection.cursor() as cursor:
        cursor.execute(
            _WRITE,
            {
                "priority": priority.pk,
                "programs": [pk for pk, _score, _reasons in found],
                "scores": [score for _pk, score, _reasons in found],
                "reasons": [json.dumps(reasons) for _pk, _score, reasons in found],
            },
        )
    proposed = PriorityLink.objects.filter(priority=priority, state=PriorityLink.State.PROPOSED)
    proposed.exclude(program__in=[pk for pk, _score, _reasons in found]).delete()
    return len(found)


def nearest(priority: Priority) -> list[tuple[int, float, list[dict[str, Any]]]]:
    """(program, score, reasons) of those that may answer it, the nearest first."""
    rows = _candidates(priority)
    if not rows:
        return []
    wanted = read(priority.title_en, priority.title_es)
    work, meaning = _nearness(wanted, [bytes(row[1]) for row in rows])
    has_work = any(wanted.work)
    found = []
    for (pk, reading, share, in_area, names_areas), of_work, of_meaning in zip(rows, work, meaning, strict=True):
        near = WORK_COUNTS * of_work + (1 - WORK_COUNTS) * of_meaning if has_work else of_meaning
        place = 1.0
        if priority.area_id and not in_area:
            if names_areas:
                continue
            place = NOWHERE_IN_PARTICULAR
        score = round(float(max(0.0, min(1.0, near))) * place * (0.7 + 0.3 * float(share) / 100), 4)
        if score >= LEAST_SCORE:
            found.append((pk, score, _reasons(priority, bytes(reading), wanted, near, float(share), in_area)))
    return sorted(found, key=lambda row: (-row[1], row[0]))


def _candidates(priority: Priority) -> list[tuple[Any, ...]]:
    programs = (
        Program.objects.scannable()
        .for_goal(priority.goal_id)
        .in_country(priority.country_id or REGIONAL)
        .running_between(priority.period_start, priority.period_end)
        .order_by()
        .values("id")
    )
    inner, params = programs.query.sql_with_params()
    # The inner query has positional parameters, this one names: the inner ones get names too.
    names = {f"inner{i}": value for i, value in enumerate(params)}
    inner = inner % tuple(f"%({name})s" for name in names)
    with connection.cursor() as cursor:
        cursor.execute(
            _CANDIDATES.format(programs=inner), {**names, "area": priority.area_id, "goal": priority.goal_id}
        )
        return [row for row in cursor.fetchall() if len(row[1]) == sum(LENGTHS)]


def _nearness(wanted: Reading, stored: Iterable[bytes]) -> tuple[Any, Any]:
    """The cosine of the kinds of work, and of the meaning, of `wanted` and each stored reading."""
    matrix = np.frombuffer(b"".join(stored), np.int8).reshape(-1, sum(LENGTHS)).astype(np.float32)
    ends = np.cumsum((0, *LENGTHS))
    return tuple(
        _cosines(matrix[:, ends[i] : ends[i + 1]], np.frombuffer(vector, np.int8).astype(np.float32))
        for i, vector in ((0, wanted.work), (3, wanted.meaning))
    )  # type: ignore[return-value]


def _cosines(rows: Any, vector: Any) -> Any:
    lengths = np.linalg.norm(rows, axis=1) * np.linalg.norm(vector)
    return np.divide(rows @ vector, lengths, out=np.zeros(len(rows), np.float32), where=lengths > 0)


def _reasons(
    priority: Priority, stored: bytes, wanted: Reading, near: float, share: float, in_area: bool
) -> list[dict[str, Any]]:
    """Why, as codes with values; `describe` puts them into words."""
    reasons: list[dict[str, Any]] = [{"what": "goal", "goal": priority.goal_id, "share": round(share)}]
    reasons.append({"what": "area" if in_area else "country" if priority.country_id else "region"})
    mine, theirs = np.frombuffer(wanted.work, np.int8), np.frombuffer(stored[: LENGTHS[0]], np.int8)
    both = mine.astype(np.int32) * theirs
    if both.size and both.max() > 0:
        reasons.append({"what": "work", "kind": int(both.argmax())})
    reasons.append({"what": "text", "near": round(max(0.0, near) * 100)})
    return reasons


def kind_of_work(index: int, language: str) -> str:
    """The name of a kind of work of the taxonomy, "" where the taxonomy has changed since."""
    entries = taxonomy()[of_role(WORK)]
    if index >= len(entries):
        return ""
    return entries[index].kind_es if language == "es" else entries[index].kind
