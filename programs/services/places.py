"""Places within the program's own countries: one rule for the form, the API, spreadsheets and IATI files."""

from collections.abc import Iterable, Sequence

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from goals.models import Area, Country
from programs.services.data import CoverageData, LocationData


def country_of(area_id: str) -> str:
    """The country that an area lies in: codes of ISO 3166-2 begin with it."""
    return area_id.split("-", 1)[0]


def countries_of(coverages: Iterable[CoverageData]) -> frozenset[str] | None:
    """The countries that a program is for; None where it may be anywhere: none is named, or a region is."""
    rows = list(coverages)
    if not rows or any(row.region_id for row in rows):
        return None
    return frozenset(row.country_id for row in rows if row.country_id)


def places_outside(coverages: Iterable[CoverageData], locations: Iterable[LocationData]) -> list[LocationData]:
    """The locations whose area lies in none of the program's countries. A place without an area cannot be told."""
    countries = countries_of(coverages)
    if countries is None:
        return []
    return [row for row in locations if row.area_id and country_of(row.area_id) not in countries]


def sentence_on(outside: Sequence[LocationData], coverages: Iterable[CoverageData]) -> str:
    """What is wrong with these places and what would be right; two queries, for the names."""
    areas = Area.objects.select_related("country").in_bulk([row.area_id for row in outside if row.area_id])
    names = [areas[row.area_id].with_country for row in outside if row.area_id in areas]
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
    """Refuses places outside the program's countries, but for the areas of those that lay outside before
    (`tolerated`). ValidationError of the field `locations`."""
    coverages = list(coverages)
    known = {row.area_id for row in tolerated}
    outside = [row for row in places_outside(coverages, locations) if row.area_id not in known]
    if outside:
        raise ValidationError({"locations": sentence_on(outside, coverages)})
