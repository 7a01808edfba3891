"""What speaks for or against a pair: each factor a pure, symmetric function of two programs, for many pairs at once.

A factor's value is 0 (against) to 1 (for), or nan where nothing is known. What a value weighs for which kind of overlap
stands in weights.json; what it says in words comes from evidence.py and sentences.py; catalogue.py is the table of all.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from programs.overlap.engine.profile import Profile
from programs.overlap.engine.series import TELLING_ENOUGH
from programs.overlap.engine.table import Ints, Table, transfers

Values = NDArray[np.float64]
# Two reports of one transfer may give it different days: until it is booked at the other end.
SAME_TRANSFER_DAYS = 120
# … and the receiver may book it less a fee.
SAME_TRANSFER_TOLERANCE = 0.06
# Programs whose end nobody tells last as long as programs do: each of these with the same chance.
PRESUMED_DAYS = (365, 730, 1095, 1460)
LONG_ENOUGH = 180
# How precisely two programs meet that do not share a town: see `place`.
NEAR, IN_THE_COUNTRY, ONE_COUNTRY, IN_THE_AREA, ONE_AREA = 0.1, 0.3, 0.5, 0.6, 0.8
# By how much less than in another town two programs meet in a capital.
CAPITAL_LESS = 0.03
# Two records of one undertaking may begin and end so many days apart, and their sums differ by this part.
SAME_RECORD_DAYS, SAME_RECORD_TOLERANCE = 45, 0.08
# What each likeness of two texts weighs in the one figure that counts for the work in one place, and its span.
LIKENESS = {"work": 0.45, "meaning": 0.25, "content": 0.3}
# How far programs do the same of which one has no text, but a sector of the other.
BY_SECTOR_ALONE = 0.8
CHANCE_ALIKE, SURELY_ALIKE = 0.2, 0.75


@dataclass(frozen=True)
class Pairs:
    """Rows of a table that are compared: left[i] with right[i]."""

    table: Table
    left: Ints
    right: Ints
    measured: dict[str, Any] = field(default_factory=dict)

    def once(self, measure: Callable[["Pairs"], Any]) -> Any:
        """What a measure says of these pairs, worked out the first time that it is asked for."""
        if measure.__name__ not in self.measured:
            self.measured[measure.__name__] = measure(self)
        return self.measured[measure.__name__]

    def shared(self, name: str) -> Ints:
        """How many numbers of a list both have."""
        return self.table.shared(name, self.left, self.right)

    def crossed(self, name: str, other: str) -> NDArray[np.bool_]:
        """Whether one's list `name` meets the other's list `other`, whichever of the two it is."""
        return self.one_way(name, other, False) | self.one_way(name, other, True)

    def one_way(self, name: str, other: str, backwards: bool) -> NDArray[np.bool_]:
        """Whether the left one's `name` meets the right one's `other`; backwards, the right one's the left one's."""
        first, second = (self.right, self.left) if backwards else (self.left, self.right)
        return self.table.shared(name, first, second, other) > 0

    def smaller(self, name: str) -> Ints:
        """The smaller of both sizes of a list."""
        return np.minimum(self.table.size(name, self.left), self.table.size(name, self.right))


def _where(known: NDArray[np.bool_], values: Values | NDArray[np.bool_]) -> Values:
    return np.where(known, values, np.nan).astype(np.float64)


def goal(pairs: Pairs) -> Values:
    """Whether they serve a goal in common."""
    smaller = pairs.smaller("goals")
    return _where(smaller > 0, pairs.shared("goals") / np.maximum(smaller, 1))


def same_place(pairs: Pairs, places: str = "places") -> NDArray[np.bool_]:
    """Whether one names as its place what the other names too, within a country of both."""
    found = (pairs.shared(places) > 0) | pairs.crossed(places, "mentioned")
    return found & (pairs.shared("countries") > 0)


def place(pairs: Pairs) -> Values:
    """How precisely they meet, by how far each of them says where it works (see docs/overlap-engine.md):

    a town in common 1 (a capital a little less, as more programs are there); both for one area as a whole 0.8; the
    town of one in the area of the other 0.6; both for one country, or for the region, as a whole 0.5; one for the whole
    country, the other somewhere in it 0.3; different towns of one area 0.1; elsewhere 0.
    """
    table, left, right = pairs.table, pairs.left, pairs.right
    somewhere = table.size("countries", left) + table.size("regions", left) > 0
    somewhere &= table.size("countries", right) + table.size("regions", right) > 0
    together = (pairs.shared("countries") > 0) | (pairs.shared("regions") > 0)
    areas = pairs.shared("areas") > 0
    in_towns = [table.size("places", rows) > 0 for rows in (left, right)]
    in_areas = [table.size("areas", rows) > 0 for rows in (left, right)]
    widest = [np.where(town, 2, np.where(area, 1, 0)) for town, area in zip(in_towns, in_areas, strict=True)]
    least, most = np.minimum(*widest), np.maximum(*widest)
    value = np.select(
        [least == 2, least == 1, most == 0],
        [np.where(areas, NEAR, 0.0), np.where(areas, np.where(most == 1, ONE_AREA, IN_THE_AREA), 0.0), ONE_COUNTRY],
        IN_THE_COUNTRY,
    )
    in_town = np.where(same_place(pairs, "outlying_places"), 1.0, 1.0 - CAPITAL_LESS)
    value = np.where(
        same_place(pairs) & (areas | (pairs.smaller("areas") == 0)), in_town, np.where(together, value, 0.0)
    )
    return _where(somewhere, value)


def _common(pairs: Pairs) -> tuple[Values, Values, NDArray[np.bool_]]:
    """Expected days in common, their share of the shorter one, and where both starts are known."""
    start = np.maximum(pairs.table.start[pairs.left], pairs.table.start[pairs.right]).astype(np.float64)
    days, share = np.zeros(len(start)), np.zeros(len(start))
    for presumed in PRESUMED_DAYS:
        ends, lengths = [], []
        for rows in (pairs.left, pairs.right):
            mine, end = pairs.table.start[rows], pairs.table.end[rows]
            end = np.where(end > 0, end, mine + presumed)
            ends.append(end)
            lengths.append(np.maximum(1, end - mine + 1))
        common = np.maximum(0.0, np.minimum(*ends) - start + 1)
        days += np.minimum(common, 730) / len(PRESUMED_DAYS)
        share += np.minimum(1.0, common / np.minimum(*lengths)) / len(PRESUMED_DAYS)
    known = (pairs.table.start[pairs.left] > 0) & (pairs.table.start[pairs.right] > 0)
    return days, share, known


def time(pairs: Pairs) -> Values:
    """The share of the shorter one's time that both run; where an end is unknown, of the time such programs take."""
    _days, share, known = pairs.once(_common)
    return _where(known, share)


