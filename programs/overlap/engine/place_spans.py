"""The names of places in a text, and whether a place is meant where they stand."""

import re
from dataclasses import dataclass, replace

from programs.overlap.engine.gazetteer import MUNICIPALITIES, Candidate, Entry, entry_of, longest_names
from programs.overlap.engine.listed_places import Listed, Where
from programs.overlap.engine.place_cues import Kind, Signs, Text
from programs.overlap.engine.place_vocabulary import AREA_NOUNS, GENERIC, SAINTLY

# The department that was named before.
_THE_AREA = re.compile(
    r"\b(?:el|del|al|the|du|le|do|o) (?:(?:whole|entire) )?(?:departamento|department|département|province)"
    r"(?! (?:de|del|of|du|do|d)\b)|\b(?:la|the) (?:provincia|province)(?! (?:de|del|of)\b)"
)
# Between a place and its area (La Libertad, Petén; Flores in Petén), and between an area and its place (Petén: Flores).
_QUALIFIED = re.compile(r"\s*(?:[,(/]|[-–—]\s)?\s*(?:(?:in|en|of|de|del|do|du|d['’])\s*)?(?:(?:the|la|el)\s*)?")
_QUALIFIES = re.compile(r"\s*[,:(/–—]\s*(?:(?:the|el|la)\s*)?")


@dataclass
class Span:
    """A name in a text: its words, what it can be the name of, and how it stands there.

    `beside`: the areas that stand beside it; `qualifies`: it is the area that stands beside a town.
    """

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
    qualifies: bool = False
    accepted: bool = False
    as_area: bool = False


def spans_of(text: Text, where: Where, listed: Listed) -> list[Span]:
    """The known names in a text, the longest at each word, and whether each is accepted as a place."""
    spans: list[Span] = []
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
        _accept(text, span, spans[i - 1] if i else None, where)
    for span, following in zip(reversed(spans[:-1]), reversed(spans[1:]), strict=True):
        if _leads_a_list(text, span, following):
            span.accepted = bool(span.towns or span.areas)
    return spans


def _leads_a_list(text: Text, span: Span, following: Span) -> bool:
    """Whether a name is the first of a list of towns: San Miguel y Usulután; one of one word, of towns of its area."""
    signs = span.signs
    if span.accepted or span.countries or signs.longer or signs.institution or signs.never:
        return False
    areas = {one.place.area for one in span.towns} & {one.place.area for one in following.towns}
    if len(span.words) < 2 and not (signs.weak and areas):
        return False
    return following.accepted and not following.as_area and text.is_listed_after(span.end, following.start)


def read_as_areas(texts: list[Text], spans: list[list[Span]], *, stated: bool) -> None:
    """Takes a name that is a town's and its area's for the area where the texts say so elsewhere.

    Either beside the name ("in Chinandega … the department of Chinandega") or, where the program states (`stated`)
    areas and lists no place, by "the department" alone.
    """
    every = [span for of_text in spans for span in of_text]
    areas = {area for span in every if span.as_area and span.accepted for area, _common in span.areas}
    spoken_of = stated and any(_THE_AREA.search(text.text) for text in texts)
    for span in every:
        if not span.accepted or span.as_area or span.listed or span.signs.kind is not Kind.ANY:
            continue
        of_span = {area for area, _common in span.areas}
        if of_span & areas or (spoken_of and of_span & {one.place.area for one in span.towns}):
            span.as_area = True


def _span_at(text: Text, start: int, where: Where, listed: Listed) -> Span | None:
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
        return Span(
            start, end, words, text.signs(start, end),
            [one for one in entry.places if one.place.country in where.countries],
            [one for one in entry.areas if one[0][:2] in where.countries],
            entry.countries, entry.acronym, words in listed.known,
        )  # fmt: skip
    return None


def _place_beside(text: Text, spans: list[Span], i: int) -> None:
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
                other.qualifies = True
        elif other.countries and j > i and between.strip().startswith((",", "(")):
            span.beside |= {one.place.area for one in span.towns if one.place.country in other.countries}
        elif other.towns and j > i:
            around = {one.place.code for one in other.towns}
            span.beside |= {one.place.area for one in span.towns if one.place.within in around}


def _accept(text: Text, span: Span, before: Span | None, where: Where) -> None:
    """Decides whether a name means a place, and whether an area rather than a town."""
    signs = span.signs
    carried = before is not None and before.accepted and text.is_listed_after(before.end, span.start)
    if carried and before is not None and signs.kind is Kind.ANY and before.signs.kind is Kind.AREA:
        if not span.countries:
            span.signs = signs = replace(signs, kind=Kind.AREA, strong=True)
    if signs.never:
        return
    in_name = any(len(span.words) > 1 and word in AREA_NOUNS for word in span.words)
    span.as_area = bool(span.areas) and (signs.kind is Kind.AREA or in_name or span.qualifies)
    if span.countries and not (span.as_area and signs.kind is Kind.AREA and not signs.named):
        town = any(one.kind in MUNICIPALITIES for one in span.towns)
        if not town or not (signs.kind is Kind.MUNICIPALITY or span.listed):
            span.as_area = False
            return
    longer = signs.longer or signs.institution
    strong = signs.strong or span.listed or bool(span.beside) or (carried and not longer)
    several = len(span.words) > 1
    saintly = span.words[0] in SAINTLY
    short = text.tokens[span.start].upper and not several and not text.all_capitals and len(span.words[0]) < 6

    def is_meant(common: bool, area: str) -> bool:
        if common or (short and not span.is_acronym):
            near = area in where.areas
            weak = (signs.weak and (several or near)) or (text.all_capitals and several and near)
            return (strong or weak) and (span.listed or not longer)
        return not (signs.institution and saintly)

    towns = [] if span.as_area else [one for one in span.towns if is_meant(one.common, one.place.area)]
    areas = [one for one in span.areas if is_meant(one[1], one[0])]
    if towns or areas:
        span.accepted, span.towns, span.areas = True, towns, areas
