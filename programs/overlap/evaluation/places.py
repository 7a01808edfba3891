"""The places of a made-up world: no gazetteer has them, so that a set's own localities are its gazetteer."""

from collections.abc import Iterator
from contextlib import contextmanager

from programs.overlap.engine.gazetteer import entry_of, words_of
from programs.overlap.engine.places import extra_places
from programs.overlap.evaluation.labelled import LabelledSet

# A set of which the gazetteer knows a smaller share of the localities is of a made-up world.
KNOWN_IN_REAL_ONES = 0.5


@contextmanager
def places_of(labelled: LabelledSet) -> Iterator[None]:
    """Within it the engine knows the localities of a made-up set. A set with real places gets no help: what it lists
    and the gazetteer lacks is unknown there as it would be in the portal."""
    names = localities(labelled)
    if sum(_is_known(*name) for name in names) >= KNOWN_IN_REAL_ONES * len(names):
        yield
        return
    with extra_places(names):
        yield


def localities(labelled: LabelledSet) -> list[tuple[str, str]]:
    """Each name that a program lists, with each country that the program is in (ISO 3166-1)."""
    return sorted(
        {
            (name, country)
            for row in labelled.programs
            for name in row["localities"]
            for country in {*row["countries"], *(area[:2] for area in row["areas"])}
        }
    )


def _is_known(name: str, country: str) -> bool:
    entry = entry_of(words_of(name))
    return entry is not None and any(one.place.country == country for one in entry.places)
