"""The digest by email: who is due, what it says, and that each goes out once.

An email is a row that a worker claims before it sends. A claim that was not followed by a sending (the worker died,
the mail server refused) is stale after STALE_AFTER and taken up by the next run, under the same Message-ID, so that a
email which did go out before its worker died can be known as the same.
"""

import smtplib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlsplit

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef
from django.urls import reverse
from django.utils import timezone, translation

from donors.emails import absolute
from donors.emails import send_email as write
from donors.models import User
from programs.discussion.describe import excerpt, sentence, title_of
from programs.discussion.models import Letter, Notification
from programs.discussion.topics import events_of

log = structlog.get_logger(__name__)

# Longer than a task may take (CELERY_TASK_TIME_LIMIT), shorter than a killed worker's task takes to come back.
STALE_AFTER = timedelta(minutes=6)
MOST_ATTEMPTS = 5
MOST_SUBJECTS, MOST_LINES = 40, 5


@dataclass(frozen=True)
class Line:
    sentence: str
    excerpt: str


@dataclass(frozen=True)
class Group:
    """What is told of one program or overlap; `link` is absolute and leads there."""

    title: str
    link: str
    lines: list[Line]
    more: int


def prepare_emails(digest: str, today: date) -> list[int]:
    """Makes the emails that are due to who chose that rhythm and was told something they have not read; their ids.

    Safe to run twice: a person has one email a day. One that was not sent on its day is due again.
    """
    waiting = Notification.objects.to_be_mailed().filter(recipient=OuterRef("pk"))
    due = User.objects.filter(Exists(waiting), digest=digest, is_active=True)
    recipients = list(due.values_list("pk", flat=True))
    with transaction.atomic():
        # Those of other days first: a person has one email unsent at most.
        late = Letter.objects.filter(recipient__in=recipients, sent_at__isnull=True, due_on__lt=today)
        sent_today = Letter.objects.filter(recipient=OuterRef("recipient"), due_on=today)
        late.exclude(Exists(sent_today)).update(due_on=today, attempts=0)
        Letter.objects.bulk_create(
            [Letter(recipient_id=pk, due_on=today) for pk in recipients], ignore_conflicts=True, batch_size=1000
        )
    unsent = Letter.objects.filter(recipient__in=recipients, sent_at__isnull=True, due_on=today)
    return list(unsent.order_by("pk").values_list("pk", flat=True))


def waiting_emails() -> list[int]:
    """Ids of the emails that are due and that no worker is at: what was missed."""
    found = Letter.objects.to_be_sent(timezone.now() - STALE_AFTER, MOST_ATTEMPTS)
    return list(found.order_by("pk").values_list("pk", flat=True))


def send_email(letter_id: int) -> bool:
    """Sends the email if no other worker is at it, with what its recipient may see now; whether it went out.

    One that has nothing to say any more is thrown away.
    """
    now = timezone.now()
    free = Letter.objects.to_be_sent(now - STALE_AFTER, MOST_ATTEMPTS).filter(pk=letter_id)
    if not free.update(claimed_at=now, attempts=F("attempts") + 1):
        return False
    sent_email = Letter.objects.select_related("recipient").get(pk=letter_id)
    told = _to_tell(sent_email.recipient)
    if not told:
        sent_email.delete()
        return False
    try:
        _send(sent_email, told)
    except (smtplib.SMTPException, OSError) as error:
        log.warning("email.refused", email_id=letter_id, attempts=sent_email.attempts, error=type(error).__name__)
        return False
    with transaction.atomic():
        Letter.objects.filter(pk=letter_id).update(sent_at=timezone.now())
        Notification.objects.filter(pk__in=[row.pk for row in told]).update(mailed_at=timezone.now())
    log.info("email.sent", email_id=letter_id, notifications=len(told))
    return True


def _to_tell(recipient: User) -> list[Notification]:
    if recipient.digest == User.Digest.OFF:
        return []
    return list(Notification.objects.visible_to(recipient).to_be_mailed().for_list().order_by("-pk"))


def _send(sent_email: Letter, told: list[Notification]) -> None:
    """Writes to the recipient in their language."""
    recipient = sent_email.recipient
    language = recipient.language or settings.LANGUAGE_CODE
    with translation.override(language):
        groups = _grouped(told)
    context = {
        "recipient": recipient,
        "groups": groups[:MOST_SUBJECTS],
        "more": max(0, len(groups) - MOST_SUBJECTS),
        "count": len(told),
        "all": absolute(reverse("discussion:notifications")),
    }
    host = urlsplit(settings.PORTAL_URL).hostname
    write(
        "discussion/emails/digest",
        to=recipient.email,
        language=language,
        context=context,
        ended_by=recipient,
        message_id=f"<digest-{sent_email.pk}@{host}>",
    )


def _grouped(told: Iterable[Notification]) -> list[Group]:
    """By program and overlap, what is newest first."""
    told = list(told)
    events = events_of(told)
    by_subject: dict[tuple[str, int], list[Notification]] = {}
    for row in told:
        subject = row.subject
        by_subject.setdefault((type(subject).__name__, subject.pk), []).append(row)
    return [
        Group(
            title_of(rows[0].subject),
            absolute(rows[0].get_absolute_url()),
            [Line(sentence(row, events.get(row.pk)), excerpt(row, events.get(row.pk))) for row in rows[:MOST_LINES]],
            max(0, len(rows) - MOST_LINES),
        )
        for rows in by_subject.values()
    ]
