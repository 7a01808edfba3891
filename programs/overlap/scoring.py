"""Hands the engine whole batches of pairs at once: numbers for all of them, words for those that are flagged."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from programs.overlap.engine.catalogue import KINDS
from programs.overlap.engine.evidence import Side
from programs.overlap.engine.facts import ProgramFacts
from programs.overlap.engine.profile import Profile
from programs.overlap.engine.score import Model, Verdict, score_pairs
from programs.overlap.engine.table import Table

Pair = tuple[int, int]
ReadFacts = Callable[[Iterable[int]], dict[int, ProgramFacts]]


@dataclass(frozen=True)
class Judged:
    """The pairs that the engine flags: with their verdicts, and the facts of their programs; those that are settled:
    flagged, and told of in words before; and those that it is not sure of, with kind and score."""

    verdicts: dict[Pair, Verdict] = field(default_factory=dict)
    facts: dict[int, ProgramFacts] = field(default_factory=dict)
    settled: frozenset[Pair] = frozenset()
    uncertain: dict[Pair, tuple[str, float]] = field(default_factory=dict)


def flagged_among(
    profiles: Mapping[int, Profile],
    pairs: Sequence[Pair],
    read_facts: ReadFacts,
    told_before: Mapping[Pair, tuple[int, int]] | None = None,
    *,
    numbers: Model | None = None,
    held: Collection[Pair] = (),
) -> Judged:
    """Those of these pairs (ids, the smaller one first) that the engine flags, and those `held` whatever their score
    (a person confirmed them), unless they are of one family or series now.

    `read_facts` gives the facts of programs by id; it is asked once, for the programs of flagged pairs alone. A pair
    is left out where one of its programs has no profile or no facts of the same version. `told_before` are pairs for
    which this model's verdict is at hand, with the versions of both programs that it was made of: where these are the
    profiles' too, words would be the same again, and are not made.
    """
    known = [pair for pair in pairs if pair[0] in profiles and pair[1] in profiles]
    if not known:
        return Judged()
    table = Table([profiles[pk] for pk in sorted({pk for pair in known for pk in pair})])
    rows = np.array([[table.row[left], table.row[right]] for left, right in known], np.int64)
    scores = score_pairs(table, rows[:, 0], rows[:, 1], numbers)
    uncertain = {
        known[i]: (KINDS[int(scores.kinds[i])], round(float(scores.scores[i]), 4))
        for i in map(int, np.flatnonzero(scores.uncertain))
    }
    flagged = [int(i) for i in np.flatnonzero(scores.flagged)]
    if held:
        kept = (i for i, pair in enumerate(known) if pair in held and scores.apart[i])
        flagged = sorted({*flagged, *kept})
    told = told_before or {}
    settled = {known[i] for i in flagged if told.get(known[i]) == tuple(profiles[pk].version for pk in known[i])}
    new = [i for i in flagged if known[i] not in settled]
    facts = read_facts({pk for i in new for pk in known[i]}) if new else {}
    verdicts = {}
    for i in new:
        sides = [Side(facts[pk], profiles[pk]) for pk in known[i] if _agree(facts.get(pk), profiles[pk])]
        if len(sides) == 2:
            kind, score = KINDS[int(scores.kinds[i])], float(scores.scores[i])
            verdicts[known[i]] = Verdict(kind, score, scores.terms(i, *sides), bool(scores.flagged[i]))
    return Judged(verdicts, facts, frozenset(settled), uncertain)


def _agree(facts: ProgramFacts | None, profile: Profile) -> bool:
    return facts is not None and facts.version == profile.version
