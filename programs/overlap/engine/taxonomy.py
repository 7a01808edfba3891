"""What a piece of text speaks of: the types of work of taxonomy.csv, or whom it is for, by what means, to what end.

A few small networks on top of the encoder, learnt from the file's own phrases (never from labelled pairs): the
encoder's vector carries meaning across languages, the spelling of the words holds it to the field's terms and forgives
typing errors. Each maps a text to a point among the entries, near those it speaks of; a text's point is all of theirs
side by side, so that the nearness of two texts is the average of what the networks say: what one of them learnt by
chance counts little. Texts on work that no entry names lie near each other, too, since what the networks learn is
which differences between texts matter. learning.py learns them and writes taxonomy.npz.
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

from programs.overlap.engine.text import plain_words

TAXONOMY = Path(__file__).parent / "taxonomy.csv"
# Titles and descriptions as programs have them, each with the type of work that it is about.
EXAMPLES = Path(__file__).parent / "examples.csv"
LEARNT = Path(__file__).parent / "taxonomy.npz"
WORK, BENEFICIARY, MEANS, OTHER = "work", "beneficiary", "means", "other"
LETTER_BUCKETS = 4096
# How much the encoder's vector weighs beside the spelling, whose vector has the length 1.
MEANING_SCALE = 1.6
# How many networks there are, and the numbers of each one's point among the entries.
NETWORKS, DIMENSIONS_OF_ONE = 3, 192
POINT_DIMENSIONS = NETWORKS * DIMENSIONS_OF_ONE
# How fast a text's chances fall with its distance from an entry: the softmax's inverse temperature.
SHARPNESS = 12.0

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Entry:
    """A row of the taxonomy: its role, the group that it belongs to, its name in both languages, and its phrases."""

    role: str
    domain: str
    kind: str
    kind_es: str
    english: tuple[str, ...]
    spanish: tuple[str, ...]


@dataclass(frozen=True)
class Network:
    """What was learnt, of all networks side by side: `hidden` (features x networks · hidden), `direct` (features x
    POINT_DIMENSIONS), `out` (networks · hidden x DIMENSIONS_OF_ONE: below each other) and the entries' points, of
    length 1."""

    hidden: Floats
    direct: Floats
    out: Floats
    entries: Floats


@cache
def taxonomy() -> tuple[Entry, ...]:
    """The rows of taxonomy.csv in their order."""
    with TAXONOMY.open(encoding="utf-8") as file:
        return tuple(
            Entry(row["role"], row["domain"], row["kind"], row["spanish"].split(";")[0].strip(),
                  _phrases(row["english"]), _phrases(row["spanish"]))
            for row in csv.DictReader(file)
        )  # fmt: skip


def _phrases(cell: str) -> tuple[str, ...]:
    return tuple(phrase for part in cell.split(";") if (phrase := part.strip()))


@cache
def of_role(role: str) -> slice:
    """Where the entries of a role stand: they stand together."""
    places = [i for i, entry in enumerate(taxonomy()) if entry.role == role]
    return slice(places[0], places[-1] + 1)


@cache
def _places_of_entries() -> dict[tuple[str, str], int]:
    return {(entry.role, entry.kind): i for i, entry in enumerate(taxonomy())}


def place_of(role: str, kind: str) -> int:
    """Which row of the taxonomy is called so; -1 where the file no longer has it."""
    return _places_of_entries().get((role, kind), -1)


@cache
def domains_of_work() -> NDArray[np.int64]:
    """The number of its domain for each type of work, in their order."""
    names = [entry.domain for entry in taxonomy()[of_role(WORK)]]
    numbers = {name: i for i, name in enumerate(dict.fromkeys(names))}
    return np.array([numbers[name] for name in names])


def fingerprint() -> str:
    """Of taxonomy.csv and examples.csv: what was learnt holds for these files alone."""
    return hashlib.sha256(TAXONOMY.read_bytes() + EXAMPLES.read_bytes()).hexdigest()


def spelling(text: str) -> dict[int, float]:
    """The spelling of a text's words as a sparse vector of length 1: bucket -> number; empty where it has no words."""
    numbers: dict[int, float] = {}
    for word in plain_words(text):
        if len(word) > 2:
            runs = letter_runs(word)
            for run in runs:
                bucket = zlib.crc32(run.encode()) % LETTER_BUCKETS
                numbers[bucket] = numbers.get(bucket, 0.0) + len(runs) ** -0.5
    length = sum(number * number for number in numbers.values()) ** 0.5
    return {bucket: number / length for bucket, number in numbers.items()}


