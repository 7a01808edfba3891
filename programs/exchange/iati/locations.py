"""The places of an activity as the services take them: within its countries, the right way round, with their shares."""

from dataclasses import replace
from decimal import Decimal

from goals.outlines import is_far_from, is_inside, is_surely_outside
from programs.exchange.iati.activity import Activity, Place
from programs.exchange.iati.places import AreaFinder
from programs.exchange.iati.shares import merged_to_hundred
from programs.services import CoverageData, LocationData
from programs.services.places import area_of, places_outside

MOST_LATITUDE = 90
# How many codes an example names.
SHOWN = 5


def locations(
    activity: Activity, countries: set[str], areas: AreaFinder, *, anywhere: bool = False
) -> tuple[LocationData, ...]:
    """The places as the services take them; `anywhere` where the activity is for a region as well, and a place may
    lie outside its countries."""
    within = [] if anywhere else [CoverageData(country) for country in countries]
    rows: dict[tuple[object, ...], LocationData] = {}
    percentages: list[tuple[str, Decimal | None]] = []
    for place in activity.places:
        if turned := _turned(place, countries) if within else None:
            activity.warn("location.swapped", f"{place.latitude} {place.longitude} {place.name}".strip())
            place = turned
        area = areas.find(place, countries)
        name = place.name or ("" if area else ", ".join(place.admin_names)[:255])
        if area is None and not name and place.latitude is None:
            activity.warn("location.nowhere", "")
            continue
        row = LocationData(area, name, place.latitude, place.longitude)
        is_far = bool(within) and _is_far(row, countries)
        if is_far and area:
            activity.warn("location.point-outside", f"{place.latitude}, {place.longitude} {place.name}".strip())
            row = LocationData(area, name)
        if places_outside(within, [row]) or (is_far and not area):
            where = area_of(row) or f"{place.latitude}, {place.longitude}"
            activity.warn("location.outside", f"{where} {place.name}".strip())
            continue
        key = (area, name, row.latitude, row.longitude)
        if key not in rows:
            percentages.append((str(len(rows)), place.percentage))
            rows[key] = row
    if not any(place.percentage is not None for place in activity.places):
        return tuple(rows.values())
    noted = len(activity.oddities)
    shares = merged_to_hundred(activity, "location", percentages)
    if len(shares) < len(rows):
        # A place stays though nothing of the money is for it: then no place has a share.
        activity.oddities[noted:] = []
        activity.warn("location.shares", ", ".join(str(place.percentage) for place in activity.places[:SHOWN]))
        return tuple(rows.values())
    return tuple(replace(row, percentage=shares[str(number)]) for number, row in enumerate(rows.values()))


def _is_far(row: LocationData, countries: set[str]) -> bool:
    if row.latitude is None or row.longitude is None:
        return False
    return is_far_from(float(row.longitude), float(row.latitude), countries)


def _turned(place: Place, countries: set[str]) -> Place | None:
    """The place with its latitude and longitude the other way round, if it lies in the countries so, and as
    published surely outside of them."""
    x, y = place.longitude, place.latitude
    if x is None or y is None or abs(x) > MOST_LATITUDE:
        return None
    is_elsewhere = is_surely_outside(float(x), float(y), countries) or is_far_from(float(x), float(y), countries)
    is_right_when_turned = is_elsewhere and is_inside(float(y), float(x), countries)
    return replace(place, latitude=x, longitude=y) if is_right_when_turned else None
