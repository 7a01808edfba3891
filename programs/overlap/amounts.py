"""What a pair may cost twice: the one formula of the amount. Pure functions; docs/queue.md says it in words.

Of an overlap: the part of each program for the places, the work and the months that both share, and of the two parts
the smaller one. Of a duplicate, or of the same funds reported twice: the smaller commitment of the two, which totals
would count twice. What is unknown stays unknown.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from core.money import to_cent
from programs.overlap.engine.catalogue import OVERLAP
from programs.querysets import REGIONAL

Days = tuple[date | None, date | None]

WHOLE, NOTHING = Decimal(1), Decimal(0)
# Shares are kept, shown and multiplied with so many digits: what a person multiplies again gives the same.
DIGITS = Decimal("0.0001")
DAYS_A_MONTH = 30.4375


@dataclass(frozen=True)
class Location:
    """A row of a program's places: its area, with the area that it lies in, or a locality of it; `share` is its part of
    all rows of the program."""

    area: str
    within: str
    name: str
    share: Decimal

    def meets(self, other: "Location", *, by_name: bool) -> bool:
        """Whether both are one place or one lies in the other; with `by_name` two named localities only if they are
        the same one."""
        if self.area != other.area and self.within != other.area and self.area != other.within:
            return False
        return not (by_name and self.name and other.name) or self.name == other.name

    @property
    def site(self) -> str:
        return f"{self.area}/{self.name}" if self.name else self.area


@dataclass(frozen=True)
class Shares:
    """A program with the parts (0 to 1, each list adding up to 1) that its places, goals and sectors have of it.

    `regional` is the part for Central America as a whole, `elsewhere` are other DAC regions by code; `days` are the
    first and the last day, None where unknown. A list without percentages counts in equal parts.
    """

    id: int
    committed_usd: Decimal | None
    countries: Mapping[str, Decimal] = field(default_factory=dict)
    regional: Decimal = NOTHING
    elsewhere: Mapping[str, Decimal] = field(default_factory=dict)
    locations: tuple[Location, ...] = ()
    goals: Mapping[int, Decimal] = field(default_factory=dict)
    sectors: Mapping[str, Decimal] = field(default_factory=dict)
    days: Days = (None, None)

    def located_in(self, country: str) -> list[Location]:
        return [row for row in self.locations if row.area[:2] == country]

    @property
    def says_where(self) -> bool:
        return bool(self.countries or self.regional or self.elsewhere)


@dataclass(frozen=True)
class Part:
    """Of one program what it shares with the other: the factors of its amount, None where one is unknown."""

    committed_usd: Decimal | None
    place: Decimal | None = WHOLE
    where: tuple[str, ...] = ()
    work: Decimal | None = WHOLE
    goals: tuple[int, ...] = ()
    sectors: tuple[str, ...] = ()
    time: Decimal = WHOLE
    months: tuple[int, int] | None = None

    @property
    def usd(self) -> Decimal | None:
        """Its amount in US dollars; None where the commitment, or what is shared, is unknown."""
        if self.committed_usd is None or self.place is None or self.work is None:
            return None
        return to_cent(max(NOTHING, self.committed_usd) * self.place * self.work * self.time)

    def as_json(self) -> dict[str, Any]:
        """The part as it is stored beside its pair."""
        return {
            "committed": _text(self.committed_usd),
            "place": _text(self.place),
            "where": list(self.where),
            "work": _text(self.work),
            "goals": list(self.goals),
            "sectors": list(self.sectors),
            "time": _text(self.time),
            "months": list(self.months) if self.months else None,
            "usd": _text(self.usd),
        }


@dataclass(frozen=True)
class Amount:
    """What a pair may cost twice: of each program its part, and when both run, None where unknown."""

    sides: Mapping[int, Part]
    together: Days = (None, None)

    @property
    def usd(self) -> Decimal | None:
        """The smaller of the two parts; None where one of them is unknown."""
        parts = [part.usd for part in self.sides.values()]
        return None if None in parts else min(part for part in parts if part is not None)

    @property
    def smaller(self) -> int | None:
        """Whose part that is; of equal ones the later program's."""
        if self.usd is None:
            return None
        return max(pk for pk, part in self.sides.items() if part.usd == self.usd)

    def as_json(self) -> dict[str, Any]:
        """The parts of the first and the second program, as they are stored beside their pair."""
        left, right = sorted(self.sides)
        first, last = self.together
        return {
            "left": self.sides[left].as_json(),
            "right": self.sides[right].as_json(),
            "first": first.isoformat() if first else None,
            "last": last.isoformat() if last else None,
        }


