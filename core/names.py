"""How two spellings of one name, or two wordings of one thing, are seen to be the same."""

import re
import unicodedata
from functools import lru_cache

_NOT_WORD = re.compile(r"[^0-9a-z]+")


class _WithoutMarks(dict[int, int | None]):
    """For str.translate(): each character as it is, and None for an accent. Those of all languages are a million, of
    which texts have some hundred: each is looked up when it first comes."""

    def __missing__(self, code: int) -> int | None:
        kept = None if unicodedata.combining(chr(code)) else code
        self[code] = kept
        return kept


_WITHOUT_MARKS = _WithoutMarks()
# Names as long as most are remembered: the same ones of the lists come again and again.
REMEMBERED, LONGEST_REMEMBERED = 8192, 120


def normalize_name(text: str) -> str:
    """`text` in lower case, without accents, with single spaces for everything that is no letter or digit.

    "Agencia Española de Cooperación (AECID)" -> "agencia espanola de cooperacion aecid". Names in other scripts
    keep their characters, casefolded, so that they can be told apart. NUL goes: no text in the
    database can hold it. At most 255 characters; may be "".
    """
    return _remembered(text) if len(text) <= LONGEST_REMEMBERED else _normalized(text)


def _normalized(text: str) -> str:
    plain = text.replace("\0", "")
    for _pass in range(2):  # a letter drawn in another font is a capital again once it is decomposed
        plain = without_accents(plain)
    words = _NOT_WORD.sub(" ", plain).strip()
    if not words:
        words = " ".join(plain.split())
    return words[:255].strip()


def without_accents(text: str) -> str:
    """`text` in lower case and without accents: how texts are compared, whatever language they are in."""
    plain = text.casefold()
    return plain if plain.isascii() else unicodedata.normalize("NFKD", plain).translate(_WITHOUT_MARKS)


def differ_by_one(one: str, other: str) -> bool:
    """Whether two texts differ by one character that is changed, missing or added, or by two neighbours that are
    swapped. False for equal texts."""
    if one == other or abs(len(one) - len(other)) > 1:
        return False
    same = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    left, right = one[same:], other[same:]
    if len(left) == len(right):
        return left[1:] == right[1:] or (left[:2] == right[:2][::-1] and left[2:] == right[2:])
    return left[1:] == right if len(left) > len(right) else left == right[1:]


_remembered = lru_cache(maxsize=REMEMBERED)(_normalized)
