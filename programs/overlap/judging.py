"""Hands the engine whole batches of pairs at once: numbers for all of them, words for those that are flagged."""

from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np

from programs.overlap.engine.evidence import Side
from programs.overlap.engine.facts import ProgramFacts
from programs.overlap.engine.profile import Profile
from programs.overlap.engine.score import KINDS, Verdict, score_pairs
from programs.overlap.engine.table import Table

Pair = tuple[int, int]
ReadFacts = Callable[[Iterable[int]], dict[int, ProgramFacts]]


def flagged_among(
    profiles: Mapping[int, Profile], pairs: Sequence[Pair], read_facts: ReadFacts
) -> tuple[dict[Pair, Verdict], dict[int, ProgramFacts]]:
    """The verdicts on those of these pairs (ids, the smaller one first) that the engine flags, and their facts.

    `read_facts` gives the facts of programs by id; it is asked once, for the programs of flagged pairs alone. A pair
    is left out where one of its programs has no profile or no facts of the same version.
    """
    known = [pair for pair in pairs if pair[0] in profiles and pair[1] in profiles]
    if not known:
        return {}, {}
    table = Table([profiles[pk] for pk in sorted({pk for pair in known for pk in pair})])
    rows = np.array([[table.row[left], table.row[right]] for left, right in known], np.int64)
    scores = score_pairs(table, rows[:, 0], rows[:, 1])
    flagged = [int(i) for i in np.flatnonzero(scores.flagged)]
    facts = read_facts({pk for i in flagged for pk in known[i]})
    verdicts = {}
    for i in flagged:
        sides = [Side(facts[pk], profiles[pk]) for pk in known[i] if _agree(facts.get(pk), profiles[pk])]
        if len(sides) == 2:
            kind, score = KINDS[int(scores.kinds[i])], float(scores.scores[i])
            verdicts[known[i]] = Verdict(kind, score, scores.terms(i, *sides), True)
    return verdicts, facts


def _agree(facts: ProgramFacts | None, profile: Profile) -> bool:
    return facts is not None and facts.version == profile.version