def months(pairs: Pairs) -> Values:
    """How long both run: 0 for not at all, 1 from two years on."""
    days, _share, known = pairs.once(_common)
    return _where(known, days / 730)


def same_dates(pairs: Pairs) -> Values:
    """How near their starts and their ends lie: 1 for the same days, 0 from a year apart on."""
    apart = np.full(len(pairs.left), np.nan)
    for column in (pairs.table.start, pairs.table.end):
        a, b = column[pairs.left], column[pairs.right]
        apart = np.fmax(apart, _where((a > 0) & (b > 0), np.abs(a - b).astype(np.float64)))
    return np.where(np.isnan(apart), np.nan, np.maximum(0.0, 1 - apart / 365))


def sector(pairs: Pairs) -> Values:
    """Whether a DAC sector of one is a sector of the other; of one without text, whether they are nearly the same."""
    shared = (pairs.shared("sectors") > 0) | pairs.crossed("only_stems", "stems")
    return _where(pairs.smaller("sectors") > 0, shared.astype(np.float64))


def work(pairs: Pairs) -> Values:
    """How far their texts speak of the same types of work, in whichever language; where one of them has no text,
    whether its sector is what the other is mainly in."""
    likeness = pairs.table.cosine("work", pairs.left, pairs.right)
    return np.where(pairs.crossed("only_stems", "main_stems"), np.fmax(likeness, BY_SECTOR_ALONE), likeness)


def meaning(pairs: Pairs) -> Values:
    """How near what their texts say of their work lies among all types of work: also where the taxonomy has no name
    for it."""
    return pairs.table.cosine("meaning", pairs.left, pairs.right)


def content(pairs: Pairs) -> Values:
    """How near their texts as a whole are in meaning."""
    return pairs.table.cosine("content", pairs.left, pairs.right)


def _alike(pairs: Pairs) -> Values:
    """How far their texts speak of the same work, all likenesses together: 0 by chance, 1 surely."""
    total = sum(weight * np.nan_to_num(pairs.once(LIKENESSES[name])) for name, weight in LIKENESS.items())
    known = ~np.isnan(pairs.once(content))
    return _where(known, np.clip((total - CHANCE_ALIKE) / (SURELY_ALIKE - CHANCE_ALIKE), 0.0, 1.0))


