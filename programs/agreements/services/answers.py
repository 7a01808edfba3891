"""What the parties answer to a proposal; and that it is agreed when all that must have accepted the same version."""

import structlog
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.errors import NotAllowed, Refused
from donors.models import Organization, User
from programs.agreements.models import Agreement, Answer, Commitment, Party, Step, Version
from programs.agreements.services.keeping import CommittedMoney, watch_one
from programs.agreements.services.writing import (
    check_terms,
    lock,
    may_answer_for,
    move,
    record,
    require_coordinator,
    store,
    write_version,
)
from programs.agreements.terms import Terms

log = structlog.get_logger(__name__)
Choice = Answer.Choice


@transaction.atomic
def accept(agreement: Agreement, *, actor: User, organization: Organization, version: int, note: str = "") -> Answer:
    """Accepts `version` for the organization; agreed, once all that must have accepted it.

    NotAllowed for who does not manage the organization; Refused where it has no answer to give, gave it already, or
    the terms are another version by now.
    """
    locked = _lock_for_answer(agreement, actor, organization, version)
    move(locked, "accept")
    answer = _answer(locked, Choice.ACCEPT, actor, organization, note)
    record(locked, Step.Kind.ACCEPTED, actor=actor, organization=organization, note=note)
    _agree_if_all_have_accepted(locked)
    return answer


@transaction.atomic
def counter(
    agreement: Agreement, *, actor: User, organization: Organization, version: int, terms: Terms, note: str
) -> Version:
    """Answers `version` with other terms: a new version, which the organization has by this accepted and to which all
    others answer again."""
    locked = _lock_for_answer(agreement, actor, organization, version)
    move(locked, "counter")
    check_terms(locked, terms, complete=True)
    _answer(locked, Choice.COUNTER, actor, organization, note)
    written = _next_version(locked, terms, author=actor, organization=organization, note=note)
    record(locked, Step.Kind.COUNTERED, actor=actor, organization=organization, note=note)
    _answer(locked, Choice.ACCEPT, actor, organization, "")
    _agree_if_all_have_accepted(locked)
    return written


@transaction.atomic
def decline(agreement: Agreement, *, actor: User, organization: Organization, version: int, note: str) -> Answer:
    """Declines the proposal, with a reason; a coordinator may then propose new terms."""
    if not note.strip():
        raise Refused(_("Give the reason why you decline."))
    locked = _lock_for_answer(agreement, actor, organization, version)
    move(locked, "decline")
    answer = _answer(locked, Choice.DECLINE, actor, organization, note)
    store(locked)
    record(locked, Step.Kind.DECLINED, actor=actor, organization=organization, note=note)
    return answer


@transaction.atomic
def revise(
    agreement: Agreement, *, actor: User, terms: Terms, version: int, note: str = "", edition: int | None = None
) -> Version:
    """A coordinator's new terms, after a decline or while answers are awaited: all must respond again."""
    require_coordinator(actor)
    locked = lock(agreement, actor, edition=edition)
    _require_current(locked, version)
    move(locked, "revise")
    check_terms(locked, terms, complete=True)
    written = _next_version(locked, terms, author=actor, organization=None, note=note)
    record(locked, Step.Kind.REVISED, actor=actor, note=note)
    return written


def _lock_for_answer(agreement: Agreement, actor: User, organization: Organization, version: int) -> Agreement:
    if organization.pk not in may_answer_for(actor):
        raise NotAllowed(_("Only a manager of the organization can answer for it."))
    locked = lock(agreement, actor)
    if not Party.objects.filter(agreement=locked, organization=organization, must_accept=True).exists():
        raise Refused(_("%(organization)s has nothing to answer here.") % {"organization": organization})
    _require_current(locked, version)
    if Answer.objects.filter(version__agreement=locked, version__number=version, organization=organization).exists():
        raise Refused(_("%(organization)s has already answered this version.") % {"organization": organization})
    return locked


def _require_current(agreement: Agreement, version: int) -> None:
    if agreement.version != version:
        raise Refused(
            _("The terms have changed in the meantime. Read version %(number)s, then answer.")
            % {"number": agreement.version}
        )


def _answer(agreement: Agreement, choice: str, actor: User, organization: Organization, note: str) -> Answer:
    version = Version.objects.get(agreement=agreement, number=agreement.version)
    log.info("agreement.answered", agreement_id=agreement.pk, answer=choice, actor=actor.pk)
    return Answer.objects.create(
        version=version, organization=organization, answer=choice, note=note.strip(), actor=actor
    )


def _next_version(
    agreement: Agreement, terms: Terms, *, author: User, organization: Organization | None, note: str
) -> Version:
    agreement.version += 1
    agreement.kind = terms.kind
    store(agreement)
    return write_version(
        agreement,
        terms,
        number=agreement.version,
        author=author,
        organization=organization,
        note=note,
        is_sealed=True,
    )


def _agree_if_all_have_accepted(agreement: Agreement) -> None:
    must = Party.objects.filter(agreement=agreement, must_accept=True)
    accepted = Answer.objects.filter(
        version__agreement=agreement, version__number=agreement.version, answer=Choice.ACCEPT
    )
    if must.exclude(organization__in=accepted.values("organization")).exists():
        store(agreement)
        return
    move(agreement, "agree")
    agreement.agreed_at = timezone.now()
    store(agreement)
    commitments = Commitment.objects.filter(version__agreement=agreement).current()
    named = list(commitments.filter(program__isnull=False).select_related("program"))
    money = CommittedMoney(row.program_id for row in named)
    for row in named:
        row.baseline_usd = row.program.committed_usd if row.program else None
        row.baseline = money.alone_in(row.currency, row.program_id or 0)
        row.save(update_fields=["baseline_usd", "baseline"])
    record(agreement, Step.Kind.AGREED)
    watch_one(agreement)
