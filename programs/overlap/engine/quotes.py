"""The words by which two programs' texts say what a factor says of them, each as its program writes them.

Of each factor that rests on texts one function, of the same name: it takes the factor's evidence and both programs, and
gives the evidence that both texts bear out, with the words.
"""

import re
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass

from programs.overlap.engine.evidence import Evidence
from programs.overlap.engine.facts import ProgramFacts
from programs.overlap.engine.institutions import named_in
from programs.overlap.engine.passages import Passage, closest, telling
from programs.overlap.engine.places import find_places, place_named
from programs.overlap.engine.places import place as place_of_code
from programs.overlap.engine.segments import affirmed_where_it_stands
from programs.overlap.engine.taxonomy import BENEFICIARY, MEANS, WORK, place_of
from programs.overlap.engine.text import plain_words

# A longer passage is cut after a word, and ends so.
LONGEST_QUOTE, CUT = 120, " …"
# So many institutions or places are quoted of each program.
MOST_QUOTED = 3
# What the best passage of a text speaks of less probably than this is not said of the text.
TOLD_FROM = 0.1
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Source:
    """A program to quote from: its facts, its passages, and the localities that it lists, as it writes them."""

    facts: ProgramFacts
    passages: Sequence[Passage]
    localities: Sequence[str]


@dataclass(frozen=True)
class Quote:
    """Words as a program writes them, with CUT at their end where they go on. `of`: the place of their text among
    `facts.texts`; None for a locality that the program lists."""

    words: str
    of: int | None


@dataclass(frozen=True)
class Quoted:
    """What both programs bear out of a factor's evidence, and the words of the first and of the second."""

    evidence: Evidence
    first: tuple[Quote, ...] = ()
    second: tuple[Quote, ...] = ()


def work(evidence: Evidence, mine: Source, theirs: Source) -> Quoted:
    return _entries(evidence, "work", WORK, mine, theirs)


def beneficiaries(evidence: Evidence, mine: Source, theirs: Source) -> Quoted:
    return _entries(evidence, "beneficiaries", BENEFICIARY, mine, theirs)


def means(evidence: Evidence, mine: Source, theirs: Source) -> Quoted:
    return _entries(evidence, "means", MEANS, mine, theirs)


def _entries(evidence: Evidence, key: str, role: str, mine: Source, theirs: Source) -> Quoted:
    """The entries of the taxonomy that a passage of each speaks of, and the passages for the first of them."""
    told, quotes = [], []
    for kind in evidence.get(key, ()):
        entry = place_of(role, kind)
        found = [telling(one.passages, entry, as_work=role == WORK) for one in (mine, theirs)]
        passages = [one for one in found if one and one.tells[entry] >= TOLD_FROM]
        if len(passages) == 2:
            told.append(kind)
            quotes.append(passages)
    narrowed = evidence | ({key: told} if key in evidence else {})
    return _passages(narrowed, quotes[0], mine, theirs) if quotes else Quoted(narrowed)


def meaning(evidence: Evidence, mine: Source, theirs: Source) -> Quoted:
    nearest = closest(mine.passages, theirs.passages)
    return _passages(evidence, nearest, mine, theirs) if nearest else Quoted(evidence)


content = meaning


def wording(evidence: Evidence, mine: Source, theirs: Source) -> Quoted:
    words = frozenset(evidence.get("words", ()))
    found = [_passage_with(words, one) for one in (mine, theirs)]
    passages = [passage for passage in found if passage]
    return _passages(evidence, passages, mine, theirs) if len(passages) == 2 else Quoted(evidence)


def _passage_with(words: frozenset[str], source: Source) -> Passage | None:
    """The passage that has the most of these words, the shortest of several; None where none has any."""
    rated = []
    for passage in source.passages:
        written = source.facts.texts[passage.text][passage.start : passage.end]
        rated.append((-len(words.intersection(plain_words(written))), len(written), passage.text, passage.start))
    best = min(range(len(rated)), key=rated.__getitem__, default=None)
    return None if best is None or not rated[best][0] else source.passages[best]


def _passages(evidence: Evidence, passages: Sequence[Passage], mine: Source, theirs: Source) -> Quoted:
    first, second = (
        (Quote(cut(source.facts.texts[one.text][one.start : one.end]), one.text),)
        for one, source in zip(passages, (mine, theirs), strict=True)
    )
    return Quoted(evidence, first, second)


