"""Who does what where, when (3W), as a CSV file with hashtags of the Humanitarian Exchange Language, HXL 1.1.

A row for each program and place: the area, the country or the region. Money is that of the program times the place's
share, so that a sum over rows is a sum of money; where shares are not stated, it stands in the program's first row
alone, and the others leave it empty.
"""

import itertools
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from core.money import to_cent
from core.streams import Writing
from donors.models import Organization
from goals.models import Area, Country, Goal, Region, Sector
from programs.exchange.spreadsheet.csv_cells import escape
from programs.models import Participation, Program
from programs.services import ProgramData, stored_programs

PROGRAMS_AT_ONCE = 200
# hxlstandard.org/standard/1-1final/tagging: a hashtag, then attributes.
HASHTAG = re.compile(r"#[A-Za-z][A-Za-z0-9_]*(\s*\+[A-Za-z][A-Za-z0-9_]*)*")
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
Role = Participation.Role


@dataclass(frozen=True)
class Place:
    """Where, and which part of the program's money is for there; None where that is not known."""

    country: str = ""
    region: str = ""
    area: str = ""
    locality: str = ""
    latitude: Decimal | None = None
    longitude: Decimal | None = None
    share: Decimal | None = None


@dataclass(frozen=True)
class Row:
    program: Program
    data: ProgramData
    place: Place
    money_share: Decimal | None
    names: "Names"


class Names:
    """Names for codes and ids, read once, in one language."""

    def __init__(self, language: str) -> None:
        self.organizations = dict(Organization.objects.values_list("pk", "name"))
        name = f"name_{language}"
        self.countries = dict(Country.objects.values_list("code", name))
        self.regions = dict(Region.objects.values_list("code", name))
        self.sectors = dict(Sector.objects.values_list("code", name))
        self.goals = {goal.number: str(getattr(goal, name)) for goal in Goal.objects.all()}
        self.areas = {code: (area, country) for code, area, country in Area.objects.values_list(
            "code", "name", "country_id")}  # fmt: skip

    def taking_part(self, data: ProgramData, role: int) -> str:
        return _joined(
            self.organizations.get(row.organization_id, "") for row in data.participations if row.role == role
        )


@dataclass(frozen=True)
class Column:
    """A column: its headings, its hashtag, and what a row says in it."""

    heading_en: str
    heading_es: str
    hashtag: str
    write: Callable[[Row], Any]


COLUMNS = (
    Column("Program identifier", "Identificador del programa", "#activity+code", lambda row: row.data.identifier),
    Column("Program", "Programa", "#activity+name", lambda row: row.data.title),
    Column("Status", "Estado", "#status+code", lambda row: row.data.status),
    Column("Reported by", "Informado por", "#org+reporting",
           lambda row: row.names.organizations.get(row.data.reporting_org_id)),
    Column("Funders", "Donantes", "#org+funder", lambda row: row.names.taking_part(row.data, Role.FUNDING)),
    Column("Implementers", "Ejecutores", "#org+impl", lambda row: row.names.taking_part(row.data, Role.IMPLEMENTING)),
    Column("Sectors", "Sectores", "#sector+name",
           lambda row: _joined(row.names.sectors.get(one.sector_id) for one in row.data.sectors)),
    Column("Sector codes (DAC)", "Códigos de sector (CAD)", "#sector+code+v_dac",
           lambda row: _joined(one.sector_id for one in row.data.sectors)),
    Column("CARSI goals", "Objetivos de CARSI", "#subsector+name+goal",
           lambda row: _joined(row.names.goals.get(one.goal_id) for one in row.data.goals or ())),
    Column("CARSI goal numbers", "Números de objetivo", "#subsector+code+goal",
           lambda row: _joined(str(one.goal_id) for one in row.data.goals or ())),
    Column("Country", "País", "#country+name", lambda row: row.names.countries.get(row.place.country)),
    Column("Country code", "Código de país", "#country+code+v_iso2", lambda row: row.place.country),
    Column("Region", "Región", "#region+name", lambda row: row.names.regions.get(row.place.region)),
    Column("Area", "Área", "#adm1+name", lambda row: row.names.areas.get(row.place.area, ("", ""))[0]),
    Column("Area code (ISO 3166-2)", "Código de área (ISO 3166-2)", "#adm1+code+v_iso3166_2",
           lambda row: row.place.area),
    Column("Locality", "Localidad", "#loc+name", lambda row: row.place.locality),
    Column("Latitude", "Latitud", "#geo+lat", lambda row: row.place.latitude),
    Column("Longitude", "Longitud", "#geo+lon", lambda row: row.place.longitude),
    Column("Start", "Inicio", "#date+start", lambda row: row.program.start),
    Column("End", "Fin", "#date+end", lambda row: row.program.end),
    Column("Committed (US dollars)", "Comprometido (dólares)", "#value+committed+usd",
           lambda row: _part(row.program.committed_usd, row.money_share)),
    Column("Disbursed (US dollars)", "Desembolsado (dólares)", "#value+disbursed+usd",
           lambda row: _part(row.program.disbursed_usd, row.money_share)),
    Column("Last changed", "Última modificación", "#date+updated", lambda row: row.program.updated_at.date()),
)  # fmt: skip


