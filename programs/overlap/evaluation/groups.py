"""Which programs of a labelled set tell of the same kind of work, and folds that keep each kind whole.

No kind of work, and none of the wordings it is told in, is on both sides of a fold. Where a set tells the work of its
pairs (`work`), that is the kind. Elsewhere kinds are found from phrases: a run of words that many programs share, and
nearly always with one goal, is the work; who benefits, by what means and to what end go with any goal. Programs that
share such a phrase do the same work, and so do the two of a positive pair: by the rule of these sets that is what makes
it one. Labels only keep programs together here; no figure of a pair rests on them.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator
from typing import Any

from programs.overlap.engine.text import plain_words
from programs.overlap.evaluation.labelled import POSITIVE, LabelledSet

FOLDS = 5
LONGEST_PHRASE = 8
# A phrase of the work: so many programs have it (of 4,000: 20), so large a share of them with one goal.
LEAST_SHARE, LEAST = 0.005, 12
ONE_GOAL = 0.75
# A longer phrase takes the place of a shorter one within it if at least this share of its programs have the longer one.
ALSO_LONGER = 0.5
LONG_WORD = 4
# A text with typing errors has a phrase if it has this share of its runs of three letters.
NEARLY = 0.8

Phrase = tuple[str, ...]


class _Groups:
    """Things that belong together, and those that belong to these."""

    def __init__(self) -> None:
        self._above: dict[Hashable, Hashable] = {}

    def top(self, thing: Hashable) -> Hashable:
        while (above := self._above.setdefault(thing, thing)) != thing:
            self._above[thing] = self._above[above]
            thing = above
        return thing

    def join(self, one: Hashable, other: Hashable) -> None:
        self._above[self.top(one)] = self.top(other)


def groups_of(labelled: LabelledSet, name: str = "") -> dict[str, str]:
    """The group of each program, by its id: "work …" where the set tells the work (the same in every set), else one
    that begins with the set's `name`."""
    groups = _Groups()
    if labelled.works:
        told: Iterable[tuple[str, Hashable]] = (
            (program, ("work", work)) for program, works in labelled.works.items() for work in sorted(works)
        )
    else:
        told = _told_by_phrases(labelled.programs)
    for program, work in told:
        groups.join(("program", program), work)
    for (left, right), kind in labelled.pairs.items():
        if kind in POSITIVE:
            groups.join(("program", left), ("program", right))
    if labelled.works:
        _join_untold(groups, labelled)
    members = defaultdict(list)
    for row in labelled.programs:
        members[groups.top(("program", row["id"]))].append(row["id"])
    found: dict[str, str] = {}
    for programs in members.values():
        works = sorted(work for program in programs for work in labelled.works.get(program, ()))
        group = f"work {works[0]}" if works else f"{name} {min(programs)}"
        found |= dict.fromkeys(programs, group)
    return found


def _join_untold(groups: _Groups, labelled: LabelledSet) -> None:
    """Puts a program whose work no pair tells with the first program it is listed with: it may do the same work."""
    joined = set(labelled.works)
    for pair in sorted(labelled.pairs):
        for mine, other in (pair, pair[::-1]):
            if mine not in joined:
                joined.add(mine)
                groups.join(("program", mine), ("program", other))


def folds_of(groups: Iterable[str], folds: int = FOLDS) -> dict[str, int]:
    """The fold of each group, given the group of each program: the largest first, each into the smallest fold."""
    sizes = Counter(groups)
    filled = [0] * folds
    found = {}
    for group, size in sorted(sizes.items(), key=lambda item: (-item[1], item[0])):
        fold = filled.index(min(filled))
        filled[fold] += size
        found[group] = fold
    return found


def _told_by_phrases(rows: list[dict[str, Any]]) -> Iterator[tuple[str, Phrase]]:
    """(id of a program, phrase of its work), as often as a program has one."""
    names = frozenset(word for row in rows for name in row["localities"] for word in plain_words(name))
    texts = [_runs(row, names) for row in rows]
    kept = phrases_of_work([set(_phrases(runs)) for runs in texts], [row["goals"] for row in rows])
    letters = {phrase: _threes([" ".join(phrase)]) for phrase in sorted(kept)}
    for row, runs in zip(rows, texts, strict=True):
        found = kept.intersection(_phrases(runs))
        if not found and letters:
            mine = _threes(" ".join(run) for run in runs)
            near = {phrase: len(threes & mine) / len(threes) for phrase, threes in letters.items()}
            best = max(near, key=lambda phrase: near[phrase])
            found = {best} if near[best] >= NEARLY else set()
        for phrase in sorted(found):
            yield row["id"], phrase


def phrases_of_work(texts: list[set[Phrase]], goals: list[list[int]]) -> set[Phrase]:
    """Of the phrases of each text those that tell of the work: many have them, nearly all of these with one goal, and
    no shorter or longer phrase says it better."""
    count = Counter(phrase for phrases in texts for phrase in phrases)
    least = max(LEAST, LEAST_SHARE * len(texts))
    with_goal: dict[Phrase, Counter[int]] = defaultdict(Counter)
    for phrases, numbers in zip(texts, goals, strict=True):
        for phrase in phrases:
            if count[phrase] >= least and numbers:
                with_goal[phrase][numbers[0]] += 1
    kept = {phrase for phrase, found in with_goal.items() if max(found.values()) >= ONE_GOAL * found.total()}
    parts = {
        part for phrase in kept for part in (phrase[1:], phrase[:-1]) if count[phrase] >= ALSO_LONGER * count[part]
    }
    whole = {phrase for phrase in kept - parts if sum(len(word) >= LONG_WORD for word in phrase) > 1}
    return {phrase for phrase in whole if not any(part in whole for part in _phrases([phrase]) if part != phrase)}


def _runs(row: dict[str, Any], names: frozenset[str]) -> list[list[str]]:
    """The words of title and description in runs that neither a mark nor the name of a place breaks."""
    runs: list[list[str]] = []
    for part in re.split(r"[^\w\s/’'-]+", f"{row['title']}. {row['description']}"):
        runs.append([])
        for word in plain_words(part):
            if word in names:
                runs.append([])
            else:
                runs[-1].append(word)
    return runs


def _phrases(runs: Iterable[list[str] | Phrase]) -> Iterator[Phrase]:
    for run in runs:
        for size in range(2, min(LONGEST_PHRASE, len(run)) + 1):
            for start in range(len(run) - size + 1):
                yield tuple(run[start : start + size])


def _threes(runs: Iterable[str]) -> set[str]:
    return {run[i : i + 3] for run in runs for i in range(len(run) - 2)}
