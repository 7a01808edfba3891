"""How the networks over the taxonomy are learnt: from its phrases, alone and as parts of made-up sentences.

For developers: needs scipy (requirements-dev.in). Which entry a sentence speaks of must not depend on the people, the
methods, the aims and the places that it also names: so each phrase on a type of work is put into sentences with
others' phrases on those, and the answer stays the same. Deterministic: the same file gives the same numbers on the same
machine.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from programs.overlap.engine.encoder import encode
from programs.overlap.engine.taxonomy import (
    DIMENSIONS_OF_ONE,
    EXAMPLES,
    LEARNT,
    LETTER_BUCKETS,
    MEANING_SCALE,
    NETWORKS,
    OTHER,
    SHARPNESS,
    WORK,
    Floats,
    fingerprint,
    packed,
    spelling,
    taxonomy,
    unit,
)

HIDDEN = 512
# Each phrase on a type of work is put into so many made-up sentences; every third one also beside another phrase of it.
SENTENCES_A_PHRASE, JOINED_EVERY = 2, 3
# How many times each text of examples.csv counts.
TIMES_AN_EXAMPLE = 3
# How many sentences about no work at all are made from each phrase of that role: descriptions are full of them.
IDLE_A_PHRASE = 8
ROUNDS, BATCH, RATE, DECAY = 8, 512, 2e-3, 1e-5
# The part of the inputs that is left out at random in each step, so that no single word decides.
LEFT_OUT = 0.25
SEED = 5
SENTENCES = {
    "english": (
        "{work} for {beneficiary}", "{means} for {work}", "{work} through {means}", "{work} to achieve {aim}",
        "{beneficiary} receive {means} on {work}", "support to {work}: {means}",
        "{work} and {means} for {beneficiary}, {aim}", "the project will support {work} among {beneficiary}",
        "strengthening {work} in {place}", "{place}: {work}", "{work} in {place}, {means}", "{work}, {place}",
        "improved {work} so that {aim}", "{other}; {work}",
        "{means} to {beneficiary} in {work} in the municipality of {place}",
    ),
    "spanish": (
        "{work} para {beneficiary}", "{means} para {work}", "{work} mediante {means}",
        "{work} con el fin de lograr {aim}", "{beneficiary} reciben {means} en {work}", "apoyo a {work}: {means}",
        "{work} y {means} para {beneficiary}, {aim}", "el proyecto apoya {work} con {beneficiary}",
        "fortalecimiento de {work} en {place}", "{place}: {work}", "{work} en {place}, {means}", "{work}, {place}",
        "mejora de {work} para {aim}", "{other}; {work}",
        "{means} a {beneficiary} en {work} en el municipio de {place}",
    ),
}  # fmt: skip
IDLE = {
    "english": (
        "{other} and {others}",
        "the project is {other}, {aim}",
        "{other}: {others}",
        "{others}, {other} and {aim}",
        "{other} for {beneficiary}",
        "{other} in {place}",
        "the action includes {other}",
        "{means}, {other}",
    ),
    "spanish": (
        "{other} y {others}",
        "el proyecto es {other}, {aim}",
        "{other}: {others}",
        "{others}, {other} y {aim}",
        "{other} para {beneficiary}",
        "{other} en {place}",
        "la acción incluye {other}",
        "{means}, {other}",
    ),
}
PLACES = (
    "Soyapango", "Choloma", "San Pedro Sula", "Xela", "Escuintla", "Mixco", "Villa Nueva", "Limón", "Bluefields",
    "Cobán", "La Ceiba", "Apopa", "Santa Ana", "Estelí", "Chinandega", "David", "Belmopan", "Petén", "Danlí",
    "Guatemala", "Honduras", "El Salvador", "Nicaragua", "Costa Rica", "Belize", "Panamá",
)  # fmt: skip


@dataclass(frozen=True)
class Examples:
    """Texts and the number of the entry that each speaks of."""

    texts: list[str]
    entries: NDArray[np.int64]


def examples() -> Examples:
    """All phrases of the taxonomy, the made-up sentences, and the texts of examples.csv."""
    phrases = [
        (phrase, number, language)
        for number, entry in enumerate(taxonomy())
        for language in SENTENCES
        for phrase in getattr(entry, language)
    ]
    found = [(phrase, number) for phrase, number, _language in phrases] + list(_sentences(phrases))
    found += _written() * TIMES_AN_EXAMPLE
    return Examples([text for text, _number in found], np.array([number for _text, number in found]))


def _written() -> list[tuple[str, int]]:
    """The texts of examples.csv, each with the number of its entry."""
    numbers = {entry.kind: number for number, entry in enumerate(taxonomy()) if entry.role == WORK}
    with EXAMPLES.open(encoding="utf-8") as file:
        return [(row["text"], numbers[row["kind"]]) for row in csv.DictReader(file)]


def _sentences(phrases: list[tuple[str, int, str]]) -> Iterator[tuple[str, int]]:
    chance = np.random.default_rng(SEED)
    of_role: dict[tuple[str, str], list[str]] = {}
    of_entry: dict[tuple[int, str], list[str]] = {}
    for phrase, number, language in phrases:
        of_role.setdefault((taxonomy()[number].role, language), []).append(phrase)
        of_entry.setdefault((number, language), []).append(phrase)
    for place, (phrase, number, language) in enumerate(phrases):
        role = taxonomy()[number].role
        if role not in (WORK, OTHER):
            continue
        for _ in range(SENTENCES_A_PHRASE if role == WORK else IDLE_A_PHRASE):
            parts = {
                part: str(chance.choice(of_role[part, language])) for part in ("beneficiary", "means", "aim", OTHER)
            }
            parts |= {"others": str(chance.choice(of_role[OTHER, language])), "place": str(chance.choice(PLACES))}
            sentence = str(chance.choice((SENTENCES if role == WORK else IDLE)[language]))
            yield sentence.format(**(parts | {role: phrase})), number
        if role != WORK:
            continue
        others = [other for other in of_entry[number, language] if other != phrase]
        if place % JOINED_EVERY == 0 and others:
            yield f"{phrase}, {chance.choice(others)}", number


def learn_taxonomy() -> None:
    """Writes taxonomy.npz. Some twelve minutes."""
    made = examples()
    meaning = np.vstack([encode(made.texts[i : i + 64]) for i in range(0, len(made.texts), 64)]) * MEANING_SCALE
    learnt = [_train(meaning.astype(np.float32), made, SEED + number) for number in range(NETWORKS)]
    stored: dict[str, NDArray] = {}
    for name in learnt[0]:
        join = np.vstack if name == "out" else np.hstack
        stored |= packed(name, join([weights[name] for weights in learnt]))
    np.savez_compressed(LEARNT, fingerprint=np.array(fingerprint()), **stored)  # type: ignore[arg-type]


def _train(meaning: Floats, made: Examples, seed: int) -> dict[str, Floats]:
    """One network: softmax over the cosines with the entries' points, by Adam (Kingma and Ba, 2015), some left out."""
    from scipy.sparse import csr_matrix

    wide = meaning.shape[1]
    rows, columns, numbers = [], [], []
    for row, text in enumerate(made.texts):
        for bucket, number in spelling(text).items():
            rows.append(row)
            columns.append(bucket)
            numbers.append(number)
    spelled = csr_matrix((np.array(numbers, np.float32), (rows, columns)), shape=(len(made.texts), LETTER_BUCKETS))
    chance = np.random.default_rng(seed)
    weights = {
        "hidden": np.vstack([chance.normal(size=(wide, HIDDEN)) * 1.5 / wide**0.5, _small(chance, HIDDEN)]),
        "direct": np.vstack(
            [chance.normal(size=(wide, DIMENSIONS_OF_ONE)) / wide**0.5, _small(chance, DIMENSIONS_OF_ONE)]
        ),
        "out": chance.normal(size=(HIDDEN, DIMENSIONS_OF_ONE)) / HIDDEN**0.5,
        "entries": chance.normal(size=(len(taxonomy()), DIMENSIONS_OF_ONE)) * 0.1,
    }
    weights = {name: matrix.astype(np.float32) for name, matrix in weights.items()}
    first = {name: np.zeros_like(matrix) for name, matrix in weights.items()}
    second = {name: np.zeros_like(matrix) for name, matrix in weights.items()}
    steps = ROUNDS * -(-len(made.texts) // BATCH)
    step = 0
    for _ in range(ROUNDS):
        order = chance.permutation(len(made.texts))
        for i in range(0, len(order), BATCH):
            some = order[i : i + BATCH]
            seen = (meaning[some] * _kept(chance, (len(some), wide))).astype(np.float32)
            spelt = spelled[some].multiply(_kept(chance, (1, LETTER_BUCKETS))).tocsr().astype(np.float32)
            slopes = _slopes(weights, seen, spelt, made.entries[some])
            step += 1
            rate = RATE * (1 - 0.9 * step / steps)
            for name, slope in slopes.items():
                first[name] += 0.1 * (slope - first[name])
                second[name] += 0.001 * (slope**2 - second[name])
                mean, spread = first[name] / (1 - 0.9**step), second[name] / (1 - 0.999**step)
                weights[name] -= rate * mean / (np.sqrt(spread) + 1e-8)
    return weights


def _small(chance: np.random.Generator, columns: int) -> NDArray[np.float64]:
    return chance.normal(size=(LETTER_BUCKETS, columns)) * 0.05


def _kept(chance: np.random.Generator, shape: tuple[int, int]) -> NDArray[np.float64]:
    return (chance.random(shape) > LEFT_OUT) / (1 - LEFT_OUT)


def _slopes(weights: dict[str, Floats], seen: Floats, spelt: object, answers: NDArray[np.int64]) -> dict[str, Floats]:
    """The gradient of the mean cross-entropy of some texts."""
    wide = seen.shape[1]
    before = seen @ weights["hidden"][:wide] + spelt @ weights["hidden"][wide:]  # type: ignore[operator]
    lit = np.maximum(before, 0)
    raw = seen @ weights["direct"][:wide] + spelt @ weights["direct"][wide:] + lit @ weights["out"]  # type: ignore[operator]
    length = np.linalg.norm(raw, axis=1, keepdims=True) + 1e-6
    point = raw / length
    entry_length = np.linalg.norm(weights["entries"], axis=1, keepdims=True) + 1e-6
    entry = unit(weights["entries"])
    scores = SHARPNESS * point @ entry.T
    wrong = np.exp(scores - scores.max(axis=1, keepdims=True))
    wrong /= wrong.sum(axis=1, keepdims=True)
    wrong[np.arange(len(answers)), answers] -= 1
    wrong /= len(answers)
    by_point, by_entry = SHARPNESS * wrong @ entry, SHARPNESS * wrong.T @ point
    by_raw = (by_point - point * (by_point * point).sum(axis=1, keepdims=True)) / length
    by_lit = (by_raw @ weights["out"].T) * (before > 0)
    return {
        "entries": (by_entry - entry * (by_entry * entry).sum(axis=1, keepdims=True)) / entry_length,
        "out": lit.T @ by_raw + DECAY * weights["out"],
        "direct": np.vstack([seen.T @ by_raw, spelt.T @ by_raw]) + DECAY * weights["direct"],  # type: ignore[attr-defined]
        "hidden": np.vstack([seen.T @ by_lit, spelt.T @ by_lit]) + DECAY * weights["hidden"],  # type: ignore[attr-defined]
    }
