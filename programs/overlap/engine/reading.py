"""What a program's texts say of its work, in a few bytes that are kept with the program.

A pure function of one program's texts: its pieces are encoded together and with no other program's, so that the
same texts give the same bytes, and whole numbers from there on give the same score in every batch.
"""

import zlib
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, pairwise

import numpy as np
from numpy.typing import NDArray

from programs.overlap.engine.encoder import DIMENSIONS, encode, one_thread
from programs.overlap.engine.segments import pieces, whole
from programs.overlap.engine.taxonomy import (
    BENEFICIARY,
    MEANS,
    POINT_DIMENSIONS,
    WORK,
    chances,
    letter_runs,
    of_role,
    points,
)
from programs.overlap.engine.text import COMMON, plain_words

WORDING_DIMENSIONS = 256
LARGEST = 127
# A piece that is half sure to speak of work counts a quarter.
SURENESS = 2
# Whom a program is for, and by what means, is unknown where all its pieces together are less sure of it than this.
LEAST_SPOKEN = 0.03


@dataclass(frozen=True)
class Reading:
    """Vectors of whole numbers from -127 to 127 as bytes; all zero where the texts say nothing of it.

    `work`: one number a type of work of the taxonomy; `beneficiaries` and `means` likewise; `meaning`: where what the
    texts say of the work lies among all types of work, also where the taxonomy has no name for it; `content`: the
    encoder's vector of the whole text; `wording`: how its words are spelled.
    """

    work: bytes
    beneficiaries: bytes
    means: bytes
    meaning: bytes
    content: bytes
    wording: bytes

    def as_bytes(self) -> bytes:
        """All six in one column of a row: of fixed length, in this order."""
        return self.work + self.beneficiaries + self.means + self.meaning + self.content + self.wording

    @classmethod
    def from_bytes(cls, stored: bytes) -> "Reading":
        """What `as_bytes` gave, from bytes or a memoryview; ValueError where the length is another model's."""
        if len(stored) != ENDS[-1]:
            raise ValueError(f"a reading has {ENDS[-1]} bytes, not {len(stored)}")
        whole = bytes(stored)
        return cls(*(whole[a:b] for a, b in pairwise(ENDS)))


_ROLES = tuple(of_role(role) for role in (WORK, BENEFICIARY, MEANS))
LENGTHS = (*(role.stop - role.start for role in _ROLES), POINT_DIMENSIONS, DIMENSIONS, WORDING_DIMENSIONS)
ENDS = tuple(accumulate(LENGTHS, initial=0))
NOTHING = Reading(*(bytes(length) for length in LENGTHS))


@lru_cache(maxsize=20_000)
def read(title: str, description: str, places: frozenset[str] = frozenset(), sectors: tuple[str, ...] = ()) -> Reading:
    """The reading of a program's texts; `places` are words (lower case, no accents) of place names. About 5 ms.

    `sectors` are the names of its sectors: the less the texts say of any work, the more these count.
    """
    texts = pieces(title, description, places)
    if not texts and not sectors:
        return NOTHING
    own, texts = len(texts), [*texts, *sectors]
    with one_thread():
        vectors = encode([*texts, whole(title, description, places)])
        located = points(texts, vectors[:-1])
        about = chances(located)
    work, beneficiaries, means = (about[:, role] for role in _ROLES)
    # A piece that may speak of many things, or of no work at all, says little of the work.
    about_work = work.sum(axis=1) ** SURENESS
    about_work[own:] *= max(0.0, 1 - about_work[:own].sum()) / max(1, len(sectors))
    return Reading(
        work=_quantized(about_work @ work, floor=0.02),
        beneficiaries=_quantized(beneficiaries[:own].sum(axis=0), floor=LEAST_SPOKEN),
        means=_quantized(means[:own].sum(axis=0), floor=LEAST_SPOKEN),
        meaning=_quantized(about_work @ located),
        content=_quantized(vectors[-1]) if own else bytes(DIMENSIONS),
        wording=_quantized(_wording(texts, about_work)),
    )


def _quantized(vector: NDArray[np.float32], floor: float = 0.0) -> bytes:
    """A vector of that direction in whole numbers; nothing where no piece clearly speaks of it."""
    length = float(np.linalg.norm(vector))
    if length <= floor:
        return bytes(len(vector))
    return np.rint(vector / length * LARGEST).astype(np.int8).tobytes()


def _wording(texts: list[str], about_work: NDArray[np.float32]) -> NDArray[np.float32]:
    """How the words are spelled, each as much as the piece that has most to do with the work."""
    weights: dict[str, float] = {}
    for text, weight in zip(texts, about_work, strict=True):
        for word in plain_words(text):
            if len(word) > 2 and word not in COMMON:
                weights[word] = max(weights.get(word, 0.0), float(weight))
    vector = np.zeros(WORDING_DIMENSIONS, np.float32)
    for word, weight in sorted(weights.items()):
        for run in letter_runs(word):
            code = zlib.crc32(run.encode())
            vector[code % WORDING_DIMENSIONS] += weight if code & 0x10000 else -weight
    return vector
