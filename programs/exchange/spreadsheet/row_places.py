"""Where a row says that a program works: its areas, the municipalities in them, and the countries that these imply."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from goals.p_codes import area_of_p_code
from programs.exchange.spreadsheet.cells import AreaEntry
from programs.exchange.spreadsheet.lists import helped_to_hundred
from programs.exchange.spreadsheet.lookups import SheetLookups
from programs.exchange.spreadsheet.place_names import countries_of_areas, municipality_areas
from programs.exchange.spreadsheet.problems import CellError, shown
from programs.exchange.spreadsheet.row import Cell, Found, Row
from programs.services import LocationData
from programs.services.places import spot_of


def countries_named(row: Row) -> frozenset[str]:
    """The countries that the row names, else those of its areas: there its names of organizations are looked for."""
    named = frozenset(entry.country_id for entry in row.facts.get("coverages", ()) if entry.country_id)
    return named or frozenset(country for country in row.facts.get("countries_implied", ()))


def read_areas(row: Row, found: Found, lookups: SheetLookups) -> None:
    """Says the locations of the columns of areas and of municipalities together. An area that is named twice, by name
    and by code, is one."""
    cells, towns = found.get("area", []), [cell for cell in found.get("municipality", []) if not cell.taken_away]
    if not cells and not towns:
        return
    countries = frozenset(entry.country_id for entry in row.facts.get("coverages", ()) if entry.country_id)
    first = (cells or towns)[0].position
    located: list[tuple[LocationData, str, Cell]] = []
    for cell in cells:
        for entry in cell.value or ():
            try:
                location = _location(entry, countries)
            except CellError as error:
                row.wrong(error, cell.position)
                return
            if entry.is_within and not towns:
                row.note("area_within", cell.position, text=entry.text, area=_area_name(location.area_id, lookups))
            located.append((location, entry.text, cell))
    located = _each_once(located)
    if towns:
        try:
            located = _with_towns(row, located, towns, countries, lookups)
        except CellError as error:
            row.wrong(error, towns[0].position)
            return
    for location, text, _cell in located:
        row.place_names[spot_of(location)] = text
    _says(row, [location for location, _text, _cell in located], first, [cell.text for cell in cells])
    if not countries:
        implied = countries_of_areas(location.area_id for location, _text, _cell in located if location.area_id)
        if implied:
            row.says("countries_implied", tuple(sorted(implied)), first)


def _says(row: Row, locations: list[LocationData], position: int, texts: Sequence[str]) -> None:
    if len(locations) > 1 and len({replace(one, percentage=None) for one in locations}) < len(locations):
        row.note("twice", position, text=shown("; ".join(texts)))
        return
    try:
        shares = helped_to_hundred([location.percentage for location in locations])
    except CellError as error:
        row.wrong(error, position)
        return
    row.says(
        "locations",
        tuple(
            location if location.percentage == share else replace(location, percentage=share)
            for location, share in zip(locations, shares, strict=True)
        ),
        position,
    )


def _location(entry: AreaEntry, countries: frozenset[str]) -> LocationData:
    """The location with its area: where several countries have one of that name, that of the program's country."""
    areas = entry.areas
    if len(areas) > 1:
        areas = tuple(code for code in areas if code.split("-")[0] in countries)
    if entry.areas and len(areas) != 1:
        raise CellError("area_ambiguous", text=entry.text, codes=", ".join(entry.areas))
    return replace(entry.location, area_id=areas[0] if areas else None)


def _each_once(located: Sequence[tuple[LocationData, str, Cell]]) -> list[tuple[LocationData, str, Cell]]:
    """Without the second of two equal ones in different columns, and without an area of which a place within is named
    in another column. CellError is for those who read one cell: there twice is a mistake."""
    found: list[tuple[LocationData, str, Cell]] = []
    for location, text, cell in located:
        if any(_is_same(location, other) for other, _text, other_cell in found if other_cell is not cell):
            continue
        found.append((location, text, cell))
    return found


def _is_same(one: LocationData, other: LocationData) -> bool:
    return replace(one, percentage=None) == replace(other, percentage=None)


def _with_towns(
    row: Row,
    located: list[tuple[LocationData, str, Cell]],
    cells: Sequence[Cell],
    countries: frozenset[str],
    lookups: SheetLookups,
) -> list[tuple[LocationData, str, Cell]]:
    """The areas with the municipalities of the row within them; an area without one stays as it is."""
    areas = {location.area_id for location, _text, _cell in located if location.area_id and not location.name}
    names = [(name, cell) for cell in cells for name in cell.value or ()]
    coded = {name: code for name, _cell in names if (code := area_of_p_code(name)) is not None}
    by_code = {area for area, _is_within in coded.values()}
    if areas and by_code - areas:
        name = next(name for name, (area, _is_within) in coded.items() if area not in areas)
        raise CellError("municipality_elsewhere", text=shown(name), codes=", ".join(sorted(by_code - areas)))
    within = areas or by_code
    towns: list[tuple[LocationData, str, Cell]] = []
    for name, cell in names:
        if name not in coded:
            area = _area_of_town(name, within, countries)
            towns.append((LocationData(area, name, None, None, None), shown(name), cell))
    if not towns:
        for name, (area, _is_within) in coded.items():
            row.note("area_within", cells[0].position, text=shown(name), area=_area_name(area, lookups))
            towns.append((LocationData(area, "", None, None, None), shown(name), cells[0]))
    with_town = {location.area_id for location, _text, _cell in towns}
    return _each_once(
        [one for one in located if one[0].name or one[0].area_id not in with_town] + _distinct(towns)
    )  # fmt: skip


def _distinct(towns: list[tuple[LocationData, str, Cell]]) -> list[tuple[LocationData, str, Cell]]:
    seen: dict[Any, tuple[LocationData, str, Cell]] = {}
    for one in towns:
        seen.setdefault((one[0].area_id, one[0].name), one)
    return list(seen.values())


def _area_of_town(name: str, within: set[str], countries: frozenset[str]) -> str | None:
    """The area in which a municipality of the row lies: the row's only one, else by the list of municipalities. None
    for a place that no list has, of a row without an area. Raises CellError."""
    known = set(municipality_areas(name))
    if len(within) == 1:
        area = next(iter(within))
        if known and area not in known and {code for code in known if code[:2] == area[:2]}:
            raise CellError("municipality_elsewhere", text=shown(name), codes=", ".join(sorted(known)))
        return area
    there = known & within if within else {code for code in known if not countries or code.split("-")[0] in countries}
    if len(there) == 1:
        return next(iter(there))
    if there or within:
        raise CellError("area_ambiguous", text=shown(name), codes=", ".join(sorted(there or within)))
    if known:
        raise CellError("municipality_elsewhere", text=shown(name), codes=", ".join(sorted(known)))
    return None


def _area_name(code: str | None, lookups: SheetLookups) -> str:
    return f"{code} {lookups.areas[code]}" if code else ""