def table(programs: Any, language: str) -> Iterator[list[str]]:
    """Headings, hashtags, then the rows of the programs in the order of their ids; in constant memory.

    A program that cannot be written has one row: its identifier, and a sentence that says so in place of its name.
    """
    yield [getattr(column, f"heading_{language}") for column in COLUMNS]
    yield [column.hashtag for column in COLUMNS]
    with Writing("hxl") as writing:
        names = Names(language)
        stream = programs.order_by("pk").iterator(chunk_size=PROGRAMS_AT_ONCE)
        while chunk := list(itertools.islice(stream, PROGRAMS_AT_ONCE)):
            for program, stored in zip(chunk, stored_programs(chunk), strict=True):
                rows = writing.attempt(program.pk, stored.data.identifier, _rows, program, stored.data, names)
                if rows is None:
                    stated = [stored.data.identifier, writing.left_out[-1].sentence(language)]
                    rows = [stated + [""] * (len(COLUMNS) - len(stated))]
                yield from rows


def _rows(program: Program, data: ProgramData, names: Names) -> list[list[str]]:
    rows = (Row(program, data, place, share, names) for place, share in places_of(data, names))
    return [[_cell(column.write(row)) for column in COLUMNS] for row in rows]


def places_of(data: ProgramData, names: Names) -> list[tuple[Place, Decimal | None]]:
    """The places of a program, the finest that are known, each with the percentage of the money that is its own.

    Places with shares have theirs; of those without, the first has all of the money and the others none (None).
    """
    places = [
        Place(
            country=names.areas[row.area_id][1] if row.area_id else _only_country(data),
            area=row.area_id or "",
            locality=row.name,
            latitude=row.latitude,
            longitude=row.longitude,
            share=row.percentage,
        )
        for row in data.locations
    ]
    located = {place.country for place in places}
    rest = [row for row in data.coverages if row.country_id not in located or not row.country_id]
    if not places or (rest and not all(place.share is not None for place in places)):
        # Countries without any place of their own; where places have shares, these are the whole already.
        places += [Place(row.country_id or "", row.region_id or "", share=row.percentage) for row in rest]
        if len(rest) < len(places):
            places = [Place(**{**vars(place), "share": None}) for place in places]
    places = places or [Place()]
    if all(place.share is not None for place in places):
        return [(place, place.share) for place in places]
    return [(place, Decimal(100) if number == 0 else None) for number, place in enumerate(places)]


def _only_country(data: ProgramData) -> str:
    countries = [row.country_id for row in data.coverages if row.country_id]
    return countries[0] if len(countries) == 1 else ""


def _part(value: Decimal | None, share: Decimal | None) -> Decimal | None:
    return None if value is None or share is None else to_cent(value * share / 100)


def safe(cell: str) -> str:
    """A cell that no spreadsheet program takes for a formula; a negative number stays one."""
    return cell if _NUMBER.fullmatch(cell) else escape(cell)


def _joined(words: Any) -> str:
    return " | ".join(word for word in words if word)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, date) else f"{value:f}" if isinstance(value, Decimal) else str(value)
