"""The towns, areas and countries of the seven countries by their names, read once from goals/data.

Names are compared word by word (`words_of`): without accents, apostrophes, hyphens and dots, abbreviations written out.
"""

import csv
import hashlib
import html
import re
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache, lru_cache
from math import asin, cos, radians, sin, sqrt
from pathlib import Path

from core.names import without_accents

DATA = Path(__file__).resolve().parents[3] / "goals" / "data"
COUNTRIES = frozenset({"BZ", "GT", "SV", "HN", "NI", "CR", "PA"})
LONGEST_NAME, LONGEST_AREA_NAME = 6, 9
EARTH_KM = 6371.0
# Written before a name's own words, in full and short.
ABBREVIATIONS = {"sta": "santa", "sto": "santo", "pto": "puerto", "cd": "ciudad", "depto": "departamento"} | {
    "dpto": "departamento", "dept": "department", "prov": "provincia", "mpio": "municipio", "col": "colonia",
    "bo": "barrio", "sao": "san",
}  # fmt: skip
# A place is at least as large as its kind, where its population is not known.
LEAST_POPULATION = {"municipality": 3000, "municipality_2024": 3000, "settlement": 300}
MUNICIPALITIES = frozenset({"municipality", "municipality_2024"})

_GENITIVE = re.compile(r"['’]s$")
_APOSTROPHES = re.compile(r"['’‘ʼ´`ʹ′]")
# A word, also with an apostrophe inside; the d' and l' of French and Italian before a name are words of their own.
WORD = re.compile(r"[dlDL]['’](?=[^\W\d_])|[^\W_]+(?:['’‘ʼ´`ʹ′][^\W_]+)*")
_PLAIN = re.compile(r"[a-z0-9]+")


@dataclass(frozen=True)
class Place:
    """A place: its GeoNames id, or a negative number where GeoNames has none. `area` is ISO 3166-2, "" if unknown.

    `within` is the code of the municipality that it lies in, 0 for none.
    """

    code: int
    name: str
    country: str
    area: str
    latitude: float | None
    longitude: float | None
    within: int


@dataclass(frozen=True)
class Candidate:
    """A place as one of its names leads to it. A `common` name means other things too."""

    place: Place
    kind: str
    population: int
    common: bool


@dataclass
class Entry:
    """What a name is the name of. `areas` are (ISO 3166-2, common). An acronym is one only in capitals: SPS, RAAN."""

    places: list[Candidate] = field(default_factory=list)
    areas: list[tuple[str, bool]] = field(default_factory=list)
    countries: set[str] = field(default_factory=set)
    acronym: bool = False


@dataclass
class Names:
    """Names by their words, and how long those are that begin with a word, the longest first."""

    entries: dict[str, Entry] = field(default_factory=dict)
    lengths: dict[str, tuple[int, ...]] = field(default_factory=dict)

    def entry(self, words: tuple[str, ...]) -> Entry:
        """The entry of a name, made if there is none."""
        known = self.lengths.get(words[0], ())
        if len(words) not in known:
            self.lengths[words[0]] = tuple(sorted({*known, len(words)}, reverse=True))
        return self.entries.setdefault(" ".join(words), Entry())


@dataclass
class Gazetteer:
    """All that is known of places."""

    names: Names
    places: dict[int, Place]


def readable(text: str) -> str:
    """A text with its HTML entities resolved and its accents composed."""
    if "&" in text:
        text = html.unescape(html.unescape(text))
    return text if text.isascii() else unicodedata.normalize("NFC", text)


@lru_cache(maxsize=16384)
def word_of(token: str) -> str:
    """A word as names are compared: "chajul" for "Chaju'l", "santa" for "Sta", "" if it is not in Latin script."""
    plain = _APOSTROPHES.sub("", _GENITIVE.sub("", without_accents(token)))
    if not (plain.isascii() and plain.isalnum()):
        plain = "".join(_PLAIN.findall(plain))
    return ABBREVIATIONS.get(plain, plain)


def words_of(name: str) -> tuple[str, ...]:
    """The words of a name as they are compared."""
    return tuple(word for token in WORD.findall(readable(name)) if (word := word_of(token)))


def number_of(text: str) -> int:
    """A negative number for a text, the same in every process: 63 bits of its BLAKE2b hash."""
    return -(int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest()) >> 1) - 1


