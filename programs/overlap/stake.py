"""The priority score of a pair: the one formula that the queue is ordered by.

    stake = score x money x place x time

in US dollars: what may be spent twice, weighed by how sure the engine is, how precisely it knows where the two meet
and how much of it can still be changed. The stake of a case is that of its weightiest pair, so what a person may not
see adds nothing to it. docs/queue.md says the same in words.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from core.money import to_cent

# Money that nobody stated counts as this: less than nearly every program has, so that it neither leads nor vanishes.
UNKNOWN_MONEY_USD = 100_000
# How precise the place is: a locality, an area, a country, a region, nothing.
LOCALITY, AREA, COUNTRY, REGION, NOWHERE = 1.0, 0.7, 0.3, 0.15, 0.1
# How much can still be changed: over; time unknown; the least of what runs.
OVER, UNKNOWN_TIME, LEAST_RUNNING = 0.1, 0.5, 0.25
# So many months left are enough to change all of it; what begins so much later can wait.
MONTHS_ENOUGH, MONTHS_AWAY, LEAST_AWAY = 24, 12, 0.5
DAYS_A_MONTH = 30.4375

Days = tuple[date | None, date | None]


@dataclass(frozen=True)
class Stake:
    """A pair's stake in US dollars, and the factors that it is the product of."""

    score: float
    money_usd: Decimal | None
    place: float
    time: float

    @property
    def money(self) -> float:
        """The money that counts, in US dollars."""
        return float(UNKNOWN_MONEY_USD if self.money_usd is None else self.money_usd)

    @property
    def total(self) -> float:
        return self.score * self.money * self.place * self.time

    @property
    def total_usd(self) -> Decimal:
        """The total to the cent, for pages."""
        return to_cent(Decimal(self.total))


def stake_of(
    score: float, money_usd: Decimal | None, sites: Sequence[str], one: Days, other: Days, today: date
) -> Stake:
    """The stake of a pair: its score, its money, where it meets, and the first and last days of both programs."""
    return Stake(score, money_usd, place_factor(sites), time_factor(one, other, today))


def place_factor(sites: Sequence[str]) -> float:
    """How precise the place is, by the narrowest of the places in common (see clustering.sites_of)."""
    return max((_precision(site) for site in sites), default=NOWHERE)


def _precision(site: str) -> float:
    if "/" in site:
        return LOCALITY
    if "-" in site:
        return AREA
    if site.isdigit():
        return REGION
    return COUNTRY if len(site) == 2 else NOWHERE


def time_factor(one: Days, other: Days, today: date) -> float:
    """How much of the time that both run can still be changed.

    All of it where it begins within a year; less, the later it begins or the fewer of two years are left of it; next
    to nothing where it is over.
    """
    starts = [start for start, _end in (one, other) if start]
    ends = [end for _start, end in (one, other) if end]
    begins, finishes = max(starts, default=None), min(ends, default=None)
    if finishes and finishes < today:
        return OVER
    if begins and begins > today:
        late = _months(today, begins) - MONTHS_AWAY
        return 1 - (1 - LEAST_AWAY) * min(1.0, max(0.0, late) / MONTHS_ENOUGH)
    if finishes is None:
        return UNKNOWN_TIME
    return LEAST_RUNNING + (1 - LEAST_RUNNING) * min(1.0, _months(today, finishes) / MONTHS_ENOUGH)


def _months(first: date, last: date) -> float:
    return (last - first).days / DAYS_A_MONTH
