"""Hands the engine whole batches of pairs at once."""

from collections.abc import Mapping, Sequence

from programs.overlap.engine.facts import ProgramFacts
from programs.overlap.engine.score import Verdict, judge

Pair = tuple[int, int]


def flagged_among(facts: Mapping[int, ProgramFacts], pairs: Sequence[Pair]) -> dict[Pair, Verdict]:
    """The verdicts on those of these pairs (ids, the smaller one first) that the engine flags."""
    verdicts = ((pair, judge(facts[pair[0]], facts[pair[1]])) for pair in pairs)
    return {pair: verdict for pair, verdict in verdicts if verdict.is_flagged}
