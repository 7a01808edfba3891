"""Cuts a program's texts into pieces that each speak of one thing: its title, and sentences or parts of long ones."""

import html
import re

from programs.overlap.engine.text import plain_words

# What is read of a program: its title and so much of its description, at most so many pieces of it.
LONGEST_DESCRIPTION = 8000
MOST_PIECES = 48
# A longer sentence is cut at its commas and joints into parts of about so many words.
LONG_SENTENCE, PART = 25, 10
_ENDS = re.compile(r"(?<=[.;:!?])\s+|[\n\r\t|•●▪“”\"«»]+|\s[-–—/]\s")
_JOINTS = re.compile(r",\s+|\s(?=(?:through|in order to|so that|mediante|a través de|con el fin de|para que)\s)")
# What follows is not done: by this program at all, or by others.
_DENIED = re.compile(
    r"\b(?:(?:does|do|did|will|shall|would|is|are) not(?! only)\b|neither\b|excludes?\b|excluding\b|except for\b|"
    r"instead of\b|rather than\b|"
    r"no (?:se )?(?:incluye|incluirá|contempla|financia|financiará|cubre|abarca|atiende|comprende|contiene|prevé|"
    r"compra|construye|interviene|trabaja|apoya|toca|es|son|hay)\w*\b|excluye\w*\b|"
    r"quedan? (?:fuera|excluid\w+)\b|en lugar de\b|en vez de\b|salvo\b|"
    r"ne (?:comprend|finance|prévoit|couvre)\w* (?:pas|ni)\b|não (?:inclui|financia|contempla|abrange|prevê)\w*\b)"
    r"[^.;:!?\n]*",
    re.IGNORECASE,
)


def pieces(title: str, description: str, places: frozenset[str] = frozenset()) -> list[str]:
    """Pieces of the title, then of the description, each once, in order; none for texts without a word.

    `places` are words (lower case, no accents) that name places: they are compared elsewhere, and left out here.
    """
    found: dict[str, None] = {}
    for text in (title, description[:LONGEST_DESCRIPTION]):
        for sentence in _ENDS.split(_done(text)):
            for part in _parts(_without(sentence, places)):
                found.setdefault(part)
    return list(found)[:MOST_PIECES]


def whole(title: str, description: str, places: frozenset[str] = frozenset()) -> str:
    """Title and description as one text without the names of places."""
    return _without(_done(f"{title}. {description[:LONGEST_DESCRIPTION]}"), places)


def _done(text: str) -> str:
    """What the text says is done, without what it says is not: from the words that deny to the end of the clause."""
    return _DENIED.sub(" ", html.unescape(text))


def _without(text: str, places: frozenset[str]) -> str:
    words = [word for word in text.split() if (plain := plain_words(word)) and not places.issuperset(plain)]
    text = " ".join(words)
    # Capitals throughout carry no meaning, and the encoder knows fewer of them.
    return text.lower() if text.isupper() else text


def _parts(sentence: str) -> list[str]:
    if len(sentence.split()) <= LONG_SENTENCE:
        return [sentence] if plain_words(sentence) else []
    parts, part = [], ""
    for piece in _JOINTS.split(sentence):
        part = f"{part}, {piece}" if part else piece
        if len(part.split()) > PART:
            parts.append(part)
            part = ""
    return [*parts, part] if part else parts
