"""A calibration from decisions: what they teach of each kind, whether that helps, and what it would change.

Nothing takes effect here: coordinators decide (services/calibrations.py).
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from hashlib import blake2b
from typing import Any

import numpy as np
import structlog
from django.db import transaction
from django.db.models import Count, Max

from programs.overlap.calibrated import current_model
from programs.overlap.decisions import Decision, standing_decisions
from programs.overlap.engine.calibration import AS_FITTED, FOLDS, Evidence, Line, before_and_after, fit_line
from programs.overlap.engine.catalogue import KINDS, measure
from programs.overlap.engine.factors import Values
from programs.overlap.engine.score import Model, Scores, are_apart, bits_of, model, score_pairs
from programs.overlap.engine.table import Table
from programs.overlap.models import Calibration, CalibrationMove, Overlap, UncertainPair
from programs.overlap.profiles import stored_profiles
from programs.overlap.services.sampling import sample_level
from programs.overlap.services.writing import Pair, one_at_a_time

log = structlog.get_logger(__name__)

# Of a kind with fewer decisions, or fewer of one answer, nothing is proposed. A case that is decided in one stroke is
# one decision, however many pairs it has.
LEAST_DECISIONS, LEAST_OF_EACH = 50, 10
# What brings Brier's mean square down by less than this is not worth a new scan.
LEAST_GAIN = 0.001
# After a proposal for a kind was declined or reversed, so many further decisions are waited for.
LEAST_NEW = 10
PAIRS_AT_ONCE = 5000


def propose_calibration() -> Calibration | None:
    """A proposal from the decisions that hold now; None where there are too few, or they teach nothing that helps.

    Takes the place of a proposal that nobody has decided on; one that says the same stays. Safe to run twice, or at
    once, or while a coordinator decides.
    """
    weights, now = model(), current_model()
    refused = _refused(weights.version)
    _outdate(Calibration.objects.exclude(base_version=weights.version), "The engine has new weights.")
    lines, figures = dict(now.lines), {}
    decided = standing_decisions()
    for kind in KINDS:
        mine = [decision for decision in decided if decision.kind == kind and decision.was_right is not None]
        if kind in refused and len({one.act for one in mine if one.decided_at > refused[kind]}) < LEAST_NEW:
            continue
        found = _learnt(kind, mine, now.lines.get(kind, AS_FITTED))
        if found:
            lines[kind], figures[kind] = found
    if not figures:
        log.info("calibration.nothing_to_propose", decisions=len(decided))
        return None
    changes = _changes(now, replace(now, lines=lines))
    for kind in figures:
        figures[kind] |= changes[kind]
    return _propose(weights.version, now, lines, figures)


@transaction.atomic
def _propose(base_version: str, now: Model, lines: dict[str, Line], figures: dict[str, Any]) -> Calibration | None:
    """Keeps the proposal; None where coordinators changed what is in effect (`now`) since: it was made for that."""
    one_at_a_time()
    if current_model().version != now.version:
        log.info("calibration.overtaken", version=now.version)
        return None
    before = Calibration.objects.in_effect(base_version).first()
    stated = {kind: line.as_json() for kind, line in lines.items()}
    there = Calibration.objects.proposed(base_version).filter(before=before).first()
    if there and (there.lines, there.figures) == (stated, figures):
        return there
    _outdate(Calibration.objects.all(), "A newer proposal takes its place.")
    number = Calibration.objects.filter(base_version=base_version).aggregate(most=Max("number"))["most"] or 0
    made = Calibration.objects.create(
        base_version=base_version,
        number=number + 1,
        before=before,
        lines=stated,
        figures=figures,
    )
    CalibrationMove.objects.create(calibration=made, action=CalibrationMove.Action.PROPOSE)
    log.info("calibration.proposed", calibration_id=made.pk, kinds=sorted(figures))
    return made


@transaction.atomic
def _outdate(calibrations: Any, why: str) -> None:
    for one in calibrations.filter(state=Calibration.State.PROPOSED).select_for_update():
        Calibration.objects.filter(pk=one.pk).update(state=Calibration.State.OUTDATED)
        CalibrationMove.objects.create(calibration=one, action=CalibrationMove.Action.OUTDATE, note=why)


def _refused(base_version: str) -> dict[str, datetime]:
    """By kind: when coordinators last declined a change to it, or reversed one."""
    refused = CalibrationMove.objects.filter(
        calibration__base_version=base_version,
        action__in=[CalibrationMove.Action.DECLINE, CalibrationMove.Action.REVERSE],
    )
    rows = refused.order_by("created_at").values_list("calibration__figures", "created_at")
    return {kind: when for figures, when in rows for kind in figures}


def _learnt(kind: str, decided: Sequence[Decision], now: Line) -> tuple[Line, dict[str, Any]] | None:
    """The line that these decisions on pairs of the kind teach, with its figures; None where they are too few or it
    does not help on decisions that it was not fitted to."""
    known, bits = _bits(kind, decided)
    right = np.array([bool(decision.was_right) for decision in known], float)
    acts = {decision.act: decision for decision in known}
    confirmed = sum(bool(decision.was_right) for decision in acts.values())
    if len(acts) < LEAST_DECISIONS or min(confirmed, len(acts) - confirmed) < LEAST_OF_EACH:
        return None
    sampled = np.array([decision.is_sampled for decision in known], bool)
    # Numbered in a chance order; what was decided in one stroke is in one fold.
    numbers = {act: number for number, act in enumerate(sorted(acts, key=_chance))}
    of_act = np.array([numbers[decision.act] for decision in known], np.int64)
    evidence = Evidence(bits, right, _weights(kind, sampled, of_act), of_act % FOLDS)
    before, after = before_and_after(evidence, now)
    if before.brier - after.brier < LEAST_GAIN:
        return None
    return fit_line(evidence), {
        "decisions": len(acts),
        "right": confirmed,
        "sampled": sum(decision.is_sampled for decision in acts.values()),
        "brier": [before.brier, after.brier],
        "error": [before.error, after.error],
    }


def _bits(kind: str, decided: Sequence[Decision]) -> tuple[list[Decision], Values]:
    """The bits of these pairs as the weights alone add them up, of those whose programs are still there, and that the
    engine would flag at all: pairs of a family or a series are flagged at no score, and teach nothing about one."""
    weights = model()
    known: list[Decision] = []
    bits: list[Values] = [np.zeros(0)]
    for first in range(0, len(decided), PAIRS_AT_ONCE):
        some = decided[first : first + PAIRS_AT_ONCE]
        profiles = stored_profiles(pk for decision in some for pk in decision.pair)
        there = [decision for decision in some if profiles.keys() >= set(decision.pair)]
        if there:
            table = Table([profiles[pk] for pk in sorted({pk for decision in there for pk in decision.pair})])
            rows = np.array([[table.row[pk] for pk in decision.pair] for decision in there], np.int64)
            values = measure(table, rows[:, 0], rows[:, 1])
            apart = are_apart(values)
            bits.append(bits_of(kind, values, weights)[apart])
            known += [decision for decision, counts in zip(there, apart, strict=True) if counts]
    return known, np.concatenate(bits)


def _chance(act: str) -> bytes:
    return blake2b(act.encode(), digest_size=8).digest()


def _weights(kind: str, sampled: np.ndarray, of_act: np.ndarray) -> Values:
    """How much each decided pair counts: for as many pairs as it was chosen from. The sum is what so unequal weights
    are worth in equal ones (Kish's effective number), so that few questions never outweigh the weights as fitted; the
    pairs that one act decided are one in that number."""
    flagged = Overlap.objects.flagged().filter(kind=kind, score__gte=model().flagged_from).count()
    uncertain = UncertainPair.objects.filter(kind=kind).count() << sample_level()
    weights = np.ones(len(sampled))
    for chosen, population in ((~sampled, flagged), (sampled, uncertain)):
        if chosen.any():
            weights[chosen] = max(1.0, population / chosen.sum())
    by_act = np.bincount(of_act, weights)
    return weights * weights.sum() / (by_act**2).sum()


def _changes(now: Model, after: Model) -> dict[str, dict[str, int]]:
    """By kind: how many open pairs there are, how many of them would be flagged no longer, and about how many others
    would be (from the sample)."""
    open_pairs = dict(Overlap.objects.open().order_by().values_list("kind").annotate(Count("pk")))
    lost = _switched(now, after, list(Overlap.objects.open().order_by("pk").values_list("left", "right")), flagged=True)
    new = _switched(now, after, list(UncertainPair.objects.order_by("pk").values_list("left", "right")), flagged=False)
    return {
        kind: {"open": open_pairs.get(kind, 0), "no_more": lost[kind], "new": new[kind] << sample_level()}
        for kind in KINDS
    }


def _switched(now: Model, after: Model, pairs: Sequence[Pair], *, flagged: bool) -> Counter[str]:
    """How many of these pairs are (`flagged`) or are not flagged now, and the other way round afterwards, by the kind
    that they have while they are flagged."""
    counted: Counter[str] = Counter()
    for first in range(0, len(pairs), PAIRS_AT_ONCE):
        profiles = stored_profiles(pk for pair in pairs[first : first + PAIRS_AT_ONCE] for pk in pair)
        some = [pair for pair in pairs[first : first + PAIRS_AT_ONCE] if profiles.keys() >= set(pair)]
        if not some:
            continue
        table = Table([profiles[pk] for pk in sorted({pk for pair in some for pk in pair})])
        rows = np.array([[table.row[pk] for pk in pair] for pair in some], np.int64)
        one, other = (score_pairs(table, rows[:, 0], rows[:, 1], numbers) for numbers in (now, after))
        while_flagged: Scores = one if flagged else other
        switched = (one.flagged == flagged) & (other.flagged != flagged)
        counted.update(KINDS[int(kind)] for kind in while_flagged.kinds[switched])
    return counted
