"""Places within the program's own countries: one rule for the form, the API, spreadsheets and IATI files."""

from collections.abc import Iterable, Sequence

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from goals.models import Area, Country
from goals.outlines import area_at, country_of, is_surely_outside
from programs.services.data import CoverageData, LocationData


def countries_of(coverages: Iterable[CoverageData]) -> frozenset[str] | None:
    """The countries that a program is for; None where it may be anywhere: none is named, or a region is."""
    rows = list(coverages)
    if not rows or any(row.region_id for row in rows):
        return None
    return frozenset(row.country_id for row in rows if row.country_id)


def places_outside(
    coverages: Iterable[CoverageData], locations: Iterable[LocationData], *, tolerated: Iterable[LocationData] = ()
) -> list[LocationData]:
    """The locations that lie in none of the program's countries: by their area, and by their point where they have no
    area. `tolerated` lay outside before, and stay. A place without either cannot be told; asks no query."""
    locations = list(locations)
    countries = countries_of(coverages) if locations else None
    if countries is None:
        return []
    known = {spot_of(row) for row in tolerated}
    return [row for row in locations if _lies_outside(row, countries) and spot_of(row) not in known]


def _lies_outside(row: LocationData, countries: frozenset[str]) -> bool:
    if row.area_id:
        return country_of(row.area_id) not in countries
    if row.latitude is None or row.longitude is None:
        return False
    return is_surely_outside(float(row.longitude), float(row.latitude), countries)


def spot_of(row: LocationData) -> tuple[object, ...]:
    """Where a place is, whatever it is called: its area, else its point."""
    row = row.on_the_grid()
    return (row.area_id,) if row.area_id else (row.latitude, row.longitude)


def area_of(row: LocationData) -> str | None:
    """The area (ISO 3166-2) that a place says, else the one that its point lies in."""
    if row.area_id or row.latitude is None or row.longitude is None:
        return row.area_id
    return area_at(float(row.longitude), float(row.latitude))


def _called(row: LocationData, area: Area | None) -> str:
    """A place in a sentence: its area and country, after the point where that is all it says."""
    name = area.with_country if area else ""
    if row.area_id or row.latitude is None or row.longitude is None:
        return name
    return f"{row.latitude.normalize():f}, {row.longitude.normalize():f} ({name})"


def sentence_on(outside: Sequence[LocationData], coverages: Iterable[CoverageData]) -> str:
    """What is wrong with these places and what would be right; two queries, for the names."""
    areas = Area.objects.select_related("country").in_bulk([area for row in outside if (area := area_of(row))])
    names = [_called(row, areas.get(area_of(row) or "")) for row in outside]
    countries = Country.objects.in_bulk(countries_of(coverages) or ())
    return _(
        "“%(places)s” is outside the program's countries (%(countries)s). Add its country to the program, or remove "
        "the place."
    ) % {
        "places": "; ".join(dict.fromkeys(names)),
        "countries": ", ".join(sorted(country.name for country in countries.values())),
    }


def require_places_inside(
    coverages: Iterable[CoverageData], locations: Iterable[LocationData], *, tolerated: Iterable[LocationData] = ()
) -> None:
    """Refuses places outside the program's countries, but for those that lay outside before (`tolerated`).
    ValidationError of the field `locations`."""
    coverages = list(coverages)
    if outside := places_outside(coverages, locations, tolerated=tolerated):
        raise ValidationError({"locations": sentence_on(outside, coverages)})
