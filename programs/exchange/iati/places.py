"""Which area of the list a published location lies in: by its code, by its name, or by its point."""

import re

from core.names import normalize_name
from goals.models import Area
from goals.outlines import area_at, country_of, is_surely_outside
from programs.exchange.iati.activity import Place
from programs.exchange.iati.vocabulary import COUNTRY_DESIGNATIONS

_KIND_OF_AREA = re.compile(
    r"^(?:departamentos?|deptos?|dptos?|depts?|dep|provincias?|prov|distritos?|comarcas?|region autonoma|departments?|"
    r"provinces?|districts?)(?: de(?:l| las?| los)?| of)? "
    r"|(?: department| province| district)$"
)


def bare_name(name: str) -> str:
    """An area's name as it is compared: without accents, and without "department of" and the like."""
    return _KIND_OF_AREA.sub("", normalize_name(name)).strip()


class AreaFinder:
    """Finds areas; reads the list once (one query, some 100 rows)."""

    def __init__(self) -> None:
        self._countries: dict[str, str] = {}
        self._by_name: dict[str, list[str]] = {}
        for code, country, name in Area.objects.values_list("code", "country_id", "name"):
            self._countries[code] = country
            self._by_name.setdefault(bare_name(name), []).append(code)

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
        return self._at(float(place.longitude), float(place.latitude), countries)

    def _at(self, longitude: float, latitude: float, countries: set[str]) -> str | None:
        area = area_at(longitude, latitude)
        if area is None or area not in self._countries:
            return None
        # Beside a border the outlines do not say which side it is on: then the point alone is kept.
        is_neighbour = bool(countries) and country_of(area) not in countries
        return None if is_neighbour and not is_surely_outside(longitude, latitude, countries) else area
