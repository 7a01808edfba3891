"""Where help is missing: need and money side by side for each goal in each country. The formula is in docs/gaps.md."""

import datetime as dt
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.utils import timezone

from core.money import to_cent
from donors.models import Organization
from goals.figures import CountryFigures, country_figures
from goals.models import Country, Goal, Priority
from programs.filters import NOT_CANCELLED
from programs.money.memory import Memory, once_kept
from programs.querysets import REGIONAL
from programs.region import counting

if TYPE_CHECKING:
    from donors.models import User

# A homicide rate counts as so many times the average of the known ones, within these bounds.
LEAST_RATE, MOST_RATE = 0.5, 2.0
# Of what the need would get: less than half is a gap, more than one and a half is thick.
BARE, THICK = 0.5, 1.5
MOST_DONORS = 3


@dataclass
class Need:
    """A goal in a country (or for the region): what is asked for, what is there, and what the need would get.

    Money is in US dollars, committed by programs of today and later, by their shares; duplicate reports left out.
    """

    goal: Goal
    code: str
    name: str
    figures: CountryFigures | None
    priorities: list[Priority] = field(default_factory=list)
    programs: int = 0
    money: Decimal = Decimal(0)
    weight: float = 0.0
    expected: Decimal = Decimal(0)
    here: list[Organization] = field(default_factory=list)
    on_the_goal: list[Organization] = field(default_factory=list)

    @property
    def missing(self) -> Decimal:
        """What is short of what the need would get; 0 where nothing is."""
        return max(Decimal(0), self.expected - self.money)

    @property
    def ratio(self) -> float:
        """The money there is, as a part of what the need would get."""
        return float(self.money / self.expected) if self.expected else 0.0

    @property
    def is_bare(self) -> bool:
        return self.programs == 0 or (self.expected > 0 and self.ratio < BARE)

    @property
    def is_thick(self) -> bool:
        return self.ratio > THICK

    @property
    def first_rank(self) -> int | None:
        """The rank of the most urgent priority, None where nothing is asked for."""
        return min((priority.rank for priority in self.priorities), default=None)

    @property
    def priority_ids(self) -> list[int]:
        return [priority.pk for priority in self.priorities]

    @property
    def here_ids(self) -> list[int]:
        return [donor.pk for donor in self.here]

    @property
    def on_the_goal_ids(self) -> list[int]:
        return [donor.pk for donor in self.on_the_goal]

    @property
    def percent(self) -> int:
        return round(self.ratio * 100)

    @property
    def programs_query(self) -> str:
        """The query string of the list of the programs counted."""
        today = timezone.localdate().isoformat()
        return urlencode({"goal": self.goal.pk, "country": self.code, "start": today, "status": NOT_CANCELLED})


@dataclass
class Gaps:
    """All needs, ranked: what is missing first; and what is thick while a higher priority of the place is bare."""

    needs: list[Need]
    missing: list[Need]
    thick: list[tuple[Need, list[Need]]]
    total: Decimal
    average_rate: float | None

    def by_cell(self) -> dict[tuple[int, str], Need]:
        return {(need.goal.pk, need.code): need for need in self.needs}


def gaps(user: "User", regional_name: str, today: dt.date, memory: Memory) -> Gaps:
    """The needs as `user` may see what answers them: eight queries, whatever the size."""
    figures = country_figures()
    seven = sorted(
        ((country.pk, country.name) for country in Country.objects.filter(in_carsi=True)), key=lambda row: row[1]
    )
    needs = {
        (goal.pk, code): Need(goal, code, name, figures.get(code))
        for goal in Goal.objects.all()
        for code, name in [*seven, (REGIONAL, regional_name)]
    }
    for priority in Priority.objects.within(today, today).for_list():
        needs[priority.goal_id, priority.country_id or REGIONAL].priorities.append(priority)
    running = memory.keep("running", lambda: counting.running(user, today, once_kept(user, memory)))
    for cell, (programs, money) in running.items():
        needs[cell].programs, needs[cell].money = programs, money
    rates = [float(row.homicide_rate) for row in figures.values() if row.homicide_rate is not None]
    average = sum(rates) / len(rates) if rates else None
    _weigh(list(needs.values()), figures, average)
    found = list(needs.values())
    total = sum((need.money for need in found), Decimal(0))
    weights = sum(need.weight for need in found)
    for need in found:
        need.expected = to_cent(total * Decimal(need.weight / weights)) if weights else Decimal(0)
    bare = sorted(
        (need for need in found if need.is_bare),
        key=lambda need: (-need.missing, -need.weight, need.goal.pk, need.code),
    )
    _name_donors(bare, memory.keep("donors-running", lambda: counting.donors_running(user, today)))
    thick = [(need, _barer(need, bare)) for need in found if need.is_thick]
    return Gaps(
        needs=found,
        missing=bare,
        thick=sorted((row for row in thick if row[1]), key=lambda row: -(row[0].money - row[0].expected)),
        total=total,
        average_rate=average,
    )


def _weigh(needs: list[Need], figures: dict[str, CountryFigures], average: float | None) -> None:
    """Square root of the population x homicides against the average x priorities."""
    roots = [row.population**0.5 for row in figures.values()]
    mean = sum(roots) / len(roots)
    for need in needs:
        size = need.figures.population**0.5 / mean if need.figures else 1.0
        rate = need.figures.homicide_rate if need.figures else None
        safety = min(MOST_RATE, max(LEAST_RATE, float(rate) / average)) if rate is not None and average else 1.0
        asked = 1.0 + sum(1 / priority.rank for priority in need.priorities)
        need.weight = size * safety * asked


def _barer(thick: Need, bare: list[Need]) -> list[Need]:
    """Goals of the same place that are bare although a priority of theirs ranks at least as high."""
    rank = thick.first_rank
    return [
        need
        for need in bare
        if need.code == thick.code and need.first_rank is not None and (rank is None or need.first_rank <= rank)
    ]


def _name_donors(bare: list[Need], funded: list[tuple[int, str, int, int]]) -> None:
    """For each gap the donors with most programs in the place, and those with most on the goal elsewhere."""
    in_place: dict[str, Counter[int]] = defaultdict(Counter)
    on_goal: dict[int, Counter[int]] = defaultdict(Counter)
    for goal, place, donor, programs in funded:
        in_place[place][donor] += programs
        on_goal[goal][donor] += programs
    bodies = Organization.objects.in_bulk({pk for counter in in_place.values() for pk in counter})

    def first(counter: Counter[int]) -> list[Organization]:
        ranked = sorted(counter.items(), key=lambda row: (-row[1], row[0]))
        return [bodies[pk] for pk, _programs in ranked[:MOST_DONORS]]

    for need in bare:
        need.here, need.on_the_goal = first(in_place[need.code]), first(on_goal[need.goal.pk])
