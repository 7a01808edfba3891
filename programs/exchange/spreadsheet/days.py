"""Days and periods as people of both languages write them. No database; each raises CellError and nothing else."""

import calendar
import datetime as dt
import re
from dataclasses import dataclass, field

from core.dates import FIRST_DATE, LAST_DATE, is_plausible
from core.names import normalize_name, without_accents
from programs.exchange.spreadsheet.problems import CellError, shown

DAY_FIRST, MONTH_FIRST = "day_first", "month_first"
# Two-digit years of a month from here on are of the last century: "Jan-98".
FIRST_SHORT_YEAR = 70

_MONTHS = {
    **dict(zip(("january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
                "november", "december"), range(1, 13), strict=True)),
    **dict(zip(("enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre",
                "noviembre", "diciembre"), range(1, 13), strict=True)),
    "setiembre": 9, "sept": 9, "set": 9,
}  # fmt: skip
_MONTHS |= {name[:3]: number for name, number in _MONTHS.items()}
_WEEKDAYS = frozenset(
    ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "lunes", "martes", "miercoles",
     "jueves", "viernes", "sabado", "domingo")
)  # fmt: skip
_PARTS_OF_YEAR = {
    "i": 1, "1": 1, "1er": 1, "1ro": 1, "1st": 1, "primer": 1, "primero": 1, "first": 1,
    "ii": 2, "2": 2, "2do": 2, "2o": 2, "2nd": 2, "segundo": 2, "second": 2,
    "iii": 3, "3": 3, "3er": 3, "3ro": 3, "3rd": 3, "tercer": 3, "tercero": 3, "third": 3,
    "iv": 4, "4": 4, "4to": 4, "4th": 4, "cuarto": 4, "fourth": 4,
}  # fmt: skip
_LENGTHS = {"q": 3, "t": 3, "trim": 3, "trimestre": 3, "quarter": 3, "s": 6, "h": 6, "semestre": 6, "half": 6}
_ISO = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})", re.ASCII)
_PARTS = re.compile(r"([0-9]{1,2})[-/. ]([0-9]{1,2})[-/. ]([0-9]{2}|[0-9]{4})", re.ASCII)
_TIME = re.compile(r"[T ][0-9]{1,2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?(Z|[+-][0-9]{2}:?[0-9]{2})?$", re.ASCII)
_YEAR_MONTH = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})", re.ASCII)
_MONTH_YEAR = re.compile(r"([0-9]{1,2})[-/.]([0-9]{4})", re.ASCII)
# As spreadsheets write a month: Jan-24, ene-24. With a space it may be the 24th of January.
_MONTH_SHORT_YEAR = re.compile(r"([a-z]+)\.?[-/'’]([0-9]{2})", re.ASCII)
_YEAR_PART = re.compile(r"([0-9]{4})[- /]*([qtsh])([1-4])", re.ASCII)
_PART_YEAR = re.compile(r"(?:([qtsh])([1-4])|([1-4])([qtsh]))[- /]*([0-9]{4})", re.ASCII)
# Days as Excel counts them: 1 is 1900-01-01, and 1900 counts as a leap year, so that from 61 on this is day 0.
_EXCEL_DAY_0, _LAST_SERIAL = dt.date(1899, 12, 30), 109_575


@dataclass(frozen=True)
class Period:
    """A day, month, quarter, half-year or year: its first and its last day, which are one for a day."""

    first: dt.date
    last: dt.date

    @property
    def is_day(self) -> bool:
        return self.first == self.last


def parse_date(text: str, order: str = "") -> dt.date:
    """2024-03-28, 28/3/2024, 28 March 2024, 28 de marzo de 2024, March 28, 2024, or Excel's number of the day.

    `order` says how 12/03/2024 is meant: day_first, month_first, or "" where it is refused as ambiguous. A period
    is refused.
    """
    found = parse_period(text, order)
    if not found.is_day:
        is_year = found.first.month == 1 and found.last.month == 12
        raise CellError("date_year_only" if is_year else "date", text=shown(text))
    return found.first


def parse_period(text: str, order: str = "") -> Period:
    """A day as `parse_date` reads it, or a period: 2024, 2024-03, Mar-24, marzo de 2024, 2024-Q1, S1 2024, primer
    trimestre de 2024."""
    bare = _TIME.sub("", text.strip())
    if period := _period(bare):
        if not (is_plausible(period.first) and is_plausible(period.last)):
            raise CellError("date_out_of_range", text=shown(text))
        return period
    day = _day_of(text, bare, order)
    return Period(day, day)