@cache
def gazetteer() -> Gazetteer:
    """The gazetteer, read from goals/data at its first use (some 50 ms)."""
    found = Gazetteer(Names(), {})
    acronyms: set[str] = set()
    rows = list(_rows("places.csv"))
    codes = {row["code"]: _code(row["code"]) for row in rows}
    towns = {(row["area"], row["name"]): codes[row["code"]] for row in rows if row["kind"] in MUNICIPALITIES}
    for row in rows:
        place = Place(
            code=codes[row["code"]],
            name=row["name"],
            country=row["country"],
            area=row["area"],
            latitude=float(row["latitude"]) if row["latitude"] else None,
            longitude=float(row["longitude"]) if row["longitude"] else None,
            within=towns[row["area"], row["within"]] if row["within"] else 0,
        )
        found.places[place.code] = place
        population = max(int(row["population"] or 0), LEAST_POPULATION.get(row["kind"], 100))
        names = {name: words_of(name) for name in (row["name"], *_split(row["other_names"]))}
        common = _common(names, row)
        acronyms |= {" ".join(words) for name, words in names.items() if name.isupper()}
        for words in set(names.values()):
            if words and len(words) <= LONGEST_NAME:
                candidate = Candidate(place, row["kind"], population, words in common)
                found.names.entry(words).places.append(candidate)
    for row in _rows("area_names.csv"):
        names = {name: words_of(name) for name in _split(row["names"])}
        common = _common(names, row)
        acronyms |= {" ".join(words) for name, words in names.items() if name.isupper()}
        for words in set(names.values()):
            if len(words) <= LONGEST_AREA_NAME:
                found.names.entry(words).areas.append((row["area"], words in common))
    for words, country in country_names().items():
        found.names.entry(words).countries.add(country)
    for name in acronyms:
        found.names.entries[name].acronym = True
    return found


@cache
def country_names() -> dict[tuple[str, ...], str]:
    """The countries (ISO 3166-1) by their names in either language, as words."""
    return {words_of(name): row["country"] for row in _rows("country_names.csv") for name in _split(row["names"])}


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _split(names: str) -> list[str]:
    return [name for name in names.split(";") if name]


def _common(names: dict[str, tuple[str, ...]], row: dict[str, str]) -> set[tuple[str, ...]]:
    """The words of the names that mean other things too, in every spelling of them."""
    marked = _split(row["common_word"])
    return {names[name] for name in names if name in marked} - {names[name] for name in names if name not in marked}


def _code(text: str) -> int:
    return int(text) if text.isdigit() else number_of(text)


# Sets of names that count as places for a while, the latest last.
_extra: list[Gazetteer] = []


@contextmanager
def extra_places(names: Iterable[tuple[str, str]]) -> Iterator[None]:
    """Within it these names of countries (ISO 3166-1) count as places of the gazetteer, in the whole process.

    For sets of programs with invented towns. A name that the gazetteer knows in that country stays that place, and
    needs no sign that it is one.
    """
    mine = Gazetteer(Names(), {})
    for name, country in names:
        words = words_of(name)
        if not words or len(words) > LONGEST_NAME:
            continue
        entry = mine.names.entry(words)
        if any(one.place.country == country for one in entry.places):
            continue
        known = gazetteer().names.entries.get(" ".join(words), Entry())
        of_country = [one for one in known.places if one.place.country == country]
        if of_country:
            entry.places += [Candidate(one.place, one.kind, one.population, common=False) for one in of_country]
            continue
        place = Place(number_of(f"{country}:{' '.join(words)}"), name, country, "", None, None, 0)
        mine.places[place.code] = place
        entry.places.append(Candidate(place, "settlement", LEAST_POPULATION["settlement"], common=False))
    _extra.append(mine)
    try:
        yield
    finally:
        _extra.remove(mine)


def longest_names(first: str) -> tuple[int, ...]:
    """How many words the known names have that begin with a word, the longest first."""
    lengths = gazetteer().names.lengths.get(first, ())
    for extra in _extra:
        lengths = tuple(sorted({*lengths, *extra.names.lengths.get(first, ())}, reverse=True))
    return lengths


def entry_of(words: tuple[str, ...] | list[str]) -> Entry | None:
    """What a name is the name of; None for an unknown one."""
    key = " ".join(words)
    entry = gazetteer().names.entries.get(key)
    for extra in _extra:
        more = extra.names.entries.get(key)
        if more is not None:
            countries = {one.place.country for one in more.places}
            others = [one for one in entry.places if one.place.country not in countries] if entry else []
            entry = Entry(
                others + more.places, list(entry.areas) if entry else [], set(entry.countries) if entry else set()
            )
    return entry


def place(code: int) -> Place | None:
    """The place of a code; None for an unknown one."""
    for extra in reversed(_extra):
        if code in extra.places:
            return extra.places[code]
    return gazetteer().places.get(code)


def distance_km(a: int, b: int) -> float | None:
    """Kilometres between two places; a place without a point lies where its municipality does. None if unknown."""
    points = _point(a), _point(b)
    if points[0] is None or points[1] is None:
        return None
    (lat_a, lon_a), (lat_b, lon_b) = points
    half = sin(radians(lat_b - lat_a) / 2) ** 2
    half += cos(radians(lat_a)) * cos(radians(lat_b)) * sin(radians(lon_b - lon_a) / 2) ** 2
    return 2 * EARTH_KM * asin(min(1.0, sqrt(half)))


def _point(code: int) -> tuple[float, float] | None:
    known = place(code)
    if known is not None and known.latitude is None and known.within:
        known = place(known.within)
    if known is None or known.latitude is None or known.longitude is None:
        return None
    return known.latitude, known.longitude
