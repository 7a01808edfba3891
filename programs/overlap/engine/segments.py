"""Cuts a program's texts into pieces that each speak of one thing: its title, and sentences or parts of long ones."""

import html
import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from operator import itemgetter

from programs.overlap.engine.text import plain_words

# What is read of a program: its title and so much of its description, at most so many pieces of it.
LONGEST_DESCRIPTION = 8000
MOST_PIECES = 48
# A longer sentence is cut at its commas and joints into parts of about so many words.
LONG_SENTENCE, PART = 25, 10
_ENDS = re.compile(r"(?<=[.;:!?])\s+|[\n\r\t|•●▪“”\"«»]+|\s[-–—/]\s")
_JOINTS = re.compile(r",\s+|\s(?=(?:through|in order to|so that|mediante|a través de|con el fin de|para que)\s)")
# Words that deny, and those after or before which they do not: "not only", "people who do not", "niñez no acompañada".
_DENIES = re.compile(
    r"\b(?:not|neither|nor|nothing|excludes?|excluded|excluding|no|excluye\w*|excluid\w+|não|pas)\b", re.IGNORECASE
)
_NOT_DENIED_AFTER = frozenset(
    {
        *("who", "which", "that", "whose", "if", "where", "because", "que", "quien", "quienes", "si", "cuando"),
        *("donde", "porque", "aunque", "qui", "quem"),
    }
)
_NOT_DENIED_BEFORE = re.compile(
    r"\s*[-–]?\s*(?:only|just|less|later|solo|sólo|solamente|únicamente|obstante|sea|menos|más|formal\w*|letal\w*|"
    r"gubernamental\w*|governmental|state|apenas|só|\w+(?:ad|id)[oa]s?)\b",
    re.IGNORECASE,
)
# In English "no" denies what is done where it begins a sentence or names what the program has, pays or is ("No housing
# works are foreseen", "no part of it"); else a thing ("at no cost"). Spanish and French deny with it anywhere.
_ENGLISH = re.compile(r"\b(?:the|and|of|for|with|to|is|are)\b", re.IGNORECASE)
_NO_WORK = re.compile(
    r"^\W*no\s(?!(?:one|cost|fees?|charge|longer|take|later|sooner|wrong|place|time)\b)|"
    r"\bno\s+part\s+of\b|"
    r"\bno\b(?!\s+(?:one|cost|fees?|charge|longer)\b)[^,;]*\b(?:is|are|will\s+be|was|were)\s+"
    r"(?:paid|funded|financed|foreseen|planned|included|provided|covered|made|part|supported)\b",
    re.IGNORECASE,
)
# Around a passage, and not of it.
_AROUND = "".join(chr(code) for code in range(0x3001) if chr(code).isspace()) + ".,;:-–—/*•"
# As the standard library finds them.
_ENTITY = re.compile(r"&(#[0-9]+;?|#[xX][0-9a-fA-F]+;?|[^\t\n\f <&#;]{1,32};?)")
_SENTENCES = re.compile(r"(?<=[.;!?])\s+|\n+")

# A word, and where it begins.
Word = tuple[str, int]


@dataclass(frozen=True)
class Piece:
    """A piece as it is read, and where it is written: `source[start:end]` of the title, or of the description."""

    text: str
    in_title: bool
    start: int
    end: int


def pieces(title: str, description: str, places: frozenset[str] = frozenset()) -> list[str]:
    """Pieces of the title, then of the description, each once, in order; none for texts without a word.

    `places` are words (lower case, no accents) that name places: they are compared elsewhere, and left out here.
    """
    return list(dict.fromkeys(part for part, *_where in _cut(title, description, places)))[:MOST_PIECES]


def placed_pieces(title: str, description: str, places: frozenset[str] = frozenset()) -> list[Piece]:
    """The same, each with the place in the texts where it is written first, the names of places within it as well."""
    found: dict[str, Piece] = {}
    for part, of, start, end in _cut(title, description, places):
        if part not in found:
            first, last = (of.written(_moved_back(place, of.sentences)) for place in _ends(of, start, end, places))
            found[part] = Piece(part, of.in_title, first[0], last[1])
    return list(found.values())[:MOST_PIECES]


@dataclass(frozen=True)
class _Text:
    """A text that is cut: as it is written, without entities, and without denials (`sentences`: see
    `_without_denials`)."""

    in_title: bool
    source: str
    readable: str
    text: str
    sentences: list[tuple[int, int]]

    @cached_property
    def written(self) -> Callable[[int], tuple[int, int]]:
        return written_in(self.source, self.readable)


def _cut(title: str, description: str, places: frozenset[str]) -> Iterator[tuple[str, _Text, int, int]]:
    """Pieces as they are read, with the text that each is of, and from where to where."""
    for in_title, source in ((True, title), (False, description[:LONGEST_DESCRIPTION])):
        readable = html.unescape(source)
        text, sentences = (readable, [(0, 0)]) if in_title else _without_denials(readable)
        of = _Text(in_title, source, readable, text, sentences)
        for start, end in _between(_ENDS, text):
            parts = list(_parts(_words(text, start, end, places)))
            # The names of places between two parts are the first one's.
            cuts = [start, *(first for _part, first in parts[1:]), end]
            for (part, _first), (begin, finish) in zip(parts, pairwise(cuts), strict=False):
                yield part, of, begin, finish