def cut(words: str) -> str:
    """The words, after the last of those that have room where they are too long."""
    if len(words) <= LONGEST_QUOTE:
        return words
    kept = words[: LONGEST_QUOTE + 1].rsplit(None, 1)[0]
    return kept[:LONGEST_QUOTE].rstrip(" ,;:.") + CUT


def institution(evidence: Evidence, mine: Source, theirs: Source) -> Quoted:
    keys = evidence.get("institutions", ())[:MOST_QUOTED]
    first, second = (_distinct(_institution(key, source.facts) for key in keys) for source in (mine, theirs))
    return Quoted(evidence, first, second) if first and second else Quoted(evidence)


def _institution(key: str, facts: ProgramFacts) -> Quote | None:
    """The longest name by which the texts call an institution; None where it is written with entities."""
    found: list[tuple[int, int, int, int]] = []
    for of, text in enumerate(facts.texts):
        names = named_in(affirmed_where_it_stands(text), facts.all_countries)
        found += [(start - end, of, start, end) for named, start, end in names if named == key]
    if not found:
        return None
    _length, of, start, end = min(found)
    return Quote(facts.texts[of][start:end], of)


def place(evidence: Evidence, mine: Source, theirs: Source) -> Quoted:
    """Of each place that both name, how the one and how the other writes it: Xela here, Quetzaltenango there."""
    names = evidence.get("localities") or evidence.get("areas") or ()
    found = [(_place(name, mine), _place(name, theirs)) for name in names]
    both = [pair for pair in found if None not in pair][:MOST_QUOTED]
    return Quoted(evidence, _distinct(first for first, _ in both), _distinct(second for _, second in both))


def _place(name: str, source: Source) -> Quote | None:
    """How a program writes a place (its name without accents) or an area (its code): as it lists it, else in a text. Of
    an area that it does not name, a town there."""
    facts = source.facts
    for listed in source.localities:
        if " ".join(plain_words(listed)) == name:
            return Quote(listed, None)
    towns = {code for code in facts.found.towns if place_named(code) == name}
    in_area: set[int | str] = {
        code for code in facts.found.towns if (town := place_of_code(code)) and town.area == name
    }
    texts = [affirmed_where_it_stands(text) for text in facts.texts]
    own: set[int | str] = {name, *towns}
    for codes in (own, in_area):
        if quote := _listed(codes, source) or _written(codes, facts, texts):
            return quote
    for of, text in enumerate(texts):
        if found := _written_words(text, "".join(name.split())):
            return Quote(found, of)
    return None


def _listed(codes: Set[int | str], source: Source) -> Quote | None:
    """The first locality that a program lists of these towns and areas."""
    facts = source.facts
    for listed in source.localities:
        towns = find_places((), (listed,), facts.countries, facts.areas).towns
        areas = frozenset() if towns else find_places((), (listed,), facts.all_countries, frozenset()).areas
        if codes & (towns | areas):
            return Quote(listed, None)
    return None


def _written(codes: Set[int | str], facts: ProgramFacts, texts: Sequence[str]) -> Quote | None:
    """The longest name by which the texts call one of these towns and areas."""
    names = {words for code, words in facts.found.written if code in codes}
    for words in sorted(names, key=lambda words: (-len(words), words)):
        for of, text in enumerate(texts):
            if re.search(rf"(?<!\w){re.escape(words)}(?!\w)", text):
                return Quote(words, of)
    return None


def _written_words(text: str, spelling: str) -> str:
    """The words of a text that are spelled so, without spaces, accents and capitals ("sanpedrosula"); "" where none
    are."""
    words = list(_WORD.finditer(text))
    spelled = ["".join(plain_words(word[0])) for word in words]
    for start in range(len(words)):
        joined = ""
        for end in range(start, len(words)):
            joined += spelled[end]
            if joined == spelling:
                return text[words[start].start() : words[end].end()]
            if not spelling.startswith(joined):
                break
    return ""


def _distinct(quotes: Iterable[Quote | None]) -> tuple[Quote, ...]:
    return tuple(dict.fromkeys(quote for quote in quotes if quote))


def work_here(evidence: Evidence, mine: Source, theirs: Source) -> Quoted:
    return work(evidence, mine, theirs)
