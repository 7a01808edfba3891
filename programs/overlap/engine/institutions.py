"""Which public institutions of the program's countries its texts name: by name or acronym, in either language."""

import csv
import hashlib
import html
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from programs.overlap.engine.text import plain_words

BODIES = Path(__file__).parents[3] / "donors" / "data" / "organizations.csv"
# IATI OrganisationType: government, local government, other public sector.
PUBLIC = frozenset({"10", "11", "15"})
COUNTRIES = frozenset({"BZ", "CR", "GT", "HN", "NI", "PA", "SV"})
LONGEST_NAME = 10
SHORTEST_ACRONYM = 2
_WORD = re.compile(r"[^\W_]+", re.UNICODE)

Words = tuple[str, ...]


@cache
def _names() -> dict[Words, tuple[tuple[str, str, bool], ...]]:
    """Words of a name -> (key, country, whether it is an acronym) of each institution so called."""
    found: dict[Words, list[tuple[str, str, bool]]] = {}
    with BODIES.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["type"] not in PUBLIC or row["country"] not in COUNTRIES:
                continue
            names = [row["name_en"], row["name_es"], *row["other_names"].split(";"), *row["former_names"].split(";")]
            for is_acronym, texts in ((False, names), (True, row["acronyms"].split(";"))):
                for text in texts:
                    words = tuple(plain_words(text))
                    if len(words) > (0 if is_acronym else 1) and len(words) <= LONGEST_NAME:
                        found.setdefault(words, []).append((row["key"], row["country"], is_acronym))
    return {words: tuple(bodies) for words, bodies in found.items()}


@cache
def _homes() -> dict[str, str]:
    """Country of each public institution of the seven countries, by its key."""
    with BODIES.open(encoding="utf-8") as file:
        return {
            row["key"]: row["country"]
            for row in csv.DictReader(file)
            if row["type"] in PUBLIC and row["country"] in COUNTRIES
        }


def institutions_among(keys: Iterable[str], countries: frozenset[str]) -> frozenset[str]:
    """Those of these known bodies that are public institutions of these countries (ISO 3166-1)."""
    return frozenset(key for key in keys if _homes().get(key) in countries)


def body_number(key: str) -> int:
    """The number by which a known body is compared: 63 bits, so that it is no organization's id."""
    return int.from_bytes(hashlib.blake2b(f"body {key}".encode(), digest_size=8).digest()) >> 1 | 1 << 62


@cache
def _called() -> dict[str, tuple[str, str]]:
    with BODIES.open(encoding="utf-8") as file:
        return {row["key"]: (row["name_en"], row["name_es"]) for row in csv.DictReader(file)}


def institution_name(key: str, language: str) -> str:
    """What an institution is called in English or Spanish ("es"); the key itself where the file no longer has it."""
    english, spanish = _called().get(key, (key, key))
    return (spanish if language == "es" else english) or english or spanish


def institutions(texts: Iterable[str], countries: frozenset[str]) -> frozenset[str]:
    """Keys of donors/data/organizations.csv of the public institutions of these countries (ISO 3166-1) that the texts
    name. An acronym counts in capitals alone."""
    return frozenset(key for text in texts for key, _start, _end in named_in(html.unescape(text), countries))


def named_in(text: str, countries: frozenset[str]) -> Iterator[tuple[str, int, int]]:
    """The institutions that a text without entities names, each time: its key, and from where to where its name
    stands."""
    names = _names()
    written = list(_WORD.finditer(text))
    plain = ["".join(plain_words(word[0])) for word in written]
    for start in range(len(plain)):
        for length in range(1, min(LONGEST_NAME, len(plain) - start) + 1):
            bodies = names.get(tuple(plain[start : start + length]), ())
            words = written[start : start + length]
            in_capitals = bool(bodies) and all(word[0].isupper() for word in words)
            for key, country, is_acronym in bodies:
                if country in countries and (in_capitals or not is_acronym):
                    yield key, words[0].start(), words[-1].end()
