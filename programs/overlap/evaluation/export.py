"""Decisions as a labelled set: the programs that were decided on, and each decided pair with its label.

The files are what `evaluate_overlaps` and `fit_overlaps` read (labelled.py). Pairs of these programs that the engine
flags or is not sure of, and that nobody has decided on, are listed as `ignore`: unlisted pairs count as negatives.
"""

import csv
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from django.db.models import Prefetch
from django.utils import timezone

from programs.models import Program, Transaction
from programs.overlap.calibrated import current_model
from programs.overlap.candidates import find_candidates
from programs.overlap.decisions import Decision, standing_decisions
from programs.overlap.engine.score import score_pairs
from programs.overlap.engine.table import Table
from programs.overlap.labels import IGNORE
from programs.overlap.profiles import stored_profiles
from programs.querysets import among

PROGRAMS_AT_ONCE = 500
PAIR_COLUMNS = ("left", "right", "kind", "called", "reason", "score", "model_version", "decided", "uncertain")
PARTS = ("coverages", "locations", "goals", "sectors", "participations__organization", "budgets")

Pair = tuple[int, int]


@dataclass(frozen=True)
class Exported:
    """How many programs, decided pairs and pairs to ignore were written, and how many decisions were left out since
    a program of theirs is restricted."""

    programs: int
    decided: int
    ignored: int
    left_out: int


def export_decisions(folder: Path, *, with_restricted: bool = False) -> Exported:
    """Writes programs.jsonl and pairs.csv into the folder, which is made if need be. OSError where it cannot be."""
    every = standing_decisions()
    decided = every if with_restricted else _without_restricted(every)
    ids = sorted({pk for decision in decided for pk in decision.pair})
    undecided = _undecided(ids, {decision.pair for decision in decided})
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "programs.jsonl").open("w", encoding="utf-8") as file:
        for row in _programs(ids):
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
    with (folder / "pairs.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(PAIR_COLUMNS)
        writer.writerows(_pair(decision) for decision in decided)
        writer.writerows((_id(left), _id(right), IGNORE, *[""] * 6) for left, right in undecided)
    return Exported(len(ids), len(decided), len(undecided), len(every) - len(decided))


def _without_restricted(decided: Sequence[Decision]) -> list[Decision]:
    ids = {pk for decision in decided for pk in decision.pair}
    restricted = set(
        Program.objects.filter(pk__in=among(ids), visibility=Program.Visibility.RESTRICTED).values_list("pk", flat=True)
    )
    return [decision for decision in decided if restricted.isdisjoint(decision.pair)]


def _undecided(ids: Sequence[int], decided: set[Pair]) -> list[Pair]:
    """Candidates among these programs with a score of .05 or more that nobody has decided on."""
    there, numbers, found = set(ids), current_model(), []
    for first in range(0, len(ids), PROGRAMS_AT_ONCE):
        pairs = [
            pair
            for pair in find_candidates(ids[first : first + PROGRAMS_AT_ONCE], upwards=True).pairs
            if there.issuperset(pair) and pair not in decided
        ]
        if not pairs:
            continue
        profiles = stored_profiles(pk for pair in pairs for pk in pair)
        pairs = [pair for pair in pairs if profiles.keys() >= set(pair)]
        if not pairs:
            continue
        table = Table(list(profiles.values()))
        rows = np.array([[table.row[pk] for pk in pair] for pair in pairs], np.int64)
        scores = score_pairs(table, rows[:, 0], rows[:, 1], numbers)
        found += [pairs[int(i)] for i in np.flatnonzero(scores.flagged | scores.uncertain)]
    return sorted(found)


def _pair(decision: Decision) -> tuple[Any, ...]:
    return (
        _id(decision.left),
        _id(decision.right),
        decision.label,
        decision.kind,
        decision.reason,
        decision.score,
        decision.model_version,
        timezone.localtime(decision.decided_at).date().isoformat(),
        int(decision.is_sampled),
    )


def _id(pk: int) -> str:
    return f"P{pk}"


def _programs(ids: Sequence[int]) -> Iterator[dict[str, Any]]:
    moves = Prefetch("transactions", Transaction.objects.select_related("provider", "receiver"))
    for first in range(0, len(ids), PROGRAMS_AT_ONCE):
        some = Program.objects.filter(pk__in=ids[first : first + PROGRAMS_AT_ONCE]).order_by("pk")
        for program in some.select_related("reporting_org").prefetch_related(*PARTS, moves):
            yield _program(program)


def _program(program: Program) -> dict[str, Any]:
    return {
        "id": _id(program.pk),
        "identifier": program.identifier,
        "reporting_org": program.reporting_org.name,
        "title": program.title,
        "description": program.description,
        "language": program.language,
        "status": str(program.status) if program.status else None,
        "start": _day(program.start),
        "end": _day(program.end) if not (program.start and program.end and program.end < program.start) else None,
        "countries": [{"code": row.country_id} for row in program.coverages.all() if row.country_id],
        "areas": sorted({row.area_id for row in program.locations.all() if row.area_id}),
        "localities": sorted({row.name for row in program.locations.all() if row.name}),
        "goals": sorted(row.goal_id for row in program.goals.all()),
        "sectors": [{"code": row.sector_id} for row in program.sectors.all()],
        "participating_orgs": [
            {"role": str(int(row.role)), "name": row.organization.name} for row in program.participations.all()
        ],
        "budget": _budget(program),
        "transactions": [_move(row) for row in program.transactions.all()],
    }


def _budget(program: Program) -> dict[str, Any] | None:
    """The sum of the budgets, where all are in one currency: the format has room for one."""
    rows = list(program.budgets.all())
    if len({row.currency for row in rows}) != 1:
        return None
    return {"value": str(sum(row.value for row in rows)), "currency": rows[0].currency}


def _move(row: Transaction) -> dict[str, Any]:
    return {
        "type": str(int(row.type)),
        "value": str(row.value),
        "currency": row.currency,
        "date": _day(row.date),
        "provider": row.provider.name if row.provider else None,
        "receiver": row.receiver.name if row.receiver else None,
        "provider_activity_id": row.provider_activity or None,
    }


def _day(day: Any) -> str | None:
    return day.isoformat() if day else None
