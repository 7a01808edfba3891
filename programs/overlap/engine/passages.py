"""Which passage of a program's texts tells what: its pieces once more, for the few programs that somebody looks at.

The same pieces as reading.py sums up, each by itself, with the place where it is written.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from programs.overlap.engine.encoder import encode, one_thread
from programs.overlap.engine.facts import ProgramFacts
from programs.overlap.engine.profile import JOINT, read_texts
from programs.overlap.engine.segments import Piece, placed_pieces
from programs.overlap.engine.taxonomy import WORK, chances, of_role, points

# What a piece speaks of less probably than this is not kept; it is no passage to show.
LEAST_CHANCE = 0.05
LARGEST = 127
# So much of what the most telling passage says of something is nearly as much.
NEARLY = 0.8


@dataclass(frozen=True)
class Passage:
    """A passage of a program: `facts.texts[text][start:end]`, and what it speaks of.

    `tells`: how probably it speaks of an entry of the taxonomy, by the entry's place there; `of_work`: how probably of
    any type of work; `point`: where it lies among the entries, in whole numbers from -127 to 127 as bytes.
    """

    text: int
    start: int
    end: int
    tells: dict[int, float]
    of_work: float
    point: bytes


def passages_of(facts: ProgramFacts) -> tuple[Passage, ...]:
    """The passages of a program's texts, in their order. Takes as long as a reading, some 7 ms."""
    title, description = read_texts(facts)
    pieces = placed_pieces(title, description, facts.place_words)
    if not pieces:
        return ()
    texts = [piece.text for piece in pieces]
    with one_thread():
        located = points(texts, encode(texts))
        about = chances(located)
    of_work = about[:, of_role(WORK)].sum(axis=1)
    whole_numbers = np.rint(located * LARGEST).astype(np.int8)
    found = []
    for i, piece in enumerate(pieces):
        if (where := _where(piece, facts)) is not None:
            tells = {int(row): round(float(about[i, row]), 3) for row in np.flatnonzero(about[i] >= LEAST_CHANCE)}
            found.append(Passage(*where, tells, round(float(of_work[i]), 3), whole_numbers[i].tobytes()))
    return tuple(found)


def _where(piece: Piece, facts: ProgramFacts) -> tuple[int, int, int] | None:
    """Which of the facts' texts a piece stands in, from where to where."""
    if piece.in_title:
        return (facts.texts.index(facts.title), piece.start, piece.end) if facts.title in facts.texts else None
    for number, begins, text in _joined(facts):
        if begins <= piece.start and piece.end <= begins + len(text):
            return number, piece.start - begins, piece.end - begins
    return None


def _joined(facts: ProgramFacts) -> Iterator[tuple[int, int, str]]:
    """The texts that are read as the description: which, where it begins, and the text."""
    begins = 0
    for number, text in enumerate(facts.texts):
        if text != facts.title:
            yield number, begins, text
            begins += len(text) + len(JOINT)


def telling(passages: Sequence[Passage], entry: int, *, as_work: bool) -> Passage | None:
    """The passage that gave the entry the most (a type of work by how far it speaks of work at all); the shortest of
    those that gave it nearly as much. None where none clearly speaks of it."""

    def given(passage: Passage) -> float:
        return passage.tells.get(entry, 0.0) * (passage.of_work if as_work else 1.0)

    most = max((given(passage) for passage in passages), default=0.0)
    if not most:
        return None
    return min((one for one in passages if given(one) >= NEARLY * most), key=lambda one: one.end - one.start)


def closest(mine: Sequence[Passage], theirs: Sequence[Passage]) -> tuple[Passage, Passage] | None:
    """The two passages that bring the meanings of two programs nearest to one another: the largest term of the sum
    that the factor `meaning` is. None where nothing of the one is near anything of the other."""
    if not mine or not theirs:
        return None
    a, b = (
        np.array([np.frombuffer(one.point, np.int8) * one.of_work for one in passages]) for passages in (mine, theirs)
    )
    products = a @ b.T
    i, j = (int(place) for place in np.unravel_index(int(products.argmax()), products.shape))
    return (mine[i], theirs[j]) if products[i, j] > 0 else None
