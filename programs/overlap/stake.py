"""The priority of a case: high, medium or low, by one number of 0 to 100 that the queue is ordered by.

    points = 100 x amount x probability x place x time

each factor 0 to 1: how much may be spent twice, how sure the engine is, how precisely it knows where the two meet and
how much of it can still be changed. The priority of a case is that of its weightiest open pair, so what a person may
not see adds nothing to it. docs/queue.md says the same in words.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from math import log10

from django.db import models
from django.utils.translation import gettext_lazy as _

from programs.overlap.amounts import DAYS_A_MONTH, Days

# The amount counts by its digits: not at all up to the first of these US dollars, in full from the last on.
LEAST_USD, MOST_USD = 10_000, 10_000_000
# The place of an amount that nobody knows: the middle.
UNKNOWN_AMOUNT = 0.5
# How precise the place is: a locality, an area, a country, a region, nothing.
LOCALITY, AREA, COUNTRY, REGION, NOWHERE = 1.0, 0.9, 0.7, 0.5, 0.4
# How much can still be changed: over; time unknown; the least of what runs.
OVER, UNKNOWN_TIME, LEAST_RUNNING = 0.1, 0.5, 0.25
# So many months left are enough to change all of it; what begins so much later can wait.
MONTHS_ENOUGH, MONTHS_AWAY, LEAST_AWAY = 24, 12, 0.5
# From so many points on.
HIGH_FROM, MEDIUM_FROM = 25, 10


class Priority(models.TextChoices):
    """What a person reads of the points."""

    HIGH = "high", _("Priority: high")
    MEDIUM = "medium", _("Priority: medium")
    LOW = "low", _("Priority: low")


def priority_of(points: float) -> Priority:
    """By the whole points that pages show."""
    shown = round(points)
    return Priority.HIGH if shown >= HIGH_FROM else Priority.MEDIUM if shown >= MEDIUM_FROM else Priority.LOW


@dataclass(frozen=True)
class Stake:
    """A pair's points and the factors that they are the product of; `money_usd` is its amount in US dollars."""

    score: float
    money_usd: Decimal | None
    place: float
    time: float

    @property
    def amount(self) -> float:
        """How much the amount counts."""
        return amount_factor(self.money_usd)

    @property
    def total(self) -> float:
        return 100 * self.amount * self.score * self.place * self.time

    @property
    def points(self) -> int:
        """The points as pages show them."""
        return round(self.total)


def stake_of(
    score: float, money_usd: Decimal | None, sites: Sequence[str], one: Days, other: Days, today: date
) -> Stake:
    """The stake of a pair: its score, its money, where it meets, and the first and last days of both programs."""
    return Stake(score, money_usd, place_factor(sites), time_factor(one, other, today))


def amount_factor(money_usd: Decimal | None) -> float:
    """How much an amount counts: the same step for each tenfold of it, and the middle where it is unknown."""
    if money_usd is None:
        return UNKNOWN_AMOUNT
    if money_usd <= LEAST_USD:
        return 0.0
    return min(1.0, log10(float(money_usd) / LEAST_USD) / log10(MOST_USD / LEAST_USD))


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
