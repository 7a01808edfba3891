"""The columns of a spreadsheet of programs, as one table: headings, how a cell is read, how it is written, help.

The template, the guess of what a file's columns are, the import, the export and the docs all come from this table.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils import translation
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.money import CENT
from core.names import normalize_name
from goals.codes import GOALS
from goals.currencies import currency_codes
from programs.exchange.spreadsheet import numbers
from programs.exchange.spreadsheet.lists import entries, quote, split_outside_quotes, unquote, write_entries
from programs.exchange.spreadsheet.lookups import LANGUAGES, SheetLookups
from programs.exchange.spreadsheet.problems import CellError, shown
from programs.models import Participation, Transaction
from programs.services import CoverageData, LocationData, ProgramData, SectorData, TransactionData
from programs.services.data import MICRODEGREE

Role = Participation.Role
# Title, description and language are as long as they are; what is beyond this is a mistake, not a text.
LONGEST_TEXT, LONGEST_NAME = 50_000, 255
# Memory of cells that were read, so that it does not grow with the file.
REMEMBERED_LENGTH, REMEMBERED_CELLS = 100, 20_000
NEWLINES = re.compile(r"\r\n?|\u2028|\u2029")


@dataclass(frozen=True)
class Reading:
    """What reading a cell needs to know: the lists, the language of the file, and how it writes dates.

    Short cells that were read are remembered: a file says the same sectors, places and organizations in every row.
    """

    lookups: SheetLookups
    language: str
    date_order: str = ""
    _known: dict[tuple[str, str], Any] = field(default_factory=dict, compare=False, repr=False)

    def read(self, column: "Column", text: str) -> Any:
        """What a cell that is not empty says. Raises CellError."""
        assert column.parse is not None
        if len(text) > REMEMBERED_LENGTH:
            return column.parse(text, self)
        key = column.key, text
        if key not in self._known:
            if len(self._known) >= REMEMBERED_CELLS:
                self._known.clear()
            self._known[key] = column.parse(text, self)
        return self._known[key]


@dataclass(frozen=True)
class AreaEntry:
    """A location as written: the areas that its name may mean (one, but for names that several countries have)."""

    areas: tuple[str, ...]
    location: LocationData
    text: str


Parser = Callable[[str, Reading], Any]
Writer = Callable[[ProgramData, SheetLookups, str], str]


@dataclass(frozen=True)
class Column:
    """A column. `parse` reads a cell that is not empty (CellError where it cannot); `write` gives a program's cell.

    `repeats` columns may come several times, numbered; `shares` are percentages of the column of that name, one by
    one. `choices` names the list of the template's second sheet. Columns without `parse` are only written.
    """

    key: str
    header: Promise
    help: Promise
    parse: Parser | None
    write: Writer | None
    example: str | Promise = ""
    synonyms: tuple[str, ...] = ()
    repeats: int = 1
    shares: str = ""
    choices: str = ""
    clears: bool = True

    @cached_property
    def headers(self) -> dict[str, str]:
        """The heading in each language."""
        found = {}
        for language in LANGUAGES:
            with translation.override(language):
                found[language] = str(self.header)
        return found


# --- How cells are read -----------------------------------------------------------------------------------


def clean_text(text: str) -> str:
    """A text as it is kept: one kind of line break, nothing around it, none of what PostgreSQL cannot hold."""
    return NEWLINES.sub("\n", text.replace("\x00", "")).strip()


def _text(most: int) -> Parser:
    def parse(text: str, reading: Reading) -> str:
        if len(text) > most:
            raise CellError("too_long", length=len(text), most=most)
        return text

    return parse


def _date(text: str, reading: Reading) -> Any:
    return numbers.parse_date(text, reading.date_order)


def _amount(text: str, reading: Reading) -> Decimal:
    return numbers.parse_amount(text)


def _percentage(text: str, reading: Reading) -> Decimal:
    return numbers.parse_percentage(text)


def _currency(text: str, reading: Reading) -> str:
    code = text.strip().upper()
    if code not in currency_codes():
        raise CellError("currency", text=shown(text))
    return code


LANGUAGE_NAMES = {"english": "en", "ingles": "en", "spanish": "es", "espanol": "es", "castellano": "es",
                  "french": "fr", "frances": "fr", "portuguese": "pt", "portugues": "pt"}  # fmt: skip


def _language(text: str, reading: Reading) -> str:
    code = LANGUAGE_NAMES.get(normalize_name(text), text.strip().lower())
    if not re.fullmatch(r"[a-z]{2,3}", code):
        raise CellError("language", text=shown(text))
    return code


def _status(text: str, reading: Reading) -> int:
    return reading.lookups.statuses.find(text)


def _visibility(text: str, reading: Reading) -> str:
    return reading.lookups.visibilities.find(text)


def _places(text: str, reading: Reading) -> list[CoverageData]:
    found = []
    for name, share in entries(text):
        kind, code = reading.lookups.place(unquote(name))
        found.append(CoverageData(**{f"{kind}_id": code}, percentage=share))
    return found


_POINT = re.compile(r"([+-]?[0-9]{1,2}(?:\.[0-9]+)?)\s*[,\s]\s*([+-]?[0-9]{1,3}(?:\.[0-9]+)?)", re.ASCII)


def _areas(text: str, reading: Reading) -> list[AreaEntry]:
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


def _sectors(text: str, reading: Reading) -> list[SectorData]:
    return [SectorData(reading.lookups.sector(unquote(name)), share) for name, share in entries(text)]


def _organizations(text: str, reading: Reading) -> list[tuple[int, str]]:
    names = [part for part in split_outside_quotes(text, ";\n") if part]
    return [(reading.lookups.organization(unquote(name)), shown(name)) for name in names]


def _organization(text: str, reading: Reading) -> tuple[int, str]:
    return reading.lookups.organization(text), shown(text)


# --- How cells are written --------------------------------------------------------------------------------


def _attribute(name: str) -> Writer:
    def write(data: ProgramData, lookups: SheetLookups, language: str) -> str:
        value = getattr(data, name)
        return "" if value in (None, "") else clean_text(str(value))

    return write


def _write_status(data: ProgramData, lookups: SheetLookups, language: str) -> str:
    return lookups.statuses.label(data.status, language)


def _write_visibility(data: ProgramData, lookups: SheetLookups, language: str) -> str:
    return lookups.visibilities.label(data.visibility, language)


def _write_goal(number: int) -> Writer:
    def write(data: ProgramData, lookups: SheetLookups, language: str) -> str:
        found = next((row.percentage for row in data.goals or () if row.goal_id == number), None)
        return "" if found is None else numbers.write_number(found)

    return write


def _write_places(data: ProgramData, lookups: SheetLookups, language: str) -> str:
    rows = []
    for row in data.coverages:
        kind, code = ("country", row.country_id) if row.country_id else ("region", row.region_id)
        rows.append((quote(lookups.place_name(kind, code or "", language)), row.percentage))
    return write_entries(rows)


def _write_areas(data: ProgramData, lookups: SheetLookups, language: str) -> str:
    rows = []
    for row in data.locations:
        text = quote(f"{row.area_id} {lookups.areas[row.area_id]}") if row.area_id else ""
        if row.name:
            text = f"{text} / {quote(row.name)}".strip()
        if row.latitude is not None and row.longitude is not None:
            text += f" @ {row.latitude:f}, {row.longitude:f}"
        rows.append((text.strip(), row.percentage))
    return write_entries(rows)


def _write_sectors(data: ProgramData, lookups: SheetLookups, language: str) -> str:
    return write_entries((quote(lookups.sector_name(row.sector_id, language)), row.percentage) for row in data.sectors)


def _write_role(role: int) -> Writer:
    def write(data: ProgramData, lookups: SheetLookups, language: str) -> str:
        names = (lookups.organization_name(row.organization_id) for row in data.participations if row.role == role)
        return "; ".join(quote(name) for name in names)

    return write


def _write_reporter(data: ProgramData, lookups: SheetLookups, language: str) -> str:
    return lookups.organization_name(data.reporting_org_id)


def commitments(transactions: Iterable[TransactionData]) -> list[TransactionData]:
    return [row for row in transactions if row.type == Transaction.Type.COMMITMENT]


def commitment(transactions: Iterable[TransactionData]) -> tuple[Decimal, str, Any] | None:
    """What the amount's three columns show: the sum of the commitments, where they are in one currency."""
    rows = commitments(transactions)
    if not rows or len({row.currency for row in rows}) > 1:
        return None
    total = sum((row.value for row in rows), Decimal(0)).quantize(CENT)
    return total, rows[0].currency, rows[0].date


