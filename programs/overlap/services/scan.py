"""Scanning programs: find candidates, judge them, make the stored overlaps equal to what was found."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from programs.overlap.calibrated import current_model
from programs.overlap.candidates import find_candidates
from programs.overlap.clustering import sites_of
from programs.overlap.engine.catalogue import OVERLAP
from programs.overlap.engine.facts import ProgramFacts
from programs.overlap.engine.score import Verdict
from programs.overlap.listed_candidates import Listed, candidates_of_part
from programs.overlap.loading import material_facts
from programs.overlap.models import Overlap
from programs.overlap.profiles import refresh_profiles, stored_facts, stored_profiles, stored_versions
from programs.overlap.scoring import flagged_among
from programs.overlap.services.amounts import Amounts
from programs.overlap.services.clusters import update_clusters
from programs.overlap.services.sampling import Changes, changes_to, sample_of, write_sample
from programs.overlap.services.writing import (
    Pair,
    Stored,
    locked_programs,
    mark_scanned,
    one_at_a_time,
    pairs_of,
    reopen_decided,
    stored_pairs,
    unflag,
    upsert,
)


@dataclass(frozen=True)
class Found:
    """What a scan did: programs looked at, pairs compared, pairs flagged.

    `busy` are programs that somebody was just changing: what concerns them is still to do.
    """

    programs: int = 0
    pairs: int = 0
    flagged: int = 0
    busy: frozenset[int] = frozenset()

    def __add__(self, other: "Found") -> "Found":
        return Found(
            self.programs + other.programs,
            self.pairs + other.pairs,
            self.flagged + other.flagged,
            self.busy | other.busy,
        )


def scan_programs(ids: Sequence[int], *, upwards: bool = False, listed: Listed | None = None) -> Found:
    """Makes the overlaps of these programs what the engine says of them now. Safe to run twice, or at once.

    `upwards` looks only at partners with a larger id (a part of a full scan), of which `listed` are the candidates as
    they were found before. Otherwise the programs count as scanned in the version that was read. A pair is written only
    if both programs are still as they were read: who changes one of them in the meantime makes it due, and its own scan
    writes the pair.
    """
    ids = sorted(set(ids))
    # Committed before the look-up: of two scans at once, of programs that meet, one finds the other's keys.
    refresh_profiles(ids)
    numbers = current_model()
    known = pairs_of(ids, upwards=upwards, model_version=numbers.version)
    stored, sample = known.pairs, sample_of(ids, upwards=upwards)
    # Each version is read before what it stands for: if it is still the program's when the pair is written, then all
    # that was read between is of that version, too.
    versions = stored_versions({pk for pair in (*stored, *sample) for pk in pair} | set(ids))
    if listed is None:
        candidates = find_candidates(ids, upwards=upwards)
    else:
        candidates = candidates_of_part(ids, listed, {*stored, *sample})
    versions = candidates.versions | versions
    partners = {pk for pair in candidates.pairs for pk in pair}
    profiles = stored_profiles(partners)
    if due := partners - profiles.keys():
        # Partners whose profiles another release made: without them their pairs would be given up.
        refresh_profiles(due)
        profiles |= stored_profiles(due)
    told_before = {pair: made_of for pair, made_of in stored.items() if made_of}
    scored = flagged_among(profiles, candidates.pairs, stored_facts, told_before, numbers=numbers, held=known.held)
    # What the table says of a settled pair was read before all else, and is what would be written.
    stored_otherwise = [pair for pair in stored if pair not in scored.settled]
    scanned = {} if upwards else {pk: versions[pk] for pk in ids if pk in versions}
    busy: frozenset[int] = frozenset()
    uncertain = changes_to(sample, scored.uncertain)
    if scored.verdicts or stored_otherwise or scanned or uncertain:
        found = _Found(scored.verdicts, stored_otherwise, scored.facts, uncertain, numbers.version)
        busy = _write(found, versions, scanned)
    return Found(len(ids), len(candidates.pairs), len(scored.verdicts) + len(scored.settled), busy)


@dataclass(frozen=True)
class _Found:
    """What is to be written: verdicts with the facts of their programs, pairs that the table has and that are not
    flagged, changes to the sample of uncertain pairs, and the version of the model that says so."""

    verdicts: dict[Pair, Verdict]
    stored: list[Pair]
    facts: dict[int, ProgramFacts]
    uncertain: Changes
    model_version: str

    @property
    def programs(self) -> set[int]:
        return {pk for pair in (*self.verdicts, *self.stored, *self.uncertain) for pk in pair}


@transaction.atomic
def _write(found: _Found, versions: dict[int, int], scanned: dict[int, int]) -> frozenset[int]:
    """Writes pairs, their clusters, the sample and what counts as scanned, in one transaction; who could not be waited
    for, which is everyone where another calibration took effect since."""
    one_at_a_time()
    verdicts, stored, facts = found.verdicts, found.stored, found.facts
    concerned = found.programs
    if current_model().version != found.model_version:
        return frozenset(concerned | scanned.keys())
    current, busy = locked_programs(concerned | scanned.keys())
    unchanged = {pk for pk in concerned if pk in versions and current.get(pk) == versions[pk]}
    unchanged -= {pk for pk, fact in facts.items() if fact.version != versions.get(pk)}
    pairs = sorted(pair for pair in {*verdicts, *stored} if unchanged.issuperset(pair))
    rows = stored_pairs(pairs)
    amounts = Amounts(sorted({pk for pair in pairs if pair in verdicts for pk in pair}))
    wanted = {
        pair: row_of(pair, verdicts[pair], facts, rows.get(pair), found.model_version, amounts)
        for pair in pairs
        if pair in verdicts
    }
    reopen_decided({pair: row for pair, row in wanted.items() if pair in rows}, rows)
    changed = upsert(list(wanted.values()))
    # What was flagged for its confirmation alone, and is open again, goes back to what the engine is not sure of.
    kept = {pair for pair, row in wanted.items() if verdicts[pair].is_flagged or row["state"] != Overlap.State.OPEN}
    changed += unflag([rows[pair] for pair in pairs if pair not in kept and pair in rows])
    update_clusters(changed, [row.cluster for row in rows.values() if row.id in set(changed)])
    write_sample({pair: row for pair, row in found.uncertain.items() if unchanged.issuperset(pair)})
    of_pairs = (*verdicts, *stored, *found.uncertain)
    waiting = {pk for pair in of_pairs if not busy.isdisjoint(pair) for pk in pair} | busy
    mark_scanned({pk: version for pk, version in scanned.items() if pk not in waiting and current.get(pk) == version})
    return frozenset(waiting)


def row_of(
    pair: Pair,
    verdict: Verdict,
    facts: dict[int, ProgramFacts],
    stored: Stored | None,
    model_version: str,
    amounts: Amounts,
) -> dict[str, Any]:
    """A pair as a row of the table, as this version of the model says."""
    left, right = facts[pair[0]], facts[pair[1]]
    sites = sites_of(left, right)
    amount = amounts.of(left.id, right.id, verdict.kind, sites)
    money = amount.usd if amount else None
    return {
        "left_id": left.id,
        "right_id": right.id,
        "kind": verdict.kind,
        "score": round(verdict.score, 4),
        "factors": [term.as_json() for term in verdict.terms if term.factor.value is not None],
        "money_usd": None if money is None else str(money),
        "smaller_id": amount.smaller if amount else None,
        "parts": amount.as_json() if amount else None,
        "second_report_id": second_report(verdict.kind, left, right),
        "state": stored.state if stored else "open",
        "model_version": model_version,
        "left_version": left.version,
        "right_version": right.version,
        "material": {"left": material_facts(left), "right": material_facts(right)},
        "sites": sites,
    }


def second_report(kind: str, left: ProgramFacts, right: ProgramFacts) -> int | None:
    """Whose money totals leave out where both report the same: not the funder's own report, else the later one.

    By a key of each program alone, so that no chain of reports can leave out all of its links.
    """
    if kind == OVERLAP:
        return None
    return max(
        (left, right), key=lambda facts: (facts.body(facts.reporting_org) not in facts.bodies(facts.funders), facts.id)
    ).id
