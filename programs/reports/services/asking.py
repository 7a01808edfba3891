"""What people ask for: a report of a period and a selection, or one each month."""

from dataclasses import dataclass, fields
from datetime import date

import structlog
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.errors import NotAllowed, Refused
from core.jobs import request_job
from donors.models import Organization, User
from goals.models import Goal
from programs.reports.models import MonthlyReport, OverlapReport
from programs.reports.querysets import seen_as

log = structlog.get_logger(__name__)

MAKE_TASK = "programs.reports.make"
# Reports of one person that may be in the making at once: each takes a worker for up to some minutes.
MOST_AT_ONCE = 3


@dataclass(frozen=True)
class Selected:
    """Which overlaps; blank and None are all."""

    goal: Goal | None = None
    country: str = ""
    donor: Organization | None = None
    kind: str = ""
    state: str = ""

    def as_fields(self) -> dict[str, object]:
        """As the fields of a report."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


@transaction.atomic
def ask_for_report(actor: User, first: date, last: date, selected: Selected) -> OverlapReport:
    """Has a report made of what `actor` may see. Refused for a period that ends before it begins, or while several of
    theirs are still being made."""
    if not actor.is_active:
        raise NotAllowed()
    if first > last:
        raise Refused(_("The period must not end before it begins."))
    if OverlapReport.objects.unfinished().filter(asked_by=actor, month__isnull=True).count() >= MOST_AT_ONCE:
        raise Refused(_("Several of your reports are still being made. Wait until one of them is done."))
    report = OverlapReport.objects.create(
        asked_by=actor,
        seen_as=seen_as(actor),
        organizations=sorted(actor.organization_ids),
        period_start=first,
        period_end=last,
        **selected.as_fields(),
    )
    request_job(MAKE_TASK, report.pk)
    log.info("report.asked_for", report_id=report.pk, actor=actor.pk)
    return report


@transaction.atomic
def get_monthly(actor: User, selected: Selected) -> MonthlyReport:
    """From now on `actor` gets the report of each month by mail; a new selection replaces the one before."""
    if not actor.is_active:
        raise NotAllowed()
    found, _made = MonthlyReport.objects.update_or_create(person=actor, defaults=selected.as_fields())
    log.info("report.monthly_begun", user_id=actor.pk)
    return found


def end_monthly(person: User) -> None:
    """Ends it; ending it twice does nothing more."""
    MonthlyReport.objects.filter(person=person).delete()
    log.info("report.monthly_ended", user_id=person.pk)
