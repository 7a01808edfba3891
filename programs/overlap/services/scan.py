"""Scanning programs: find candidates, judge them, make the stored overlaps equal to what was found."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import ProtectedError, Q
from django.utils import timezone

from programs.models import Program
from programs.overlap.candidates import candidate_pairs
from programs.overlap.engine.facts import ProgramFacts
from programs.overlap.engine.score import OVERLAP, Verdict, judge, model
from programs.overlap.loading import load_facts, material_facts
from programs.overlap.models import Overlap, Review

Pair = tuple[int, int]


@dataclass(frozen=True)
class Found:
    """What a scan did: programs looked at, pairs compared, pairs flagged."""

    programs: int = 0
    pairs: int = 0
    flagged: int = 0

    def __add__(self, other: "Found") -> "Found":
        return Found(self.programs + other.programs, self.pairs + other.pairs, self.flagged + other.flagged)


def scan_programs(ids: Sequence[int], *, upwards: bool = False) -> Found:
    """Makes the overlaps of these programs what the engine says of them now. Safe to run twice, or at once.

    `upwards` looks only at partners with a larger id (a part of a full scan). Otherwise the programs count as
    scanned in the version that was read. A pair is written only if both programs are still as they were read: who
    changes one of them meanwhile makes it due, and its own scan writes the pair.
    """
    ids = sorted(ids)
    # Versions of all partners are read before the candidates: an unchanged one afterwards was judged as it is.
    stored = _stored_pairs(ids, upwards)
    versions = dict(
        Program.objects.filter(pk__in={pk for pair in stored for pk in pair} | set(ids)).values_list("pk", "version")
    )
    pairs = candidate_pairs(ids, upwards=upwards)
    facts = load_facts({pk for pair in pairs for pk in pair})
    versions |= {pk: fact.version for pk, fact in facts.items()}
    verdicts = {
        pair: verdict
        for pair in pairs
        if pair[0] in facts and pair[1] in facts and (verdict := judge(facts[pair[0]], facts[pair[1]])).is_flagged
    }
    _write(verdicts, stored, facts, versions)
    if not upwards:
        _mark_scanned({pk: versions[pk] for pk in ids if pk in versions})
    return Found(len(ids), len(pairs), len(verdicts))


def _stored_pairs(ids: Sequence[int], upwards: bool) -> list[Pair]:
    of_these = Q(left__in=ids) if upwards else Q(left__in=ids) | Q(right__in=ids)
    return list(Overlap.objects.filter(of_these).values_list("left_id", "right_id"))


@transaction.atomic
def _write(
    verdicts: dict[Pair, Verdict],
    stored: list[Pair],
    facts: dict[int, ProgramFacts],
    versions: dict[int, int],
) -> None:
    concerned = {pk for pair in (*verdicts, *stored) for pk in pair}
    if not concerned:
        return
    # Held until commit, so that none of them changes between this look and the writing; in order, against deadlock.
    current = _locked_versions(sorted(concerned))
    unchanged = {pk for pk in concerned if pk in versions and current.get(pk) == versions[pk]}
    rows = {
        (row.left_id, row.right_id): row
        for row in Overlap.objects.select_for_update()
        .filter(Q(left__in=concerned) & Q(right__in=concerned))
        .order_by("left_id", "right_id")
    }
    for pair in sorted(set(verdicts) | set(stored)):
        if not unchanged.issuperset(pair):
            continue
        if pair in verdicts:
            _flag(rows.get(pair), pair, verdicts[pair], facts)
        elif pair in rows:
            _unflag(rows[pair])


def _locked_versions(ids: list[int]) -> dict[int, int]:
    locked = Program.objects.raw(
        "SELECT id, version FROM programs_program WHERE id = ANY(%s) ORDER BY id FOR SHARE", [ids]
    )
    return {program.pk: program.version for program in locked}


def _flag(row: Overlap | None, pair: Pair, verdict: Verdict, facts: dict[int, ProgramFacts]) -> None:
    left, right = facts[pair[0]], facts[pair[1]]
    material = {"left": material_facts(left), "right": material_facts(right)}
    values: dict[str, Any] = {
        "kind": verdict.kind,
        "score": round(verdict.score, 4),
        "factors": [term.as_json() for term in verdict.terms if term.factor.value is not None],
        "money_usd": money_at_stake(left, right),
        "second_report_id": second_report(verdict.kind, left, right),
        "is_flagged": True,
        "model_version": model().version,
        "left_version": left.version,
        "right_version": right.version,
        "material": material,
    }
    if row is None:
        # Another scan may have written the pair since; it judged the same versions, so it said the same.
        Overlap.objects.bulk_create([Overlap(left_id=pair[0], right_id=pair[1], **values)], ignore_conflicts=True)
        return
    changes = changed(row.material, material)
    if row.state != Overlap.State.OPEN and changes:
        values["state"] = Overlap.State.OPEN
        Review.objects.create(
            overlap=row,
            action=Review.Action.REOPEN,
            changes=changes,
            left_version=left.version,
            right_version=right.version,
        )
    if any(getattr(row, name) != value for name, value in values.items()):
        Overlap.objects.filter(pk=row.pk).update(**values, updated_at=timezone.now())


def _unflag(row: Overlap) -> None:
    """What nothing rests on goes; what people decided or said stays with its pair, no longer shown as flagged."""
    if not row.is_flagged:
        return
    try:
        with transaction.atomic():
            row.delete()
    except ProtectedError:
        Overlap.objects.filter(pk=row.pk).update(is_flagged=False, updated_at=timezone.now())


def _mark_scanned(versions: dict[int, int]) -> None:
    """In a transaction of its own: within the one above, two scans of neighbours would wait for each other."""
    by_version: dict[int, list[int]] = {}
    for pk, version in versions.items():
        by_version.setdefault(version, []).append(pk)
    for version, pks in sorted(by_version.items()):
        Program.objects.filter(pk__in=pks, scanned_version__lt=version, version__gte=version).update(
            scanned_version=version, scanned_at=timezone.now()
        )


def money_at_stake(left: ProgramFacts, right: ProgramFacts) -> Decimal | None:
    """What may be spent twice, in US dollars: the smaller commitment of the two; None where one is unknown."""
    if left.committed_usd is None or right.committed_usd is None:
        return None
    return max(Decimal(0), min(left.committed_usd, right.committed_usd))


def second_report(kind: str, left: ProgramFacts, right: ProgramFacts) -> int | None:
    """Whose money totals leave out where both report the same: not the funder's own report, else the later one.

    By a key of each program alone, so that no chain of reports can leave out all of its links.
    """
    if kind == OVERLAP:
        return None
    return max((left, right), key=lambda facts: (facts.reporting_org not in facts.funders, facts.id)).id


def changed(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    """Material facts that differ, as {"left.end": [before, after]}."""
    return {
        f"{side}.{name}": [before.get(side, {}).get(name), value]
        for side in ("left", "right")
        for name, value in after[side].items()
        if before.get(side, {}).get(name) != value
    }
