"""What the region at a glance shows besides the matrix: layers, money over time, what ends, what is regional, news."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from core.money import UsdSum
from core.templatetags.figures import usd_short
from donors.models import Organization
from goals.codes import SEVEN
from goals.models import Goal
from programs.models import Coverage, Program
from programs.money.memory import Memory
from programs.money.once import Once
from programs.overlap.models import Overlap
from programs.querysets import REGIONAL, covering
from programs.region import counting, planning
from programs.region.counting import programs_counted, programs_in_region
from programs.region.gaps import Gaps, Need
from programs.region.matrix import Cell, Matrix
from programs.region.planned_after import PlannedAfter, planned_after

if TYPE_CHECKING:
    from donors.models import User

LAYERS: dict[str, Promise] = {
    "all": _("All together"),
    "programs": _("Programs"),
    "committed": _("Committed"),
    "disbursed": _("Disbursed"),
    "overlaps": _("Overlaps"),
    "gaps": _("Gaps"),
}
SHADES = (0.15, 0.4, 0.7)
MOST_ENDING, MOST_REGIONAL, MOST_DONORS, MOST_NEWS = 8, 6, 6, 5
YEARS_SHOWN = 8
# As many years after this one are shown as something is planned for, up to so many.
YEARS_AHEAD = 4


@dataclass(frozen=True)
class LayerCell:
    """A cell of one layer: its words, where it leads, and how dark it is (0 to 4, by its part of the largest)."""

    words: str
    address: str
    shade: int
    value: Decimal


def layer_rows(name: str, matrix: Matrix, gaps: Gaps | None) -> list[tuple[Goal, list[LayerCell]]]:
    """A row of cells for each goal, of the layer of that name."""
    needs = gaps.by_cell() if gaps else {}
    values = {key: _value(name, cell, needs.get(key)) for key, cell in matrix.cells.items()}
    most = max(values.values(), default=Decimal(0))
    return [
        (
            goal,
            [
                _layer_cell(name, matrix.cells[goal.number, code], values[goal.number, code], most, needs)
                for code, _name in matrix.columns
            ],
        )
        for goal in matrix.goals
    ]


def _value(name: str, cell: Cell, need: Need | None) -> Decimal:
    if name == "gaps":
        return need.missing if need else Decimal(0)
    if name in ("committed", "disbursed"):
        return cell.committed_usd if name == "committed" else cell.disbursed_usd
    return Decimal(cell.overlaps if name == "overlaps" else cell.programs)


def _layer_cell(name: str, cell: Cell, value: Decimal, most: Decimal, needs: dict[Any, Need]) -> LayerCell:
    shade = 0 if not value or not most else 1 + sum(float(value / most) > bound for bound in SHADES)
    words = usd_short(value) if name in ("committed", "disbursed", "gaps") and value else str(value or "–")
    if name == "gaps" and not value and needs[cell.goal, cell.country].gap:
        words = needs[cell.goal, cell.country].gap_label
    address = f"{reverse('programs:list')}?{cell.programs_query}"
    if name == "overlaps":
        address = f"{reverse('overlap:list')}?{cell.overlaps_query}"
    if name == "gaps":
        address = f"{reverse('region:gaps')}#gap-{cell.goal}-{cell.country}"
        address = address if needs[cell.goal, cell.country].gap else f"{reverse('programs:list')}?{cell.programs_query}"
    return LayerCell(words, address, shade, value)


@dataclass(frozen=True)
class Series:
    """A goal or a donor: for each year US dollars committed, disbursed or spent, and planned; `total` is all that is
    committed, dated or not."""

    label: str
    address: str
    years: list[tuple[int, Decimal, Decimal, Decimal]]
    total: Decimal

    @property
    def committed(self) -> Decimal:
        return sum((committed for _year, committed, _moved, _planned in self.years), Decimal(0))

    @property
    def disbursed(self) -> Decimal:
        return sum((disbursed for _year, _committed, disbursed, _planned in self.years), Decimal(0))


def dated_percent(series: Sequence[Series]) -> int | None:
    """How much of what is committed the years of a chart hold, which only know of dated transactions."""
    total = sum((one.total for one in series), Decimal(0))
    return round(sum((one.committed for one in series), Decimal(0)) / total * 100) if total else None


def title_of(title: str, series: Sequence[Series], today: date) -> str:
    """The title of a chart with what it holds."""
    if (percent := dated_percent(series)) is None:
        return title
    years = years_until(today)
    return _("%(title)s: dated transactions of %(first)s–%(last)s only (%(percent)s %% of committed)") % {
        "title": title,
        "first": years[0],
        "last": years[-1],
        "percent": percent,
    }


def years_until(today: date) -> list[int]:
    return list(range(today.year - YEARS_SHOWN + 1, today.year + 1))


def _planned_years(plans: planning.Plans) -> int:
    """The last year that anything is planned for; 0 where nothing is."""
    return max((year for years in plans.values() for year, usd in years.items() if usd), default=0)


def money_by_goal(user: "User", today: date, totals: Mapping[int, Decimal], once: Once | None = None) -> list[Series]:
    """A series for each goal; three queries."""
    years = years_until(today)
    found = counting.years_by_goal(user, years[0], years[-1], once)
    plans = _of_goals(planning.planned_by_cell(user, years[0], today.year + YEARS_AHEAD, once))
    years += range(today.year + 1, _planned_years(plans) + 1)
    return [
        _series(
            str(goal),
            reverse("reports:goal", args=[goal.pk]),
            found.get(goal.pk, {}),
            plans.get((goal.pk,), {}),
            years,
            totals[goal.pk],
        )
        for goal in Goal.objects.all()
    ]


def money_by_donor(user: "User", today: date, once: Once | None = None) -> list[Series]:
    """A series for each of the donors with most money in these years; five queries."""
    years = years_until(today)
    found = counting.years_by_donor(user, years[0], years[-1], once)
    plans = planning.planned_by_donor(user, years[0], today.year + YEARS_AHEAD, once)
    years += range(today.year + 1, _planned_years(plans) + 1)
    who_plans = {pk for (pk,), by_year in plans.items() if any(by_year.values())}

    def size(pk: int) -> tuple[Decimal, Decimal, int]:
        committed = sum((committed for committed, _moved in found.get(pk, {}).values()), Decimal(0))
        return -committed, -sum(plans.get((pk,), {}).values(), Decimal(0)), pk

    largest = sorted({*found, *who_plans}, key=size)
    shown = largest[:MOST_DONORS]
    bodies = Organization.objects.in_bulk(shown)
    totals = {pk: funded.committed_usd for pk, funded in counting.funded(user, shown, once).items()}
    return [
        _series(
            str(bodies[pk]),
            reverse("region:donor", args=[pk]),
            found.get(pk, {}),
            plans.get((pk,), {}),
            years,
            totals.get(pk, Decimal(0)),
        )
        for pk in shown
    ]


@dataclass(frozen=True)
class YearOf:
    """A year of a goal (its number) or of a donor (its id): US dollars committed, disbursed or spent, and planned."""

    goal: int | None
    organization: int | None
    year: int
    committed_usd: Decimal
    disbursed_usd: Decimal
    planned_usd: Decimal


def all_years(user: "User", today: date, once: Once | None = None) -> list[YearOf]:
    """Each year of each goal and of each donor that has any money; four queries."""
    first, last, until = years_until(today)[0], today.year, today.year + YEARS_AHEAD
    by_goal = counting.years_by_goal(user, first, last, once)
    plans = _of_goals(planning.planned_by_cell(user, first, until, once))
    by_donor = counting.years_by_donor(user, first, last, once)
    donors = planning.planned_by_donor(user, first, until, once)
    return [
        *(YearOf(key, None, *row) for key, row in _joined(by_goal, plans)),
        *(YearOf(None, key, *row) for key, row in _joined(by_donor, donors)),
    ]


def _joined(
    found: counting.Years, plans: planning.Plans
) -> Iterator[tuple[int, tuple[int, Decimal, Decimal, Decimal]]]:
    nothing = (Decimal(0), Decimal(0))
    for key in sorted({*found, *(key for (key,) in plans)}):
        own, planned = found.get(key, {}), plans.get((key,), {})
        for year in sorted({*own, *planned}):
            amounts = (*own.get(year, nothing), planned.get(year, Decimal(0)))
            if any(amounts):
                yield key, (year, *amounts)


def _of_goals(by_cell: planning.Plans) -> planning.Plans:
    """What is planned for each goal, in all columns together."""
    plans: planning.Plans = {}
    for (goal, _place), by_year in by_cell.items():
        of_goal = plans.setdefault((goal,), {})
        for year, usd in by_year.items():
            of_goal[year] = of_goal.get(year, UsdSum(0)) + usd
    return plans


def _series(
    label: str,
    address: str,
    found: dict[int, tuple[Decimal, Decimal]],
    plans: Mapping[int, Decimal],
    years: list[int],
    total: Decimal,
) -> Series:
    nothing = (Decimal(0), Decimal(0))
    rows = [(year, *found.get(year, nothing), plans.get(year, Decimal(0))) for year in years]
    return Series(label, address, rows, total)


@dataclass(frozen=True)
class Ending:
    """A program that ends soon, with others of its goals and places that go on: how many, and some of them; and what is
    planned there after it."""

    program: Program
    others: int
    some: list[Program]
    after: PlannedAfter


def ending(user: "User", today: date, memory: Memory | None = None) -> tuple[int, list[Ending]]:
    """How many programs end in the next 12 months, and the largest of them; eight queries."""
    soon = dict(programs_in_region(user).ending_soon(today).order_by().values_list("pk", "committed_usd"))
    first = _largest(soon, MOST_ENDING)
    known = Program.objects.for_list().in_bulk(first)
    largest = [known[pk] for pk in first]
    going = counting.going_on(user, [program.pk for program in largest])
    others = Program.objects.select_related("reporting_org").in_bulk({pk for _n, some in going.values() for pk in some})
    after = planned_after(user, largest, today, memory or Memory(user))
    return len(soon), [
        Ending(program, number, [others[pk] for pk in some], after[program.pk])
        for program in largest
        for number, some in [going.get(program.pk, (0, []))]
    ]


def _largest(programs: Mapping[int, Decimal | None], number: int) -> list[int]:
    """Of programs and what they commit, those that commit most."""
    return sorted(programs, key=lambda pk: (programs[pk] is None, -(programs[pk] or 0), pk))[:number]


@dataclass(frozen=True)
class Across:
    """Programs of more than one country: for the region as a whole, and for two or more of the seven."""

    regional: int
    several: int
    largest: list[Program]


def across(user: "User") -> Across:
    """Two queries, and what a list needs."""
    programs = programs_counted(user)
    of_seven = Coverage.objects.filter(country__in=SEVEN).order_by().values("program")
    as_a_whole = Coverage.objects.filter(covering(REGIONAL)).order_by().values("program")
    several = programs.filter(
        pk__in=of_seven.annotate(countries=Count("pk")).filter(countries__gte=2).values("program")
    )
    regional = programs.filter(pk__in=as_a_whole)
    found = [dict(kind.order_by().values_list("pk", "committed_usd")) for kind in (regional, several)]
    first = _largest(found[0] | found[1], MOST_REGIONAL)
    known = Program.objects.for_list().in_bulk(first)
    return Across(len(found[0]), len(found[1]), [known[pk] for pk in first])


@dataclass(frozen=True)
class News:
    """What is new to somebody since a time."""

    since: datetime
    added: int
    changed: int
    overlaps: int
    programs: list[Program]

    @property
    def sentences(self) -> list[str]:
        return [
            ngettext("%(n)s new program", "%(n)s new programs", self.added) % {"n": self.added},
            ngettext("%(n)s changed program", "%(n)s changed programs", self.changed) % {"n": self.changed},
            ngettext("%(n)s new overlap", "%(n)s new overlaps", self.overlaps) % {"n": self.overlaps},
        ]


def news(user: "User", since: datetime | None) -> News | None:
    """New and changed programs, and overlaps flagged, since then; two queries, and what a list needs."""
    if since is None:
        return None
    programs = programs_in_region(user).filter(updated_at__gt=since)
    counts = programs.aggregate(
        added=Count("pk", filter=Q(created_at__gt=since)), changed=Count("pk", filter=Q(created_at__lte=since))
    )
    overlaps = Overlap.objects.visible_to(user).open().filter(first_flagged_at__gt=since).count()
    latest = list(programs.select_related("reporting_org").order_by("-updated_at", "-id")[:MOST_NEWS])
    return News(since, counts["added"], counts["changed"], overlaps, latest)
