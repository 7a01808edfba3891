"""How the cells of each column are read: what a text that is not empty says. Raises CellError where it cannot be."""

import re
from decimal import Decimal
from typing import Any

from core.names import normalize_name
from goals.currencies import currency_codes
from programs.exchange.spreadsheet import numbers
from programs.exchange.spreadsheet.cells import AreaEntry, Parser, Reading
from programs.exchange.spreadsheet.lists import entries, split_outside_quotes, unquote
from programs.exchange.spreadsheet.problems import CellError, shown
from programs.services import CoverageData, LocationData, SectorData
from programs.services.data import MICRODEGREE

# Title, description and language are as long as they are; what is beyond this is a mistake, not a text.
LONGEST_TEXT, LONGEST_NAME = 50_000, 255
LONGEST_TITLE = 1000


def text(most: int) -> Parser:
    def parse(text: str, reading: Reading) -> str:
        if len(text) > most:
            raise CellError("too_long", length=len(text), most=most)
        return text

    return parse


def title(text: str, reading: Reading) -> str:
    """On one line: a line break within a title is how it was made to fit its cell."""
    words = " ".join(text.split())
    if len(words) > LONGEST_TITLE:
        raise CellError("too_long", length=len(words), most=LONGEST_TITLE)
    return words


def date(text: str, reading: Reading) -> Any:
    return numbers.parse_date(text, reading.date_order)


def amount(text: str, reading: Reading) -> Decimal:
    return numbers.parse_amount(text)


def percentage(text: str, reading: Reading) -> Decimal:
    return numbers.parse_percentage(text)


def currency(text: str, reading: Reading) -> str:
    code = text.strip().upper()
    if code not in currency_codes():
        raise CellError("currency", text=shown(text))
    return code


LANGUAGE_NAMES = {"english": "en", "ingles": "en", "spanish": "es", "espanol": "es", "castellano": "es",
                  "french": "fr", "frances": "fr", "portuguese": "pt", "portugues": "pt"}  # fmt: skip


def language(text: str, reading: Reading) -> str:
    code = LANGUAGE_NAMES.get(normalize_name(text), text.strip().lower())
    if not re.fullmatch(r"[a-z]{2,3}", code):
        raise CellError("language", text=shown(text))
    return code


def status(text: str, reading: Reading) -> int:
    return reading.lookups.statuses.find(text)


def visibility(text: str, reading: Reading) -> str:
    return reading.lookups.visibilities.find(text)


def places(text: str, reading: Reading) -> list[CoverageData]:
    found = []
    for name, share in entries(text):
        kind, code = reading.lookups.place(unquote(name))
        found.append(CoverageData(**{f"{kind}_id": code}, percentage=share))
    return found


_POINT = re.compile(r"([+-]?[0-9]{1,2}(?:\.[0-9]+)?)\s*[,\s]\s*([+-]?[0-9]{1,3}(?:\.[0-9]+)?)", re.ASCII)


def areas(text: str, reading: Reading) -> list[AreaEntry]:
    """`Cortés`, `HN-CR / Choloma`, `/ Choloma`, `HN-CR / Choloma @ 15.61, -87.95`, each with a percentage or not."""
    found = []
    for entry, share in entries(text):
        where, *points = split_outside_quotes(entry, "@")
        area, *localities = split_outside_quotes(where, "/")
        codes = tuple(reading.lookups.area_codes(unquote(area))) if area else ()
        latitude, longitude = _point(points[0], entry) if points else (None, None)
        locality = unquote("/".join(localities))
        if len(points) > 1 or not (codes or locality or points):
            raise CellError("area", text=shown(entry))
        if len(locality) > LONGEST_NAME:
            raise CellError("too_long", length=len(locality), most=LONGEST_NAME)
        found.append(AreaEntry(codes, LocationData(None, locality, latitude, longitude, share), shown(entry)))
    return found


def _point(text: str, entry: str) -> tuple[Decimal, Decimal]:
    match = _POINT.fullmatch(text)
    if not match:
        raise CellError("point", text=shown(entry))
    latitude, longitude = (Decimal(part).quantize(MICRODEGREE) for part in match.groups())
    if abs(latitude) > 90 or abs(longitude) > 180:
        raise CellError("point", text=shown(entry))
    return latitude, longitude


def sectors(text: str, reading: Reading) -> list[SectorData]:
    return [SectorData(reading.lookups.sector(unquote(name)), share) for name, share in entries(text)]


def organizations(text: str, reading: Reading) -> list[str]:
    """The names as written: which organizations they mean depends on the countries of the row."""
    return [unquote(part) for part in split_outside_quotes(text, ";\n") if part]


def organization(text: str, reading: Reading) -> str:
    return text