def letter_runs(word: str) -> list[str]:
    """Runs of four letters of a word with its ends marked, and its first five letters."""
    marked = f"<{word}>"
    return [marked[i : i + 4] for i in range(max(1, len(marked) - 3))] + [word[:5] + "_"]


@cache
def network() -> Network:
    """What was learnt from taxonomy.csv as it stands; RuntimeError where the file has changed since."""
    with np.load(LEARNT, allow_pickle=False) as stored:
        if str(stored["fingerprint"]) != fingerprint():
            raise RuntimeError(
                "taxonomy.csv or examples.csv changed since they were learnt: run manage.py fit_overlaps"
            )
        hidden, direct, out, entries = (_unpacked(stored, name) for name in ("hidden", "direct", "out", "entries"))
        return Network(hidden, direct, out, side_by_side(entries))


def _unpacked(stored: "np.lib.npyio.NpzFile", name: str) -> Floats:
    return stored[name].astype(np.float32) * stored[f"{name}_scale"].astype(np.float32)


def packed(name: str, weights: Floats) -> dict[str, NDArray]:
    """Weights in whole numbers from -127 to 127, each column with its own scale, as taxonomy.npz holds them."""
    scale = np.maximum(np.abs(weights).max(axis=0, keepdims=True), 1e-9) / 127
    return {name: np.rint(weights / scale).astype(np.int8), f"{name}_scale": scale.astype(np.float32)}


def points(texts: Sequence[str], meaning: Floats) -> Floats:
    """The point of each text among the entries (texts x POINT_DIMENSIONS, of length 1)."""
    learnt = network()
    wide = meaning.shape[1]
    spelled = np.zeros((len(texts), LETTER_BUCKETS), np.float32)
    for row, text in zip(spelled, texts, strict=True):
        for bucket, number in spelling(text).items():
            row[bucket] = number
    # Of the spelling only what occurs is multiplied: a few hundred of its thousands of rows.
    used = np.flatnonzero(spelled.any(axis=0))
    spelled, meaning = spelled[:, used], meaning * np.float32(MEANING_SCALE)
    lit, found = (
        meaning @ weights[:wide] + spelled @ weights[wide + used] for weights in (learnt.hidden, learnt.direct)
    )
    each = np.maximum(lit, 0).reshape(len(texts), NETWORKS, -1).transpose(1, 0, 2)
    out = np.matmul(each, learnt.out.reshape(NETWORKS, -1, DIMENSIONS_OF_ONE)).transpose(1, 0, 2)
    found = found.reshape(len(texts), NETWORKS, DIMENSIONS_OF_ONE) + out
    return side_by_side(found.reshape(len(texts), POINT_DIMENSIONS).astype(np.float32))


def side_by_side(places: Floats) -> Floats:
    """Points of all networks, each network's of one length and all together of length 1; where there are zeros, they
    stay: the product of two is the average of the networks' cosines."""
    each = unit(places.reshape(-1, DIMENSIONS_OF_ONE)).reshape(len(places), POINT_DIMENSIONS)
    return each / np.float32(NETWORKS**0.5)


def chances(places: Floats) -> Floats:
    """How probably what lies at each point speaks of each entry of the taxonomy (points x entries)."""
    scores = SHARPNESS * places @ network().entries.T
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def unit(vectors: Floats) -> Floats:
    """Rows of length 1; a row of zeros stays one."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return (vectors / np.where(lengths, lengths, 1)).astype(np.float32)
