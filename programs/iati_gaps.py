"""What a program lacks for a valid activity of IATI: one table for its own page, for lists, and for the docs.

Only what its reporting organization alone can add or correct; all else the export writes validly by itself.
"""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, Exists, F, OuterRef, Q, When
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from programs.codes import Stage
from programs.models import (
    Budget,
    Coverage,
    OtherSector,
    Participation,
    PlannedDisbursement,
    Program,
    ProgramSector,
    Transaction,
)

NO_DATE = Q(planned_start=None, planned_end=None, actual_start=None, actual_end=None)


@dataclass(frozen=True)
class Gap:
    """One thing that is missing or wrong: a stable code, what its organization does about it, the numbers of the
    rules of IATI's ruleset that it breaks, and the programs that have it, as a condition on a day.

    A program with one that `leaves_out` is in no IATI file.
    """

    code: str
    sentence: str | Promise
    rules: tuple[str, ...]
    found: Callable[[dt.date], Q]
    leaves_out: bool = False


def _rows(model: Any, *conditions: Q, **lookups: Any) -> Q:
    return Q(Exists(model.objects.order_by().filter(*conditions, program=OuterRef("pk"), **lookups)))


def _without_shares(model: Any) -> Q:
    """Several rows of which one has no percentage."""
    rows = model.objects.order_by().filter(program=OuterRef("pk")).values("program")
    counted = rows.annotate(rows=Count("pk"), shares=Count("percentage"))
    return Q(Exists(counted.filter(rows__gt=1, shares__lt=F("rows"))))


def _reported_by_others() -> Q:
    """Whether another organization reports an activity of the same identifier that all partners may see."""
    others = Program.objects.order_by().filter(
        identifier=OuterRef("identifier"), stage__in=(Stage.PUBLISHED, Stage.CLOSED)
    )
    others = others.exclude(reporting_org=OuterRef("reporting_org")).exclude(visibility=Program.Visibility.RESTRICTED)
    return Q(Exists(others))


GAPS = (
    Gap("date", _("Add a planned or actual start or end date: an activity without any date is left out of IATI files."),
        ("6.11.1",), lambda today: NO_DATE, leaves_out=True),
    Gap("identifier", _("Another organization reports an activity with the same identifier: files with both contain "
                        "one of them. Use an identifier that begins with that of your organization."),
        ("1.1.2",), lambda today: _reported_by_others(), leaves_out=True),
    Gap("start", _("Add the planned or the actual start date."), ("6.11.1",),
        lambda today: Q(planned_start=None, actual_start=None) & ~NO_DATE),
    Gap("order", _("The end is before the start. Correct one of them."), ("11.1.2", "11.1.3"),
        lambda today: Q(planned_end__lt=F("planned_start")) | Q(actual_end__lt=F("actual_start"))),
    Gap("future", _("An actual date is in the future. Enter it as a planned date."), ("11.1.4", "11.1.5"),
        lambda today: Q(actual_start__gt=today) | Q(actual_end__gt=today)),
    Gap("status", _("Choose the status of the program."), (), lambda today: Q(status=None)),
    Gap("title", _("Add a title."), ("4.3.1",), lambda today: Q(title="")),
    Gap("description", _("Add a description: the title is exported in its place."), ("4.4.1",),
        lambda today: Q(description="")),
    Gap("organization", _("Name an organization that takes part, with its role."), ("6.10.1",),
        lambda today: ~_rows(Participation)),
    Gap("sector", _("Add at least one sector."), ("6.2.2",),
        lambda today: ~_rows(ProgramSector) & ~_rows(OtherSector)),
    Gap("sector-shares", _("Give each sector its percentage."), ("2.1.1",),
        lambda today: _without_shares(ProgramSector)),
    Gap("place", _("Name at least one country, or Central America as a whole."), ("3.7.1", "3.7.2"),
        lambda today: ~_rows(Coverage)),
    Gap("place-shares", _("Give each country its percentage."), ("3.1.1", "3.4.1", "3.4.2"),
        lambda today: _without_shares(Coverage)),
    Gap("transaction-date", _("A transaction has no date: IATI files leave it out."), (),
        lambda today: _rows(Transaction, date=None)),
    Gap("transaction-future", _("A transaction is dated in the future. Correct its date, or enter it as a budget."),
        ("11.2.1", "11.2.2"),
        lambda today: _rows(Transaction, Q(date__gt=today) | Q(value_date__gt=today))),
    Gap("budget-period", _("A budget has no start or no end date: IATI files leave it out."), (),
        lambda today: _rows(Budget, Q(period_start=None) | Q(period_end=None))),
    Gap("planned-period", _("A planned payment has no start date: IATI files leave it out."), (),
        lambda today: _rows(PlannedDisbursement, period_start=None)),
)  # fmt: skip


LEAVING_OUT = tuple(gap for gap in GAPS if gap.leaves_out)


def incomplete_for_iati(programs: Any, today: dt.date | None = None) -> Any:
    """Those of a queryset that have a gap."""
    return programs.filter(any_gap(today))


def any_gap(today: dt.date | None = None, gaps: Iterable[Gap] = GAPS) -> Q:
    """The condition that a program has one of the gaps."""
    today = today or timezone.localdate()
    found = Q()
    for gap in gaps:
        found |= gap.found(today)
    return found


def gaps_of(programs: Iterable[Program], today: dt.date | None = None) -> dict[int, list[Gap]]:
    """Program -> its gaps, none where it has none; one query."""
    today = today or timezone.localdate()
    columns = {f"gap_{gap.code}".replace("-", "_"): gap for gap in GAPS}
    wanted = {name: Case(When(gap.found(today), then=True), default=False) for name, gap in columns.items()}
    rows = Program.objects.filter(pk__in=[program.pk for program in programs]).order_by().annotate(**wanted)
    return {
        pk: [gap for gap, is_there in zip(columns.values(), found, strict=True) if is_there]
        for pk, *found in rows.values_list("pk", *columns)
    }
