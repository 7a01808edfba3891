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
_ENGLISH_NO = re.compile(r"\b(?:the|and|of|for|with|to)\b", re.IGNORECASE)
_SENTENCES = re.compile(r"(?<=[.;!?])\s+|\n+")


def pieces(title: str, description: str, places: frozenset[str] = frozenset()) -> list[str]:
    """Pieces of the title, then of the description, each once, in order; none for texts without a word.

    `places` are words (lower case, no accents) that name places: they are compared elsewhere, and left out here.
    """
    found: dict[str, None] = {}
    for text in (html.unescape(title), affirmed(description[:LONGEST_DESCRIPTION])):
        for sentence in _ENDS.split(text):
            for part in _parts(_without(sentence, places)):
                found.setdefault(part)
    return list(found)[:MOST_PIECES]


def whole(title: str, description: str, places: frozenset[str] = frozenset()) -> str:
    """Title and description as one text without the names of places."""
    return _without(f"{html.unescape(title)}. {affirmed(description[:LONGEST_DESCRIPTION])}", places)


def affirmed(text: str) -> str:
    """The text without its sentences that say what is not done, by this program at all or by others."""
    return " ".join(sentence for sentence in _SENTENCES.split(html.unescape(text)) if not _denies(sentence))


def _denies(sentence: str) -> bool:
    for found in _DENIES.finditer(sentence):
        before = plain_words(sentence[: found.start()])[-3:]
        if _NOT_DENIED_AFTER.intersection(before) or _NOT_DENIED_BEFORE.match(sentence, found.end()):
            continue
        # In English "no" denies a thing ("no cost"), not what is done; "no." is a number.
        if found[0].lower() == "no" and (_ENGLISH_NO.search(sentence) or not sentence[found.end() :].strip(" .")):
            continue
        return True
    return False


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
