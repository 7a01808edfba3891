"""The job of a report: keeps the data as they are now, then writes the documents from what was kept."""

import structlog
from django.core.cache import cache
from django.core.exceptions import ObjectDoesNotExist
from django.db import DatabaseError, transaction
from django.db.models import F, QuerySet
from django.utils import timezone, translation

from core.jobs import MOST_ATTEMPTS, to_queue
from core.locks import Locked, if_free
from programs.reports.models import OverlapReport, ReportFile
from programs.reports.rendering import FORMATS
from programs.reports.services.freezing import freeze
from programs.reports.services.monthly import send_report

log = structlog.get_logger(__name__)

LANGUAGES = ("en", "es")
# Where the making of the data ends on the bar; the rest is the documents.
DATA_PERCENT = 70


def reports_to_queue() -> list[int]:
    """Reports with something left to do, that no worker is at and that wait in no queue."""
    return to_queue(OverlapReport.objects.unfinished().order_by("pk"), Locked.REPORT)


def make(report_id: int) -> None:
    """Makes the report. Safe to run twice, or at once: the second finds the lock taken, and does nothing.

    After MOST_ATTEMPTS that came to no end it counts as failed. One that its asker cancels while it is
    made is left as it is.
    """
    with if_free(Locked.REPORT, report_id) as got_it:
        report = OverlapReport.objects.unfinished().select_related("asked_by").filter(pk=report_id).first()
        if not got_it or report is None:
            return
        if report.attempts >= MOST_ATTEMPTS:
            _of(report).update(status=OverlapReport.Status.FAILED)
            log.error("report.failed", report_id=report_id)
            return
        _of(report).update(attempts=F("attempts") + 1, queued_at=None)
        try:
            if report.summary is None:
                freeze(report, lambda part: _tell(report_id, round(part * DATA_PERCENT)))
            _write(report)
        except (DatabaseError, ObjectDoesNotExist):
            # Cancelling changes the row that the data are kept with, deleting takes it away.
            if _of(report).exists():
                raise
            return
        if not _of(report).update(status=OverlapReport.Status.MADE, made_at=timezone.now()):
            return
        log.info("report.made", report_id=report_id)
    if report.month is not None:
        send_report(report_id)


def _of(report: OverlapReport) -> QuerySet[OverlapReport]:
    """The report, as long as it is to be made."""
    return OverlapReport.objects.unfinished().filter(pk=report.pk)


def _write(report: OverlapReport) -> None:
    """The documents that are not there yet, each on its own: what one attempt wrote the next does not write again."""
    done = set(report.files.values_list("format", "language"))
    wanted = [(name, language) for name in FORMATS for language in LANGUAGES]
    for number, (name, language) in enumerate(wanted, start=1):
        if (name, language) not in done and _of(report).exists():
            content = document(report, name, language)
            with transaction.atomic():
                ReportFile.objects.create(report=report, format=name, language=language, content=content)
        _tell(report.pk, DATA_PERCENT + round(number * (100 - DATA_PERCENT) / len(wanted)))


def document(report: OverlapReport, name: str, language: str) -> bytes:
    """A document ("xlsx" or "pdf") from the data that were kept, and from nothing else."""
    with translation.override(language):
        return FORMATS[name](report)


def _tell(report_id: int, percent: int) -> None:
    cache.set(f"report-{report_id}", percent, timeout=3600)


def percent_made(report: OverlapReport) -> int:
    """The progress, 0 to 100."""
    if report.status != OverlapReport.Status.WAITING:
        return 100
    return cache.get(f"report-{report.pk}", 0)
