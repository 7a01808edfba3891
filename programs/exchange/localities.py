"""The town or municipality that a program's place names, by the list of places (goals/data/places.csv)."""

from dataclasses import dataclass
from functools import lru_cache

from programs.overlap.engine.gazetteer import MUNICIPALITIES, Candidate, Place, entry_of, place, words_of


@dataclass(frozen=True)
class Locality:
    """A place of the list: itself, the municipality that it is or lies in, and a point (longitude, latitude)."""

    place: Place
    municipality: Place | None
    point: tuple[float, float] | None


@lru_cache(maxsize=4096)
def locality(name: str, area: str) -> Locality | None:
    """What a name means within an area (ISO 3166-2); None for an unknown name, and where it may mean several places.

    A municipality goes before its villages of the same name. "Choloma, Cortés" is looked for by its first part as well.
    """
    for text in dict.fromkeys((name, name.partition(",")[0])):
        words = words_of(text)
        entry = entry_of(words) if words and area else None
        found = [one for one in entry.places if one.place.area == area] if entry else []
        towns = [one for one in found if one.kind in MUNICIPALITIES]
        if len(towns or found) == 1:
            return _locality((towns or found)[0])
    return None


def _locality(found: Candidate) -> Locality:
    around = place(found.place.within) if found.place.within else None
    municipality = found.place if found.kind in MUNICIPALITIES else around
    for one in (found.place, around):
        if one is not None and one.latitude is not None and one.longitude is not None:
            return Locality(found.place, municipality, (one.longitude, one.latitude))
    return Locality(found.place, municipality, None)
