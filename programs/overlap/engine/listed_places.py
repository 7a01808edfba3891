"""What the localities that a program lists are the names of."""

import re
from dataclasses import dataclass, replace

from programs.overlap.engine.gazetteer import (
    COUNTRIES,
    LONGEST_AREA_NAME,
    Candidate,
    Entry,
    entry_of,
    readable,
    words_of,
)
from programs.overlap.engine.place_vocabulary import AREA_NOUNS, LINKS, PLACE_NOUNS

_LISTED_PARTS = re.compile(r"\s*(?:[,;/|()\n]|\s[-–—]\s|:\s)\s*")


@dataclass(frozen=True)
class Where:
    """What is known of where a program is. `stated`: it says so itself; else all seven countries are possible.

    `areas` it states; `near` are areas of its texts: those that they name, and those of towns that can be no other.
    """

    countries: frozenset[str]
    areas: frozenset[str]
    stated: bool
    near: tuple[frozenset[str], ...]


class Listed:
    """What a program lists as its localities."""

    def __init__(self) -> None:
        self.towns: set[Candidate] = set()
        self.areas: set[str] = set()
        self.unknown: set[str] = set()
        self.known: set[tuple[str, ...]] = set()
        self.lengths: dict[str, tuple[int, ...]] = {}

    def read(self, name: str, where: Where) -> None:
        """Adds what a listed name is the name of: "San Miguel", "Flores, Petén", "Municipio de Xela"."""
        plain = readable(name)
        if self._take(words_of(plain), where, frozenset()):
            return
        parts = [words for part in _LISTED_PARTS.split(plain) if (words := words_of(part))]
        entries = [entry_of(_bare(words)) or Entry() for words in parts]
        beside = frozenset(area for entry in entries[1:] for area, _common in entry.areas)
        named = {country for entry in entries[1:] for country in entry.countries}
        named |= {code for words in parts[1:] if (code := " ".join(words).upper()) in COUNTRIES}
        named &= where.countries
        where = replace(where, countries=frozenset(named) or where.countries)
        for i, words in enumerate(parts):
            qualifies = i > 0 and (entries[i].areas or entries[i].countries or " ".join(words).upper() in COUNTRIES)
            if not qualifies and not self._take(words, where, beside):
                self._add(words, "")

    def _take(self, words: tuple[str, ...], where: Where, beside: frozenset[str]) -> bool:
        for tried in (words, _bare(words)):
            entry = entry_of(tried) if tried else None
            if entry is None:
                continue
            towns = [one for one in entry.places if one.place.country in where.countries]
            areas = [area for area, _common in entry.areas if area[:2] in where.countries]
            if tried != words and set(words) & AREA_NOUNS and areas:
                towns = []
            if towns:
                near = [one for one in towns if one.place.area in (beside or where.areas)]
                self.towns |= set(near or towns)
            elif areas:
                self.areas |= set(areas)
            elif not entry.countries:
                continue
            self._add(tried, None)
            return True
        return False

    def _add(self, words: tuple[str, ...], unknown: str | None) -> None:
        if unknown is not None:
            self.unknown.add(" ".join(words))
        if len(words) > LONGEST_AREA_NAME:
            return
        self.known.add(words)
        self.lengths[words[0]] = tuple(sorted({*self.lengths.get(words[0], ()), len(words)}, reverse=True))


def _bare(words: tuple[str, ...]) -> tuple[str, ...]:
    """A name without the word of its kind: ("municipio", "de", "xela") -> ("xela",)."""
    start, end = 0, len(words)
    while start < end - 1 and (words[start] in PLACE_NOUNS or (start and words[start] in LINKS)):
        start += 1
    while start < end - 1 and words[end - 1] in PLACE_NOUNS:
        end -= 1
    return words[start:end]
