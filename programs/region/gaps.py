"""Where help is missing: need and money side by side for each goal in each country. The formula is in docs/gaps.md.

What is a gap is said here and nowhere else: Need.gap for a goal in a country, and gaps_in_area for an area.
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.money import to_cent
from donors.models import Organization
from goals.figures import CountryFigures, country_figures
from goals.models import Country, Goal, Priority
from programs.filters import NOT_CANCELLED
from programs.models import Program
from programs.money.memory import Memory, once_kept
from programs.priorities.coverage import with_coverage
from programs.querysets import REGIONAL, ProgramQuerySet
from programs.region import counting, planning

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from donors.models import User

# A homicide rate counts as so many times the average of the known ones, within these bounds.
LEAST_RATE, MOST_RATE = 0.5, 2.0
# Of what the need would get: less than half is a gap, more than one and a half is thick.
BARE, THICK = 0.5, 1.5
MOST_DONORS = 3
BAR = 1000
# The goal of cooperation between countries.
REGIONAL_COOPERATION = 5


class Gap(models.TextChoices):
    """The two kinds of gap."""

    NO_PROGRAM = "no_program", _("no current program")
    SHORT = "short", _("less than half of the expected share")


@dataclass(frozen=True)
class Bar:
    """How long the bars of a need are, in parts of BAR."""

    expected: int
    money: int


@dataclass
class Need:
    """A goal in a country (or for the region): what is asked for, what is there, and what the need would get.

    Money is in US dollars, committed by programs of today and later, by their shares; duplicate reports left out.
    `planned` is what is planned for the `next_year`.
    """

    goal: Goal
    code: str
    name: str
    figures: CountryFigures | None
    priorities: list[Priority] = field(default_factory=list)
    programs: int = 0
    money: Decimal = Decimal(0)
    planned: Decimal = Decimal(0)
    next_year: int = 0
    weight: float = 0.0
    expected: Decimal = Decimal(0)
    bar: Bar | None = None
    here: list[Organization] = field(default_factory=list)
    on_the_goal: list[Organization] = field(default_factory=list)

    @property
    def missing(self) -> Decimal:
        """Of a gap what it is short of its expected share; 0 of what is no gap."""
        return max(Decimal(0), self.expected - self.money) if self.gap else Decimal(0)

    @property
    def ratio(self) -> float:
        """The money there is, as a part of what the need would get."""
        return float(self.money / self.expected) if self.expected else 0.0

    @property
    def gap(self) -> Gap | None:
        """Which kind of gap it is; None where it is none."""
        if self.programs == 0:
            return Gap.NO_PROGRAM
        return Gap.SHORT if self.expected > 0 and self.ratio < BARE else None

    @property
    def gap_label(self) -> str:
        return str(self.gap.label) if self.gap else ""

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

    def shown(self, goal: str, country: str) -> list[Need]:
        """The gaps of a goal and a country, those of all where these are none; each with its bar, to one scale."""
        most = max((max(need.expected, need.money) for need in self.missing), default=Decimal(0)) or Decimal(1)
        shown = [need for need in self.missing if goal in ("", str(need.goal.pk)) and country in ("", need.code)]
        for need in shown:
            need.bar = Bar(round(need.expected / most * BAR), round(need.money / most * BAR))
        return shown

    def by_cell(self) -> dict[tuple[int, str], Need]:
        return {(need.goal.pk, need.code): need for need in self.needs}


def needs_of(user: "User | AnonymousUser", regional_name: str, today: dt.date, memory: Memory) -> list[Need]:
    """All needs as `user` may see what answers them: seven queries, whatever the size."""
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
    running = counting.served_kept(user, today, memory).running
    for cell, (programs, money) in running.items():
        needs[cell].programs, needs[cell].money = programs, money
    following = today.year + 1
    planned = memory.keep(
        "planned-next", lambda: planning.planned_by_cell(user, following, following, once_kept(user, memory))
    )
    for key, need in needs.items():
        need.next_year, need.planned = following, planned.get(key, {}).get(following, Decimal(0))
    _weigh(list(needs.values()), figures, _average_rate(figures))
    found = list(needs.values())
    total = sum((need.money for need in found), Decimal(0))
    weights = sum(need.weight for need in found)
    for need in found:
        need.expected = to_cent(total * Decimal(need.weight / weights)) if weights else Decimal(0)
    return found


def gaps_among(needs: Iterable[Need]) -> list[Need]:
    """Those of the needs that are gaps, what is missing most first."""
    bare = [need for need in needs if need.gap]
    return sorted(bare, key=lambda need: (-need.missing, -need.weight, need.goal.pk, need.code))


def gaps_in_area(programs: ProgramQuerySet, goals: Iterable[Goal], today: dt.date) -> list[Goal]:
    """The goals without a current program among these, which are all that a reader may see in an area: one query.

    What a need would get is not known of an area, so that this is the only kind of gap there; regional cooperation
    (goal 5) is no department's gap.
    """
    running = programs.running_between(today, None, today).exclude(status=Program.Status.CANCELLED)
    served = set(running.order_by().values_list("goals__goal", flat=True).distinct())
    return [goal for goal in goals if goal.pk not in served and goal.pk != REGIONAL_COOPERATION]


def gaps(user: "User", found: list[Need], today: dt.date, memory: Memory) -> Gaps:
    """The needs with their gaps, who might fill them and what answers their priorities: three queries, whatever the
    size."""
    bare = gaps_among(found)
    asked = [priority for need in found for priority in need.priorities]
    covered = with_coverage(Priority.objects.filter(pk__in=[one.pk for one in asked]), user)
    coverage = {pk: counts for pk, *counts in covered.values_list("pk", "confirmed", "proposed")}
    for priority in asked:
        confirmed, proposed = coverage[priority.pk]
        vars(priority).update(confirmed=confirmed, proposed=proposed)
    _name_donors(bare, memory.keep("donors-running", lambda: counting.donors_running(user, today)))
    thick = [(need, _barer(need, bare)) for need in found if need.is_thick]
    return Gaps(
        needs=found,
        missing=bare,
        thick=sorted((row for row in thick if row[1]), key=lambda row: -(row[0].money - row[0].expected)),
        total=sum((need.money for need in found), Decimal(0)),
        average_rate=_average_rate(country_figures()),
    )


def _average_rate(figures: dict[str, CountryFigures]) -> float | None:
    rates = [float(row.homicide_rate) for row in figures.values() if row.homicide_rate is not None]
    return sum(rates) / len(rates) if rates else None


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
