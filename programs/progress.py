"""How far programs are towards what they are to bring about, as pages show it."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.utils import timezone
from django.utils.translation import gettext as _

from donors.models import Organization
from programs.models import PlannedYear, ProgramResult, ResultIndicator
from programs.services import IndicatorData, PeriodData, SustainabilityData, stored_outlooks


@dataclass(frozen=True)
class ShownIndicator:
    """`percent` is how much of the way from baseline to target is gone, 0 to 100; None where it cannot be told."""

    indicator: IndicatorData
    percent: int | None
    latest: PeriodData | None
    unit: str

    @property
    def baseline(self) -> Decimal | None:
        return self.indicator.baseline_value


@dataclass(frozen=True)
class ShownResult:
    kind: str
    title: str
    description: str
    indicators: tuple[ShownIndicator, ...]


@dataclass(frozen=True)
class ShownOutlook:
    """`is_ending` where the funding ends within a year, or has ended, and nobody confirmed to carry it on."""

    results: tuple[ShownResult, ...]
    after: SustainabilityData
    organization: Organization | None

    def __bool__(self) -> bool:
        return bool(self.results) or self.after != SustainabilityData()

    @property
    def is_ending(self) -> bool:
        ends = self.after.funding_ends
        return bool(ends and ends <= timezone.localdate() + dt.timedelta(days=365) and not self.after.confirmed)

    @property
    def confirmed(self) -> str:
        return {True: _("confirmed"), False: _("not confirmed"), None: _("unknown whether confirmed")}[
            self.after.confirmed
        ]


def shown_outlooks(programs: Iterable[int]) -> dict[int, ShownOutlook]:
    """Program's id -> its results and what comes after its funding; five queries, however many programs.

    Programs of which neither is known are not in it. Whether the reader may see them is the caller's to have asked.
    """
    found = stored_outlooks(programs)
    ids = {row.sustainability.organization_id for row in found.values()} - {None}
    bodies = Organization.objects.in_bulk(ids) if ids else {}
    kinds = dict(ProgramResult.Type.choices)
    shown = {}
    for program, outlook in found.items():
        results = tuple(
            ShownResult(str(kinds[row.type]), row.title, row.description, tuple(_shown(one) for one in row.indicators))
            for row in outlook.results
        )
        after = outlook.sustainability
        shown[program] = ShownOutlook(results, after, bodies.get(after.organization_id or 0))
    return shown


def planned_ahead(programs: Iterable[int]) -> dict[int, list[PlannedYear]]:
    """Program -> the years after this one that it plans money for; a query."""
    found: dict[int, list[PlannedYear]] = {}
    rows = PlannedYear.objects.filter(program__in=list(programs), year__gt=timezone.localdate().year)
    for row in rows.order_by("program", "year"):
        found.setdefault(row.program_id, []).append(row)
    return found


def _shown(indicator: IndicatorData) -> ShownIndicator:
    measured = [row for row in indicator.periods if row.actual is not None]
    planned = [row for row in indicator.periods if row.target is not None]
    latest = max(measured or planned, key=lambda row: (row.end, row.start), default=None)
    unit = " %" if indicator.measure == ResultIndicator.Measure.PERCENTAGE else ""
    return ShownIndicator(indicator, progress(indicator, latest), latest, unit)


def progress(indicator: IndicatorData, period: PeriodData | None) -> int | None:
    """Percent of the way from the baseline (0 where none is stated and more is better) to the period's target.

    None where target or actual is unknown, where less is better and no baseline is stated, where baseline and target
    are one, and for what is no quantity (ordinal, qualitative).
    """
    if period is None or period.target is None or period.actual is None or indicator.measure in (4, 5):
        return None
    start = indicator.baseline_value
    if start is None:
        if not indicator.ascending:
            return None
        start = Decimal(0)
    way = period.target - start
    if not way:
        return None
    percent = ((period.actual - start) / way * 100).quantize(Decimal(1), ROUND_HALF_UP)
    return int(min(max(percent, Decimal(0)), Decimal(100)))
