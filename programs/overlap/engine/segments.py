"""Cuts a program's texts into phrases that each speak of one thing: a kind of work, for whom, by what means, why.

Function words of both languages are where it cuts, not words of any template. Neighbouring pieces are also kept
joined, since one name may hold such a word (alternatives to detention, atención a víctimas en juicio).
"""

import re

from programs.overlap.engine.text import plain_words

# What is read of a program: its title and so much of its description. Long texts repeat themselves.
LONGEST_DESCRIPTION = 600
MOST_PHRASES = 20
SHORTEST_PHRASE = 3
LONGEST_JOINED = 9

_STOPS = re.compile(r"[.;:()\[\]!?\n\r\t|•“”\"«»]+|,|\s[-–—/]\s")
# Between parts of what is done: by what means, to what end, among whom. Nothing is joined across these.
_TURNS = re.compile(
    r"\b(?:in order to|so as to|with the (?:aim|goal|purpose|objective) of|aim(?:s|ed|ing) (?:to|at)|through|"
    r"by means of|using|will|among|so that|which|that|focus(?:es|ed|ing)? on|seeks? to|"
    r"con el (?:fin|objetivo|propósito) de|a fin de|mediante|por medio de|a través de|busca|entre|recibirán|para que|"
    r"que|se (?:enfoca|centra|concentra) en|dirigid[oa]s? a)\b",
    re.IGNORECASE,
)
# Within a part. Pieces on both sides are kept alone and joined.
_JOINTS = re.compile(
    r"(?<!\S)(?:for|to|in|at|on|with|by|from|against|and|para|en|con|por|contra|desde|hacia|a|al|y|e)(?!\S)",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*", re.UNICODE)


def phrases(title: str, description: str, places: frozenset[str] = frozenset()) -> list[tuple[str, bool]]:
    """Phrases of the title, then of the description, each once, with whether the title has it.

    `places` are words (lower case, no accents) that name places: they are compared elsewhere, and left out here.
    """
    found: dict[str, bool] = {}
    for text, is_title in ((title, True), (description[:LONGEST_DESCRIPTION], False)):
        for phrase in _phrases(text, places):
            found.setdefault(phrase, is_title)
    return list(found.items())[:MOST_PHRASES]


def _phrases(text: str, places: frozenset[str]) -> list[str]:
    found = []
    for sentence in _STOPS.split(text):
        for part in _TURNS.split(sentence):
            pieces, joints = _JOINTS.split(part), _JOINTS.findall(part)
            cleaned = [_clean(piece, places) for piece in pieces]
            found += [piece for piece in cleaned if len(piece) >= SHORTEST_PHRASE]
            for i, joint in enumerate(joints):
                joined = f"{cleaned[i]} {joint.lower()} {cleaned[i + 1]}"
                if cleaned[i] and cleaned[i + 1] and len(joined.split()) <= LONGEST_JOINED:
                    found.append(joined)
    return found


def _clean(piece: str, places: frozenset[str]) -> str:
    words = [word for word in _WORD.findall(piece) if "".join(plain_words(word)) not in places]
    return " ".join(word if word.isupper() else word.lower() for word in words)
