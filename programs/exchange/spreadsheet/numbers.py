"""Numbers and dates as people of both languages write them. No database; each raises CellError and nothing else."""

import datetime as dt
import re
from decimal import Decimal

from django.utils.formats import date_format

from core.dates import FIRST_DATE, LAST_DATE, is_plausible
from core.money import to_cent
from core.names import normalize_name
from core.numbers import read_number
from programs.exchange.spreadsheet.problems import CellError, shown

DAY_FIRST, MONTH_FIRST = "day_first", "month_first"
LARGEST = Decimal(10) ** 18


def _parse_number(text: str, *, groups: bool = True) -> Decimal:
    try:
        return read_number(text, groups=groups)
    except ValueError as error:
        raise CellError("number", text=shown(text)) from error


def parse_amount(text: str) -> Decimal:
    """An amount of money, to the cent."""
    value = _parse_number(text)
    if abs(value) >= LARGEST:
        raise CellError("number_too_large", text=shown(text))
    return to_cent(value)


def parse_percentage(text: str) -> Decimal:
    """A percentage from 0 to 100, with or without its sign."""
    try:
        value = _parse_number(text.strip().removesuffix("%"), groups=False)
    except CellError as error:
        raise CellError("percentage", text=shown(text)) from error
    if not 0 <= value <= 100:
        raise CellError("percentage", text=shown(text))
    return value


def write_number(value: Decimal) -> str:
    """A number that both languages read alike: a point before the decimals, no grouping, no trailing zeros.

    Three decimals are given a fourth, so that it is not taken for thousands.
    """
    text = f"{value:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    if "." in text and len(text.split(".")[1]) == 3:
        text += "0"
    return "0" if text in ("-0", "") else text


_MONTHS = {
    **dict(zip(("january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
                "november", "december"), range(1, 13), strict=True)),
    **dict(zip(("enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre",
                "noviembre", "diciembre"), range(1, 13), strict=True)),
    "setiembre": 9, "sept": 9, "set": 9,
}  # fmt: skip
_MONTHS |= {name[:3]: number for name, number in _MONTHS.items()}
_ISO = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})", re.ASCII)
_PARTS = re.compile(r"([0-9]{1,2})[-/. ]([0-9]{1,2})[-/. ]([0-9]{2}|[0-9]{4})", re.ASCII)
_TIME = re.compile(r"[T ][0-9]{1,2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?(Z|[+-][0-9]{2}:?[0-9]{2})?$", re.ASCII)
# Days as Excel counts them: 1 is 1900-01-01, and 1900 counts as a leap year, so that from 61 on this is day 0.
_EXCEL_DAY_0, _LAST_SERIAL = dt.date(1899, 12, 30), 109_575


def parse_date(text: str, order: str = "") -> dt.date:
    """2024-03-28, 28/3/2024, 28 March 2024, 28 de marzo de 2024, March 28, 2024, or Excel's number of the day.

    `order` says how 12/03/2024 is meant: day_first, month_first, or "" where it is refused as ambiguous.
    """
    bare = _TIME.sub("", text.strip())
    if found := _ISO.fullmatch(bare):
        return _day(text, *(int(part) for part in found.groups()))
    if found := _PARTS.fullmatch(bare):
        return _from_parts(text, found.group(1), found.group(2), found.group(3), order)
    if bare.isascii() and bare.removesuffix(".0").isdigit() and len(bare) <= 8:
        return _from_serial(text, int(bare.removesuffix(".0")))
    words = [word for word in normalize_name(bare).split() if word not in ("de", "del", "of", "the", "el")]
    if len(words) == 3:
        for day, month in ((0, 1), (1, 0)):
            number = re.sub(r"(st|nd|rd|th|o)$", "", words[day])
            if words[month] in _MONTHS and number.isdigit() and words[2].isdigit():
                if len(words[2]) == 2:
                    raise CellError("date_short_year", text=shown(text))
                return _day(text, int(words[2][:5]), _MONTHS[words[month]], int(number[:3]))
    raise CellError("date", text=shown(text))


def _from_parts(text: str, first: str, second: str, year: str, order: str) -> dt.date:
    if len(year) == 2:
        raise CellError("date_short_year", text=shown(text))
    one, two = int(first), int(second)
    if one == two or two > 12 or one > 12:
        day, month = (two, one) if two > 12 else (one, two)
        # What a file says of its order must hold for each of its dates.
        contradicts = one != two and ((order == DAY_FIRST and two > 12) or (order == MONTH_FIRST and one > 12))
        if contradicts:
            raise CellError("date", text=shown(text))
        return _day(text, int(year), month, day)
    if order == DAY_FIRST:
        return _day(text, int(year), two, one)
    if order == MONTH_FIRST:
        return _day(text, int(year), one, two)
    both = (_day(text, int(year), two, one), _day(text, int(year), one, two))
    raise CellError("date_ambiguous", text=shown(text), day_first=_in_words(both[0]), month_first=_in_words(both[1]))


def _in_words(day: dt.date) -> dict[str, str]:
    return {"en": f"{date_format(day, 'Y-m-d')}", "es": f"{date_format(day, 'Y-m-d')}"}


def _from_serial(text: str, serial: int) -> dt.date:
    if FIRST_DATE.year <= serial <= LAST_DATE.year:
        raise CellError("date_year_only", text=shown(text))
    if not 1 <= serial <= _LAST_SERIAL:
        raise CellError("date", text=shown(text))
    return _in_range(text, _EXCEL_DAY_0 + dt.timedelta(days=serial + (1 if serial < 60 else 0)))


def _day(text: str, year: int, month: int, day: int) -> dt.date:
    try:
        found = dt.date(year, month, day)
    except ValueError as error:
        raise CellError("date", text=shown(text)) from error
    return _in_range(text, found)


def _in_range(text: str, day: dt.date) -> dt.date:
    if not is_plausible(day):
        raise CellError("date_out_of_range", text=shown(text))
    return day