def _day_of(text: str, bare: str, order: str) -> dt.date:
    if found := _ISO.fullmatch(bare):
        return _day(text, *(int(part) for part in found.groups()))
    if found := _PARTS.fullmatch(bare):
        return _from_parts(text, found.group(1), found.group(2), found.group(3), order)
    if bare.isascii() and bare.removesuffix(".0").isdigit() and len(bare) <= 8:
        digits = bare.removesuffix(".0")
        if len(digits) == 8:
            return _day(text, int(digits[:4]), int(digits[4:6]), int(digits[6:]))
        return _from_serial(text, int(digits))
    words = _words(bare)
    if len(words) == 3:
        for day, month in ((0, 1), (1, 0)):
            number = re.sub(r"(st|nd|rd|th|o)$", "", words[day])
            if words[month] in _MONTHS and _is_number(number) and _is_number(words[2]):
                if len(words[2]) == 2:
                    raise CellError("date_short_year", text=shown(text))
                return _day(text, int(words[2][:5]), _MONTHS[words[month]], int(number[:3]))
    raise CellError("date", text=shown(text))


def _words(text: str) -> list[str]:
    passed_over = {"de", "del", "of", "the", "el", "la", "en", "in", "ano", "year", *_WEEKDAYS}
    return [word for word in normalize_name(text).split() if word not in passed_over]


def _is_number(word: str) -> bool:
    return word.isascii() and word.isdigit()


def _period(bare: str) -> Period | None:
    """The period that a text says; None for a day, and for what is neither."""
    plain = without_accents(bare).strip()
    words = _words(bare)
    if len(words) == 1 and _is_number(words[0]) and len(words[0]) == 4 and "." not in bare:
        year = int(words[0])
        return _months(year, 1, 12) if FIRST_DATE.year <= year <= LAST_DATE.year else None
    if found := _YEAR_MONTH.fullmatch(plain):
        return _months(int(found[1]), int(found[2]), 1)
    if found := _MONTH_YEAR.fullmatch(plain):
        return _months(int(found[2]), int(found[1]), 1)
    if (found := _MONTH_SHORT_YEAR.fullmatch(plain)) and found[1] in _MONTHS:
        year = int(found[2])
        return _months(year + (1900 if year >= FIRST_SHORT_YEAR else 2000), _MONTHS[found[1]], 1)
    if found := _YEAR_PART.fullmatch(plain):
        return _part(int(found[1]), found[2], int(found[3]))
    if found := _PART_YEAR.fullmatch(plain):
        return _part(int(found[5]), found[1] or found[4], int(found[2] or found[3]))
    return _period_in_words(words)


def _period_in_words(words: list[str]) -> Period | None:
    """`marzo 2024`, `2024 marzo`, `primer trimestre 2024`, `second half 2024`."""
    years = [word for word in words if _is_number(word) and len(word) == 4]
    if len(years) != 1 or len(words) not in (2, 3):
        return None
    rest = [word for word in words if word != years[0]]
    if len(rest) == 1 and rest[0] in _MONTHS:
        return _months(int(years[0]), _MONTHS[rest[0]], 1)
    if len(rest) == 2:
        for number, length in (rest, rest[::-1]):
            if number in _PARTS_OF_YEAR and length in _LENGTHS:
                return _part(int(years[0]), length, _PARTS_OF_YEAR[number])
    return None


def _part(year: int, length: str, number: int) -> Period | None:
    months = _LENGTHS[length]
    return _months(year, (number - 1) * months + 1, months) if number * months <= 12 else None


def _months(year: int, first: int, count: int) -> Period | None:
    last = first + count - 1
    if not (first >= 1 and last <= 12 and 1 <= year <= 9999):
        return None
    return Period(dt.date(year, first, 1), dt.date(year, last, calendar.monthrange(year, last)[1]))


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
    raise CellError("date_ambiguous", text=shown(text), day_first=str(both[0]), month_first=str(both[1]))


def _from_serial(text: str, serial: int) -> dt.date:
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


@dataclass
class DateOrders:
    """What the cells of a column of dates show of the order of day and month, gathered one by one."""

    # DAY_FIRST or MONTH_FIRST -> (row, text) of the first cell that shows it.
    shown: dict[str, tuple[int, str]] = field(default_factory=dict)
    asks: bool = False

    def see(self, row: int, text: str) -> None:
        found = _PARTS.fullmatch(_TIME.sub("", text.strip()))
        if not found:
            return
        one, two = int(found[1]), int(found[2])
        if max(one, two) > 31:
            return
        if one > 12 >= two:
            self.shown.setdefault(DAY_FIRST, (row, shown(text)))
        elif two > 12 >= one:
            self.shown.setdefault(MONTH_FIRST, (row, shown(text)))
        elif one <= 12 and two <= 12 and one != two:
            self.asks = True
