"""Which places a program lists and its texts name, by the gazetteer: never a word that only looks like a place."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from programs.overlap.engine.gazetteer import (
    COUNTRIES,
    MUNICIPALITIES,
    Candidate,
    Entry,
    Place,
    distance_km,
    entry_of,
    extra_places,
    longest_names,
    place,
)
from programs.overlap.engine.listed_places import Listed, Where
from programs.overlap.engine.place_cues import Kind, Signs, Text
from programs.overlap.engine.place_vocabulary import AREA_NOUNS, GENERIC, MUNICIPALITY_NOUNS, SAINTLY, SMALL
from programs.overlap.engine.text import plain_words

__all__ = ["Found", "Place", "distance_km", "extra_places", "find_places", "place"]

# Among places of one name in a country the largest is meant where it is so many times as large.
CLEARLY_LARGER = 10
# Runs of capitalised words: whatever of them another program lists as its place is that place.
_NAME = re.compile(r"[A-ZÁÉÍÓÚÑ][\w'’-]+(?:\s+(?:(?:de|del|la|las|los|el)\s+)*[A-ZÁÉÍÓÚÑ][\w'’-]+){0,3}")
_APOSTROPHES = re.compile(r"['’‘ʼ´`ʹ′]")
# Between a place and its area (La Libertad, Petén; Flores in Petén), and between an area and its place (Petén: Flores).
_QUALIFIED = re.compile(r"\s*(?:[,(/]|[-–—]\s)?\s*(?:(?:in|en|of|de|del|do|du|d['’])\s*)?(?:(?:the|la|el)\s*)?")
_QUALIFIES = re.compile(r"\s*[,:(/–—]\s*(?:(?:the|el|la)\s*)?")


@dataclass(frozen=True)
class Found:
    """What a program says of places.

    `towns` are codes of the gazetteer (a neighbourhood's and its municipality's), `names` listed names that it does
    not know, `areas` ISO 3166-2 codes: given, of the towns, and named. `words` are those of all places in the texts,
    to be left out where texts are compared; `capitalised` names in the texts that another program may list.
    """

    towns: frozenset[int]
    names: frozenset[str]
    areas: frozenset[str]
    words: frozenset[str]
    capitalised: frozenset[str]


@dataclass
class _Span:
    """A name in a text: its words, what it can be the name of, and how it stands there."""

    start: int
    end: int
    words: tuple[str, ...]
    signs: Signs
    towns: list[Candidate]
    areas: list[tuple[str, bool]]
    countries: set[str]
    is_acronym: bool
    listed: bool
    beside: frozenset[str] = frozenset()
    accepted: bool = False
    as_area: bool = False


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
    read = [Text(text) for text in texts]
    spans = [_spans_of(text, where, by_list) for text in read]
    in_texts = frozenset(country for of_text in spans for span in of_text for country in span.countries)
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
    codes = {one.place.code for one in towns if one.kind != "region"}
    codes |= {one.place.within for one in towns if one.kind not in MUNICIPALITIES and one.place.within}
    return Found(
        towns=frozenset(codes),
        names=frozenset(by_list.unknown),
        areas=areas | named_areas | {one.place.area for one in towns if one.place.area},
        words=frozenset(words),
        capitalised=_capitalised(text.text for text in read),
    )


def _spans_of(text: Text, where: Where, listed: Listed) -> list[_Span]:
    """The known names in a text, the longest at each word, and whether each is accepted as a place."""
    spans: list[_Span] = []
    tokens, start = text.tokens, 0
    while start < len(tokens):
        span = _span_at(text, start, where, listed)
        if span is not None:
            spans.append(span)
            start = span.end
        else:
            start += 1
    for i, span in enumerate(spans):
        _place_beside(text, spans, i)
        _accept(text, span, spans[i - 1] if i else None, listed)
    for span, following in zip(reversed(spans[:-1]), reversed(spans[1:]), strict=True):
        if not span.accepted and following.accepted and not following.as_area and not span.countries:
            if len(span.words) > 1 and not span.signs.other and text.is_listed_after(span.end, following.start):
                span.accepted = bool(span.towns or span.areas)
    return spans


def _span_at(text: Text, start: int, where: Where, listed: Listed) -> _Span | None:
    token = text.tokens[start]
    if not token.capital and token.word not in GENERIC:
        return None
    lengths = longest_names(token.word)
    if token.word in listed.lengths:
        lengths = tuple(sorted({*lengths, *listed.lengths[token.word]}, reverse=True))
    for length in lengths:
        end = start + length
        if end > len(text.tokens) or not text.is_name(start, end):
            continue
        words = tuple(one.word for one in text.tokens[start:end])
        entry = entry_of(words)
        if entry is None and words not in listed.known:
            continue
        entry = entry or Entry()
        if entry.acronym and not token.upper:
            continue
        return _Span(
            start, end, words, text.signs(start, end),
            [one for one in entry.places if one.place.country in where.countries],
            [one for one in entry.areas if one[0][:2] in where.countries],
            entry.countries, entry.acronym, words in listed.known,
        )  # fmt: skip
    return None


def _place_beside(text: Text, spans: list[_Span], i: int) -> None:
    """Notes the areas that stand beside a name and that a place of that name lies in: La Libertad, Petén."""
    span = spans[i]
    for j, gap in ((i + 1, _QUALIFIED), (i - 1, _QUALIFIES)):
        if not 0 <= j < len(spans):
            continue
        other, first, second = spans[j], *((span, spans[j]) if j > i else (spans[j], span))
        between = text.text[text.tokens[first.end - 1].end : text.tokens[second.start].start]
        if not gap.fullmatch(between):
            continue
        areas = {area for area, _common in other.areas} & {one.place.area for one in span.towns}
        if areas and (j > i or other.as_area or not other.towns):
            span.beside |= areas
            ends = j + 1 >= len(spans) or not text.is_listed_after(other.end, spans[j + 1].start)
            if j > i and ends and other.words != span.words and ("," in between or "(" in between):
                other.as_area = True
        elif other.countries and j > i:
            span.beside |= {one.place.area for one in span.towns if one.place.country in other.countries}
        elif other.towns and j > i:
            around = {one.place.code for one in other.towns}
            span.beside |= {one.place.area for one in span.towns if one.place.within in around}


def _accept(text: Text, span: _Span, before: _Span | None, listed: Listed) -> None:
    """Decides whether a name means a place, and whether an area rather than a town."""
    signs = span.signs
    carried = before is not None and before.accepted and text.is_listed_after(before.end, span.start)
    if carried and before is not None and signs.kind is Kind.ANY and before.signs.kind is Kind.AREA:
        span.signs = signs = replace(signs, kind=Kind.AREA, strong=True)
    if span.areas and (signs.kind is Kind.AREA or any(len(span.words) > 1 and w in AREA_NOUNS for w in span.words)):
        span.as_area = True
    known = span.words in listed.known
    if span.countries and not (span.as_area and signs.kind is Kind.AREA):
        if signs.kind is not Kind.MUNICIPALITY and not known:
            return
        if not any(one.kind in MUNICIPALITIES for one in span.towns):
            return
    if signs.people and not (signs.strong and not signs.other):
        return
    strong = signs.strong or known or bool(span.beside) or (carried and not signs.other)
    weak = signs.weak and len(span.words) > 1
    saintly = span.words[0] in SAINTLY
    written_short = text.tokens[span.start].upper and len(span.words) == 1 and not text.all_capitals

    def is_meant(common: bool) -> bool:
        if common or (written_short and len(span.words[0]) < 6 and not span.is_acronym):
            return (strong or weak) and (known or not signs.other)
        return not (signs.other and saintly)

    span.towns = [] if span.as_area else [one for one in span.towns if is_meant(one.common)]
    span.areas = [one for one in span.areas if is_meant(one[1])]
    span.accepted = bool(span.towns or span.areas)


def _meant(span: _Span, where: Where, in_texts: frozenset[str]) -> tuple[set[Candidate], set[str]]:
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


def _words(text: Text, span: _Span) -> set[str]:
    written = text.written(span.start, span.end)
    return (
        ({*plain_words(written), *plain_words(_APOSTROPHES.sub("", written))}) - SMALL - AREA_NOUNS - MUNICIPALITY_NOUNS
    )


def _capitalised(texts: Iterable[str]) -> frozenset[str]:
    names = {name for text in texts for name in _NAME.findall(text)}
    words = {word for name in names for word in name.split() if word[0].isupper()}
    return frozenset(plain for name in names | words if (plain := " ".join(plain_words(_APOSTROPHES.sub("", name)))))