def whole(title: str, description: str, places: frozenset[str] = frozenset()) -> str:
    """Title and description as one text without the names of places."""
    done, _moved = _without_denials(html.unescape(description[:LONGEST_DESCRIPTION]))
    text = f"{html.unescape(title)}. {done}"
    return _joined(word for word in text.split() if _is_read(word, places))


def affirmed(text: str) -> str:
    """The text without its sentences that say what is not done, by this program at all or by others."""
    return _without_denials(html.unescape(text))[0]


def affirmed_where_it_stands(text: str) -> str:
    """The text as it is written, with spaces for its sentences that say what is not done: all else stands where it
    stood."""
    for start, end in _between(_SENTENCES, text):
        if _denies(text[start:end]):
            text = text[:start] + " " * (end - start) + text[end:]
    return text


def _without_denials(text: str) -> tuple[str, list[tuple[int, int]]]:
    """The text without its sentences that say what is not done, by this program at all or by others; and where its
    sentences begin: (here, in the text given)."""
    kept, moved, length = [], [], 0
    for start, end in _between(_SENTENCES, text):
        if not _denies(text[start:end]):
            moved.append((length, start))
            kept.append(text[start:end])
            length += end - start + 1
    return " ".join(kept), moved


def _between(cuts: re.Pattern[str], text: str) -> Iterator[tuple[int, int]]:
    """Where the parts begin and end that `cuts` cuts a text into."""
    start = 0
    for cut in cuts.finditer(text):
        yield start, cut.start()
        start = cut.end()
    yield start, len(text)


def _ends(of: _Text, start: int, end: int, places: frozenset[str]) -> tuple[int, int]:
    """The first and last character of a piece without what is around it; of one sentence alone, the one of which
    most is read, where it is of several, since what stood between them may have been a denial."""
    cuts = [start, *(here for here, _there in of.sentences if start < here < end), end]

    def read(part: tuple[int, int]) -> int:
        begin, finish = part
        return sum(len(word) for word, _start in _words(of.text, begin, finish, places))

    longest = max(pairwise(cuts), key=read)
    part = of.text[slice(*longest)]
    return longest[0] + len(part) - len(part.lstrip(_AROUND)), longest[0] + len(part.rstrip(_AROUND)) - 1


def _moved_back(place: int, sentences: list[tuple[int, int]]) -> int:
    """Where the character at a place of the text without denials stands in the text with them."""
    here, there = sentences[bisect_right(sentences, place, key=itemgetter(0)) - 1]
    return place - here + there


def written_in(source: str, readable: str) -> Callable[[int], tuple[int, int]]:
    """From a character of the readable text to where it is written in the source, perhaps as an entity (&oacute;)."""
    if source == readable:
        return lambda place: (place, place + 1)
    places: list[tuple[int, int]] = []
    done = 0
    for entity in _ENTITY.finditer(source):
        places += ((place, place + 1) for place in range(done, entity.start()))
        places += [entity.span()] * len(html.unescape(entity[0]))
        done = entity.end()
    places += ((place, place + 1) for place in range(done, len(source)))
    return places.__getitem__


def _denies(sentence: str) -> bool:
    for found in _DENIES.finditer(sentence):
        before = plain_words(sentence[: found.start()])[-3:]
        if _NOT_DENIED_AFTER.intersection(before) or _NOT_DENIED_BEFORE.match(sentence, found.end()):
            continue
        # "No." is a number.
        if found[0].lower() == "no" and not sentence[found.end() :].strip(" ."):
            continue
        if found[0].lower() == "no" and _ENGLISH.search(sentence) and not _NO_WORK.search(sentence):
            continue
        return True
    return False


def _words(text: str, start: int, end: int, places: frozenset[str]) -> list[Word]:
    """The words of a part of a text without the names of places."""
    words = []
    for word in text[start:end].split():
        start = text.index(word, start)
        if _is_read(word, places):
            words.append((word, start))
        start += len(word)
    return words


def _is_read(word: str, places: frozenset[str]) -> bool:
    plain = plain_words(word)
    return bool(plain) and not places.issuperset(plain)


def _joined(words: Iterable[str]) -> str:
    text = " ".join(words)
    # Capitals throughout carry no meaning, and the encoder knows fewer of them.
    return text.lower() if text.isupper() else text


def _parts(words: list[Word]) -> Iterator[tuple[str, int]]:
    """A sentence, or the parts of a long one: each as it is read, and where it begins."""
    sentence = _joined(word for word, _start in words)
    parts = [sentence] if words else []
    if len(words) > LONG_SENTENCE:
        parts, part = [], ""
        for piece in _JOINTS.split(sentence):
            part = f"{part}, {piece}" if part else piece
            if len(part.split()) > PART:
                parts.append(part)
                part = ""
        parts += [part] if part else []
    done = 0
    for part in parts:
        yield part, words[done][1]
        done += len(part.split())
