"""Fitting the engine's numbers to labelled sets, and telling how they do on what they were not fitted to.

A pair is tested by a fit that saw nothing of either of its programs' kinds of work. What folds cannot keep apart within
one made-up set (its sentence patterns, its phrases for people and means), a fit on the other sets alone does.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from programs.overlap.engine.catalogue import DUPLICATE, KINDS, OVERLAP, SAME_MONEY, measure
from programs.overlap.engine.factors import Values
from programs.overlap.engine.fitting import fit_kind
from programs.overlap.engine.score import Model, model_of
from programs.overlap.evaluation.groups import FOLDS, folds_of, groups_of
from programs.overlap.evaluation.metrics import Outcome
from programs.overlap.evaluation.trial import Trial

FLAGGED_FROM = 0.5
ABOUT = [
    "Log-odds in bits (to base 2): a pair's bits for a kind are prior_bits and, for each factor that is known, what",
    "the line through the points 'value: bits' gives at its value. Written by manage.py fit_overlaps (see",
    "docs/overlap-engine.md); pointer (a report that names the other activity) and same_title are set by hand, since",
    "labelled sets rarely hold them. typical_bits: what each factor comes to on average over the pairs compared, from",
    "which waterfalls are told; no score rests on it.",
]


@dataclass(frozen=True)
class GivenSet:
    """A labelled set to fit to: each of its pairs counts `weight` times (0: it is only tested)."""

    name: str
    trial: Trial
    weight: int = 1


class Sets:
    """The candidates of all sets one after the other, with their values, labels and folds."""

    def __init__(self, given: Sequence[GivenSet], folds: int = FOLDS) -> None:
        self.given, self.folds = tuple(given), folds
        measured = [measure(one.trial.table, one.trial.left, one.trial.right) for one in given]
        self.values: dict[str, Values] = {
            name: np.concatenate([values[name] for values in measured]) for name in measured[0]
        }
        self.labels = np.concatenate([one.trial.labels for one in given])
        sizes = [len(one.trial.labels) for one in given]
        self.of_set = np.repeat(np.arange(len(given)), sizes)
        self.weights = np.repeat([one.weight for one in given], sizes)
        self.groups = [groups_of(one.trial.labelled, one.name) for one in given]
        of_fitted = [mine for mine, one in zip(self.groups, given, strict=True) if one.weight]
        fold = folds_of([group for groups in of_fitted for group in groups.values()], folds)
        # Programs of sets that are only tested are in no fit, whatever their fold.
        self.program_folds = [{name: fold.get(group, 0) for name, group in groups.items()} for groups in self.groups]
        sides = [one.trial.sides(mine) for one, mine in zip(given, self.program_folds, strict=True)]
        # The folds of a pair's two programs, the smaller first.
        self.low = np.concatenate([np.minimum(*both) for both in sides])
        self.high = np.concatenate([np.maximum(*both) for both in sides])

    def fitted(self, version: str = "", chosen: NDArray[np.bool_] | None = None) -> dict[str, Any]:
        """The content of weights.json from all pairs that have a weight, or from the chosen ones among them."""
        times = self.weights if chosen is None else np.where(chosen, self.weights, 0)
        return fitted(version, self.values, self.labels, times)

    def fold_models(self) -> dict[tuple[int, int], Model]:
        """For each two folds (or one twice) in which pairs of fitted sets lie, what was fitted without both."""
        here = self.weights > 0
        cells = sorted(set(zip(self.low[here].tolist(), self.high[here].tolist(), strict=True)))
        return {
            cell: model_of(self.fitted(chosen=~(np.isin(self.low, cell) | np.isin(self.high, cell)))) for cell in cells
        }

    def tested(self, number: int, models: dict[tuple[int, int], Model]) -> Outcome:
        """The outcome of a fitted set where each pair is scored by the fit without the folds of its two programs."""
        trial, mine = self.given[number].trial, self.of_set == number
        whole = trial.outcome(next(iter(models.values())))
        for (low, high), numbers in models.items():
            here = (self.low[mine] == low) & (self.high[mine] == high)
            if here.any():
                part = trial.outcome(numbers)
                for name in ("kinds", "scores", "flagged"):
                    getattr(whole, name)[here] = getattr(part, name)[here]
        return whole

    def by_fold(self, number: int, outcome: Outcome) -> dict[int, Outcome]:
        """The part of a set's outcome in each fold that has positives: pairs of which both programs lie in it."""
        mine, trial = self.of_set == number, self.given[number].trial
        found = {}
        for fold in range(self.folds):
            inside = {name for name, its_fold in self.program_folds[number].items() if its_fold == fold}
            part = trial.part(outcome, (self.low[mine] == fold) & (self.high[mine] == fold), inside)
            if part.positives:
                found[fold] = part
        return found

    def elsewhere(self, number: int) -> Outcome | None:
        """The outcome of a set by what was fitted on the others; None where no other is fitted."""
        others = (self.of_set != number) & (self.weights > 0)
        if not others.any():
            return None
        return self.given[number].trial.outcome(model_of(self.fitted(chosen=others)))


def fitted(version: str, values: dict[str, Values], labels: NDArray[np.str_], times: NDArray[Any]) -> dict[str, Any]:
    """The content of weights.json where each pair counts so many times. A pair of another kind is no counter-example to
    an overlap."""
    kinds = {}
    for kind in KINDS:
        used = np.where(labels == "ignore", 0, times)
        if kind == OVERLAP:
            used = np.where(np.isin(labels, (DUPLICATE, SAME_MONEY)), 0, used)
        rows = np.repeat(np.arange(len(labels)), used)
        kinds[kind] = fit_kind(kind, {name: value[rows] for name, value in values.items()}, labels[rows] == kind)
    return {"about": ABOUT, "model_version": version, "flagged_from": FLAGGED_FROM, "kinds": kinds}


def typical_bits(numbers: Model, values: dict[str, Values]) -> dict[str, dict[str, float]]:
    """By kind and factor, the mean of the bits over these pairs; an unknown value counts with its 0 bits."""
    return {
        kind: {name: round(float(curve(values[name]).mean()), 3) for name, curve in curves.items()}
        for kind, curves in numbers.curves.items()
    }
