"""Files of rates that an administrator uploads: CSV with currency, month, usd_per_unit, source, and perhaps basis."""

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from goals.models import Basis
from goals.money import FIXED_BY_LAW
from goals.rates.readings import LEAST, MOST, Reading, is_known, rounded

COLUMNS = ("currency", "month", "usd_per_unit", "source")
MOST_ROWS, LARGEST_FILE, LONGEST_SOURCE = 20_000, 5 * 1024 * 1024, 100
FIRST_YEAR = 1990


@dataclass
class Upload:
    """What a file says, and a sentence for each row that is wrong; nothing is stored of a file with one."""

    readings: list[Reading] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def read_upload(content: bytes) -> Upload:
    """The rates of a CSV file (comma or semicolon, UTF-8), or in words what is wrong in which row."""
    upload = Upload()
    if len(content) > LARGEST_FILE:
        upload.problems.append(_("The file is larger than %(n)s MB.") % {"n": LARGEST_FILE // 1024 // 1024})
        return upload
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        upload.problems.append(_("The file is not UTF-8 text. Save it as CSV (UTF-8)."))
        return upload
    lines = text.splitlines()
    delimiter = ";" if lines and lines[0].count(";") > lines[0].count(",") else ","
    reader = csv.DictReader(io.StringIO(text), delimiter=delimiter)
    headings = [(name or "").strip().lower() for name in reader.fieldnames or ()]
    if missing := [name for name in COLUMNS if name not in headings]:
        sentence = _("Row 1: the columns %(missing)s are missing. It must have: %(columns)s.")
        upload.problems.append(sentence % {"missing": ", ".join(missing), "columns": ", ".join(COLUMNS)})
        return upload
    reader.fieldnames = headings
    seen: dict[tuple[str, date], int] = {}
    try:
        for number, row in _rows(reader):
            if number > MOST_ROWS:
                upload.problems.append(_("The file has more than %(most)s rows.") % {"most": MOST_ROWS})
                break
            reading, problems = reading_of({name: (value or "").strip() for name, value in row.items() if name})
            if reading is None:
                upload.problems += [
                    _("Row %(row)s: %(problem)s") % {"row": number, "problem": f"{name}: {sentence}"}
                    for name, sentence in problems.items()
                ]
                continue
            key = (reading.currency, reading.month)
            if key in seen:
                problem = _("Row %(row)s: %(currency)s of this month is in row %(other)s already.")
                words = {"row": number, "currency": reading.currency, "other": seen[key]}
                upload.problems.append(problem % words)
                continue
            seen[key] = number
            upload.readings.append(reading)
    except csv.Error as error:
        upload.problems.append(_("The file cannot be read as CSV: %(problem)s.") % {"problem": error})
    if not upload.readings and not upload.problems:
        upload.problems.append(_("The file has no rows below its headings."))
    return upload


def _rows(reader: "csv.DictReader[str]") -> Iterator[tuple[int, dict[str, str]]]:
    """Rows with their number in the file, without those that are empty."""
    for number, row in enumerate(reader, start=2):
        if any(isinstance(value, str) and value.strip() for value in row.values()):
            yield number, row


def reading_of(row: dict[str, str]) -> tuple[Reading | None, dict[str, str]]:
    """A row as a rate, and by column a sentence for what is wrong; no rate where something is."""
    values: dict[str, Any] = {}
    problems: dict[str, str] = {}
    for name, read in READERS.items():
        try:
            values[name] = read(row.get(name, ""))
        except ValueError as error:
            problems[name] = str(error)
    return (None if problems else Reading(**values)), problems


def _currency(text: str) -> str:
    currency = text.upper()
    if not is_known(currency):
        raise ValueError(_("“%(value)s” is not a code of ISO 4217, such as HNL.") % {"value": text[:20]})
    if currency in FIXED_BY_LAW:
        raise ValueError(_("The rate of %(currency)s is fixed by law.") % {"currency": currency})
    return currency


def _month(text: str) -> date:
    """A month written 2025-04, or its first day."""
    try:
        month = date.fromisoformat(text if len(text) > len("2025-04") else f"{text}-01")
    except ValueError:
        month = None
    if month is None or month.day != 1 or len(text) not in (len("2025-04"), len("2025-04-01")):
        raise ValueError(_("“%(value)s” is not a month, such as 2025-04.") % {"value": text[:20]})
    if not month.year >= FIRST_YEAR or month > timezone.localdate():
        raise ValueError(_("%(value)s is before 1990 or in the future.") % {"value": text[:20]})
    return month


def _rate(text: str) -> Decimal:
    """US dollars for one unit."""
    try:
        rate = rounded(Decimal(text))
    except InvalidOperation:
        rate = None
    if rate is None or not rate.is_finite():
        sentence = _("“%(value)s” is not a number with a decimal point, such as 0.0381.")
        raise ValueError(sentence % {"value": text[:20]})
    if not LEAST <= rate <= MOST:
        sentence = _("%(value)s is not what one unit of a currency is worth in US dollars.")
        raise ValueError(sentence % {"value": text[:20]})
    return rate


def _basis(text: str) -> str:
    if text and text not in Basis.values:
        words = {"value": text[:20], "known": ", ".join(Basis.values)}
        raise ValueError(_("“%(value)s” is none of %(known)s.") % words)
    return text or Basis.MONTH


def _source(text: str) -> str:
    if not text or len(text) > LONGEST_SOURCE:
        raise ValueError(_("Say whose figure it is, in at most %(most)s characters.") % {"most": LONGEST_SOURCE})
    return text


# Column -> what reads its cell; ValueError with a sentence for what is wrong and what would be right.
READERS: dict[str, Callable[[str], Any]] = {
    "currency": _currency,
    "month": _month,
    "usd_per_unit": _rate,
    "basis": _basis,
    "source": _source,
}
