"""Who does what where, when (3W), as a CSV file with hashtags of the Humanitarian Exchange Language, HXL 1.1.

A row for each program and place (the area, the country or the region), or for each program, place and sector. Money is
that of the program times the shares of the row's place and sector, to the cent, so that a sum over rows is the sum of
money; where shares are not stated, it stands in the first of the rows concerned, and the others leave it empty.
"""

import itertools
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import translation

from core.money import divided, from_json, to_cent
from core.streams import Writing
from donors.models import Organization
from goals.models import Area, Country, Goal, Region, Sector
from goals.p_codes import p_code_of
from programs.exchange.iati.vocabulary import COUNTRIES_BY_THREE_LETTERS
from programs.exchange.localities import locality
from programs.exchange.spreadsheet.csv_cells import escape
from programs.models import Participation, Program
from programs.overlap.engine import gazetteer
from programs.services import ProgramData, stored_programs

PROGRAMS_AT_ONCE = 200
# hxlstandard.org/standard/1-1final/tagging: a hashtag, then attributes.
HASHTAG = re.compile(r"#[A-Za-z][A-Za-z0-9_]*(\s*\+[A-Za-z][A-Za-z0-9_]*)*")
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
Role = Participation.Role
# ISO 3166-1 alpha-2 -> alpha-3, which OCHA's tables have, of the seven countries.
THREE_LETTERS = {two: three for three, two in COUNTRIES_BY_THREE_LETTERS.items()}


@dataclass(frozen=True)
class Place:
    """Where, and which part of the program's money is for there; None where that is not known.

    The municipality is that of the locality, where the list of places has it.
    """

    country: str = ""
    region: str = ""
    area: str = ""
    locality: str = ""
    latitude: Decimal | None = None
    longitude: Decimal | None = None
    share: Decimal | None = None

    @property
    def municipality(self) -> gazetteer.Place | None:
        found = locality(self.locality, self.area)
        return found.municipality if found else None


@dataclass(frozen=True)
class Row:
    program: Program
    data: ProgramData
    place: Place
    sectors: tuple[str, ...]
    committed: Decimal | None
    disbursed: Decimal | None
    left_out: str
    names: "Names"


class Names:
    """Names for codes and ids, read once, in one language."""

    def __init__(self, language: str) -> None:
        bodies = list(Organization.objects.values_list("pk", "name", "kind"))
        self.organizations = {pk: body for pk, body, _kind in bodies}
        with translation.override(language):
            kinds = {code: str(label) for code, label in Organization.Kind.choices}
        self.kinds = {pk: kinds.get(kind, "") for pk, _body, kind in bodies}
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

    def kinds_of(self, data: ProgramData, role: int) -> str:
        """The kinds of the same organizations, in the same order: one for each."""
        return _joined(self.kinds.get(row.organization_id, "") for row in data.participations if row.role == role)


@dataclass(frozen=True)
class Column:
    """A column: its headings, its hashtag, and what a row says in it."""

    heading_en: str
    heading_es: str
    hashtag: str
    write: Callable[[Row], Any]


def _in_list(heading_en: str, heading_es: str, hashtag: str, write: Callable[[Row], Any]) -> Column:
    """A column whose cells may have several values, with " | " between them: libhxl takes them apart by `+list`."""
    return Column(heading_en, heading_es, f"{hashtag}+list", write)


SECTORS = (
    _in_list("Sectors", "Sectores", "#sector+name", lambda row: _joined(map(row.names.sectors.get, row.sectors))),
    _in_list("Sector codes (DAC)", "Códigos de sector (CAD)", "#sector+code+v_dac",
             lambda row: _joined(row.sectors)),
)  # fmt: skip
ONE_SECTOR = (
    Column("Sector", "Sector", "#sector+name", lambda row: _joined(map(row.names.sectors.get, row.sectors))),
    Column("Sector code (DAC)", "Código de sector (CAD)", "#sector+code+v_dac", lambda row: _joined(row.sectors)),
)
WHO = (
    Column("Program identifier", "Identificador del programa", "#activity+code", lambda row: row.data.identifier),
    Column("Program", "Programa", "#activity+name", lambda row: row.data.title),
    Column("Status", "Estado", "#status+code", lambda row: row.data.status),
    Column("Reported by", "Informado por", "#org+reporting+name",
           lambda row: row.names.organizations.get(row.data.reporting_org_id)),
    Column("Type of who reports", "Tipo de quien informa", "#org+reporting+type",
           lambda row: row.names.kinds.get(row.data.reporting_org_id)),
    _in_list("Funders", "Donantes", "#org+funder+name", lambda row: row.names.taking_part(row.data, Role.FUNDING)),
    _in_list("Types of funders", "Tipos de donantes", "#org+funder+type",
             lambda row: row.names.kinds_of(row.data, Role.FUNDING)),
    _in_list("Implementers", "Ejecutores", "#org+impl+name",
             lambda row: row.names.taking_part(row.data, Role.IMPLEMENTING)),
    _in_list("Types of implementers", "Tipos de ejecutores", "#org+impl+type",
             lambda row: row.names.kinds_of(row.data, Role.IMPLEMENTING)),
)  # fmt: skip
WHERE_AND_WHEN = (
    _in_list("CARSI goals", "Objetivos de CARSI", "#subsector+name+goal",
             lambda row: _joined(row.names.goals.get(one.goal_id) for one in row.data.goals or ())),
    _in_list("CARSI goal numbers", "Números de objetivo", "#subsector+code+goal",
             lambda row: _joined(str(one.goal_id) for one in row.data.goals or ())),
    Column("Country", "País", "#country+name", lambda row: row.names.countries.get(row.place.country)),
    Column("Country code", "Código de país", "#country+code+v_iso2", lambda row: row.place.country),
    Column("Country code (three letters)", "Código de país (tres letras)", "#country+code+v_iso3",
           lambda row: THREE_LETTERS.get(row.place.country)),
    Column("Region", "Región", "#region+name", lambda row: row.names.regions.get(row.place.region)),
    Column("Area", "Área", "#adm1+name", lambda row: row.names.areas.get(row.place.area, ("", ""))[0]),
    Column("Area P-code", "Código P del área", "#adm1+code+v_pcode", lambda row: p_code_of().get(row.place.area)),
    Column("Area code (ISO 3166-2)", "Código de área (ISO 3166-2)", "#adm1+code+v_iso3166_2",
           lambda row: row.place.area),
    Column("Municipality", "Municipio", "#adm2+name",
           lambda row: one.name if (one := row.place.municipality) else ""),
    Column("Municipality code (GeoNames)", "Código de municipio (GeoNames)", "#adm2+code+v_geonames",
           lambda row: one.code if (one := row.place.municipality) and one.code > 0 else ""),
    Column("Locality", "Localidad", "#loc+name", lambda row: row.place.locality),
    Column("Latitude", "Latitud", "#geo+lat", lambda row: row.place.latitude),
    Column("Longitude", "Longitud", "#geo+lon", lambda row: row.place.longitude),
    Column("Start", "Inicio", "#date+start", lambda row: row.program.start),
    Column("End", "Fin", "#date+end", lambda row: row.program.end),
    Column("Committed (US dollars)", "Comprometido (dólares)", "#value+committed+usd", lambda row: row.committed),
    Column("Disbursed (US dollars)", "Desembolsado (dólares)", "#value+disbursed+usd", lambda row: row.disbursed),
    Column("Amounts without an exchange rate", "Montos sin tipo de cambio", "#value+left_out",
           lambda row: row.left_out),
    Column("Last changed", "Última modificación", "#date+updated", lambda row: row.program.updated_at.date()),
)  # fmt: skip
COLUMNS = (*WHO, *SECTORS, *WHERE_AND_WHEN)
COLUMNS_BY_SECTOR = (*WHO, *ONE_SECTOR, *WHERE_AND_WHEN)