def amount_of(kind: str, one: Shares, other: Shares, sites: Collection[str], countries: int) -> Amount:
    """The amount of a pair of this kind. `sites` are its places in common (clustering.sites_of); what is for the region
    as a whole counts in each of its `countries` in equal parts."""
    if kind != OVERLAP:
        return Amount({side.id: Part(side.committed_usd) for side in (one, other)})
    first, last = together = _together(one.days, other.days)
    sides = {}
    for mine, theirs in ((one, other), (other, one)):
        place, where = _place(mine, theirs, sites, countries)
        work, goals, sectors = _work(mine, theirs)
        time, months = _time(mine.days, first, last)
        sides[mine.id] = Part(mine.committed_usd, place, where, work, goals, sectors, time, months)
    return Amount(sides, together)


def _place(
    mine: Shares, theirs: Shares, sites: Collection[str], countries: int
) -> tuple[Decimal | None, tuple[str, ...]]:
    """My part for the places that both are for, and which these are: all of it where one of them names no place, and
    unknown where they name none in common."""
    if not (mine.says_where and theirs.says_where):
        return WHOLE, ()
    found, where = NOTHING, []
    for country in sorted(mine.countries.keys() & theirs.countries.keys()):
        share, places = _within(country, mine, theirs, sites)
        found += mine.countries[country] * share
        where += places
    # A program for the region as a whole is for each of its countries, too.
    if mine.regional and theirs.regional:
        found += mine.regional
        where.append(REGIONAL)
    elif mine.regional:
        found += mine.regional * len(theirs.countries.keys() - mine.countries.keys()) / countries
    if theirs.regional:
        alone = sorted(mine.countries.keys() - theirs.countries.keys())
        found += sum((mine.countries[country] for country in alone), NOTHING)
        where += alone
    elif mine.regional:
        where += sorted(theirs.countries.keys() - mine.countries.keys())
    for region in sorted(mine.elsewhere.keys() & theirs.elsewhere.keys()):
        found += mine.elsewhere[region]
        where.append(region)
    return (_rounded(found), tuple(dict.fromkeys(where))) if found else (None, ())


def _within(country: str, mine: Shares, theirs: Shares, sites: Collection[str]) -> tuple[Decimal, list[str]]:
    """Of my part for a country what is for the places in it that both name; all of it where one names none, or where
    they meet by what their texts say alone."""
    own, others = mine.located_in(country), theirs.located_in(country)
    if not own or not others:
        return WHOLE, [row.site for row in own or others] if len(own or others) == 1 else [country]
    met = [row for row in own if any(row.meets(other, by_name=True) for other in others)]
    met = met or [row for row in own if any(row.meets(other, by_name=False) for other in others)]
    met = met or [row for row in own if row.area in sites or row.within in sites]
    if not met:
        return WHOLE, [country]
    return sum((row.share for row in met), NOTHING) / sum((row.share for row in own), NOTHING), [
        row.site for row in met
    ]


def _work(mine: Shares, theirs: Shares) -> tuple[Decimal | None, tuple[int, ...], tuple[str, ...]]:
    """My part for the goals that both serve, else for the sectors that both name; all of it where one says neither,
    and unknown where they have none in common."""
    if goals := mine.goals.keys() & theirs.goals.keys():
        return _rounded(sum((mine.goals[goal] for goal in goals), NOTHING)), tuple(sorted(goals)), ()
    if sectors := mine.sectors.keys() & theirs.sectors.keys():
        return _rounded(sum((mine.sectors[code] for code in sectors), NOTHING)), (), tuple(sorted(sectors))
    is_comparable = (mine.goals and theirs.goals) or (mine.sectors and theirs.sectors)
    return (None if is_comparable else WHOLE), (), ()


def _together(one: Days, other: Days) -> Days:
    """The first and last day on which both run, as far as days are known."""
    starts = [start for start, _end in (one, other) if start]
    ends = [end for _start, end in (one, other) if end]
    return max(starts, default=None), min(ends, default=None)


def _time(mine: Days, first: date | None, last: date | None) -> tuple[Decimal, tuple[int, int] | None]:
    """My part of the time in which both run, and how many months these are of mine: all of it where I state no days,
    nothing where both never run at once."""
    if first and last and first > last:
        return NOTHING, None
    start, end = mine
    if start is None or end is None:
        return WHOLE, None
    own = (end - start).days + 1
    shared = (min(end, last or end) - max(start, first or start)).days + 1
    return _rounded(Decimal(shared) / own), (_months(shared), _months(own))


def _months(days: int) -> int:
    return max(1, round(days / DAYS_A_MONTH))


def _rounded(share: Decimal) -> Decimal:
    return min(WHOLE, share).quantize(DIGITS, ROUND_HALF_EVEN)


def _text(value: Decimal | None) -> str | None:
    return None if value is None else str(value)


def in_parts(rows: Sequence[tuple[Any, Decimal | None]]) -> dict[Any, Decimal]:
    """(key, percentage) of one list of a program as parts of it: equal ones where no percentage is stated."""
    found: dict[Any, Decimal] = {}
    stated = all(percentage is not None for _key, percentage in rows)
    for key, percentage in rows:
        part = percentage / 100 if stated and percentage is not None else WHOLE / len(rows)
        found[key] = found.get(key, NOTHING) + part
    return found
