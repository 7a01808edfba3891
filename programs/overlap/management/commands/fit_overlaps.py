"""Finds the engine's numbers from labelled sets and writes them to weights.json."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import numpy as np
from django.core.management.base import BaseCommand, CommandError

from programs.overlap.engine.learning import learn_taxonomy
from programs.overlap.engine.score import WEIGHTS, Model, model_of
from programs.overlap.engine.taxonomy import LEARNT, fingerprint
from programs.overlap.evaluation.fits import GivenSet, Sets, typical_bits
from programs.overlap.evaluation.groups import FOLDS
from programs.overlap.evaluation.labelled import BadFile, read_labelled_set
from programs.overlap.evaluation.metrics import Outcome, figures
from programs.overlap.evaluation.report import told
from programs.overlap.evaluation.scratch import analyze, load, scratch_database
from programs.overlap.evaluation.trial import trial_of


class Command(BaseCommand):
    help = (
        "Fits the overlap engine to labelled sets: writes weights.json, and taxonomy.npz where taxonomy.csv changed."
        " Tells how each set does where it was fitted, in folds by kind of work, and fitted to the other sets alone."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("programs", type=Path, help="one program per line, as JSON")
        parser.add_argument("pairs", type=Path, help="CSV with left, right, kind; further columns: category, work")
        files: dict[str, Any] = {"type": Path, "nargs": 2, "action": "append", "default": []}
        parser.add_argument("--also", **files, metavar=("PROGRAMS", "PAIRS"), help="another labelled set to fit to")
        parser.add_argument(
            "--only-test",
            **files,
            metavar=("PROGRAMS", "PAIRS"),
            help="a labelled set that nothing is fitted to: measured by what was fitted to the others",
        )
        parser.add_argument(
            "--weight",
            nargs=2,
            action="append",
            default=[],
            metavar=("PROGRAMS", "TIMES"),
            help="how many times each pair of a set counts: for a small one beside large ones",
        )
        parser.add_argument("--folds", type=int, default=FOLDS, help="how many folds by kind of work (0: none)")
        parser.add_argument("--model-version", required=True, help="such as 2026.2; stored with every overlap")
        parser.add_argument("--dry-run", action="store_true", help="print the figures, write nothing")
        parser.add_argument("--json", action="store_true", help="print one JSON object on the last line")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["folds"] < 0 or options["folds"] in (1, 2):
            raise CommandError("--folds: at least 3, so that something is left to fit to; or 0 for none")
        weights = _weights(options)
        if not LEARNT.exists() or str(np.load(LEARNT)["fingerprint"]) != fingerprint():
            learn_taxonomy()
        given = []
        for programs, pairs in _paths(options):
            given.append(_read(programs, pairs, weights[programs]))
        sets = Sets(given, max(1, options["folds"]))
        stored = sets.fitted(options["model_version"])
        used = sets.weights > 0
        stored["typical_bits"] = typical_bits(
            model_of(stored), {name: values[used] for name, values in sets.values.items()}
        )
        found = self._tell(sets, model_of(stored), options["folds"])
        if options["json"]:
            self.stdout.write(json.dumps(found))
        if not options["dry_run"]:
            _write(stored)

    def _tell(self, sets: Sets, numbers: Model, folds: int) -> dict[str, Any]:
        """Prints how each set does, and returns it: set -> how it was fitted -> figures."""
        found: dict[str, Any] = {one.name: {} for one in sets.given}

        def tell(name: str, how: str, outcome: Outcome) -> None:
            found[name][how] = figures(outcome)
            self.stdout.write(f"\n{name}, {how}\n" + "\n".join(told(found[name][how])))

        for one in sets.given:
            tell(one.name, "fitted" if one.weight else "only tested", one.trial.outcome(numbers))
        models = sets.fold_models() if folds else {}
        for number, one in enumerate(sets.given):
            if not one.weight:
                continue
            if folds:
                outcome = sets.tested(number, models)
                tell(one.name, f"{folds} folds by kind of work", outcome)
                kinds = [set(mine.values()) for mine in sets.groups]
                self.stdout.write(f"  {len(kinds[number])} groups of programs")
                for fold, part in sets.by_fold(number, outcome).items():
                    everything = found[one.name][f"fold {fold}"] = figures(part)["all"]
                    self.stdout.write(
                        f"  fold {fold}: {part.programs} programs, {sum(part.positives.values())} positives,"
                        f" F1 {everything['f1']:.3f}, calibration error {everything['ece_flagged']:.3f} flagged,"
                        f" {everything['ece_seen']:.3f} from .05 on"
                    )
            if (outcome_elsewhere := sets.elsewhere(number)) is not None:
                tell(one.name, "fitted to the other sets", outcome_elsewhere)
        return found


def _paths(options: dict[str, Any]) -> list[tuple[Path, Path]]:
    return [(options["programs"], options["pairs"]), *map(tuple, options["also"]), *map(tuple, options["only_test"])]


def _weights(options: dict[str, Any]) -> dict[Path, int]:
    """How many times each set counts, by the path of its programs; 0 for one that is only tested."""
    paths = [programs for programs, _pairs in _paths(options)]
    if len(set(paths)) < len(paths):
        raise CommandError("a set is named twice")
    only_tested = {programs for programs, _pairs in options["only_test"]}
    weights = {path: int(path not in only_tested) for path in paths}
    for path, times in options["weight"]:
        if Path(path) not in paths or Path(path) in only_tested:
            raise CommandError(f"--weight {path}: no set that is fitted has its programs there")
        if not times.isdecimal() or not 1 <= int(times) <= 1000:
            raise CommandError(f"--weight {path} {times}: a whole number from 1 to 1000 would be right")
        weights[Path(path)] = int(times)
    return weights


def _read(programs: Path, pairs: Path, weight: int) -> GivenSet:
    try:
        labelled = read_labelled_set(programs, pairs)
        with scratch_database():
            ids = load(labelled.programs)
            analyze()
            return GivenSet(str(programs), trial_of(labelled, ids), weight)
    except BadFile as error:
        raise CommandError(str(error)) from error


def _write(stored: dict[str, Any]) -> None:
    before = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    stored = json.loads(json.dumps(stored))  # the points of the curves as the file has them: texts
    if before["model_version"] == stored["model_version"] and before["kinds"] != stored["kinds"]:
        raise CommandError(
            f"{stored['model_version']} is the version of other numbers, by which stored overlaps are known:"
            " give these another one"
        )
    WEIGHTS.write_text(json.dumps(stored, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