def beneficiaries(pairs: Pairs) -> Values:
    """How far they are for the same people."""
    return pairs.table.cosine("beneficiaries", pairs.left, pairs.right)


def means(pairs: Pairs) -> Values:
    """How far they work by the same means."""
    return pairs.table.cosine("means", pairs.left, pairs.right)


def wording(pairs: Pairs) -> Values:
    """How alike what their titles say of their work is letter by letter: kindred words of both languages count too."""
    return pairs.table.cosine("wording", pairs.left, pairs.right)


def work_here(pairs: Pairs) -> Values:
    """The same work in one place for long enough: the least of the three, since each alone says little."""
    days, _share, dated = pairs.once(_common)
    alike = pairs.once(_alike)
    least = np.minimum(np.minimum(alike, pairs.once(place)), np.minimum(1.0, days / LONG_ENOUGH))
    return _where(dated & ~np.isnan(alike), least)


def scope(pairs: Pairs) -> Values:
    """Whether the work is alike enough for how widely they meet: surely (1) within one area; across a whole country as
    far as their work is the same; not at all (0) where they do not meet."""
    near, alike = pairs.once(place), pairs.once(work)
    value = np.where(near > ONE_COUNTRY, 1.0, np.where(near >= IN_THE_COUNTRY, alike, 0.0))
    return _where(~np.isnan(near) & ~np.isnan(alike), value)


LIKENESSES = {"work": work, "meaning": meaning, "content": content}


def institution(pairs: Pairs) -> Values:
    """Whether their texts name the same public institution, where both name one; or one's text names an institution
    that takes part in the other."""
    takes_part = pairs.crossed("institutions", "partners")
    same = (pairs.shared("institutions") > 0) | takes_part
    return _where((pairs.smaller("institutions") > 0) | takes_part, same.astype(np.float64))


def funder(pairs: Pairs) -> Values:
    """Whether the same body pays for both."""
    return (pairs.shared("funders") > 0).astype(np.float64)


def implementer(pairs: Pairs) -> Values:
    """Whether the same body carries both out."""
    return _where(pairs.smaller("implementers") > 0, (pairs.shared("implementers") > 0).astype(np.float64))


def reporter(pairs: Pairs) -> Values:
    """Whether one body reports both."""
    return (pairs.shared("reporters") > 0).astype(np.float64)


def roles(pairs: Pairs) -> Values:
    """Whether one is reported by who pays for the other, and that one by who carries it out for them."""
    found = np.zeros(len(pairs.left), bool)
    for backwards in (False, True):
        carried_out = pairs.one_way("implementers", "reporters", backwards) | pairs.one_way(
            "paid_to", "reporters", backwards
        )
        found |= carried_out & pairs.one_way("reporters", "funders", backwards)
    return (found & (pairs.shared("reporters") == 0)).astype(np.float64)


def transfer(pairs: Pairs) -> Values:
    """Whether one's payment is the other's income: near amounts and days between the same two bodies."""
    value = np.full(len(pairs.left), np.nan)
    for backwards in (False, True):
        near = pairs.one_way("paid_by", "income_from", backwards) & pairs.one_way("paid_to", "got_by", backwards)
        for i in np.flatnonzero(near):
            upper, lower = (pairs.table.profiles[rows[i]] for rows in (pairs.left, pairs.right))
            if backwards:
                upper, lower = lower, upper
            value[i] = np.fmax(value[i], _transferred(upper, lower))
    return value


def _transferred(upper: Profile, lower: Profile) -> float:
    """1 where a payment of the upper is an income of the lower, 0 where none of those between them is, else nan."""
    between = [
        is_same_transfer(paid, got, upper, lower)
        for paid in transfers(upper.paid)
        for got in transfers(lower.got)
        if _same_ends(paid, got, upper, lower)
    ]
    return float(any(between)) if between else np.nan


def is_same_transfer(paid: tuple[int, ...], got: tuple[int, ...], upper: Profile, lower: Profile) -> bool:
    """Whether what the upper program paid is what the lower one got: see `Profile.paid` for what each holds."""
    if not _same_ends(paid, got, upper, lower) or paid[1] != got[1] or min(paid[0], got[0]) <= 0:
        return False
    if not paid[2] or not got[2] or abs(paid[2] - got[2]) > SAME_TRANSFER_DAYS:
        return False
    return abs(paid[0] - got[0]) <= SAME_TRANSFER_TOLERANCE * max(paid[0], got[0])


