"""Dates, amounts, percentages, codes and texts as publishers really write them; what cannot be told is None or ""."""

import calendar
import html
import re
import unicodedata
from datetime import date
from decimal import Decimal, InvalidOperation

from core.dates import is_plausible
from core.names import without_accents
from goals.currencies import currency_codes
from programs.exchange.iati import vocabulary as words

# Year first, as in ISO 8601; then the month: no publisher writes year, day, month. A time or zone may follow.
_YEAR_FIRST = re.compile(r"^([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})(?:$|[T Z+-])")
# Nothing but the year, or year and month, of at least 1900.
_YEAR_ALONE = re.compile(r"^((?:19|2[01])[0-9]{2})(?:[-/.](0?[1-9]|1[0-2]))?$")
_YEAR_LAST = re.compile(r"^([0-9]{1,2})([-/.])([0-9]{1,2})\2((?:19|2[01])[0-9]{2})$")
# Years of two digits only after the month: nobody writes 13-May-21 for the year 13.
_MONTH_SECOND = re.compile(
    r"^(?P<day>[0-9]{1,2})(?:st|nd|rd|th|\.)?[\s./-]*(?:de |of )?(?P<month>[^\W\d_]{3,12})\.?[\s.,/-]*(?:de[l]? )?"
    r"(?P<year>[0-9]{4}|[0-9]{2})$", re.IGNORECASE
)  # fmt: skip
_MONTH_FIRST = re.compile(
    r"^(?P<month>[^\W\d_]{3,12})\.?[\s-]+(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?(?:,\s*|\s+)(?P<year>[0-9]{4})$",
    re.IGNORECASE,
)
_COMPACT_DATE = re.compile(r"^([0-9]{4})([0-9]{2})([0-9]{2})$")

_THOUSANDS_BY_COMMA = re.compile(r"^-?[1-9][0-9]{0,2}(,[0-9]{3})+(\.[0-9]+)?$")
_THOUSANDS_BY_POINT = re.compile(r"^-?[1-9][0-9]{0,2}((\.[0-9]{3})+,[0-9]+|(\.[0-9]{3}){2,})$")
_DECIMAL_COMMA = re.compile(r"^-?[0-9]+,[0-9]+$")
_NUMBER = re.compile(r"^[-+]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]{1,2})?$")
_SPACES_AND_MARKS = re.compile(r"[\s'’`]")
_IN_BRACKETS = re.compile(r"^\(([^()]+)\)$")
_WORD = re.compile(r"[A-Za-z]{2,}")
LARGEST_AMOUNT = Decimal(10) ** 17

