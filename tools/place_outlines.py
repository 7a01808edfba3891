"""Which area of goals/data/areas.geojson a point lies in: for tools/make_places.py."""

import json
from itertools import pairwise
from math import cos, hypot, radians
from pathlib import Path

Point = tuple[float, float]
Polygon = list[list[Point]]


class Outlines:
    """The outlines of the areas; distances are in km, near enough for these latitudes."""

    def __init__(self, path: Path) -> None:
        self.polygons: dict[str, list[Polygon]] = {}
        for feature in json.loads(path.read_text(encoding="utf-8"))["features"]:
            geometry = feature["geometry"]
            several = geometry["type"] == "MultiPolygon"
            self.polygons[feature["id"]] = geometry["coordinates"] if several else [geometry["coordinates"]]

    def around(self, country: str, point: Point) -> str:
        """The area whose outline the point lies in, else the area of the nearest outline."""
        areas = [area for area in self.polygons if area.startswith(country)]
        return min(areas, key=lambda area: self.distance(area, point))

    def distance(self, area: str, point: Point) -> float:
        """How far the point lies from the area: 0 within it."""
        polygons = self.polygons[area]
        for outer, *holes in polygons:
            if is_inside(outer, point) and not any(is_inside(hole, point) for hole in holes):
                return 0
        return min(distance_to_line(ring, point) for polygon in polygons for ring in polygon)


def is_inside(ring: list[Point], point: Point) -> bool:
    """Whether a line from the point eastwards crosses the ring an odd number of times."""
    x, y = point
    inside = False
    for (x1, y1), (x2, y2) in zip(ring, ring[1:] + ring[:1], strict=True):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            inside = not inside
    return inside


def distance_to_line(ring: list[Point], point: Point) -> float:
    nearest = float("inf")
    for start, end in pairwise(ring):
        along = (end[0] - start[0], end[1] - start[1])
        length = along[0] ** 2 + along[1] ** 2
        to_point = (point[0] - start[0], point[1] - start[1])
        share = max(0, min(1, (to_point[0] * along[0] + to_point[1] * along[1]) / length)) if length else 0
        nearest = min(nearest, distance(point, (start[0] + share * along[0], start[1] + share * along[1])))
    return nearest


def distance(one: Point, other: Point) -> float:
    """Between two points (longitude, latitude), in km."""
    return 111.2 * hypot((one[0] - other[0]) * cos(radians(one[1])), one[1] - other[1])