def _same_ends(paid: tuple[int, ...], got: tuple[int, ...], upper: Profile, lower: Profile) -> bool:
    provider = got[3] or min(lower.funders, default=0)
    receiver = paid[4] or min(upper.implementers, default=0)
    return provider in {paid[3], upper.reporter} and receiver in {got[4], lower.reporter}


def amount(pairs: Pairs) -> Values:
    """How near their sizes lie: 1 for the same, 0 from double on; a movement both report alike counts as the same."""
    a, b = pairs.table.committed[pairs.left], pairs.table.committed[pairs.right]
    known = (a > 0) & (b > 0)
    gap = np.abs(a - b) / np.maximum(1.0, np.minimum(a, b))
    return np.where(pairs.shared("movements") > 0, 1.0, _where(known, np.maximum(0.0, 1 - gap)))


def same_title(pairs: Pairs) -> Values:
    """Whether they have a title in common word for word, as far as it tells them from others: 0 where it is other or
    a standard one (“Administrative costs”), 1 from four telling words on."""
    return _where(pairs.smaller("titles") > 0, pairs.once(_told_by_title) / TELLING_ENOUGH)


def _told_by_title(pairs: Pairs) -> Values:
    """How many words tell the title that both have from others: of several titles the most, 0 where they have none in
    common."""
    told = np.zeros(len(pairs.left))
    for i in np.flatnonzero(pairs.shared("titles") > 0):
        mine, theirs = (
            dict(zip(profile.titles, profile.telling, strict=True))
            for profile in (pairs.table.profiles[rows[i]] for rows in (pairs.left, pairs.right))
        )
        told[i] = max(min(mine[title], theirs[title]) for title in mine.keys() & theirs.keys())
    return told


def same_sum(pairs: Pairs) -> Values:
    """Which part of one's sums the other states too, of the same day and in the same currency; known where one is.

    That none is says nothing: records list now commitments, now payments, and `amount` compares what they come to.
    """
    shared = pairs.shared("sums")
    return _where(shared > 0, shared / np.maximum(pairs.smaller("sums"), 1))


def _entered_twice(pairs: Pairs) -> NDArray[np.bool_]:
    """Whether nothing tells them apart: both say the same of title, sum, first and last day, or neither says anything,
    and nothing speaks against the same places and sectors. A standard title alone is no reason: then the sum is."""
    table, left, right = pairs.table, pairs.left, pairs.right
    untitled = (table.size("titles", left) == 0) & (table.size("titles", right) == 0)
    alike = untitled | (pairs.shared("titles") > 0)
    for column in (table.start, table.end):
        a, b = column[left], column[right]
        alike &= ((a > 0) == (b > 0)) & (np.abs(a - b) <= SAME_RECORD_DAYS)
    for name in ("countries", "areas", "places", "sectors"):
        alike &= (pairs.smaller(name) == 0) | (pairs.shared(name) > 0)
    told = pairs.once(_told_by_title) > 0
    for i in np.flatnonzero(alike):
        mine, theirs = (table.profiles[rows[i]].totals for rows in (left, right))
        alike[i] = _same_totals(mine, theirs) and (bool(mine) or told[i])
    return alike


def _same_totals(mine: tuple[int, ...], theirs: tuple[int, ...]) -> bool:
    """Whether two programs come to nearly the same in the same currencies, or neither says what it comes to (see
    `Profile.totals`)."""
    return mine[::2] == theirs[::2] and all(
        abs(a - b) <= SAME_RECORD_TOLERANCE * min(a, b) for a, b in zip(mine[1::2], theirs[1::2], strict=True)
    )


def series(pairs: Pairs) -> Values:
    """Whether they are two records of one series of one reporter: known where they are, and it is no record entered
    twice, nor does one name the other as a report of the same."""
    found = (pairs.shared("series") > 0) & ~_entered_twice(pairs) & np.isnan(pairs.once(pointer))
    return _where(found, np.ones(len(found)))


def pointer(pairs: Pairs) -> Values:
    """Whether one names the other: as where its money comes from or goes to, or as a further report of it."""
    named = pairs.crossed("names", "identified") | (pairs.shared("identified") > 0)
    return _where(named, np.ones(len(named)))


def lineage(pairs: Pairs) -> Values:
    """Whether they are parent and child, or parts of one: a relation that their reporters know of."""
    related = pairs.crossed("family", "identified")
    return _where(related, np.ones(len(related)))
