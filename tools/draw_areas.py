"""Draws the areas of the seven countries small enough for the form's map: static/data/areas.json.

python tools/draw_areas.py --write makes the file from goals/data; without --write it is compared.
Each area is [name, country, x, y, path]: a point inside and an SVG path, blank where no source draws the outline.
One unit is a hundredth of a degree, x from 92.5° W and y from 18.6° N southwards, stretched to look right at 13° N.
"""

import csv
import json
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "goals" / "data"
DRAWN = ROOT / "static" / "data" / "areas.json"
WEST, NORTH, STRETCHED = -92.5, 18.6, 1.026
# How far a drawn border may lie from the outline, and how large an islet must be to be drawn, in units (about 1 km).
TOLERANCE, SMALLEST = 1.0, 3
Point = tuple[float, float]


def on_the_map(longitude: float, latitude: float) -> Point:
    return (longitude - WEST) * 100, (NORTH - latitude) * 100 * STRETCHED


def simplified(line: Sequence[Point]) -> list[Point]:
    """Douglas and Peucker's: the fewest of the points from which no other lies further than the tolerance."""
    (x1, y1), (x2, y2) = line[0], line[-1]
    length = ((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5
    far, at = 0.0, 0
    for index, (x, y) in enumerate(line[1:-1], 1):
        away = (
            abs((x2 - x1) * (y1 - y) - (x1 - x) * (y2 - y1)) / length
            if length
            else ((x - x1) ** 2 + (y - y1) ** 2) ** 0.5
        )
        if away > far:
            far, at = away, index
    if far <= TOLERANCE:
        return [line[0], line[-1]]
    return simplified(line[: at + 1])[:-1] + simplified(line[at:])


def path_of(rings: Sequence[Sequence[Point]]) -> str:
    """Closed rings as an SVG path in whole units, each step from the point before."""
    path = ""
    for ring in rings:
        points = [(round(x), round(y)) for x, y in simplified(ring)][:-1]
        (x, y), rest = points[0], points[1:]
        path += f"M{x} {y}l"
        for next_x, next_y in rest:
            path += f"{next_x - x} {next_y - y} "
            x, y = next_x, next_y
        path = path.rstrip() + "z"
    return path


def _rings(geometry: dict[str, list[list[list[list[float]]]]]) -> list[list[Point]]:
    """The outer rings of an outline, without islets that would be dots."""
    polygons = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]  # type: ignore[comparison-overlap]
    rings = [[on_the_map(longitude, latitude) for longitude, latitude in polygon[0]] for polygon in polygons]

    def size(ring: list[Point]) -> float:
        return max(max(axis) - min(axis) for axis in zip(*ring, strict=True))

    return [ring for ring in rings if size(ring) >= SMALLEST] or [max(rings, key=size)]


def drawn() -> str:
    """The file's text."""
    outlines = {
        one["id"]: one["geometry"]
        for one in json.loads((DATA / "areas.geojson").read_text(encoding="utf-8"))["features"]
    }
    areas = {}
    with (DATA / "areas.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            x, y = on_the_map(float(row["lon"]), float(row["lat"]))
            outline = outlines.get(row["code"])
            path = path_of(_rings(outline)) if outline else ""
            areas[row["code"]] = [row["name"], row["country"], round(x), round(y), path]
    return json.dumps(areas, ensure_ascii=False, separators=(",", ":")) + "\n"


def main() -> int:
    if "--write" in sys.argv:
        DRAWN.parent.mkdir(exist_ok=True)
        DRAWN.write_text(drawn(), encoding="utf-8")
        return 0
    if DRAWN.read_text(encoding="utf-8") == drawn():
        return 0
    print("static/data/areas.json does not match goals/data: python tools/draw_areas.py --write")
    return 1


if __name__ == "__main__":
    sys.exit(main())
