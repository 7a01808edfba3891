"""What is fitted to what: no fold is scored by a fit that saw its kinds of work, no tested set is fitted to."""

import json
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from benchmarks.labelled_set import write_set
from programs.overlap.engine.score import WEIGHTS, Model, model_of
from programs.overlap.evaluation.fits import GivenSet, Sets, fitted
from programs.overlap.evaluation.labelled import read_labelled_set
from programs.overlap.evaluation.metrics import figures
from programs.overlap.evaluation.scratch import load
from programs.overlap.evaluation.trial import Trial, trial_of

FOLDS = 3


def a_set(folder: Path, name: str, seed: int, programs: int = 150) -> tuple[Path, Path]:
    write_set(folder / name, programs, seed)
    return folder / name / "programs.jsonl", folder / name / "pairs.csv"


@pytest.fixture(scope="module")
def trial(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Trial:
    """Of one set, found once: no test changes it, or needs the programs that it was found among."""
    labelled = read_labelled_set(*a_set(tmp_path_factory.mktemp("sets"), "one", seed=7))
    with django_db_blocker.unblock(), transaction.atomic():
        found = trial_of(labelled, load(labelled.programs))
        transaction.set_rollback(True)
    return found


@dataclass(frozen=True)
class Fits:
    """What is fitted to all of the set and to it without some folds."""

    whole: dict[str, Any]
    of_folds: dict[tuple[int, int], Model]


@pytest.fixture(scope="module")
def fits(trial: Trial) -> Fits:
    """Made once: each fit takes as long as most tests."""
    sets = Sets([GivenSet("one", trial)], FOLDS)
    return Fits(sets.fitted(), sets.fold_models())


def as_numbers(stored: dict[str, Any]) -> str:
    return json.dumps(stored["kinds"])


class TestFolds:
    def test_no_pair_is_tested_by_what_saw_a_program_of_either_of_its_folds(self, trial: Trial, fits: Fits) -> None:
        """Labels of everything that touches a fold are turned round: what is fitted without the fold stays the same."""
        sets = Sets([GivenSet("one", trial)], FOLDS)
        assert set(sets.low.tolist()) | set(sets.high.tolist()) == {0, 1, 2}
        before = fits.of_folds
        touched = (sets.low == 1) | (sets.high == 1)

        sets.labels = np.where(touched, np.where(sets.labels == "overlap", "none", "overlap"), sets.labels)

        after = sets.fold_models()
        without = [cell for cell in before if 1 in cell]
        assert (1, 1) in without
        assert all(before[cell] == after[cell] for cell in without)
        assert before[0, 0] != after[0, 0]
        assert as_numbers(sets.fitted()) != as_numbers(fits.whole)

    def test_a_pair_has_the_score_of_the_fit_without_its_folds(self, trial: Trial, fits: Fits) -> None:
        sets = Sets([GivenSet("one", trial)], FOLDS)

        outcome = sets.tested(0, fits.of_folds)

        for cell, numbers in fits.of_folds.items():
            here = (sets.low == cell[0]) & (sets.high == cell[1])
            assert here.any()
            assert (outcome.scores[here] == trial.outcome(numbers).scores[here]).all()

    def test_positives_are_each_in_one_fold(self, trial: Trial) -> None:
        sets = Sets([GivenSet("one", trial)], FOLDS)

        parts = sets.by_fold(0, trial.outcome())

        positives = trial.outcome().positives
        assert sum(sum(part.positives.values()) for part in parts.values()) == sum(positives.values()) > 0
        assert sum(part.programs for part in parts.values()) == len(trial.names)
        assert all(0 <= figures(part)["all"]["ece_flagged"] <= 1 for part in parts.values())


class TestSets:
    def test_that_are_only_tested_are_not_fitted_to(self, trial: Trial, fits: Fits) -> None:
        sets = Sets([GivenSet("one", trial), GivenSet("two", trial, weight=0)], FOLDS)
        alone = Sets([GivenSet("one", trial)], FOLDS)

        assert as_numbers(sets.fitted()) == as_numbers(fits.whole)
        assert sets.program_folds[0] == alone.program_folds[0]

    def test_a_set_is_measured_by_what_was_fitted_to_the_others(self, trial: Trial, fits: Fits) -> None:
        sets = Sets([GivenSet("one", trial), GivenSet("two", trial, weight=0)], FOLDS)

        assert sets.elsewhere(0) is None
        elsewhere = sets.elsewhere(1)
        assert elsewhere is not None
        assert (elsewhere.scores == trial.outcome(model_of(fits.whole)).scores).all()

    def test_fitting_twice_gives_the_same_numbers(self, trial: Trial, fits: Fits) -> None:
        sets = Sets([GivenSet("one", trial)], FOLDS)

        assert as_numbers(sets.fitted()) == as_numbers(fits.whole)
        assert sets.fold_models() == fits.of_folds

    def test_a_pair_with_a_weight_counts_as_often(self, trial: Trial, fits: Fits) -> None:
        sets = Sets([GivenSet("one", trial)], FOLDS)
        times = np.where(sets.low == 0, 3, 1)
        times[:5] = 0
        rows = np.repeat(np.arange(len(times)), times)

        weighted = fitted("", sets.values, sets.labels, times)

        repeated = {name: values[rows] for name, values in sets.values.items()}
        assert weighted == fitted("", repeated, sets.labels[rows], np.ones(len(rows), int))
        assert weighted != fits.whole


class TestCommand:
    def run(self, *sets: Any, **options: Any) -> dict[str, Any]:
        out = StringIO()
        call_command("fit_overlaps", *sets, model_version="test", dry_run=True, json=True, stdout=out, **options)
        found: dict[str, Any] = json.loads(out.getvalue().strip().splitlines()[-1])
        return found

    def test_tells_each_set_as_fitted_in_folds_and_by_the_others(self, committed_db: None, tmp_path: Path) -> None:
        one, two, three = (a_set(tmp_path, name, seed, 90) for name, seed in (("one", 1), ("two", 2), ("three", 3)))
        weights = WEIGHTS.read_bytes()

        found = self.run(*one, also=[two], only_test=[three], weight=[(str(two[0]), "2")], folds=3)

        assert set(found) == {str(one[0]), str(two[0]), str(three[0])}
        for fitted_to in (one, two):
            assert {"fitted", "3 folds by kind of work", "fitted to the other sets"} < set(found[str(fitted_to[0])])
        assert set(found[str(three[0])]) == {"only tested"}
        assert WEIGHTS.read_bytes() == weights

    @pytest.mark.parametrize(
        ("options", "stated"),
        [
            ({"weight": [("elsewhere.jsonl", "2")]}, "--weight elsewhere.jsonl: no set"),
            ({"weight": [("a.jsonl", "0")]}, "--weight a.jsonl 0: a whole number from 1"),
            ({"also": [(Path("a.jsonl"), Path("b.csv"))]}, "named twice"),
            ({"folds": 2}, "--folds: at least 3"),
        ],
    )
    def test_says_what_is_wrong_with_what_it_is_given(self, options: dict[str, Any], stated: str) -> None:
        with pytest.raises(CommandError, match=stated):
            self.run(Path("a.jsonl"), Path("a.csv"), **options)
