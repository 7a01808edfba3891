"""Which area of the list a published location lies in: by its code, by its name, or by its point."""

import re
from decimal import Decimal
from typing import Any

from core.names import normalize_name
from goals.models import Area
from programs.exchange.iati.activity import Place
from programs.exchange.iati.vocabulary import COUNTRY_DESIGNATIONS

_KIND_OF_AREA = re.compile(
    r"^(?:departamento|provincia|distrito|comarca|region autonoma|department|province|district)(?: de(?:l| la)?| of)? "
    r"|(?: department| province| district)$"
)
Ring = list[tuple[float, float]]


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


def bare_name(name: str) -> str:
    """An area's name as it is compared: without accents, and without "department of" and the like."""
    return _KIND_OF_AREA.sub("", normalize_name(name)).strip()


class AreaFinder:
    """Finds areas; reads the list once (one query, some 100 rows with their outlines)."""

    def __init__(self) -> None:
        self._countries: dict[str, str] = {}
        self._by_name: dict[str, list[str]] = {}
        self._outlines: list[tuple[str, tuple[float, float, float, float], list[list[Ring]]]] = []
        for code, country, name, outline in Area.objects.values_list("code", "country_id", "name", "outline"):
            self._countries[code] = country
            self._by_name.setdefault(bare_name(name), []).append(code)
            if outline:
                self._outlines.append((code, *self._polygons(outline)))

    @staticmethod
    def _polygons(outline: dict[str, Any]) -> tuple[tuple[float, float, float, float], list[list[Ring]]]:
        coordinates = outline["coordinates"]
        polygons = [coordinates] if outline["type"] == "Polygon" else coordinates
        rings = [[[(point[0], point[1]) for point in ring] for ring in polygon] for polygon in polygons]
        points = [point for polygon in rings for ring in polygon for point in ring]
        box = (
            min(x for x, _y in points),
            min(y for _x, y in points),
            max(x for x, _y in points),
            max(y for _x, y in points),
        )
        return box, rings

    def country_of(self, area: str) -> str:
        """The ISO 3166-1 code of the country that the area (ISO 3166-2) lies in."""
        return self._countries[area]

    def find(self, place: Place, countries: set[str]) -> str | None:
        """The ISO 3166-2 code of the place's area, or None. A name counts only in the program's own countries."""
        for code in place.admin_codes:
            if code.upper() in self._countries:
                return code.upper()
        within = countries | ({place.country} if place.country else set())
        for name in (*place.admin_names, place.name):
            found = [code for code in self._by_name.get(bare_name(name), []) if self._countries[code] in within]
            if len(found) == 1:
                return found[0]
        if place.latitude is None or place.longitude is None or place.designation in COUNTRY_DESIGNATIONS:
            return None
        return self._at(place.longitude, place.latitude)

    def _at(self, longitude: Decimal, latitude: Decimal) -> str | None:
        x, y = float(longitude), float(latitude)
        for code, (west, south, east, north), polygons in self._outlines:
            if west <= x <= east and south <= y <= north:
                if any(contains(polygon, x, y) for polygon in polygons):
                    return code
        return None
