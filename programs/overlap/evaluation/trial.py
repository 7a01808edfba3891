"""Runs the engine on a labelled set in a scratch database: the real candidate query, facts and scores."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np

from programs.overlap.candidates import candidate_pairs
from programs.overlap.engine.catalogue import KINDS
from programs.overlap.engine.score import Model, score_pairs
from programs.overlap.engine.table import Ints, Table
from programs.overlap.evaluation.labelled import LabelledSet, ordered
from programs.overlap.evaluation.metrics import Outcome
from programs.overlap.evaluation.places import places_of
from programs.overlap.evaluation.scratch import analyze
from programs.overlap.profiles import refresh_profiles, stored_profiles

PROGRAMS_AT_ONCE = 250


@dataclass(frozen=True)
class Trial:
    """The candidates of a loaded set as rows of a table, with the label and the category of each; `names` are the set's
    ids of the table's rows."""

    table: Table
    left: Ints
    right: Ints
    labels: np.ndarray
    in_two_languages: np.ndarray
    categories: np.ndarray
    labelled: LabelledSet
    names: tuple[str, ...]

    def outcome(self, numbers: Model | None = None) -> Outcome:
        """What the engine says of the candidates."""
        scores = score_pairs(self.table, self.left, self.right, numbers)
        return Outcome(
            labels=self.labels,
            kinds=np.array(KINDS)[scores.kinds],
            scores=scores.scores,
            flagged=scores.flagged,
            in_two_languages=self.in_two_languages,
            categories=self.categories,
            **self._counts({row["id"] for row in self.labelled.programs}),
        )

    def part(self, outcome: Outcome, chosen: np.ndarray, programs: set[str]) -> Outcome:
        """The chosen candidates of an outcome, beside the labelled pairs of these programs."""
        columns = ("labels", "kinds", "scores", "flagged", "in_two_languages", "categories")
        return Outcome(**{name: getattr(outcome, name)[chosen] for name in columns}, **self._counts(programs))

    def _counts(self, programs: set[str]) -> dict[str, Any]:
        """What an outcome counts of listed pairs, candidates or not: of those with both sides among the programs."""
        languages = {row["id"]: row["language"] for row in self.labelled.programs}
        listed = {pair: kind for pair, kind in self.labelled.pairs.items() if programs.issuperset(pair)}
        positives = {pair: kind for pair, kind in listed.items() if kind in KINDS}
        categories = self.labelled.categories
        return {
            "positives": Counter(positives.values()),
            "cross": Counter(kind for (a, b), kind in positives.items() if languages[a] != languages[b]),
            "programs": len(programs),
            "listed": Counter((categories[pair], kind) for pair, kind in listed.items() if pair in categories),
        }

    def sides(self, of_program: dict[str, int]) -> tuple[Ints, Ints]:
        """A number a program of the set, as a column for the left and one for the right programs of the candidates."""
        column = np.array([of_program[name] for name in self.names], np.int64)
        return column[self.left], column[self.right]


def trial_of(labelled: LabelledSet, ids: dict[str, int]) -> Trial:
    """Finds the candidates of a set that was loaded under these ids, and reads its programs."""
    everyone = sorted(ids.values())
    with places_of(labelled):
        refresh_profiles(everyone, again=True)
    analyze()
    pairs = [
        pair
        for i in range(0, len(everyone), PROGRAMS_AT_ONCE)
        for pair in candidate_pairs(everyone[i : i + PROGRAMS_AT_ONCE], upwards=True)
    ]
    profiles = stored_profiles(everyone)
    table = Table([profiles[pk] for pk in everyone])
    known = {pk: own for own, pk in ids.items()}
    languages = {row["id"]: row["language"] for row in labelled.programs}
    names = [ordered(known[a], known[b]) for a, b in pairs]
    return Trial(
        table=table,
        left=np.array([table.row[a] for a, _b in pairs], np.int64),
        right=np.array([table.row[b] for _a, b in pairs], np.int64),
        labels=np.array([labelled.pairs.get(name, "") for name in names], dtype="<U10"),
        in_two_languages=np.array([languages[a] != languages[b] for a, b in names], bool),
        categories=np.array([labelled.categories.get(name, "") for name in names], dtype=np.str_),
        labelled=labelled,
        names=tuple(known[pk] for pk in everyone),
    )
