"""The words of texts, in either language, as they are compared."""

import re
import sys
import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path

# Words of every program's description in either language: they say nothing of what this one does.
COMMON = frozenset((Path(__file__).parent / "common_words.txt").read_text(encoding="utf-8").split())

_WORD = re.compile(r"[a-z0-9]+")


def plain_words(text: str) -> list[str]:
    """The words of a text in lower case without accents."""
    plain = text.casefold()
    if not plain.isascii():
        plain = unicodedata.normalize("NFKD", plain).translate(_no_marks())
    return _WORD.findall(plain)


@cache
def _no_marks() -> dict[int, None]:
    return {code: None for code in range(sys.maxunicode + 1) if unicodedata.combining(chr(code))}


def telling_words(texts: Iterable[str], ignore: frozenset[str] = frozenset()) -> frozenset[str]:
    """The words of texts that tell what is done; `ignore` are words (of places) that are compared elsewhere."""
    return frozenset(
        word
        for text in texts
        for word in plain_words(text)
        if word not in COMMON and word not in ignore and len(word) > 2
    )
