"""What a program is found by, from what the engine read of it; and what work a typed text is about."""

from collections import defaultdict
from collections.abc import Iterable
from difflib import get_close_matches
from functools import cache, lru_cache

import numpy as np

from donors.listed import listed
from programs.overlap.engine.encoder import encode, one_thread
from programs.overlap.engine.facts import ProgramFacts
from programs.overlap.engine.gazetteer import country_names, gazetteer, longest_names
from programs.overlap.engine.profile import code
from programs.overlap.engine.reading import LARGEST, Reading
from programs.overlap.engine.taxonomy import (
    WORK,
    chances,
    domains_of_work,
    of_role,
    points,
    taxonomy,
)
from programs.overlap.engine.text import plain_words
from programs.services.finding import Findable

# A type of work counts for finding where a program's texts clearly speak of it (its part of the whole reading) …
SPOKEN_OF = 0.15
# … and is named where they speak of it before all else.
NAMED_FROM = 0.3
# … and a typed text is about types of work where it is so likely about one field of them; then it is about those of
# the field with this chance.
SURELY_ABOUT, PERHAPS_ABOUT = 0.5, 0.03
# How many of its phrases in each language a type of work is found by, beside its name.
PHRASES = 8
# How like a known word a typed one has to be to be taken for it misspelled (difflib's ratio).
ALIKE = 0.8


def findable(facts: ProgramFacts, reading: Reading, organizations: Iterable[str]) -> Findable:
    """The words of a program; `organizations` are the names of who takes part in it."""
    towns = [name for town in sorted(facts.found.towns) for name in _names_of_places().get(town, ())]
    areas = [name for area in sorted(facts.located) for name in _names_of_places().get(area, ())]
    countries = [name for country in sorted(facts.countries) for name in _names_of_countries().get(country, ())]
    bodies = [name.text for _pk, key in sorted(facts.listed) for name in listed().names_of(key)]
    titles = facts.titles or (facts.title,)
    return Findable(
        titles=(*titles, facts.identifier),
        names=(*organizations, *bodies, *sorted(facts.localities), *towns, *areas, *countries),
        texts=[text for text in facts.texts if text not in titles],
        subjects=[
            *map(word_of_kind, _spoken_of(reading, SPOKEN_OF)),
            *(name for kind in _spoken_of(reading, NAMED_FROM) for name in _called(kind)),
        ],
    )


@lru_cache(maxsize=512)
def meant_by(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What a typed text asks for by meaning: the words of it that are names of places, and the words under which
    programs of the types of work that the rest is about are kept; the second is empty where it is about none."""
    words = plain_words(text)
    of_places = _in_names_of_places(words)
    places = tuple(word for word, is_one in zip(words, of_places, strict=True) if is_one)
    rest = " ".join(word for word, is_one in zip(words, of_places, strict=True) if not is_one)
    if len(rest) < 4 or listed().named(rest):
        return places, ()
    with one_thread():
        about = chances(points([rest], encode([rest])))[0][of_role(WORK)]
    fields = domains_of_work()
    of_field = np.bincount(fields, about)
    surest = int(of_field.argmax())
    if of_field[surest] < SURELY_ABOUT:
        return places, ()
    kinds = np.flatnonzero((fields == surest) & (about >= PERHAPS_ABOUT)).tolist()
    return places, tuple(word_of_kind(kind) for kind in sorted(kinds, key=lambda kind: -about[kind]))


def spelled_like(text: str) -> str:
    """The text with each word that the portal's lists do not know replaced by the one that is spelled most like it;
    "" where all words are known or nothing is like them."""
    words = plain_words(text)
    known = _known_words()
    meant = [word if word in known else next(iter(get_close_matches(word, known, 1, ALIKE)), word) for word in words]
    return " ".join(meant) if meant != words else ""


def types_of_work(reading: Reading, language: str) -> list[str]:
    """What a program's texts clearly speak of, in English or Spanish ("es")."""
    entries = [taxonomy()[kind + of_role(WORK).start] for kind in _spoken_of(reading, NAMED_FROM)]
    return [entry.kind_es if language == "es" else entry.kind for entry in entries]


def word_of_kind(kind: int) -> str:
    """The word under which programs of a type of work are kept."""
    return f"work{code(taxonomy()[kind + of_role(WORK).start].kind)}"


def _spoken_of(reading: Reading, least: float) -> list[int]:
    """The types of work that have this part of a program's reading, or more."""
    return np.flatnonzero(np.frombuffer(reading.work, np.int8) >= least * LARGEST).tolist()


def _in_names_of_places(words: list[str]) -> list[bool]:
    """Which of these words are part of a town's, an area's or a country's name, of the longest one from each on."""
    found = [False] * len(words)
    for start in range(len(words)):
        for length in longest_names(words[start]):
            if " ".join(words[start : start + length]) in gazetteer().names.entries and start + length <= len(words):
                found[start : start + length] = [True] * length
                break
    return found


@cache
def _known_words() -> dict[str, None]:
    """The words of all types of work, places and organizations of the lists, longer than three letters."""
    texts = [phrase for entry in taxonomy() for phrase in (entry.kind, *entry.english, *entry.spanish)]
    texts += [name.text for key in listed().by_key for name in listed().names_of(key)]
    words = (word for text in texts for word in plain_words(text))
    places = (word for name in gazetteer().names.entries for word in name.split())
    return dict.fromkeys(word for word in (*words, *places) if len(word) > 3)


@cache
def _called(kind: int) -> tuple[str, ...]:
    entry = taxonomy()[kind + of_role(WORK).start]
    return (entry.kind, entry.kind_es, *entry.english[:PHRASES], *entry.spanish[:PHRASES])


@cache
def _names_of_places() -> dict[int | str, list[str]]:
    """All names of each town of the gazetteer, by its code, and of each area, by ISO 3166-2."""
    found: dict[int | str, list[str]] = defaultdict(list)
    for name, entry in gazetteer().names.entries.items():
        for candidate in entry.places:
            found[candidate.place.code].append(name)
        for area, _common in entry.areas:
            found[area].append(name)
    return dict(found)


@cache
def _names_of_countries() -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for words, country in country_names().items():
        found[country].append(" ".join(words))
    return dict(found)
