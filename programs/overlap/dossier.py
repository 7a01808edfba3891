"""What the page of a case shows: facts side by side, where and when, whose money, how the score adds up."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Q, Sum
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core.templatetags.figures import date_or_unknown, usd_or_unknown
from goals.outlines import outlines
from programs.models import Participation, Program, Transaction
from programs.overlap.calibrated import current_model
from programs.overlap.describe import LEAST_BITS, Explained, Names, explain_beside_typical
from programs.overlap.engine.score import Model, model
from programs.overlap.models import Overlap
from programs.overlap.quoting import Quotes
from programs.overlap.services.stakes import days_of

# So many of a case's pairs are drawn as waterfalls; every pair has one on its own page.
MOST_PAIRS_DRAWN = 6


@dataclass(frozen=True)
class Fact:
    """A fact of each program, in the order of the programs; `agrees` where all that state it state the same."""

    name: str
    values: list[list[str]]
    agrees: bool
    shared: frozenset[str]

    @property
    def cells(self) -> list[list[tuple[str, bool]]]:
        """For each program its values, each with whether every program has it."""
        return [[(value, value in self.shared) for value in values] for values in self.values]


@dataclass(frozen=True)
class Step:
    """A bar of the waterfall: a factor, the bits that it adds, and where its bar lies on a scale of 0 to 100."""

    factor: Explained
    bits: float
    left: float
    width: float
    total: float


@dataclass(frozen=True)
class Waterfall:
    """How the bits of a pair add up to the log-odds of its score, from those of a typical pair on; `zero`, where both
    are as likely, lies on the same scale."""

    overlap: Overlap
    steps: list[Step]
    total: float
    zero: float
    sum_left: float
    sum_width: float


@dataclass(frozen=True)
class Span:
    """A program's time on a scale of 0 to 100; open ends reach to the edge."""

    program: Program
    left: float
    width: float
    start_known: bool
    end_known: bool
    known: bool


@dataclass(frozen=True)
class Timeline:
    """The time of each program, when all of them run, today, and the years beneath."""

    spans: list[Span]
    together_left: float
    together_width: float
    together: tuple[date, date] | None
    today: float | None
    years: list[tuple[float, int]]


@dataclass(frozen=True)
class MapOfCase:
    """Areas to draw: (path or "", x, y, name, how many of the programs work there); `view` is the SVG's viewBox."""

    areas: list[tuple[str, int, int, str, int]]
    view: str
    named: list[tuple[str, int]]


@dataclass(frozen=True)
class Money:
    """The money of one program: in dollars, and its commitments and disbursements in their own currencies."""

    program: Program
    second_report: bool
    committed: list[tuple[str, Decimal]]
    disbursed: list[tuple[str, Decimal]]


def facts_of_programs(programs: Sequence[Program]) -> list[Fact]:
    """The facts side by side. Give programs read `for_page`: no query."""
    roles = Participation.Role
    rows: list[tuple[str, Callable[[Program], Iterable[Any]]]] = [
        (_("Goals"), lambda one: (row.goal for row in one.goals.all())),
        (_("Countries"), lambda one: (row for row in one.coverages.all())),
        (_("Places"), lambda one: (row for row in one.locations.all())),
        (_("Start"), lambda one: [date_or_unknown(one.start)] if one.start else []),
        (_("End"), lambda one: [date_or_unknown(one.end)] if one.end else []),
        (_("Sectors"), lambda one: (row.sector for row in one.sectors.all())),
        (_("Donors"), lambda one: _with_role(one, roles.FUNDING)),
        (_("Implementers"), lambda one: _with_role(one, roles.IMPLEMENTING)),
        (_("Committed"), lambda one: [usd_or_unknown(one.committed)] if one.committed is not None else []),
        (pgettext("program", "Status"), lambda one: [one.get_status_display()] if one.status else []),
        (_("Visible to"), lambda one: [one.get_visibility_display()]),
    ]
    return [_fact(name, [sorted({str(value) for value in values(one)}) for one in programs]) for name, values in rows]


def _fact(name: str, values: list[list[str]]) -> Fact:
    counted = Counter(value for of_one in values for value in of_one)
    shared = frozenset(value for value, number in counted.items() if number == len(values))
    agrees = bool(shared) and all(set(of_one) == shared for of_one in values)
    return Fact(name, values, agrees, shared)


def _with_role(program: Program, role: int) -> list[str]:
    return [str(part.organization) for part in program.participations.all() if part.role == role]


def waterfall_of(
    overlap: Overlap, names: Names, quotes: Quotes | None = None, numbers: Model | None = None
) -> Waterfall:
    """The factors of a pair as bars that begin where the one before ended, the first of them a typical pair's sum, and
    last what decisions taught. `numbers` is the model in use, asked for by a query unless given."""
    typical = model().typical_bits[overlap.kind]
    factors = [_typical_pair(overlap.kind), *_in_short(explain_beside_typical(overlap, names, typical, quotes))]
    factors += _taught(overlap, sum(factor.bits for factor in factors), numbers or current_model())
    ends = [0.0]
    for factor in factors:
        ends.append(ends[-1] + factor.bits)
    low, high = min(ends), max(ends)
    scale = 100 / ((high - low) or 1)
    steps = [
        Step(factor, factor.bits, (min(before, after) - low) * scale, abs(factor.bits) * scale, after)
        for factor, before, after in zip(factors, ends, ends[1:], strict=False)
    ]
    total = ends[-1]
    return Waterfall(overlap, steps, total, -low * scale, (min(0.0, total) - low) * scale, abs(total) * scale)