def table(programs: Any, language: str, *, by_sector: bool = False) -> Iterator[list[str]]:
    """Headings, hashtags, then the rows of the programs in the order of their ids; in constant memory.

    `by_sector` gives each sector of a program and place a row of its own. A program that cannot be written has one
    row: its identifier, and a sentence that says so in place of its name.
    """
    columns = COLUMNS_BY_SECTOR if by_sector else COLUMNS
    yield [getattr(column, f"heading_{language}") for column in columns]
    yield [column.hashtag for column in columns]
    with Writing("hxl") as writing:
        names = Names(language)
        stream = programs.order_by("pk").iterator(chunk_size=PROGRAMS_AT_ONCE)
        while chunk := list(itertools.islice(stream, PROGRAMS_AT_ONCE)):
            for program, stored in zip(chunk, stored_programs(chunk), strict=True):
                rows = writing.attempt(
                    program.pk, stored.data.identifier, _rows, program, stored.data, names, by_sector
                )
                if rows is None:
                    stated = [stored.data.identifier, writing.left_out[-1].sentence(language)]
                    rows = [stated + [""] * (len(columns) - len(stated))]
                yield from rows


def _rows(program: Program, data: ProgramData, names: Names, by_sector: bool = False) -> list[list[str]]:
    columns = COLUMNS_BY_SECTOR if by_sector else COLUMNS
    places = places_of(data, names)
    sectors: list[tuple[tuple[str, ...], Decimal | None]]
    sectors = [((one.sector_id,), one.percentage) for one in data.sectors] if by_sector else []
    if not sectors:
        sectors = [(tuple(one.sector_id for one in data.sectors), Decimal(100))]
    elif any(share is None for _codes, share in sectors):
        sectors = [(codes, Decimal(100) if n == 0 else None) for n, (codes, _share) in enumerate(sectors)]
    parts = [(place, codes, place_share, share) for place, place_share in places for codes, share in sectors]
    weights = [None if one is None or other is None else one * other for *_what, one, other in parts]
    committed, disbursed = (_parts(value, weights) for value in (program.committed_usd, program.disbursed_usd))
    left_out = [
        (name, currency, _parts(amount, weights))
        for name, of_sum in (("committed", program.committed_left_out), ("disbursed", program.disbursed_left_out))
        for currency, amount in from_json(of_sum).items()
    ]
    made = []
    for number, (place, codes, *_shares) in enumerate(parts):
        unconverted = _joined(
            f"{name} {currency} {amount}"
            for name, currency, amounts in left_out
            if (amount := amounts[number]) is not None
        )
        row = Row(program, data, place, codes, committed[number], disbursed[number], unconverted, names)
        made.append([_cell(column.write(row)) for column in columns])
    return made


def _parts(value: Decimal | None, weights: list[Decimal | None]) -> list[Decimal | None]:
    """The money of each row, in cents that add up to the whole; None where a row has no share of its own."""
    if value is None:
        return [None] * len(weights)
    parts = iter(divided(to_cent(value), [weight for weight in weights if weight is not None]))
    return [None if weight is None else next(parts) for weight in weights]


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


def safe(cell: str) -> str:
    """A cell that no spreadsheet program takes for a formula; a negative number stays one."""
    return cell if _NUMBER.fullmatch(cell) else escape(cell)


def _joined(words: Any) -> str:
    return " | ".join(word for word in words if word)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, date) else f"{value:f}" if isinstance(value, Decimal) else str(value)
