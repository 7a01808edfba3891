"""What a phrase speaks of: one of the kinds of work of taxonomy.csv, or whom it is for, by what means, to what end.

A softmax over the file's rows, learnt from the file's own phrases (never from labelled pairs) with the encoder's
vector and the characters of the words as features: meaning carries it across languages, letters hold it to the field's
terms and forgive typing errors. `fit_overlaps` writes what was learnt to taxonomy.npz.
"""

import csv
import hashlib
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from programs.overlap.engine.encoder import encode
from programs.overlap.engine.text import plain_words

TAXONOMY = Path(__file__).parent / "taxonomy.csv"
LEARNT = Path(__file__).parent / "taxonomy.npz"
WORK, BENEFICIARY, MEANS = "work", "beneficiary", "means"
LETTER_BUCKETS = 4096
# How much the encoder's vector and the letters weigh in the softmax's input (chosen on the taxonomy's phrases).
MEANING_SCALE, LETTERS_SCALE, CONSTANT = 1.6, 1.0, 0.3


@dataclass(frozen=True)
class Entry:
    """A row of the taxonomy: its role, its name in both languages, and phrases that speak of it."""

    role: str
    kind: str
    kind_es: str
    phrases: tuple[str, ...]


@cache
def taxonomy() -> tuple[Entry, ...]:
    """The rows of taxonomy.csv in their order."""
    with TAXONOMY.open(encoding="utf-8") as file:
        return tuple(
            Entry(row["role"], row["kind"], row["spanish"].split(";")[0].strip(),
                  tuple(phrase.strip() for phrase in f"{row['english']};{row['spanish']}".split(";")))
            for row in csv.DictReader(file)
        )  # fmt: skip


@cache
def of_role(role: str) -> slice:
    """Where the entries of a role stand: they stand together."""
    places = [i for i, entry in enumerate(taxonomy()) if entry.role == role]
    return slice(places[0], places[-1] + 1)


def fingerprint() -> str:
    """Of taxonomy.csv: what was learnt holds for this file alone."""
    return hashlib.sha256(TAXONOMY.read_bytes()).hexdigest()


def features(phrases: Sequence[str], meaning: NDArray[np.float32]) -> NDArray[np.float32]:
    """The softmax's input: for each phrase its vector, its letters (runs of four and beginnings of words), and 1."""
    letters = np.zeros((len(phrases), LETTER_BUCKETS), np.float32)
    for row, phrase in zip(letters, phrases, strict=True):
        for word in plain_words(phrase):
            if len(word) > 2:
                runs = letter_runs(word)
                for run in runs:
                    row[zlib.crc32(run.encode()) % LETTER_BUCKETS] += len(runs) ** -0.5
    lengths = np.linalg.norm(letters, axis=1, keepdims=True)
    letters /= np.where(lengths, lengths, 1)
    constant = np.full((len(phrases), 1), CONSTANT, np.float32)
    return np.hstack([meaning * MEANING_SCALE, letters * LETTERS_SCALE, constant])


def letter_runs(word: str) -> list[str]:
    """Runs of four letters of a word with its ends marked, and its first five letters."""
    marked = f"<{word}>"
    return [marked[i : i + 4] for i in range(max(1, len(marked) - 3))] + [word[:5] + "_"]


@cache
def _learnt() -> NDArray[np.float32]:
    with np.load(LEARNT, allow_pickle=False) as stored:
        if str(stored["fingerprint"]) != fingerprint():
            raise RuntimeError("taxonomy.csv changed since it was learnt: run manage.py fit_overlaps")
        return stored["weights"].astype(np.float32)


def softmax(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    """Rows that add up to 1."""
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def classify(phrases: Sequence[str], meaning: NDArray[np.float32]) -> NDArray[np.float32]:
    """How probably each phrase speaks of each entry of the taxonomy (phrases x entries)."""
    return softmax(features(phrases, meaning) @ _learnt())


def training_rows() -> tuple[list[str], NDArray[np.int64]]:
    """The phrases of all entries, and the entry of each."""
    rows = [(phrase, i) for i, entry in enumerate(taxonomy()) for phrase in entry.phrases]
    return [phrase for phrase, _i in rows], np.array([i for _phrase, i in rows])


def training_features() -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Input and answers to learn the softmax from."""
    phrases, answers = training_rows()
    return features(phrases, encode(phrases)), answers
