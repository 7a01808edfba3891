"""The files in which programs leave the portal: one table of formats for the pages and the API."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from donors.models import Organization
from programs.exchange import geojson, hxl
from programs.exchange.iati.export import activities_file, organisations_file
from programs.exchange.spreadsheet.tables import csv_file
from programs.models import Participation


@dataclass(frozen=True)
class Format:
    """A format: the end of its address, its media type, the file's name, and how a queryset of programs becomes one.

    `make` takes the programs that the reader may see and the language of headings (en, es).
    """

    ending: str
    media_type: str
    label: str
    make: Callable[[Any, str], Iterator[bytes]]


FORMATS = (
    Format("iati.xml", "application/xml", "IATI 2.03", lambda programs, language: activities_file(programs)),
    Format(
        "iati-organisations.xml",
        "application/xml",
        "IATI 2.03 organisations",
        lambda programs, language: organisations_file(organizations_of(programs)),
    ),
    Format(
        "3w.hxl.csv",
        "text/csv; charset=utf-8",
        "HXL 3W",
        lambda programs, language: csv_file(hxl.table(programs, language), hxl.safe),
    ),
    Format("geojson", geojson.TYPE, "GeoJSON", lambda programs, language: geojson.programs_file(programs)),
    Format("areas.geojson", geojson.TYPE, "GeoJSON areas", lambda programs, language: geojson.areas_file(programs)),
)
BY_ENDING = {one.ending: one for one in FORMATS}


def organizations_of(programs: Any) -> Iterator[Organization]:
    """The organizations that report, fund, or carry out the programs, in the order of their identifiers."""
    ids = programs.order_by().values("pk")
    taking_part = Participation.objects.filter(program__in=ids).values("organization")
    reporting = programs.order_by().values("reporting_org")
    found = Organization.objects.exclude(ref="").order_by("ref", "pk")
    return (found.filter(pk__in=taking_part) | found.filter(pk__in=reporting)).iterator()
