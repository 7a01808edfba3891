"""Finds the engine's numbers from a labelled set and writes them to weights.json."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import numpy as np
from django.core.management.base import BaseCommand, CommandError

from programs.overlap.engine.catalogue import DUPLICATE, KINDS, OVERLAP, SAME_MONEY, measure
from programs.overlap.engine.factors import Values
from programs.overlap.engine.fitting import fit_kind
from programs.overlap.engine.learning import learn_taxonomy
from programs.overlap.engine.score import WEIGHTS, Model, model_of
from programs.overlap.engine.taxonomy import LEARNT, fingerprint
from programs.overlap.evaluation.labelled import BadFile, read_labelled_set
from programs.overlap.evaluation.metrics import Outcome, figures
from programs.overlap.evaluation.scratch import analyze, load, scratch_database
from programs.overlap.evaluation.trial import Trial, trial_of

FOLDS = 5
FLAGGED_FROM = 0.5
ABOUT = [
    "Log-odds in bits (to base 2): a pair's bits for a kind are prior_bits and, for each factor that is known, what",
    "the line through the points 'value: bits' gives at its value. Written by manage.py fit_overlaps (see",
    "docs/overlap-engine.md); pointer (a report that names the other activity) is set by hand, since labelled sets",
    "rarely hold it. typical_bits: what each factor comes to on average over the pairs compared, from which waterfalls",
    "are told; no score rests on it.",
]


class Command(BaseCommand):
    help = (
        "Fits the overlap engine to a labelled set: writes weights.json, and taxonomy.npz where taxonomy.csv changed."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("programs", type=Path, help="one program per line, as JSON")
        parser.add_argument("pairs", type=Path, help="CSV with left, right, kind")
        parser.add_argument(
            "--also",
            type=Path,
            nargs=2,
            action="append",
            default=[],
            metavar=("PROGRAMS", "PAIRS"),
            help="another labelled set, in other words: keeps the fit from one set's phrases",
        )
        parser.add_argument("--model-version", required=True, help="such as 2026.2; stored with every overlap")
        parser.add_argument("--dry-run", action="store_true", help="print the figures, write nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        if not LEARNT.exists() or str(np.load(LEARNT)["fingerprint"]) != fingerprint():
            learn_taxonomy()
        trials = []
        try:
            for paths in [(options["programs"], options["pairs"]), *options["also"]]:
                labelled = read_labelled_set(*paths)
                with scratch_database():
                    ids = load(labelled.programs)
                    analyze()
                    trials.append(trial_of(labelled, ids))
        except BadFile as error:
            raise CommandError(str(error)) from error
        measured = [measure(trial.table, trial.left, trial.right) for trial in trials]
        values = {name: np.concatenate([one[name] for one in measured]) for name in measured[0]}
        labels = np.concatenate([trial.labels for trial in trials])
        stored = fitted(options["model_version"], values, labels, np.ones(len(labels), bool))
        stored["typical_bits"] = typical_bits(model_of(stored), values)
        for trial, (programs, _pairs) in zip(trials, [(options["programs"], None), *options["also"]], strict=True):
            self._print(f"{programs}, fitted", figures(trial.outcome(model_of(stored))))
        folds = np.concatenate([[place_of(trial, row) % FOLDS for row in trial.left] for trial in trials])
        tests = [model_of(fitted("", values, labels, folds != fold)) for fold in range(FOLDS)]
        for trial, (programs, _pairs) in zip(trials, [(options["programs"], None), *options["also"]], strict=True):
            self._print(f"{programs}, {FOLDS}-fold", figures(cross_validated(trial, tests)))
        if not options["dry_run"]:
            before = json.loads(WEIGHTS.read_text(encoding="utf-8"))
            stored = json.loads(json.dumps(stored))  # the points of the curves as the file has them: texts
            if before["model_version"] == stored["model_version"] and before["kinds"] != stored["kinds"]:
                raise CommandError(
                    f"{stored['model_version']} is the version of other numbers, by which stored overlaps are known:"
                    " give these another one"
                )
            WEIGHTS.write_text(json.dumps(stored, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")

    def _print(self, title: str, found: dict[str, Any]) -> None:
        self.stdout.write(title)
        for name, row in {"all": found["all"], **found["kinds"]}.items():
            self.stdout.write(f"  {name:11}" + "  ".join(f"{key} {value:.3f}" for key, value in row.items()))


def fitted(version: str, values: dict[str, Values], labels: np.ndarray, chosen: np.ndarray) -> dict[str, Any]:
    """The content of weights.json from these pairs. A pair of another kind is no counter-example to an overlap."""
    kinds = {}
    for kind in KINDS:
        used = chosen & (labels != "ignore")
        if kind == OVERLAP:
            used &= ~np.isin(labels, (DUPLICATE, SAME_MONEY))
        kinds[kind] = fit_kind(kind, {name: value[used] for name, value in values.items()}, labels[used] == kind)
    return {"about": ABOUT, "model_version": version, "flagged_from": FLAGGED_FROM, "kinds": kinds}


def typical_bits(numbers: Model, values: dict[str, Values]) -> dict[str, dict[str, float]]:
    """By kind and factor, the mean of the bits over these pairs; an unknown value counts with its 0 bits."""
    return {
        kind: {name: round(float(curve(values[name]).mean()), 3) for name, curve in curves.items()}
        for kind, curves in numbers.curves.items()
    }


def cross_validated(trial: Trial, models: list[Model]) -> Outcome:
    """The outcome where each fold is scored by the fit on the others."""
    folds = np.array([place_of(trial, row) % FOLDS for row in trial.left])
    whole = trial.outcome(models[0])
    for fold, numbers in enumerate(models):
        part, here = trial.outcome(numbers), folds == fold
        for name in ("kinds", "scores", "flagged"):
            getattr(whole, name)[here] = getattr(part, name)[here]
    return whole


def place_of(trial: Trial, row: int) -> int:
    """What puts a pair into its fold: a place is in one fold, with all of its programs."""
    profile = trial.table.profiles[row]
    return min(profile.places or profile.areas or (profile.id,))