# Byte order marks and zero-width characters come with copied text, and make two equal codes unequal.
_INVISIBLE = re.compile("[\x00\ufeff\u200b\u200c\u200d\u2060\u00ad\ufffe\uffff]")
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_TAG = re.compile(
    r"</?(?:p|br|div|span|b|i|u|em|strong|ul|ol|li|a|h[1-6]|table|tbody|thead|tr|td|th|font|sup|sub|blockquote|img|o:p)"
    r"(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)


# Control characters of ISO-8859-1, where windows-1252 has letters, quotes and dashes; five of them it does not use.
_CONTROL = re.compile("[\x80-\x9f]")
_WINDOWS_1252 = {code: bytes([code]).decode("cp1252", errors="ignore") for code in range(0x80, 0xA0)}


def has_control_characters(text: str | None) -> bool:
    """Whether a text has characters that only a wrongly stated encoding makes."""
    return text is not None and not text.isascii() and _CONTROL.search(text) is not None


def from_windows_1252(text: str) -> str:
    """The text with such characters as what windows-1252 means by them."""
    return text.translate(_WINDOWS_1252)


def clean(text: str | None) -> str:
    """Single spaces, none at the ends; characters that nobody can see, or that PostgreSQL refuses, are gone."""
    return " ".join(_INVISIBLE.sub("", text or "").split())


def clean_code(text: str | None) -> str:
    """A code or organisation identifier: no spaces at all, since none has any."""
    return _INVISIBLE.sub("", "".join((text or "").split()))


def has_markup(text: str) -> bool:
    """Whether a text carries HTML: tags, or entities that were escaped once too often."""
    return bool(_TAG.search(text) or _ENTITY.search(text))


def without_markup(text: str) -> str:
    """The text that a browser would show of it. Only tags of HTML go: "<5 years" stays."""
    for _twice in range(2):  # "&amp;nbsp;" in the XML is "&nbsp;" here, "&amp;amp;nbsp;" needs a second round
        text = _TAG.sub(" ", html.unescape(text))
    return clean(text)


def parse_date(text: str | None, *, last: bool | None = None) -> date | None:
    """A date from 1900 to 2199, written in a way that can mean one day alone: 2013-05-21, 20130521, 21-May-13,
    May 21, 2013, 21 de mayo de 2013, 21/05/2013 (there is no month 21), 05/05/2013; None for 01/02/2013 and 21/05/13.

    Where a time begins or ends, a year or month alone says the day too: its first, or with `last` True its last.
    """
    stated = clean(text)
    if (match := _YEAR_FIRST.match(stated)) is not None:
        parts = match.group(1, 3, 4)
    elif (match := _COMPACT_DATE.match(stated)) is not None:
        parts = match.group(1, 2, 3)
    elif last is not None and (match := _YEAR_ALONE.match(stated)) is not None:
        year, month = int(match[1]), int(match[2] or (12 if last else 1))
        if not 1 <= month <= 12:
            return None
        parts = year, month, calendar.monthrange(year, month)[1] if last else 1
    elif (named := _named_month(stated)) is not None:
        parts = named
    elif (match := _YEAR_LAST.match(stated)) is not None:
        one, other = int(match[1]), int(match[3])
        if min(one, other) > 12 or (max(one, other) <= 12 and one != other):
            return None
        parts = match[4], min(one, other), max(one, other)
    else:
        return None
    try:
        day = date(*(int(part) for part in parts))
    except ValueError:
        return None
    return day if is_plausible(day) else None


def _named_month(stated: str) -> tuple[int, int, int] | None:
    """Year, month and day of a date whose month is a word; a year of two digits is from 1970 to 2069."""
    found = _MONTH_SECOND.match(stated) or _MONTH_FIRST.match(stated)
    if found is None:
        return None
    word = without_accents(found["month"])
    months = {month for name, month in words.MONTHS.items() if name.startswith(word)}
    if len(months) != 1:
        return None
    year = int(found["year"])
    if len(found["year"]) == 2:
        year += 2000 if year < 70 else 1900
    return year, months.pop(), int(found["day"])


def parse_number(text: str | None) -> Decimal | None:
    """A number; its thousands may be set off by commas, points, spaces or apostrophes, its minus be brackets."""
    compact = _SPACES_AND_MARKS.sub("", _INVISIBLE.sub("", text or "")).replace("\u2212", "-")
    if bracketed := _IN_BRACKETS.match(compact):
        compact = "-" + bracketed.group(1)
    if _THOUSANDS_BY_COMMA.match(compact):
        compact = compact.replace(",", "")
    elif _THOUSANDS_BY_POINT.match(compact):
        compact = compact.replace(".", "").replace(",", ".")
    elif _DECIMAL_COMMA.match(compact):
        compact = compact.replace(",", ".")
    return _as_decimal(compact)


def _as_decimal(compact: str) -> Decimal | None:
    if not _NUMBER.match(compact):
        return None
    try:
        return Decimal(compact)
    except InvalidOperation:
        return None


def parse_amount(text: str | None) -> tuple[Decimal | None, str]:
    """A sum of money, and the currency that its text names beside it ("" where it names none).

    None where it is no number, where words other than a currency change its meaning ("1.5 million"), and beyond
    the range that the database keeps.
    """
    stated = clean(text)
    symbols = "".join(character for character in stated if unicodedata.category(character) == "Sc")
    named = [word.upper() for word in _WORD.findall(stated)]
    if any(word not in words.CURRENCY_WORDS for word in named) or len(named) > 1:
        return None, ""
    currency = words.CURRENCY_WORDS[named[0]] if named else words.CURRENCY_SYMBOLS.get(symbols, "")
    bare = _WORD.sub("", "".join(character for character in stated if unicodedata.category(character) != "Sc"))
    number = parse_number(bare)
    if number is None or abs(number) >= LARGEST_AMOUNT:
        return None, ""
    return number, currency


def parse_percentage(text: str | None) -> Decimal | None:
    """A percentage that is not negative and at most 100,000 (lists off by a factor are scaled later).

    A comma is a decimal one here: no share has thousands.
    """
    compact = _SPACES_AND_MARKS.sub("", _INVISIBLE.sub("", text or "")).rstrip("%")
    if compact.count(",") == 1 and "." not in compact:
        compact = compact.replace(",", ".")
    number = _as_decimal(compact)
    return number if number is not None and 0 <= number <= 100_000 else None


def parse_currency(text: str | None) -> str:
    """A currency's three letters, or "" where it is none."""
    code = clean(text).upper()
    if code in words.CURRENCY_WORDS or code in words.CURRENCY_SYMBOLS:
        return words.CURRENCY_WORDS.get(code) or words.CURRENCY_SYMBOLS[code]
    return code if code in currency_codes() else ""


def parse_language(text: str | None) -> str:
    """The language part of an xml:lang such as en-GB; "und" (ISO 639-2) where it does not say."""
    code = re.split(r"[-_]", clean(text).lower())[0]
    code = words.LANGUAGES.get(code, code)
    return code if re.fullmatch(r"[a-z]{2,3}", code) else "und"


def parse_code(text: str | None, longest: int) -> str:
    """A code of at most `longest` characters; "" where it is longer than any of its list."""
    code = clean(text)
    return code if len(code) <= longest and " " not in code else ""


def parse_small_number(text: str | None, lowest: int, highest: int) -> int | None:
    """A whole number of a code list, such as a hierarchy, from `lowest` to `highest`."""
    stated = clean(text)
    if not re.fullmatch(r"[0-9]{1,4}", stated):
        return None
    return int(stated) if lowest <= int(stated) <= highest else None


def parse_flag(text: str | None) -> bool | None:
    """An xs:boolean, in any letters; None where it is none."""
    return {"1": True, "true": True, "0": False, "false": False}.get(clean(text).lower())
