"""Series: records of one reporter that differ by year, number, amount or venue alone (see docs/overlap-engine.md).

Which series a record belongs to is told from that record alone, so that a pair is of one series whatever else there
is: no count of members, no order of saving changes what is said of it.
"""

import re
from collections.abc import Iterable
from functools import cache

from programs.overlap.engine.gazetteer import country_names, readable
from programs.overlap.engine.taxonomy import taxonomy
from programs.overlap.engine.text import COMMON, plain_words

# Descriptions are standard text only where so many words are left: “Second award.” says nothing.
LEAST_OF_A_STANDARD_TEXT = 8
LONGEST_READ = 2000
# A title of so many words that tell something is like no other by chance.
TELLING_ENOUGH = 4

_ROMAN = "i ii iii iv v vi vii viii ix x xi xii xiii xiv xv xvi xvii xviii xix xx"
_ORDINALS = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth last next previous"
    " primer primero primera segundo segunda tercer tercero tercera cuarto cuarta quinto quinta sexto sexta septimo"
    " septima octavo octava noveno novena decimo decima ultimo ultima siguiente proximo proxima anterior"
)
_NUMBERS = (
    "one two three four five six seven eight nine ten uno dos tres cuatro cinco seis siete ocho nueve diez"
    " no nos nr nro num numero number"
)
_PARTS = (
    "phase phases fase fases stage stages etapa etapas tranche tranches tramo tramos lot lots lote lotes part parts"
    " parte partes round rounds ronda rondas edition ediciones edicion installment instalment cuota cuotas volume"
    " quarter quarters trimestre trimestres quarterly trimestral semester semestre semestral year years yearly annual"
    " annually ano anos anual month months mes meses monthly mensual fy fiscal ejercicio period periodo term gestion q"
)
_MONTHS = (
    "january february march april may june july august september october november december jan feb mar apr jun jul aug"
    " sep sept oct nov dec enero febrero marzo abril mayo junio julio agosto septiembre setiembre octubre noviembre"
    " diciembre ene abr ago dic"
)
_MONEY = (
    "usd us eur euro euros dollar dollars dolar dolares gtq hnl nio crc pab bzd gbp million millions millon millones"
)
_PARTICLES = "a an and the of for in on to with by from el la los las de del en y e o para por con un una al"
LEFT_OUT = frozenset(" ".join((_ROMAN, _ORDINALS, _NUMBERS, _PARTS, _MONTHS, _MONEY, _PARTICLES)).split())
_DIGITS = re.compile(r"\d+")


def stem(text: str) -> str:
    """What is left of a standard title or text without years, numbers, parts, months, amounts and names of countries.

    "Salaries 2019, Honduras (Q3)" -> "salaries". "" where nothing is left.
    """
    words = " ".join(plain_words(readable(text[:LONGEST_READ])))
    return " ".join(word for word in map(_without_number, _without_countries(words).split()) if word)


def _without_number(word: str) -> str:
    """The word, "" for a number or a part; "prsc" for PRSC2 and "" for 2nd."""
    if _DIGITS.search(word):
        word = "" if word[0].isdigit() else _DIGITS.sub("", word)
    return "" if len(word) < 2 or word in LEFT_OUT else word


@cache
def _countries() -> re.Pattern[str]:
    longest_first = sorted(map(" ".join, country_names()), key=lambda name: (-len(name), name))
    return re.compile(rf"\b(?:{'|'.join(longest_first)})\b")


def _without_countries(words: str) -> str:
    return _countries().sub(" ", words)


def series_of(
    reporter: int, titles: Iterable[str], descriptions: Iterable[str], others: Iterable[object]
) -> tuple[str, ...]:
    """The series that a record of this reporter belongs to, as texts that are equal for equal ones; the one by its
    standard text first.

    By the stem of each description that is long enough, and of each title. A record without any text is of the series
    of those that share `others` with it: who takes part, and its sectors.
    """
    texts = sorted({one for one in map(stem, descriptions) if len(one.split()) >= LEAST_OF_A_STANDARD_TEXT})
    named = sorted({one for one in map(stem, titles) if one})
    found = [f"{reporter}\x1ftext\x1f{one}" for one in texts] + [f"{reporter}\x1ftitle\x1f{one}" for one in named]
    if found or any(titles) or any(descriptions):
        return tuple(found)
    return (f"{reporter}\x1fnothing\x1f{chr(0x1F).join(sorted(map(str, others)))}",)


@cache
def standard_words() -> frozenset[str]:
    """Words of bookkeeping in both languages (costs, salaries, travel): the taxonomy's rows on administration."""
    entries = (entry for entry in taxonomy() if entry.domain == "administration")
    phrases = (phrase for entry in entries for phrase in entry.english + entry.spanish)
    return frozenset(word for phrase in phrases for word in plain_words(phrase))


def telling(title: str, ignore: frozenset[str] = frozenset()) -> int:
    """How many words of a title tell it from others, at most TELLING_ENOUGH: none in "Administrative costs 2019".

    A number of five digits or more is one: it numbers the record. `ignore` are the words of places.
    """
    told = {word for word in plain_words(title) if word.isdigit() and len(word) >= 5}
    told |= {word for word in set(stem(title).split()) - COMMON - standard_words() - ignore if len(word) > 2}
    return min(TELLING_ENOUGH, len(told))
