"""What people ask for: a report of a period and a selection, or one each month."""

from dataclasses import dataclass, fields
from datetime import date

import structlog
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.errors import NotAllowed, Refused
from core.jobs import request_job
from core.locks import Locked, got_within
from donors.models import Organization, User
from goals.models import Goal
from programs.reports.models import MonthlyReport, OverlapReport
from programs.reports.querysets import seen_as

log = structlog.get_logger(__name__)

# Who deletes a report waits so long for a worker that is just leaving it.
SECONDS_TO_LEAVE = 3.0
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
        raise Refused(_("The period cannot end before it begins."))
    if OverlapReport.objects.unfinished().filter(asked_by=actor, month__isnull=True).count() >= MOST_AT_ONCE:
        raise Refused(_("Several of your reports are still in preparation. Wait until one is ready."))
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
def cancel_report(report: OverlapReport, *, actor: User) -> OverlapReport:
    """Ends the making of a report of one's own. Refused where it is not being made any more."""
    locked = _own(report, actor)
    if locked.status != OverlapReport.Status.WAITING:
        raise Refused(
            _("There is nothing to cancel: this report is now “%(status)s”.") % {"status": locked.get_status_display()}
        )
    locked.status, locked.queued_at = OverlapReport.Status.CANCELLED, None
    locked.save(update_fields=["status", "queued_at"])
    log.info("report.cancelled", report_id=report.pk, actor=actor.pk)
    return locked


@transaction.atomic
def delete_report(report: OverlapReport, *, actor: User) -> None:
    """Deletes a report of one's own with its documents. Refused while it is being made."""
    is_free = got_within(SECONDS_TO_LEAVE, Locked.REPORT, report.pk)
    locked = _own(report, actor)
    if locked.status == OverlapReport.Status.WAITING:
        raise Refused(_("This report is still being created. Cancel it first, then delete it."))
    if not is_free:
        raise Refused(_("The portal is still stopping this report. Try to delete it again in a few minutes."))
    locked.delete()
    log.info("report.deleted", report_id=report.pk, actor=actor.pk)


def _own(report: OverlapReport, actor: User) -> OverlapReport:
    """The report, locked. NotAllowed for anybody but its asker and administrators."""
    if not may_end(report, actor):
        raise NotAllowed()
    return OverlapReport.objects.select_for_update(no_key=True).get(pk=report.pk)


def may_end(report: OverlapReport, actor: User) -> bool:
    """Whether `actor` may cancel and delete the report."""
    return report.asked_by_id == actor.pk or actor.is_superuser


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
