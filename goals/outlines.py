"""The outlines of areas: which one a point lies in, and how maps draw them. Each process reads them once."""

import json
import math
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings

# How far from a border a point counts as on both sides of it, in degrees (about 3 km): the outlines are coarse.
NEAR = 0.03
# Beyond this, in degrees, no island or sea of a country lies outside of its outlines.
FAR = 6.0
# Where a circle around a point is looked at.
_AROUND = [
    (distance * math.cos(turn * math.pi / 4), distance * math.sin(turn * math.pi / 4))
    for distance in (NEAR / 3, NEAR * 2 / 3, NEAR)
    for turn in range(8)
]
Ring = list[tuple[float, float]]


@cache
def outlines() -> dict[str, list[Any]]:
    """Area (ISO 3166-2) -> name, country, x, y and path of its drawing, as tools/draw_areas.py drew it."""
    path = settings.BASE_DIR / "static" / "data" / "areas.json"
    return json.loads(path.read_text(encoding="utf-8"))


@dataclass(frozen=True)
class _Outline:
    """An area's polygons, each a list of rings (longitude, latitude), and the box around them."""

    area: str
    west: float
    south: float
    east: float
    north: float
    polygons: list[list[Ring]]

    def holds(self, longitude: float, latitude: float) -> bool:
        if not (self.west <= longitude <= self.east and self.south <= latitude <= self.north):
            return False
        return any(contains(polygon, longitude, latitude) for polygon in self.polygons)


@cache
def _drawn() -> list[_Outline]:
    path = Path(__file__).parent / "data" / "areas.geojson"
    features = json.loads(path.read_text(encoding="utf-8"))["features"]
    return [_outline(feature["id"], feature["geometry"]) for feature in features]


def _outline(area: str, geometry: dict[str, Any]) -> _Outline:
    coordinates = geometry["coordinates"]
    polygons = [coordinates] if geometry["type"] == "Polygon" else coordinates
    rings = [[[(point[0], point[1]) for point in ring] for ring in polygon] for polygon in polygons]
    xs, ys = zip(*(point for polygon in rings for ring in polygon for point in ring), strict=True)
    return _Outline(area, min(xs), min(ys), max(xs), max(ys), rings)


def contains(rings: list[Ring], longitude: float, latitude: float) -> bool:
    """Whether a point lies inside the rings of one polygon (even-odd rule, so holes are outside)."""
    inside = False
    for ring in rings:
        for (x1, y1), (x2, y2) in zip(ring, ring[1:] + ring[:1], strict=True):
            if (y1 > latitude) != (y2 > latitude):
                crosses_at = x1 + (latitude - y1) * (x2 - x1) / (y2 - y1)
                if longitude < crosses_at:
                    inside = not inside
    return inside


@lru_cache(maxsize=10_000)
def area_at(longitude: float, latitude: float) -> str | None:
    """The area (ISO 3166-2) whose outline holds a point in WGS 84 degrees; None at sea, elsewhere in the world, and
    in an area without an outline. Asks no query."""
    return next((outline.area for outline in _drawn() if outline.holds(longitude, latitude)), None)


def country_of(area: str) -> str:
    """The country (ISO 3166-1) that an area lies in: codes of ISO 3166-2 begin with it."""
    return area.split("-", 1)[0]


@cache
def _wholly_drawn() -> frozenset[str]:
    """The countries of which each area has an outline."""
    drawn = {outline.area for outline in _drawn()}
    missing = {country_of(area) for area in outlines() if area not in drawn}
    return frozenset(map(country_of, drawn)) - missing


def is_surely_outside(longitude: float, latitude: float, countries: Collection[str]) -> bool:
    """Whether a point lies in a country that is none of these, farther than `NEAR` from all of them.

    What has no outline may be any country that is not drawn whole: there, nothing is sure.
    """
    area = area_at(longitude, latitude)
    if area is None or country_of(area) in countries:
        return False
    around = {area_at(longitude + east, latitude + north) for east, north in _AROUND}
    if None in around and not _wholly_drawn().issuperset(countries):
        return False
    return not any(country_of(found) in countries for found in around if found)


def is_inside(longitude: float, latitude: float, countries: Collection[str]) -> bool:
    """Whether a point lies in an outline of one of these countries."""
    area = area_at(longitude, latitude)
    return area is not None and country_of(area) in countries


def is_far_from(longitude: float, latitude: float, countries: Collection[str]) -> bool:
    """Whether a point lies more than `FAR` from the box around each of these countries; not where one has no
    outline."""
    boxes = [box for country in countries if (box := _box(country))]
    return len(boxes) == len(set(countries)) > 0 and not any(
        west - FAR <= longitude <= east + FAR and south - FAR <= latitude <= north + FAR
        for west, south, east, north in boxes
    )


@cache
def _box(country: str) -> tuple[float, float, float, float] | None:
    """West, south, east and north of a country's outlines; None where it has none."""
    own = [outline for outline in _drawn() if country_of(outline.area) == country]
    if not own:
        return None
    return (
        min(one.west for one in own),
        min(one.south for one in own),
        max(one.east for one in own),
        max(one.north for one in own),
    )
