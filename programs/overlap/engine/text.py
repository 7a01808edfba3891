"""The words of texts, in either language, as they are compared."""

import re
from collections.abc import Iterable
from pathlib import Path

from core.names import without_accents

# Words of every program's description in either language: they say nothing of what this one does.
COMMON = frozenset((Path(__file__).parent / "common_words.txt").read_text(encoding="utf-8").split())

_WORD = re.compile(r"[a-z0-9]+")


def plain_words(text: str) -> list[str]:
    """The words of a text in lower case without accents."""
    return _WORD.findall(without_accents(text))


def telling_words(texts: Iterable[str], ignore: frozenset[str] = frozenset()) -> frozenset[str]:
    """The words of texts that tell what is done; `ignore` are words (of places) that are compared elsewhere."""
    return frozenset(
        word
        for text in texts
        for word in plain_words(text)
        if word not in COMMON and word not in ignore and len(word) > 2
    )
