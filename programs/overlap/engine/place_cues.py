"""What stands around a name in a text: whether it says that a place is meant, or something else of that name."""

import re
from dataclasses import dataclass, replace
from enum import Enum
from typing import NamedTuple

from programs.overlap.engine.gazetteer import ABBREVIATIONS, WORD, readable, word_of
from programs.overlap.engine.place_vocabulary import (
    ADJECTIVES,
    AFTER_NOUNS,
    AREA_NOUNS,
    ARTICLES,
    BORDER_NOUNS,
    FEATURES,
    FIRST_PARTS,
    GENERIC,
    IN_WORDS,
    INSTITUTIONS,
    LANGUAGE_AFTER,
    LINKS,
    LIST_WORDS,
    LOCAL_NOUNS,
    MUNICIPALITY_NOUNS,
    NAMED_AFTER_SOMEBODY,
    PEOPLES,
    PERSONS,
    PLACE_NOUNS,
    SMALL,
)

_SPACE = re.compile(r"[ \t\xa0]*[(\"'«“‘¡¿]?[ \t\xa0]*$")
_COLON = re.compile(r"[ \t\xa0]*:?[ \t\xa0]*$")
_INSIDE = re.compile(r"[ \t\xa0]*[-‐‑’'.]?[ \t\xa0]*$")
_LIST = re.compile(
    r"(?:\s*\([^()]{1,40}\))?\s*(?:[,;/&+]|\s[-–—]\s|\b(?:y|e|and|et|o|or|u|as well as|así como)\b)"
    r"(?:[\s,]|\b(?:y|e|and|et|the|la|el|los|las|de|en|in|of|del|&)\b)*",
    re.IGNORECASE,
)
_SEGMENT_BEFORE = re.compile(r"(?:^|[-–—:;(,/|•\n\[]|[.!?])\s*[\"'«“]?$")
_SEGMENT_AFTER = re.compile(r"\s*[\"'»”]?\s*(?:$|[–—:;),./|\n\]]|-\s)")


class Kind(Enum):
    """What the words around a name say that it is."""

    ANY = 0
    AREA = 1
    MUNICIPALITY = 2
    LOCAL = 3
    BORDER = 4


@dataclass(frozen=True)
class Signs:
    """What the words around a name say of it.

    `strong`: a word of place comes before it (municipality of); `weak`: it is where places often are (after a dash).
    `longer`: it is part of a longer name; `institution`: part of the name of an institution; `never`: the name of a
    people, a language, a river or a person. `named`: the word of its kind is itself part of a name (Refugees Department
    of) or comes before a list.
    """

    strong: bool = False
    weak: bool = False
    longer: bool = False
    institution: bool = False
    never: bool = False
    named: bool = False
    kind: Kind = Kind.ANY


class Token(NamedTuple):
    """A word of a text: as compared, where it stands, and whether it begins with a capital. A tuple, since
    every word of every text becomes one."""

    word: str
    start: int
    end: int
    capital: bool
    upper: bool


