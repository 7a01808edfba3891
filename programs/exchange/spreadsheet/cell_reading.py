"""How the cells of each column are read: what a text that is not empty says. Raises CellError where it cannot be."""

import re
from decimal import Decimal
from typing import Any

from core.names import normalize_name
from goals.currencies import currency_codes
from goals.p_codes import area_of_p_code
from programs.exchange.spreadsheet import numbers
from programs.exchange.spreadsheet.amounts import Amount, parse_amount
from programs.exchange.spreadsheet.cells import AreaEntry, Noted, Parser, Reading
from programs.exchange.spreadsheet.currency_words import currencies_of
from programs.exchange.spreadsheet.days import parse_period
from programs.exchange.spreadsheet.lists import entries, split_outside_quotes, unquote
from programs.exchange.spreadsheet.place_names import AreaNamed, countries_of_areas, municipality_areas, split_names
from programs.exchange.spreadsheet.problems import CellError, shown
from programs.exchange.spreadsheet.words_of_files import CLUSTERS
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


def start(text: str, reading: Reading) -> Any:
    """A day; of a period the first one, with a note."""
    return _day(text, reading, is_end=False)


def end(text: str, reading: Reading) -> Any:
    """A day; of a period the last one, with a note."""
    return _day(text, reading, is_end=True)


def _day(text: str, reading: Reading, *, is_end: bool) -> Any:
    period = parse_period(text, reading.date_order)
    if period.is_day:
        return period.first
    day = period.last if is_end else period.first
    return Noted(day, "date_period", {"text": shown(text), "day": str(day)})


def amount(text: str, reading: Reading) -> Amount:
    return parse_amount(text, reading.decimal_sign, is_scaled=reading.is_scaled)


def percentage(text: str, reading: Reading) -> Decimal:
    return numbers.parse_percentage(text)


def currency(text: str, reading: Reading) -> frozenset[str]:
    """The currencies that a code, a sign or a word may mean."""
    code = text.strip().upper()
    found = frozenset({code}) if code in currency_codes() else currencies_of(text)
    if found is None:
        raise CellError("currency", text=shown(text))
    return found


COMMITMENTS = frozenset({"2", "c", "commitment", "outgoing commitment", "compromiso", "compromiso saliente"})


def transaction_type(text: str, reading: Reading) -> bool:
    """Whether the amount of the row is a commitment, by IATI's code or name of the kind of transaction."""
    return normalize_name(text) in COMMITMENTS


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
        named = reading.lookups.places(unquote(name))
        if share is not None and len(named) > 1:
            raise CellError("shares_some")
        found += [CoverageData(**{f"{kind}_id": code}, percentage=share) for kind, code in named]
    return found


_POINT = re.compile(r"([+-]?[0-9]{1,2}(?:\.[0-9]+)?)\s*[,\s]\s*([+-]?[0-9]{1,3}(?:\.[0-9]+)?)", re.ASCII)


def areas(text: str, reading: Reading) -> list[AreaEntry]:
    """`Cortés`, `HN-CR / Choloma`, `/ Choloma`, `HN-CR / Choloma @ 15.61, -87.95`, each with a percentage or not; also
    several (`Cortés, Atlántida`), a municipality (`Choloma`) and P-codes (`HN05`)."""
    found: list[AreaEntry] = []
    for entry, share in entries(text):
        where, *points = split_outside_quotes(entry, "@")
        area, *localities = split_outside_quotes(where, "/")
        named = reading.lookups.areas_named(unquote(area)) if area else []
        latitude, longitude = _point(points[0], entry) if points else (None, None)
        locality = unquote("/".join(localities))
        if len(points) > 1 or not (named or locality or points):
            raise CellError("area", text=shown(entry))
        if len(locality) > LONGEST_NAME:
            raise CellError("too_long", length=len(locality), most=LONGEST_NAME)
        # An export writes the area's code, and then whatever the place is called.
        has_code = area.split(" ")[0].strip('"') in reading.lookups.areas
        if locality and not (points or has_code) and (second := _area_of_its_own(locality, named, reading)):
            named, locality = [*named, *second], ""
        if len(named) > 1 and (share is not None or locality or points):
            raise CellError("shares_some" if share is not None else "area", text=shown(entry))
        for one in named or [AreaNamed(())]:
            place = LocationData(None, locality or one.locality, latitude, longitude, share)
            found.append(AreaEntry(one.areas, place, shown(entry), one.is_within))
    return found


def _area_of_its_own(locality: str, named: list[AreaNamed], reading: Reading) -> list[AreaNamed]:
    """What stands behind the /, where it is another area beside the first (`Cortés / Atlántida`), no place in it."""
    first = {code for one in named for code in one.areas}
    others = reading.lookups.area_codes(locality)
    if not first or not others or first & {*others, *municipality_areas(locality)}:
        return []
    return [AreaNamed(others)] if countries_of_areas(first) & countries_of_areas(others) else []


def municipalities(text: str, reading: Reading) -> list[str]:
    """The names or P-codes of municipalities as written: where they lie depends on the areas of the row."""
    if area_of_p_code(text) or municipality_areas(text):
        return [text]
    return [
        unquote(part)
        for entry in split_outside_quotes(text, ";\n")
        for part in split_names(entry, lambda part: bool(municipality_areas(part)))
        if part
    ]


def _point(text: str, entry: str) -> tuple[Decimal, Decimal]:
    match = _POINT.fullmatch(text)
    if not match:
        raise CellError("point", text=shown(entry))
    latitude, longitude = (Decimal(part).quantize(MICRODEGREE) for part in match.groups())
    if abs(latitude) > 90 or abs(longitude) > 180:
        raise CellError("point", text=shown(entry))
    return latitude, longitude


def sectors(text: str, reading: Reading) -> Any:
    """Sectors; a cluster is none, and is said."""
    if normalize_name(text) in CLUSTERS:
        return Noted(None, "sector_cluster", {"text": shown(text)})
    return [SectorData(reading.lookups.sector(unquote(name)), share) for name, share in entries(text)]


def organizations(text: str, reading: Reading) -> list[str]:
    """The names as written: which organizations they mean depends on the countries of the row."""
    return [unquote(part) for part in split_outside_quotes(text, ";\n") if part]


def organization(text: str, reading: Reading) -> str:
    return text
