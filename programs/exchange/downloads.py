"""The files in which programs leave the portal: one table of formats for the pages and the API."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from donors.models import Organization
from programs.api.dump import program_lines
from programs.exchange import geojson, hxl
from programs.exchange.iati.export import activities_file, organisations_file
from programs.exchange.spreadsheet import export
from programs.exchange.spreadsheet.tables import TYPES, csv_file, xlsx_file
from programs.models import Participation


@dataclass(frozen=True)
class Format:
    """A format: its name in ?format=, the end of its address, its media type, how programs become it, and what its
    link below the list of programs says.

    `make` takes a queryset of programs, those that the reader may see, and the language of headings (en, es); it gives
    the file in pieces, or as a file to read.
    """

    name: str
    ending: str
    media_type: str
    make: Callable[[Any, str], Any]
    label: str | Promise


FORMATS = (
    Format("iati", "iati.xml", "application/xml", lambda programs, language: activities_file(programs), "IATI"),
    Format(
        "hxl",
        "3w.hxl.csv",
        "text/csv; charset=utf-8",
        lambda programs, language: csv_file(hxl.table(programs, language), hxl.safe, mark=""),
        "HXL (3W)",
    ),
    Format(
        "hxl-sectors",
        "3w.sectors.hxl.csv",
        "text/csv; charset=utf-8",
        lambda programs, language: csv_file(hxl.table(programs, language, by_sector=True), hxl.safe, mark=""),
        gettext_lazy("HXL (3W), one row per sector"),
    ),
    Format("geojson", "geojson", geojson.TYPE, lambda programs, language: geojson.programs_file(programs), "GeoJSON"),
    Format(
        "geojson-areas",
        "areas.geojson",
        geojson.TYPE,
        lambda programs, language: geojson.areas_file(programs),
        gettext_lazy("GeoJSON of areas"),
    ),
    Format(
        "iati-organisations",
        "iati-organisations.xml",
        "application/xml",
        lambda programs, language: organisations_file(organizations_of(programs)),
        gettext_lazy("IATI organizations"),
    ),
)
BY_ENDING = {one.ending: one for one in FORMATS}
# Spreadsheets have an address of their own on the pages: an import takes them back.
SPREADSHEETS = (
    Format(
        "xlsx",
        "xlsx",
        TYPES["xlsx"],
        lambda programs, language: xlsx_file(
            export.table(programs, language), title=str(_("Programs")), widths=export.widths()
        ),
        "Excel",
    ),
    Format("csv", "csv", TYPES["csv"], lambda programs, language: csv_file(export.table(programs, language)), "CSV"),
)
# Of formats with one media type, Accept finds the first.
API_FORMATS = {
    one.name: one
    for one in (
        *reversed(SPREADSHEETS),
        Format(
            "ndjson", "ndjson", "application/x-ndjson", lambda programs, language: program_lines(programs), "NDJSON"
        ),
        *FORMATS,
    )
}


def organizations_of(programs: Any) -> Iterator[Organization]:
    """The organizations that report, fund, or carry out the programs, in the order of their identifiers."""
    ids = programs.order_by().values("pk")
    taking_part = Participation.objects.filter(program__in=ids).values("organization")
    reporting = programs.order_by().values("reporting_org")
    found = Organization.objects.exclude(ref="").order_by("ref", "pk")
    return (found.filter(pk__in=taking_part) | found.filter(pk__in=reporting)).iterator()