class Text:
    """A text as words with what stands between them."""

    def __init__(self, text: str) -> None:
        self.text = readable(text)
        self.tokens = [
            Token(word, match.start(), match.end(), raw[0].isupper() or raw[0].isdigit(), raw.isupper())
            for match in WORD.finditer(self.text)
            if (word := word_of(raw := match.group()))
        ]
        long = [token for token in self.tokens if len(token.word) > 3 and not token.word.isdigit()]
        self.all_capitals = len(long) > 1 and sum(token.upper for token in long) > 0.8 * len(long)
        self.title_case = len(long) > 4 and sum(token.capital for token in long) > 0.9 * len(long)

    def gap(self, index: int) -> str:
        """What stands before a word, since the word before it."""
        start = self.tokens[index - 1].end if index else 0
        end = self.tokens[index].start if index < len(self.tokens) else len(self.text)
        return self.text[start:end]

    def written(self, start: int, end: int) -> str:
        """The words from one on to before another as they are written."""
        return self.text[self.tokens[start].start : self.tokens[end - 1].end]

    def is_name(self, start: int, end: int) -> bool:
        """Whether these words are written as one name: with capitals, nothing but hyphens or spaces between."""
        tokens = self.tokens
        told = False
        for index in range(start, end):
            token = tokens[index]
            if index > start:
                gap = self.gap(index)
                if not _INSIDE.match(gap) or ("." in gap and not self._is_short(index - 1)):
                    return False
            if token.capital:
                told = told or token.word not in SMALL
            elif token.word not in GENERIC:
                return False
        return told

    def _is_short(self, index: int) -> bool:
        token = self.tokens[index]
        raw = self.text[token.start : token.end]
        return len(raw) == 1 or raw.lower() in ABBREVIATIONS or raw.lower() == "st"

    def follows(self, index: int) -> bool:
        """Whether a word follows the one before it with nothing but a space or an opening quote between."""
        return 0 < index < len(self.tokens) and _SPACE.match(self.gap(index)) is not None

    def _touches(self, index: int) -> bool:
        """Whether nothing but a space stands before a word."""
        return 0 < index < len(self.tokens) and self.gap(index).isspace() and "\n" not in self.gap(index)

    def is_listed_after(self, end: int, start: int) -> bool:
        """Whether the word at `start` goes on with a list that the words before `end` are part of."""
        between = self.text[self.tokens[end - 1].end : self.tokens[start].start]
        return len(between) < 60 and _LIST.fullmatch(between) is not None

    def signs(self, start: int, end: int) -> Signs:
        """What stands around the words from `start` on to before `end`."""
        before = self._before(start, start)
        after = self._after(end)
        if not (before.strong or before.longer or before.institution or before.never):
            listed = self._in_a_list(start)
            before = replace(listed, named=True) if listed else before
        strong = before.strong or after.strong
        longer = before.longer or (not after.strong and self._touches_a_name(start, end, strong))
        weak = strong or before.weak or self._is_segment(start, end)
        kind = after.kind if after.strong else before.kind
        return Signs(strong, weak, longer, before.institution, before.never or after.never, before.named, kind)

    def _before(self, index: int, name: int) -> Signs:
        """What the words before `index` say of a name there."""
        tokens = self.tokens
        back, linked = index - 1, ""
        while (
            back >= 0
            and index - back < 4
            and (self.follows(back + 1) or (back + 1 == index and _COLON.match(self.gap(index))))
            and tokens[back].word in LINKS | ARTICLES
            and (not tokens[back].capital or self.all_capitals or self.title_case)
        ):
            linked = tokens[back].word if tokens[back].word in LINKS else linked or "-"
            back -= 1
        if back < 0 or not (self.follows(back + 1) or (_COLON.match(self.gap(back + 1)) and back + 1 == index)):
            return Signs(weak=linked not in ("", "-"))
        word, colon = tokens[back].word, ":" in self.gap(back + 1)
        if word in IN_WORDS and not colon:
            return Signs(strong=True)
        if word in FIRST_PARTS and not linked and tokens[back].capital and not colon and not self.all_capitals:
            return Signs(longer=True)
        noun = back
        while noun > 0 and index - noun < 5 and tokens[noun].word in ADJECTIVES and self.follows(noun):
            noun -= 1
        kind = tokens[noun].word
        if kind in PLACE_NOUNS and (colon or linked != "-" or kind in MUNICIPALITY_NOUNS | LOCAL_NOUNS | AREA_NOUNS):
            return Signs(strong=True, kind=_kind(kind), named=self._is_of_a_body(noun))
        if colon:
            return Signs()
        unlinked = linked in ("", "-")
        nouns = {word, tokens[noun].word}
        if nouns & (PEOPLES | FEATURES) or (word in PERSONS and not linked):
            return Signs(never=True)
        if nouns & (INSTITUTIONS | PERSONS) or (unlinked and nouns & NAMED_AFTER_SOMEBODY):
            return Signs(institution=True)
        return Signs(weak=linked not in ("", "-"))

    def _is_of_a_body(self, noun: int) -> bool:
        """Whether a noun is the last word of a body's name: Refugees Department."""
        return self.tokens[noun].capital and self._touches(noun) and self.tokens[noun - 1].capital

    def _after(self, end: int) -> Signs:
        """What the word after a name says of it."""
        if not self.follows(end) or any(sign in self.gap(end) for sign in "(\"'"):
            return Signs()
        word = self.tokens[end].word
        if word in AFTER_NOUNS:
            return Signs(strong=True, kind=_kind(word))
        return Signs(never=word in LANGUAGE_AFTER)

    def _in_a_list(self, start: int) -> Signs | None:
        """The signs of a list of names that a name of a kind of place leads: municipios de Foo, Bar y …"""
        index = start
        while index > 0 and start - index < 16:
            before = index
            if self.tokens[index - 1].word in LIST_WORDS and not self.tokens[index - 1].capital:
                index -= 1
            elif "," not in self.gap(index):
                return None
            if index == 0 or "." in self.gap(index) or ";" in self.gap(index):
                return None
            index -= 1
            if not self.tokens[index].capital:
                return None
            while index > 0 and self.follows(index) and self._is_of_a_name(index - 1):
                index -= 1
            while index < start and self.tokens[index].word in SMALL and not self.tokens[index].capital:
                index += 1
            signs = self._before(index, start)
            if signs.strong and signs.kind is not Kind.ANY:
                return signs
            if index >= before:
                return None
        return None

    def _is_of_a_name(self, index: int) -> bool:
        token = self.tokens[index]
        if token.word in PLACE_NOUNS or token.word in IN_WORDS:
            return False
        return token.capital or token.word in ("de", "del", "la", "el", "los", "las")

    def _touches_a_name(self, start: int, end: int, strong: bool) -> bool:
        """Whether a capitalised word before or after makes one longer name with it: Jorge Santa Ana."""
        if self.all_capitals:
            return False
        tokens = self.tokens
        if self._touches(start) or (start and self.gap(start).strip() == "." and tokens[start - 1].word in PERSONS):
            left = tokens[start - 1]
            if left.capital and left.word not in IN_WORDS | LINKS | PLACE_NOUNS | LIST_WORDS | ARTICLES:
                return not (self.title_case and strong)
            if left.word in SMALL and start > 1 and tokens[start - 2].word in PERSONS:
                return True
        if not self._touches(end) or (self.title_case and strong):
            return False
        right = tokens[end]
        return right.capital and right.word not in IN_WORDS and not right.word.isdigit()

    def _is_segment(self, start: int, end: int) -> bool:
        """Whether a name fills what is between two separators: (San Miguel), – San Miguel, : San Miguel."""
        before, after = self.tokens[start].start, self.tokens[end - 1].end
        return (
            _SEGMENT_BEFORE.search(self.text[max(0, before - 4) : before]) is not None
            and _SEGMENT_AFTER.match(self.text, after) is not None
        )


def _kind(noun: str) -> Kind:
    if noun in AREA_NOUNS:
        return Kind.AREA
    if noun in LOCAL_NOUNS:
        return Kind.LOCAL
    if noun in BORDER_NOUNS:
        return Kind.BORDER
    return Kind.MUNICIPALITY if noun in MUNICIPALITY_NOUNS else Kind.ANY
