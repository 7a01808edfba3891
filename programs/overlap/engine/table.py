"""Profiles side by side as columns, so that many pairs are compared in one stroke of numpy."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from itertools import chain
from operator import attrgetter

import numpy as np
from numpy.typing import NDArray

from programs.overlap.engine.profile import Profile, code

Ints = NDArray[np.int64]
# Sets up to this size are compared each with each; larger ones through a sorted list.
SMALL_SET = 4
LISTS = (
    "goals", "sectors", "stems", "main_stems", "only_stems", "countries", "regions", "areas", "places", "mentioned",
    "institutions", "partners", "funders", "implementers", "names", "family", "identified", "reporters", "movements",
    "income_from", "paid_by", "paid_to", "got_by", "places_named", "outlying_places", "titles", "series", "sums",
)  # fmt: skip
# Where most programs are: to meet there says less. The seven capitals, and Belize City.
CAPITALS = frozenset(
    map(
        code,
        (
            *("belmopan", "belize city", "ciudad de belice", "san jose", "guatemala", "guatemala city"),
            *("ciudad de guatemala", "tegucigalpa", "distrito central", "managua", "panama", "panama city"),
            *("ciudad de panama", "san salvador"),
        ),
    )
)
_AS_THEY_ARE = frozenset(LISTS) & {field.name for field in fields(Profile)}
VECTORS = ("work", "beneficiaries", "means", "meaning", "content", "wording")
TRANSFER = 5
# Pairs whose vectors are at hand at once: they fit the processor's cache.
CHUNK = 512


@dataclass(frozen=True)
class Lists:
    """A set of numbers a program: the first few in a grid, and all of them as (program, number) in order."""

    sizes: Ints
    grid: Ints
    owners: Ints
    values: Ints
    keys: Ints

    @classmethod
    def of(cls, rows: Sequence[Sequence[int]], known: Ints) -> "Lists":
        """From one set a program; `known` are all numbers that occur, in order."""
        sizes = np.array([len(row) for row in rows], np.int64)
        flat = np.fromiter(chain.from_iterable(rows), np.int64)
        values = np.searchsorted(known, flat).astype(np.int64)
        owners = np.repeat(np.arange(len(rows)), sizes)
        grid = np.full((len(rows), SMALL_SET), -1, np.int64)
        place = np.arange(len(flat)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        small = place < SMALL_SET
        grid[owners[small], place[small]] = values[small]
        return cls(sizes, grid, owners, values, np.sort(owners * (len(known) + 1) + values))


class Table:
    """Profiles as columns. `row` tells where a program stands, by its id."""

    def __init__(self, profiles: Sequence[Profile]) -> None:
        self.profiles = tuple(profiles)
        self.row = {profile.id: i for i, profile in enumerate(profiles)}
        self.start = self._column("start")
        self.end = self._column("end")
        self.reporter = self._column("reporter")
        self.committed = self._column("committed_cents").astype(np.float64)
        for name in VECTORS:
            stored = b"".join(getattr(profile.reading, name) for profile in profiles)
            columns = len(stored) // max(1, len(profiles))
            setattr(self, name, np.frombuffer(stored, np.int8).reshape(len(profiles), columns))
        self.squares = {name: _squares(getattr(self, name)) for name in VECTORS}
        rows = {name: _rows_of(name, profiles) for name in LISTS}
        self.known = np.unique(
            np.fromiter((n for lists in rows.values() for n in chain.from_iterable(lists)), np.int64)
        )
        self.lists = {name: Lists.of(lists, self.known) for name, lists in rows.items()}

    def _column(self, name: str) -> Ints:
        return np.array([getattr(profile, name) for profile in self.profiles], np.int64)

    def size(self, name: str, rows: Ints) -> Ints:
        """How many numbers the programs of these rows have in a list."""
        return self.lists[name].sizes[rows]

    def shared(self, name: str, left: Ints, right: Ints, other: str = "") -> Ints:
        """How many numbers the left programs' `name` and the right ones' `other` (the same list) have in common."""
        mine, theirs = self.lists[name], self.lists[other or name]
        count = np.zeros(len(left), np.int64)
        both = np.flatnonzero((mine.sizes[left] > 0) & (theirs.sizes[right] > 0))
        if not len(both):
            return count
        left, right = left[both], right[both]
        small = (mine.sizes[left] <= SMALL_SET) & (theirs.sizes[right] <= SMALL_SET)
        found = np.zeros(len(both), np.int64)
        wide_left, wide_right = (
            int(mine.sizes[left][small].max(initial=0)),
            int(theirs.sizes[right][small].max(initial=0)),
        )
        for i in range(wide_left):
            a = mine.grid[left[small], i]
            for j in range(wide_right):
                b = theirs.grid[right[small], j]
                found[small] += (a == b) & (a >= 0)
        found[~small] = self._shared_long(mine, theirs, left[~small], right[~small])
        count[both] = found
        return count

    def _shared_long(self, mine: Lists, theirs: Lists, left: Ints, right: Ints) -> Ints:
        sizes = mine.sizes[left]
        first = np.searchsorted(mine.owners, left)
        pair = np.repeat(np.arange(len(left)), sizes)
        at = np.repeat(first, sizes) + np.arange(len(pair)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        wanted = right[pair] * (len(self.known) + 1) + mine.values[at]
        where = np.minimum(np.searchsorted(theirs.keys, wanted), max(0, len(theirs.keys) - 1))
        return np.bincount(pair, weights=theirs.keys[where] == wanted, minlength=len(left)).astype(np.int64)

    def cosine(self, name: str, left: Ints, right: Ints) -> NDArray[np.float64]:
        """The cosine of two vectors, at least 0; nan where one says nothing. Whole numbers: the same in any batch."""
        vectors, squares = getattr(self, name), self.squares[name]
        dot = np.empty(len(left), np.float64)
        for i in range(0, len(left), CHUNK):
            a, b = (vectors[rows[i : i + CHUNK]].astype(np.float32) for rows in (left, right))
            # Sums of products of whole numbers below 2**24: exact in float32, whatever the order of adding.
            dot[i : i + CHUNK] = np.einsum("ij,ij->i", a, b)
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.clip(dot / np.sqrt(squares[left] * squares[right]), 0.0, 1.0)


def _squares(vectors: NDArray[np.int8]) -> NDArray[np.float64]:
    wide = vectors.astype(np.float64)
    return np.einsum("ij,ij->i", wide, wide)


def _rows_of(name: str, profiles: Sequence[Profile]) -> list[Sequence[int]]:
    """The numbers of one list, of each program."""
    if name in _AS_THEY_ARE:
        return list(map(attrgetter(name), profiles))
    return [_numbers(name, profile) for profile in profiles]


def _numbers(name: str, profile: Profile) -> Sequence[int]:
    if name == "identified":
        return (profile.identifier,)
    if name == "reporters":
        return (profile.reporter,)
    if name == "places_named":
        return tuple({*profile.places, *profile.mentioned})
    if name == "outlying_places":
        return tuple(place for place in profile.places if place not in CAPITALS)
    if not profile.paid and not profile.got:
        return ()
    paid, got = transfers(profile.paid), transfers(profile.got)
    if name == "movements":  # what both of two reports may hold: the same value on the same day
        return tuple({hash(row[:3]) >> 1 for row in paid if row[2] and row[0] > 0})
    if name == "paid_by":
        return tuple({profile.reporter, *(row[3] for row in paid if row[3])}) if paid else ()
    if name == "paid_to":
        return tuple({to for row in paid if (to := row[4] or min(profile.implementers, default=0))})
    if name == "got_by":
        return tuple({profile.reporter, *(row[4] for row in got if row[4])}) if got else ()
    if name == "income_from":
        return tuple({by for row in got if (by := row[3] or min(profile.funders, default=0))})
    raise KeyError(name)


def transfers(flat: tuple[int, ...]) -> list[tuple[int, ...]]:
    """(value in cents, currency, day, provider, receiver) of each transfer of a profile."""
    return [flat[i : i + TRANSFER] for i in range(0, len(flat), TRANSFER)]
