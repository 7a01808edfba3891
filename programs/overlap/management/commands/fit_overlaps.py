"""Finds the engine's numbers from a labelled set and writes them to weights.json."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import numpy as np
from django.core.management.base import BaseCommand, CommandError

from programs.overlap.engine.factors import Values, measure
from programs.overlap.engine.fitting import fit_kind, learn_taxonomy
from programs.overlap.engine.score import DUPLICATE, KINDS, OVERLAP, SAME_MONEY, WEIGHTS, model_of
from programs.overlap.engine.taxonomy import LEARNT, fingerprint
from programs.overlap.evaluation.labelled import BadFile, read_labelled_set
from programs.overlap.evaluation.metrics import Outcome, figures
from programs.overlap.evaluation.scratch import analyze, load, scratch_database
from programs.overlap.evaluation.trial import Trial, trial_of

FOLDS = 5
FLAGGED_FROM = 0.5
ABOUT = [
    "Log-odds in bits (to base 2): a pair's bits for a kind are prior_bits and, for each factor that is known, what",
    "the line through the points 'value: bits' gives at its value. Written by manage.py fit_overlaps",
    "(docs/overlap-engine.md);",
    "pointer (a report that names the other activity) is set by hand, since labelled sets rarely hold it.",
]


class Command(BaseCommand):
    help = (
        "Fits the overlap engine to a labelled set: writes weights.json, and taxonomy.npz where taxonomy.csv changed."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("programs", type=Path, help="one program a line, as JSON")
        parser.add_argument("pairs", type=Path, help="CSV with left, right, kind")
        parser.add_argument("--model-version", required=True, help="such as 2026.2; stored with every overlap")
        parser.add_argument("--dry-run", action="store_true", help="print the figures, write nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            labelled = read_labelled_set(options["programs"], options["pairs"])
            if not LEARNT.exists() or str(np.load(LEARNT)["fingerprint"]) != fingerprint():
                learn_taxonomy()
            with scratch_database():
                ids = load(labelled.programs)
                analyze()
                trial = trial_of(labelled, ids)
        except BadFile as error:
            raise CommandError(str(error)) from error
        values = measure(trial.table, trial.left, trial.right)
        everything = np.ones(len(trial.labels), bool)
        stored = fitted(options["model_version"], values, trial.labels, everything)
        self._print("fitted", figures(trial.outcome(model_of(stored))))
        self._print(f"{FOLDS}-fold", figures(cross_validated(trial, values)))
        if not options["dry_run"]:
            WEIGHTS.write_text(json.dumps(stored, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")

    def _print(self, title: str, found: dict[str, Any]) -> None:
        for name, row in {"all": found["all"], **found["kinds"]}.items():
            self.stdout.write(f"{title:8} {name:11}" + "  ".join(f"{key} {value:.3f}" for key, value in row.items()))


def fitted(version: str, values: dict[str, Values], labels: np.ndarray, chosen: np.ndarray) -> dict[str, Any]:
    """The content of weights.json from these pairs. A pair of another kind is no counter-example to an overlap."""
    kinds = {}
    for kind in KINDS:
        used = chosen & (labels != "ignore")
        if kind == OVERLAP:
            used &= ~np.isin(labels, (DUPLICATE, SAME_MONEY))
        kinds[kind] = fit_kind(kind, {name: value[used] for name, value in values.items()}, labels[used] == kind)
    return {"about": ABOUT, "model_version": version, "flagged_from": FLAGGED_FROM, "kinds": kinds}


def cross_validated(trial: Trial, values: dict[str, Values]) -> Outcome:
    """The outcome where each fold is scored by a fit on the others. A place is in one fold with all of its programs."""
    folds = np.array([_place(trial, row) % FOLDS for row in trial.left])
    parts = []
    for fold in range(FOLDS):
        numbers = model_of(fitted("", values, trial.labels, folds != fold))
        parts.append((folds == fold, trial.outcome(numbers)))
    whole = parts[0][1]
    for here, part in parts[1:]:
        for name in ("kinds", "scores", "flagged"):
            getattr(whole, name)[here] = getattr(part, name)[here]
    return whole


def _place(trial: Trial, row: int) -> int:
    profile = trial.table.profiles[row]
    return min(profile.places or profile.areas or (profile.id,))
