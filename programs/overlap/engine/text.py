"""How two texts are compared: the ideas they share in either language, and the letters they share.

Frozen: nothing depends on other programs, so that a pair has the same likeness in every scan.
"""

import csv
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from math import sqrt
from pathlib import Path

GLOSSARY = Path(__file__).parent / "glossary.csv"
GRAM = 4
# Words of every program's description in either language: they say nothing of what this one does.
COMMON = frozenset((Path(__file__).parent / "common_words.txt").read_text(encoding="utf-8").split())


@dataclass(frozen=True)
class TextProfile:
    """What is compared of a text: its ideas (glossary concepts), its telling words, and their runs of four letters."""

    concepts: frozenset[str]
    words: frozenset[str]
    grams: frozenset[str]

    def __bool__(self) -> bool:
        return bool(self.words)


def plain_words(text: str) -> list[str]:
    """The words of a text in lower case without accents."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return re.findall(r"[a-z0-9]+", "".join(c for c in decomposed if not unicodedata.combining(c)))


@cache
def _glossary() -> tuple[dict[str, str], tuple[tuple[str, str], ...]]:
    """Whole words -> concept, and beginnings of words with their concept, the longest first."""
    whole: dict[str, str] = {}
    beginnings: dict[str, str] = {}
    with GLOSSARY.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            for term in f"{row['english']} {row['spanish']}".split():
                if term.endswith("*"):
                    beginnings.setdefault(term[:-1], row["concept"])
                else:
                    whole.setdefault(term, row["concept"])
    return whole, tuple(sorted(beginnings.items(), key=lambda item: (-len(item[0]), item[0])))


@cache
def concept_names_in_spanish() -> dict[str, str]:
    """What the glossary's concepts, named in English, are called in Spanish."""
    with GLOSSARY.open(encoding="utf-8") as file:
        return {row["concept"]: row["concept_es"] for row in csv.DictReader(file)}


@lru_cache(maxsize=50_000)
def concept_of(word: str) -> str | None:
    """The glossary's concept of a word without accents, in English or Spanish."""
    whole, beginnings = _glossary()
    if word in whole:
        return whole[word]
    return next((concept for beginning, concept in beginnings if word.startswith(beginning)), None)


def profile(texts: Iterable[str], ignore: frozenset[str] = frozenset()) -> TextProfile:
    """The profile of a program's texts; `ignore` are words (of places) that are compared elsewhere."""
    words = [
        word
        for text in texts
        for word in plain_words(text)
        if word not in COMMON and word not in ignore and len(word) > 2
    ]
    concepts = {concept for word in words if (concept := concept_of(word))}
    return TextProfile(frozenset(concepts), frozenset(words), grams_of(words))


def grams_of(words: Iterable[str]) -> frozenset[str]:
    """The runs of four letters of words, with their beginnings and ends."""
    return frozenset(f" {word} "[i : i + GRAM] for word in words for i in range(max(1, len(word) + 3 - GRAM)))


def likeness(left: frozenset[str], right: frozenset[str]) -> float | None:
    """The cosine of two sets, 0 to 1; None where one is empty."""
    if not left or not right:
        return None
    return len(left & right) / sqrt(len(left) * len(right))