def _write_commitment(part: int) -> Writer:
    def write(data: ProgramData, lookups: SheetLookups, language: str) -> str:
        found = commitment(data.transactions)
        if found is None or found[part] is None:
            return ""
        value = found[part]
        return numbers.write_number(value) if isinstance(value, Decimal) else str(value)

    return write


# --- The table --------------------------------------------------------------------------------------------

_DAY = _("Year-month-day, such as 2024-03-28.")
_SHARE_HELP = _("For the column to its left. Together they must make 100; leave all empty if unknown.")
_ORGANIZATION_HELP = _("Name, acronym or IATI identifier as listed in the portal; separate several with ;.")

COLUMNS: tuple[Column, ...] = (
    Column("identifier", _("Identifier"),
           _("Your own code for the program. It identifies the program when you import again."),
           _text(LONGEST_NAME), _attribute("identifier"), "EX-2024-017",
           ("id", "code", "codigo", "iati identifier", "identificador iati", "program code", "codigo del programa",
            "project id", "activity id", "numero", "reference", "referencia"), clears=False),
    Column("reporting_org", _("Reporting organization"),
           _("The organization that reports the program; may stay empty. It must be the organization you import for."),
           _organization, _write_reporter, "",
           ("reported by", "informa", "reporta", "organizacion que reporta", "reporting org"), clears=False),
    Column("title", _("Title"), _("The name of the program."), _text(LONGEST_TEXT), _attribute("title"),
           _("Community policing in Choloma"),
           ("name", "program", "program name", "project", "project title", "nombre", "programa", "proyecto",
            "nombre del programa", "nombre del proyecto"), clears=False),
    Column("description", _("Description"), _("What it does, for whom and how, in a few sentences."),
           _text(LONGEST_TEXT), _attribute("description"),
           _("Trains police officers and neighbourhood committees in three districts of the town."),
           ("summary", "objective", "resumen", "objetivo", "detalle", "details")),
    Column("language", _("Language"), _("Language of title and description: a code such as es or en."), _language,
           _attribute("language"), _("en"), ("idioma", "lang", "lengua"), choices="languages", clears=False),
    Column("status", pgettext_lazy("program", "Status"), _("One of the listed values."), _status, _write_status,
           _("Implementation"), ("estado", "state", "situacion", "estatus", "activity status"), choices="statuses"),
    Column("visibility", _("Visible to"), _("One of the listed values. Empty: signed-in partners."), _visibility,
           _write_visibility, "", ("visibility", "visibilidad", "acceso", "access"), choices="visibilities",
           clears=False),
    Column("planned_start", _("Planned start"), _DAY, _date, _attribute("planned_start"), "2024-01-15",
           ("start", "start date", "inicio", "fecha de inicio", "begins", "comienzo", "inicio previsto",
            "fecha de inicio prevista", "planned start date", "fecha inicio")),
    Column("planned_end", _("Planned end"), _DAY, _date, _attribute("planned_end"), "2026-12-31",
           ("end", "end date", "fin", "final", "fecha de fin", "fecha final", "ends", "termino", "fin previsto",
            "fecha de finalizacion", "planned end date", "fecha fin")),
    Column("actual_start", _("Actual start"), _DAY, _date, _attribute("actual_start"), "2024-03-01",
           ("actual start date", "started", "fecha de inicio real", "inicio efectivo")),
    Column("actual_end", _("Actual end"), _DAY, _date, _attribute("actual_end"), "",
           ("actual end date", "ended", "fecha de fin real", "fin efectivo")),
    *(
        Column(f"goal_{number}", header, _("How much of the program serves the goal, in percent; together the five "
                                           "make 100. Leave all empty, and the portal proposes them from sectors and "
                                           "text."), _percentage, _write_goal(number),
               example, (f"goal {number} percent", f"meta {number}", f"objetivo {number}", f"meta {number} percent",
                         f"objetivo {number} percent", f"g{number}"))
        for number, header, example in (
            (1, _("Goal 1 %"), "60"), (2, _("Goal 2 %"), ""), (3, _("Goal 3 %"), "40"), (4, _("Goal 4 %"), ""),
            (5, _("Goal 5 %"), ""),
        )
    ),
    Column("country", _("Country"), _("Name or two-letter code; separate several with ;, each with its percentage or "
                                      "all without: Honduras 60 %; El Salvador 40 %. Central America counts as one."),
           _places, _write_places, _("Honduras"),
           ("countries", "pais", "paises", "recipient country", "pais receptor", "region"), repeats=3,
           choices="countries"),
    Column("country_share", _("Country %"), _SHARE_HELP, _percentage, None, "100",
           ("country share", "porcentaje del pais", "country percentage", "pais porcentaje"), repeats=3,
           shares="country"),
    Column("area", _("Area"), _("Department, province or district: its name or code; a town or community within it "
                                "after a /: HN-CR / Choloma."), _areas, _write_areas, "HN-CR / Choloma",
           ("areas", "department", "departamento", "departamentos", "province", "provincia", "district", "distrito",
            "location", "ubicacion", "lugar", "admin1"), repeats=3, choices="areas"),
    Column("sector", _("Sector"), _("Five-digit DAC code, with or without its name."), _sectors, _write_sectors,
           "15132", ("sectors", "sectores", "dac sector", "sector cad", "purpose code", "sector code",
                     "codigo de sector"),
           repeats=3, choices="sectors"),
    Column("sector_share", _("Sector %"), _SHARE_HELP, _percentage, None, "100",
           ("sector share", "porcentaje del sector", "sector percentage", "sector porcentaje"), repeats=3,
           shares="sector"),
    Column("funder", _("Funder"), _ORGANIZATION_HELP, _organizations, _write_role(Role.FUNDING), "",
           ("donor", "donante", "donantes", "funding", "funded by", "financiador", "financiadores", "financia",
            "funding organization", "cooperante", "funders", "donors", "fuente de financiamiento"), repeats=2,
           choices="organizations"),
    Column("implementer", _("Implementer"), _ORGANIZATION_HELP, _organizations, _write_role(Role.IMPLEMENTING), "",
           ("implementing", "implemented by", "ejecutor", "ejecutores", "ejecuta", "implementador", "implementers",
            "implementing organization", "implementing partner", "socio implementador", "entidad ejecutora"),
           repeats=2, choices="organizations"),
    Column("accountable", _("Accountable organization"), _ORGANIZATION_HELP, _organizations,
           _write_role(Role.ACCOUNTABLE), "", ("accountable", "responsible", "rinde cuentas", "entidad rectora")),
    Column("extending", _("Extending organization"), _ORGANIZATION_HELP, _organizations,
           _write_role(Role.EXTENDING), "",
           ("extending", "intermediary", "intermediaria", "organizacion intermediaria", "administra", "canaliza")),
    Column("amount", _("Amount committed"), _("The total amount committed, digits only: 1250000 or 1,250,000.50."),
           _amount, _write_commitment(0), "1250000",
           ("amount", "monto", "importe", "budget", "presupuesto", "commitment", "compromiso", "total", "value",
            "valor", "monto total", "total amount", "monto comprometido", "cost", "costo")),
    Column("currency", _("Currency"), _("Three-letter code, such as USD."), _currency, _write_commitment(1), "USD",
           ("moneda", "divisa", "currency code"), choices="currencies"),
    Column("amount_date", _("Date of commitment"), _("Date of the commitment; if empty, the start date of the "
                                                     "program. The exchange rate of that month gives the "
                                                     "US dollars."), _date, _write_commitment(2), "",
           ("commitment date", "fecha de compromiso", "fecha del compromiso", "value date", "fecha valor")),
    Column("problems", _("What to correct"), _("Written by the portal; ignored when you import."), None, None, "",
           ("errors", "errores", "problems", "problemas", "what to correct")),
)  # fmt: skip

BY_KEY = {column.key: column for column in COLUMNS}
GOAL_KEYS = tuple(f"goal_{number}" for number in GOALS)
ROLE_KEYS = {"funder": Role.FUNDING, "accountable": Role.ACCOUNTABLE, "extending": Role.EXTENDING,
             "implementer": Role.IMPLEMENTING}  # fmt: skip
# What a file of programs must have, and the columns that an export writes.
REQUIRED = ("title", "identifier")
EXPORTED = tuple(column for column in COLUMNS if column.write is not None)