def _in_short(factors: list[Explained]) -> list[Explained]:
    """The factors, those whose bits would read 0.0 as one at the end that names them."""
    rest = [factor for factor in factors if abs(factor.bits) < LEAST_BITS]
    shown = [factor for factor in factors if abs(factor.bits) >= LEAST_BITS]
    if not rest:
        return shown
    sentence = _("These change little for this pair: %(factors)s.") % {
        "factors": ", ".join(factor.name for factor in rest)
    }
    return [*shown, Explained(_("Other factors"), sentence, 0.0, sum(factor.bits for factor in rest))]


def _typical_pair(kind: str) -> Explained:
    """What the pairs that the portal compares come to on average."""
    sentence = _("The average result for the pairs that the portal compares: most of them do not overlap.")
    bits = model().prior_bits[kind] + sum(model().typical_bits[kind].values())
    return Explained(_("Starting point (most pairs do not overlap)"), sentence, 1.0, bits)


def _taught(overlap: Overlap, total: float, numbers: Model) -> list[Explained]:
    """What the calibration makes of the sum of the factors, where the pair has its score from the model in use."""
    line = numbers.lines.get(overlap.kind)
    if line is None or overlap.model_version != numbers.version:
        return []
    sentence = _("What coordinators decided on such pairs changes the sum by this much.")
    return [Explained(_("Decisions so far"), sentence, 1.0, line.at(total) - total)]


def timeline_of(programs: Sequence[Program], today: date) -> Timeline | None:
    """When each program runs; None where nothing is known."""
    days = [days_of(program, today) for program in programs]
    known = [day for pair in days for day in pair if day]
    known += [today for program in programs if program.runs_past_its_end(today)]
    if not known:
        return None
    first, last = date(min(known).year, 1, 1), date(max(known).year, 12, 31)
    length = (last - first).days + 1

    def at(day: date) -> float:
        return 100 * (day - first).days / length

    spans = [
        Span(
            program,
            at(start or first),
            at((end or last) + timedelta(days=1)) - at(start or first),
            start is not None,
            end is not None,
            bool(start or end),
        )
        for program, (start, end) in zip(programs, days, strict=True)
    ]
    starts, ends = [start for start, _end in days if start], [end for _start, end in days if end]
    begin, finish = max(starts, default=first), min(ends, default=last)
    together = (begin, finish) if begin <= finish and all(start or end for start, end in days) else None
    step = max(1, (last.year - first.year + 1) // 8)
    return Timeline(
        spans,
        at(begin) if together else 0,
        at(finish + timedelta(days=1)) - at(begin) if together else 0,
        together,
        at(today) if first <= today <= last else None,
        [(at(date(year, 1, 1)), year) for year in range(first.year, last.year + 1, step)],
    )


def map_of(programs: Sequence[Program]) -> MapOfCase | None:
    """The areas that programs name, in the countries they lie in; None where none names an area."""
    counted: Counter[str] = Counter()
    for program in programs:
        counted.update({row.area_id for row in program.locations.all() if row.area_id in outlines()})
    if not counted:
        return None
    countries = {outlines()[code][1] for code in counted}
    drawn = {code: row for code, row in outlines().items() if row[1] in countries}
    xs, ys = [row[2] for row in drawn.values()], [row[3] for row in drawn.values()]
    # The numbers are the middles of areas: an edge beside them for the areas themselves.
    edge = 70
    view = f"{min(xs) - edge} {min(ys) - edge} {max(xs) - min(xs) + 2 * edge} {max(ys) - min(ys) + 2 * edge}"
    areas = [(row[4], row[2], row[3], row[0], counted[code]) for code, row in drawn.items()]
    named = sorted(((drawn[code][0], number) for code, number in counted.items()), key=lambda one: (-one[1], one[0]))
    return MapOfCase(areas, view, named)


def money_of(programs: Sequence[Program], duplicate_reports: set[int]) -> list[Money]:
    """The money of each program: one query."""
    kinds = Transaction.Type
    moved = (kinds.DISBURSEMENT, kinds.EXPENDITURE)
    rows = (
        Transaction.objects.filter(Q(program__in=programs), type__in=(kinds.COMMITMENT, *moved))
        .order_by("currency")
        .values_list("program_id", "type", "currency")
        .annotate(total=Sum("value"))
    )
    sums: dict[tuple[int, bool], dict[str, Decimal]] = {}
    for program, kind, currency, total in rows:
        of_it = sums.setdefault((program, kind in moved), {})
        of_it[currency] = of_it.get(currency, Decimal(0)) + total
    return [
        Money(
            program,
            program.pk in duplicate_reports,
            sorted(sums.get((program.pk, False), {}).items()),
            sorted(sums.get((program.pk, True), {}).items()),
        )
        for program in programs
    ]
