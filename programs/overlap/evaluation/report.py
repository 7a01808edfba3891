"""Figures as lines of text, for commands."""

from collections.abc import Iterator
from typing import Any

SHOWN = (
    "precision",
    "recall",
    "f1",
    "average_precision",
    "precision_at_50",
    "precision_at_200",
    "recall_cross_language",
)


def told(found: dict[str, Any]) -> Iterator[str]:
    """The figures of `metrics.figures` as lines: all and each kind, then each category."""
    everything = found["all"]
    yield (
        f"  candidates per program {everything['candidates_per_program']}, candidate recall"
        f" {everything['candidate_recall']:.3f}"
    )
    yield (
        f"  calibration error {everything['ece']:.4f} over all candidates, {everything['ece_flagged']:.3f} over flagged"
        f" pairs, {everything['ece_seen']:.3f} over pairs with a score of .05 or more"
    )
    yield (
        f"  recall in one language {everything['recall_one_language']:.3f}, across languages"
        f" {everything['recall_cross_language']:.3f}"
    )
    yield " " * 13 + "".join(f"{name.replace('_', ' '):>23}" for name in SHOWN)
    for name, row in {"all": everything, **found["kinds"]}.items():
        yield f"  {name:11}" + "".join(f"{row[key]:23.3f}" for key in SHOWN)
    if found["categories"]:
        yield f"  {'category':26}{'positives':>10}{'found':>8}{'candidates':>12}{'negatives':>11}{'flagged':>9}"
    for name, row in found["categories"].items():
        yield (
            f"  {name:26}{row['positives']:10}{_share(row, 'positives', 'recall'):>8}"
            f"{_share(row, 'positives', 'candidate_recall'):>12}{row['negatives']:11}"
            f"{_share(row, 'negatives', 'flagged_negatives'):>9}"
        )


def _share(row: dict[str, float], of: str, name: str) -> str:
    return f"{row[name]:.2f}" if row[of] else "–"
