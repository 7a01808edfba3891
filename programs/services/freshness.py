"""Programs whose record has gone stale, and the emails that ask their people for an update."""

from dataclasses import dataclass
from datetime import date, timedelta
from smtplib import SMTPException

import structlog
from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from donors.emails import absolute, send_email
from donors.models import Membership, Organization, User
from programs.codes import OVER
from programs.models import Program, UpdateReminder
from programs.querysets import MONTHS_WITHOUT_UPDATE, months_before

log = structlog.get_logger(__name__)

REMIND_AGAIN_AFTER = timedelta(days=30)
MOST_IN_A_LETTER = 20


@dataclass(frozen=True)
class StaleReason:
    """Why a program needs an update."""

    key: str
    label: object


PAST_ITS_END = StaleReason("past_its_end", _("Needs update: the end date has passed"))
NOT_BEGUN = StaleReason("not_begun", _("Needs update: the start date has passed, and it is still in preparation"))
NO_UPDATE = StaleReason("no_update", _("Needs update: no changes for six months"))


def stale_reasons(program: Program, today: date | None = None) -> list[StaleReason]:
    """Why the program needs an update, as ProgramQuerySet.needing_update finds it; none where it does not."""
    today = today or timezone.localdate()
    if program.stage != Program.Stage.PUBLISHED or program.status in OVER:
        return []
    is_past = program.end is not None and program.end < today
    if is_past and program.status != Program.Status.FINALISATION:
        return [PAST_ITS_END]
    if program.status == Program.Status.PIPELINE and program.start is not None and program.start < today:
        return [NOT_BEGUN]
    began = program.start is None or program.start <= today
    updated = timezone.localtime(program.updated_at).date()
    return [NO_UPDATE] if began and updated < months_before(today, MONTHS_WITHOUT_UPDATE) else []


def remind_of_updates() -> int:
    """Writes to editors and managers of organizations whose programs need an update, each at most once in 30 days.

    Not to people who want no emails (User.Digest.OFF). Returns the number of emails. Safe to run twice, or at once:
    each email is noted in the transaction that sends it.
    """
    stale = Program.objects.needing_update()
    members = (
        Membership.objects.filter(
            organization__in=stale.values("reporting_org"),
            role__in=[Membership.Role.EDITOR, Membership.Role.MANAGER],
            user__is_active=True,
        )
        .exclude(user__digest=User.Digest.OFF)
        .select_related("user", "organization")
    )
    written = 0
    for member in members.order_by("pk"):
        try:
            written += _remind(member.user, member.organization)
        except (SMTPException, OSError) as error:
            # Undone with its transaction, and tried again tomorrow; the others get theirs.
            log.warning("program.update_reminder_not_sent", user_id=member.user_id, error=str(error))
    return written


@transaction.atomic
def _remind(user: User, organization: Organization) -> bool:
    now = timezone.now()
    never = now - 2 * REMIND_AGAIN_AFTER
    UpdateReminder.objects.get_or_create(user=user, organization=organization, defaults={"sent_at": never})
    reminder = UpdateReminder.objects.select_for_update().get(user=user, organization=organization)
    if reminder.sent_at > now - REMIND_AGAIN_AFTER:
        return False
    programs = list(Program.objects.needing_update().filter(reporting_org=organization).order_by("updated_at", "pk"))
    if not programs:
        return False
    reminder.sent_at = now
    reminder.save(update_fields=["sent_at"])
    _write(user, organization, programs)
    log.info("program.update_reminder_sent", organization_id=organization.pk, programs=len(programs))
    return True


def _write(user: User, organization: Organization, programs: list[Program]) -> None:
    language = user.language or settings.LANGUAGE_CODE
    with translation.override(language):
        lines = [
            {
                "title": program.title or gettext("(untitled) %(identifier)s") % {"identifier": program.identifier},
                "reasons": [str(reason.label) for reason in stale_reasons(program)],
                "address": absolute(reverse("programs:edit", args=[program.pk])),
            }
            for program in programs[:MOST_IN_A_LETTER]
        ]
    context = {
        "user": user,
        "organization": organization,
        "programs": lines,
        "count": len(programs),
        "more": len(programs) - len(lines),
        "mine": absolute(reverse("region:my_organization")),
    }
    send_email("programs/emails/update_reminder", to=user.email, language=language, context=context, ended_by=user)
