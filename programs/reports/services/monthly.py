"""The report of each month by mail: who is due, and that each email goes out once.

An email is claimed before it is sent. A claim that no sending followed is stale after STALE_AFTER and taken up by the
next run, under the same Message-ID, so that an email which did go out before its worker died is known as the same.
"""

import smtplib
from datetime import date, timedelta
from urllib.parse import urlsplit

import structlog
from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from core.jobs import request_job
from donors.emails import absolute
from donors.emails import send_email as write
from donors.models import User
from programs.reports.models import MonthlyReport, OverlapReport
from programs.reports.querysets import seen_as
from programs.reports.services.asking import MAKE_TASK

log = structlog.get_logger(__name__)

STALE_AFTER = timedelta(minutes=6)
MOST_ATTEMPTS = 5
# So many days into a month the last one's report is still made up for: the scheduler may have been down.
LAST_DAY = 5


def prepare_monthly(today: date) -> list[int]:
    """Has the report of the last month made for all who get it; the ids of those made now. Safe to run twice."""
    if today.day > LAST_DAY:
        return []
    last = today.replace(day=1) - timedelta(days=1)
    month = last.replace(day=1)
    there = OverlapReport.objects.filter(month=month).values("asked_by")
    due = MonthlyReport.objects.filter(person__is_active=True).exclude(person__in=there)
    OverlapReport.objects.bulk_create(
        [
            OverlapReport(
                asked_by=monthly.person,
                seen_as=seen_as(monthly.person),
                organizations=sorted(monthly.person.organization_ids),
                month=month,
                period_start=month,
                period_end=last,
                goal_id=monthly.goal_id,
                country=monthly.country,
                donor_id=monthly.donor_id,
                kind=monthly.kind,
                state=monthly.state,
            )
            for monthly in due.select_related("person")
        ],
        ignore_conflicts=True,
        batch_size=500,
    )
    waiting = OverlapReport.objects.unfinished().filter(month=month).order_by("pk")
    made = list(waiting.values_list("pk", flat=True))
    for report_id in made:
        request_job(MAKE_TASK, report_id)
    return made


def emails_to_send() -> list[int]:
    """Monthly reports that are made and whose email no worker is at."""
    found = OverlapReport.objects.emails_to_send(timezone.now() - STALE_AFTER, MOST_ATTEMPTS)
    return list(found.order_by("pk").values_list("pk", flat=True))


def send_report(report_id: int) -> bool:
    """Sends the email of a monthly report if no other worker is at it; whether it went out.

    Who ended it in the meantime, or may no longer sign in or see the report, gets none.
    """
    now = timezone.now()
    free = OverlapReport.objects.emails_to_send(now - STALE_AFTER, MOST_ATTEMPTS).filter(pk=report_id)
    if not free.update(letter_claimed_at=now, letter_attempts=F("letter_attempts") + 1):
        return False
    report = OverlapReport.objects.select_related("asked_by").get(pk=report_id)
    person = report.asked_by
    wants_it = MonthlyReport.objects.filter(person=person).exists()
    if not wants_it or not OverlapReport.objects.visible_to(person).filter(pk=report_id).exists():
        OverlapReport.objects.filter(pk=report_id).update(letter_attempts=MOST_ATTEMPTS)
        return False
    try:
        _send(report)
    except (smtplib.SMTPException, OSError) as error:
        log.warning("report.email_refused", report_id=report_id, error=type(error).__name__)
        return False
    OverlapReport.objects.filter(pk=report_id).update(letter_sent_at=timezone.now())
    log.info("report.email_sent", report_id=report_id)
    return True


def _send(report: OverlapReport) -> None:
    person = report.asked_by
    summary = report.summary or {}
    host = urlsplit(settings.PORTAL_URL).hostname
    write(
        "reports/emails/monthly",
        to=person.email,
        language=person.language or settings.LANGUAGE_CODE,
        context={
            "recipient": person,
            "report": report,
            "summary": summary,
            "open": summary.get("states", {}).get("open", 0),
            "link": absolute(report.get_absolute_url()),
            "choose": absolute(reverse("reports:list")) + "#monthly",
        },
        ended_at=link_that_ends(person),
        message_id=f"<report-{report.pk}@{host}>",
    )


def link_that_ends(person: User) -> str:
    """Lets the person who has the email stop the monthly report of that person, and nothing else."""
    return absolute(reverse("reports:end_monthly", args=[_signer().sign(str(person.pk))]))


def person_of_token(token: str) -> User | None:
    """Whose monthly report the token of such a link ends; None where it was not made here."""
    try:
        return User.objects.filter(pk=int(_signer().unsign(token))).first()
    except (BadSignature, ValueError):
        return None


def _signer() -> Signer:
    return Signer(salt="programs.reports.monthly")
