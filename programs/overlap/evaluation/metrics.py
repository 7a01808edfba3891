"""From scores and labels to figures, in numpy alone."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from programs.overlap.engine.catalogue import KINDS

BINS = 10
# From this score on a pair is near enough to being flagged that people may come to see it.
SEEN_FROM = 0.05


@dataclass(frozen=True)
class Outcome:
    """What the engine said of each candidate pair, beside its label ("" where the pair is not listed: a negative).

    `positives` and `cross` count the labelled pairs of each kind, also those that are no candidates; `cross` those
    whose two programs are written in different languages. `categories` is the category of each candidate ("" without),
    `listed` counts all listed pairs by category and label.
    """

    labels: NDArray[np.str_]
    kinds: NDArray[np.str_]
    scores: NDArray[np.float64]
    flagged: NDArray[np.bool_]
    in_two_languages: NDArray[np.bool_]
    positives: Counter[str]
    cross: Counter[str]
    programs: int
    categories: NDArray[np.str_] | None = None
    listed: Counter[tuple[str, str]] = field(default_factory=Counter)


def figures(outcome: Outcome) -> dict[str, Any]:
    """Of all kinds together and of each; pairs labelled `ignore` are in no count.

    For all, a pair found under another kind than its own counts as found.
    """
    counted = outcome.labels != "ignore"
    positive = np.isin(outcome.labels, KINDS)
    everything = _of(outcome, counted, positive, outcome.flagged, sum(outcome.positives.values()),
                     sum(outcome.cross.values()))  # fmt: skip
    everything |= {
        "candidate_recall": _share(positive.sum(), sum(outcome.positives.values())),
        "candidates_per_program": round(len(outcome.labels) / max(1, outcome.programs), 2),
        "ece": _calibration(outcome, counted, positive),
        "ece_flagged": _calibration(outcome, counted & outcome.flagged, positive),
        "ece_seen": _calibration(outcome, counted & (outcome.scores >= SEEN_FROM), positive),
        "recall_one_language": _share(
            (positive & outcome.flagged & ~outcome.in_two_languages).sum(),
            sum(outcome.positives.values()) - sum(outcome.cross.values()),
        ),
    }
    kinds = {}
    for kind in KINDS:
        mine = outcome.kinds == kind
        kinds[kind] = _of(outcome, counted & (mine | (outcome.labels == kind)), outcome.labels == kind,
                          outcome.flagged & mine, outcome.positives[kind], outcome.cross[kind])  # fmt: skip
    return {"all": everything, "kinds": kinds, "categories": by_category(outcome)}


def by_category(outcome: Outcome) -> dict[str, dict[str, float]]:
    """Of each category of listed pairs: how many positives, which share of them was found (as whatever kind) and which
    were candidates; how many negatives, and which share of them was flagged."""
    if outcome.categories is None:
        return {}
    found = {}
    positive, negative = np.isin(outcome.labels, KINDS), outcome.labels == "none"
    for name in sorted({category for category, _label in outcome.listed}):
        mine = outcome.categories == name
        positives = sum(outcome.listed[name, kind] for kind in KINDS)
        negatives = outcome.listed[name, "none"]
        found[name] = {
            "positives": positives,
            "recall": _share((mine & positive & outcome.flagged).sum(), positives),
            "candidate_recall": _share((mine & positive).sum(), positives),
            "negatives": negatives,
            "flagged_negatives": _share((mine & negative & outcome.flagged).sum(), negatives),
        }
    return found


def _of(
    outcome: Outcome,
    counted: NDArray[np.bool_],
    right: NDArray[np.bool_],
    found: NDArray[np.bool_],
    of: int,
    of_cross: int,
) -> dict[str, float]:
    found = found & counted
    hits = found & right
    precision, recall = _share(hits.sum(), found.sum()), _share(hits.sum(), of)
    # A pair that is taken for another kind ranks by its score among that kind's, not among this one's.
    ranked = np.where(outcome.flagged & ~found, 0.0, outcome.scores)[counted]
    order = np.argsort(-ranked, kind="stable")
    hit_by_rank = right[counted][order]
    return {
        "precision": precision,
        "recall": recall,
        "f1": round(2 * precision * recall / (precision + recall), 4) if precision + recall else 0.0,
        "average_precision": average_precision(hit_by_rank, of),
        "precision_at_50": _share(hit_by_rank[:50].sum(), min(50, len(hit_by_rank))),
        "precision_at_200": _share(hit_by_rank[:200].sum(), min(200, len(hit_by_rank))),
        "recall_cross_language": _share((hits & outcome.in_two_languages).sum(), of_cross),
    }


def average_precision(hits: NDArray[np.bool_], of: int) -> float:
    """The mean of the precision at each hit of a ranked list; positives that are not in it are never found."""
    precision = np.cumsum(hits) / np.arange(1, len(hits) + 1)
    return _share(precision[hits].sum(), of)


def _calibration(outcome: Outcome, chosen: NDArray[np.bool_], positive: NDArray[np.bool_]) -> float:
    return round(calibration_error(outcome.scores[chosen], positive[chosen]), 4)


def calibration_error(scores: NDArray[np.float64], right: NDArray[np.bool_]) -> float:
    """Expected calibration error: over ten equal bins of the score, the gap between mean score and share of positives,
    weighted by the pairs in the bin; right is a positive of any kind. 0 without pairs."""
    bins = np.minimum((scores * BINS).astype(int), BINS - 1)
    gaps = [
        abs(scores[bins == b].mean() - right[bins == b].mean()) * (bins == b).sum()
        for b in range(BINS)
        if (bins == b).any()
    ]
    return float(sum(gaps) / max(1, len(scores)))


def confusion(outcome: Outcome) -> dict[str, dict[str, int]]:
    """Label -> what the engine called it ("missed" where it was not flagged) -> pairs."""
    table: dict[str, dict[str, int]] = {}
    for kind in KINDS:
        mine = outcome.labels == kind
        stated = {other: int((mine & outcome.flagged & (outcome.kinds == other)).sum()) for other in KINDS}
        table[kind] = stated | {"missed": outcome.positives[kind] - sum(stated.values())}
    table["none"] = {
        kind: int((~np.isin(outcome.labels, (*KINDS, "ignore")) & outcome.flagged & (outcome.kinds == kind)).sum())
        for kind in KINDS
    }
    return table


def _share(part: Any, whole: Any) -> float:
    return round(float(part) / float(whole), 4) if whole else 0.0
