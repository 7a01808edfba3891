"""Dates, amounts, percentages and codes as publishers really write them; what cannot be told is None."""

import re
from datetime import date
from decimal import Decimal, InvalidOperation

from programs.models.program import FIRST_DATE, LAST_DATE

_ISO_DATE = re.compile(r"^(\d{4})-(\d{2})-(\d{2})(?:$|[T Z+-])")
_THOUSANDS_BY_COMMA = re.compile(r"^-?\d{1,3}(,\d{3})+(\.\d+)?$")
_THOUSANDS_BY_POINT = re.compile(r"^-?\d{1,3}(\.\d{3})+,\d+$|^-?\d{1,3}(\.\d{3}){2,}$")
_DECIMAL_COMMA = re.compile(r"^-?\d+,\d{1,2}$")
_NUMBER = re.compile(r"^[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d{1,2})?$")
LARGEST_AMOUNT = Decimal(10) ** 17


def clean(text: str | None) -> str:
    """Single spaces, none at the ends; control characters that PostgreSQL refuses are gone."""
    return " ".join((text or "").replace("\x00", "").split())


def parse_date(text: str | None) -> date | None:
    """An ISO date, also with a time or a zone behind it, from 1900 to 2199; anything else could mean two days."""
    match = _ISO_DATE.match(clean(text))
    if not match:
        return None
    try:
        day = date(*(int(part) for part in match.groups()))
    except ValueError:
        return None
    return day if FIRST_DATE <= day <= LAST_DATE else None


def parse_number(text: str | None) -> Decimal | None:
    """A number, with its thousands marked by commas, points or spaces, and without currency signs."""
    compact = re.sub(r"[\s\u00a0\u202f'’$€£¥₡%]", "", text or "")
    if _THOUSANDS_BY_COMMA.match(compact):
        compact = compact.replace(",", "")
    elif _THOUSANDS_BY_POINT.match(compact):
        compact = compact.replace(".", "").replace(",", ".")
    elif _DECIMAL_COMMA.match(compact):
        compact = compact.replace(",", ".")
    if not _NUMBER.match(compact):
        return None
    try:
        return Decimal(compact)
    except InvalidOperation:
        return None


def parse_amount(text: str | None) -> Decimal | None:
    """A sum of money in the range that the database keeps."""
    number = parse_number(text)
    return number if number is not None and abs(number) < LARGEST_AMOUNT else None


def parse_percentage(text: str | None) -> Decimal | None:
    """A percentage that is not negative and at most 100,000 (lists off by a factor are scaled later)."""
    number = parse_number(text)
    return number if number is not None and 0 <= number <= 100_000 else None


def parse_currency(text: str | None) -> str:
    """A currency's three letters, or "" where it is none."""
    code = clean(text).upper()
    return code if re.fullmatch(r"[A-Z]{3}", code) else ""


def parse_language(text: str | None) -> str:
    """The language part of an xml:lang such as en-GB; "und" (ISO 639-2) where it does not say."""
    code = re.split(r"[-_]", clean(text).lower())[0]
    return code if re.fullmatch(r"[a-z]{2,3}", code) else "und"


def parse_code(text: str | None, longest: int) -> str:
    """A code without spaces; "" where it is longer than any of its list."""
    code = clean(text)
    return code if len(code) <= longest and " " not in code else ""
