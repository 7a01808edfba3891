"""Runs the engine on a labelled set in a scratch database: the real candidate query, facts and scores."""

from collections import Counter
from dataclasses import dataclass

import numpy as np

from programs.overlap.candidates import candidate_pairs
from programs.overlap.engine.catalogue import KINDS
from programs.overlap.engine.score import Model, score_pairs
from programs.overlap.engine.table import Ints, Table
from programs.overlap.evaluation.labelled import LabelledSet, ordered
from programs.overlap.evaluation.metrics import Outcome
from programs.overlap.evaluation.scratch import analyze
from programs.overlap.profiles import refresh_profiles, stored_profiles

PROGRAMS_AT_ONCE = 250


@dataclass(frozen=True)
class Trial:
    """The candidates of a loaded set as rows of a table, with the label of each."""

    table: Table
    left: Ints
    right: Ints
    labels: np.ndarray
    in_two_languages: np.ndarray
    labelled: LabelledSet

    def outcome(self, numbers: Model | None = None) -> Outcome:
        """What the engine says of the candidates."""
        scores = score_pairs(self.table, self.left, self.right, numbers)
        languages = {row["id"]: row["language"] for row in self.labelled.programs}
        positives = {pair: kind for pair, kind in self.labelled.pairs.items() if kind in KINDS}
        return Outcome(
            labels=self.labels,
            kinds=np.array(KINDS)[scores.kinds],
            scores=scores.scores,
            flagged=scores.flagged,
            in_two_languages=self.in_two_languages,
            positives=Counter(positives.values()),
            cross=Counter(kind for (a, b), kind in positives.items() if languages[a] != languages[b]),
            programs=len(self.labelled.programs),
        )


def trial_of(labelled: LabelledSet, ids: dict[str, int]) -> Trial:
    """Finds the candidates of a set that was loaded under these ids, and reads its programs."""
    everyone = sorted(ids.values())
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
        labelled=labelled,
    )
