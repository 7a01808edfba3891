"""Reminders: of answers that are awaited, of what is due soon, and of what is overdue; once of each."""

from datetime import timedelta
from smtplib import SMTPException

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef
from django.utils import timezone, translation

from donors.emails import absolute, send_email
from donors.models import User
from programs.agreements.describe import commitment_in_words, step_in_words
from programs.agreements.models import Agreement, Commitment, Party, Step, Version
from programs.agreements.services.writing import people_notified, record
from programs.agreements.states import State

log = structlog.get_logger(__name__)
Kind = Step.Kind
DUE_SOON = timedelta(days=14)
ANSWER_AWAITED_AFTER = timedelta(days=7)


def remind() -> int:
    """Records and tells what is awaited, due soon or overdue, each once, and writes to whom it concerns; how many
    steps. Safe to run twice, or at once: a step that is there already is not taken again."""
    steps = [*_answers_awaited(), *_due()]
    for step in steps:
        _write(step)
    if steps:
        log.info("agreements.reminded", steps=len(steps))
    return len(steps)


def _due() -> list[Step]:
    today = timezone.localdate()
    found = []
    for kind, commitments in (
        (Kind.OVERDUE, Commitment.objects.filter(due_on__lt=today)),
        (Kind.DUE_SOON, Commitment.objects.filter(due_on__gte=today, due_on__lte=today + DUE_SOON)),
    ):
        told = Step.objects.filter(kind=kind, commitment=OuterRef("pk"))
        rows = commitments.in_force().open().exclude(Exists(told))
        for row in rows.select_related("version__agreement", "organization", "program", "area", "to_program"):
            found += _once(row.version.agreement, kind, row, None)
    return found


def _answers_awaited() -> list[Step]:
    """Parties that have left the current version unanswered for too long."""
    late = Version.objects.filter(
        agreement__state=State.PROPOSED,
        number=F("agreement__version"),
        created_at__lt=timezone.now() - ANSWER_AWAITED_AFTER,
    )
    found = []
    for version in late.select_related("agreement").prefetch_related("answers", "agreement__parties__organization"):
        answered = {answer.organization_id for answer in version.answers.all()}
        for party in version.agreement.parties.all():
            if party.must_accept and party.organization_id not in answered:
                found += _once(version.agreement, Kind.ANSWER_AWAITED, None, party)
    return found


@transaction.atomic
def _once(agreement: Agreement, kind: str, commitment: Commitment | None, party: Party | None) -> list[Step]:
    """The step, unless another worker took it or nothing calls for it now: looked at again with the agreement held."""
    lock = Agreement.objects.select_for_update(of=("self",)).get(pk=agreement.pk)
    stands = lock.is_in_force if commitment else lock.state == State.PROPOSED
    if not stands or lock.version != agreement.version:
        return []
    if commitment and not Commitment.objects.open().filter(pk=commitment.pk).exists():
        return []
    organization = party.organization if party else commitment.organization if commitment else None
    known = Step.objects.filter(
        agreement=agreement, kind=kind, version=agreement.version, organization=organization, commitment=commitment
    )
    if known.exists():
        return []
    told = [organization.pk] if organization else []
    return [record(agreement, kind, organization=organization, commitment=commitment, told=told)]


def _write(step: Step) -> None:
    """An email to each who is told, unless they want none; one that cannot be sent is logged, the page tells it too."""
    agreement = step.agreement
    for person in people_notified(agreement, [step.organization_id] if step.organization_id else []):
        if person.digest == User.Digest.OFF:
            continue
        language = person.language or settings.LANGUAGE_CODE
        with translation.override(language):
            context = {
                "recipient": person,
                "agreement": agreement,
                "sentence": step_in_words(step),
                "commitment": commitment_in_words(step.commitment) if step.commitment else "",
                "due_on": step.commitment.due_on if step.commitment else None,
                "follow_up": step.commitment.follow_up if step.commitment else "",
                "link": absolute(agreement.get_absolute_url()),
            }
        try:
            send_email(
                "agreements/emails/reminder", to=person.email, language=language, context=context, ended_by=person
            )
        except (SMTPException, OSError) as error:
            log.warning("agreement.reminder_not_sent", user_id=person.pk, error=type(error).__name__)
