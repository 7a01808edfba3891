"""Which places a program lists and its texts name, by the gazetteer: never a word that only looks like a place."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

from programs.overlap.engine.gazetteer import (
    COUNTRIES,
    MUNICIPALITIES,
    Candidate,
    Place,
    distance_km,
    extra_places,
    place,
)
from programs.overlap.engine.listed_places import Listed, Where
from programs.overlap.engine.place_cues import Kind, Text
from programs.overlap.engine.place_spans import Span, read_as_areas, spans_of
from programs.overlap.engine.place_vocabulary import AREA_NOUNS, MUNICIPALITY_NOUNS, SMALL
from programs.overlap.engine.text import plain_words

__all__ = ["Found", "Place", "distance_km", "extra_places", "find_places", "place", "place_named"]

# Among places of one name in a country the largest is meant where it is so many times as large.
CLEARLY_LARGER = 10
# Runs of capitalised words: whatever of them another program lists as its place is that place.
_NAME = re.compile(r"[A-ZÁÉÍÓÚÑ][\w'’-]+(?:\s+(?:(?:de|del|la|las|los|el)\s+)*[A-ZÁÉÍÓÚÑ][\w'’-]+){0,3}")
_APOSTROPHES = re.compile(r"['’‘ʼ´`ʹ′]")


@dataclass(frozen=True)
class Found:
    """What a program says of places.

    `towns` are codes of the gazetteer (a neighbourhood's and its municipality's), `names` listed names that it does
    not know, `areas` ISO 3166-2 codes: given, of the towns, and named. `words` are those of all places in the texts,
    to be left out where texts are compared; `capitalised` names in the texts that another program may list. `written`
    has each town's code, and each area's, with its name as the texts write it.
    """

    towns: frozenset[int]
    names: frozenset[str]
    areas: frozenset[str]
    words: frozenset[str]
    capitalised: frozenset[str]
    written: frozenset[tuple[int | str, str]]


def place_named(code: int) -> str:
    """The gazetteer's name of a place as places are compared, without accents; "" for an unknown code."""
    town = place(code)
    return _compared(town.name) if town else ""


@lru_cache(maxsize=4096)
def _compared(name: str) -> str:
    return " ".join(plain_words(name))


def find_places(texts: Iterable[str], listed: Iterable[str], countries: frozenset[str], areas: frozenset[str]) -> Found:
    """The places of a program by its texts (title, description), the localities it lists, its countries and areas.

    `countries` are ISO 3166-1 codes, `areas` ISO 3166-2; without either all seven countries are looked through.
    """
    own = (countries | {area[:2] for area in areas}) & COUNTRIES
    stated = bool(countries or areas)
    where = Where(own if stated else COUNTRIES, areas, stated, ())
    by_list = Listed()
    for name in sorted(set(listed)):
        by_list.read(name, where)
    towns, named_areas, words = set(by_list.towns), set(by_list.areas), set()
    written: set[tuple[int | str, str]] = set()
    read = [Text(text) for text in texts]
    spans = [spans_of(text, where, by_list) for text in read]
    in_texts = frozenset(country for of_text in spans for span in of_text for country in span.countries)
    read_as_areas(read, spans, stated=bool(areas) and not by_list.known)
    told = {area for of_text in spans for span in of_text if span.as_area for area, _common in span.areas}
    sure = {span.towns[0].place.area for of_text in spans for span in of_text if span.accepted and len(span.towns) == 1}
    where = replace(where, areas=areas | by_list.areas, near=(frozenset(told), frozenset(sure)))
    for text, of_text in zip(read, spans, strict=True):
        for span in of_text:
            if span.accepted or span.countries or span.words in by_list.known:
                words |= _words(text, span)
            if span.accepted:
                more, areas_of_span = _meant(span, where, in_texts)
                towns |= more
                named_areas |= areas_of_span
                name = text.written(span.start, span.end)
                written |= {(code, name) for one in more for code in (one.place.code, one.place.within)}
                written |= {(area, name) for area in areas_of_span}
    codes = {one.place.code for one in towns if one.kind != "region"}
    codes |= {one.place.within for one in towns if one.kind not in MUNICIPALITIES and one.place.within}
    return Found(
        towns=frozenset(codes),
        names=frozenset(by_list.unknown),
        areas=areas | named_areas | {one.place.area for one in towns if one.place.area and one.kind != "region"},
        words=frozenset(words),
        capitalised=_capitalised(text.text for text in read),
        written=frozenset(written),
    )


def _meant(span: Span, where: Where, in_texts: frozenset[str]) -> tuple[set[Candidate], set[str]]:
    """The places and areas that an accepted name means: by its kind, what stands beside it, areas, and size."""
    towns, areas = span.towns, [area for area, _common in span.areas]
    if span.as_area:
        towns = []
    if span.signs.kind is Kind.MUNICIPALITY:
        towns = [one for one in towns if one.kind in MUNICIPALITIES] or towns
    elif span.signs.kind is Kind.BORDER:
        towns = [one for one in towns if one.kind == "border_crossing"] or towns
    elif span.signs.kind is Kind.LOCAL:
        local = [one for one in towns if one.kind not in MUNICIPALITIES]
        towns = local or [one for one in towns if not one.common]
    if span.beside:
        towns = [one for one in towns if one.place.area in span.beside] or towns
    possible = {one.place.country for one in towns} | {area[:2] for area in areas}
    if len(possible) > 1 and not where.stated and not span.listed:
        possible &= in_texts
        if len(possible) != 1:
            return set(), set()
        towns = [one for one in towns if one.place.country in possible]
        areas = [area for area in areas if area[:2] in possible]
    meant: set[Candidate] = set()
    named: set[str] = set()
    for country in possible:
        there = [one for one in towns if one.place.country == country]
        of_country = {area for area in areas if area[:2] == country}
        near = _nearest(there, where)
        if of_country and not any(one.place.area in of_country for one in there) and not near:
            named |= of_country
        else:
            meant |= _largest(near or there, span.listed)
    return meant, named


def _nearest(towns: list[Candidate], where: Where) -> list[Candidate]:
    """The places in the program's areas, else in those that its texts speak of; [] for none."""
    for areas in (where.areas, *where.near):
        near = [one for one in towns if one.place.area in areas]
        if near or where.areas:
            return near
    return []


def _largest(towns: list[Candidate], listed: bool) -> set[Candidate]:
    """Of places of one name in one country: the one that is clearly larger, else all."""
    if len(towns) < 2 or listed:
        return set(towns)
    first, second = sorted(towns, key=lambda one: -one.population)[:2]
    return {first} if first.population >= CLEARLY_LARGER * second.population else set(towns)


def _words(text: Text, span: Span) -> set[str]:
    written = text.written(span.start, span.end)
    return (
        ({*plain_words(written), *plain_words(_APOSTROPHES.sub("", written))}) - SMALL - AREA_NOUNS - MUNICIPALITY_NOUNS
    )


def _capitalised(texts: Iterable[str]) -> frozenset[str]:
    names = {name for text in texts for name in _NAME.findall(text)}
    words = {word for name in names for word in name.split() if word[0].isupper()}
    return frozenset(plain for name in names | words if (plain := " ".join(plain_words(_APOSTROPHES.sub("", name)))))
