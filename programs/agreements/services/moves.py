"""What coordinators do with an agreement: propose, withdraw, end, record that it was broken."""

import structlog
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from donors.errors import Refused
from donors.models import Organization, User
from programs.agreements.models import Agreement, Version
from programs.agreements.querysets import unseen_programs
from programs.agreements.services.writing import (
    check_terms,
    held,
    may_coordinate,
    move,
    record,
    require_coordinator,
    seal,
)
from programs.agreements.states import MOVES, Move, Who
from programs.agreements.terms import terms_of

log = structlog.get_logger(__name__)


def moves_open_to(actor: User, agreement: Agreement) -> list[Move]:
    """The moves of the table that a coordinator may take now; the parties' are in their answer."""
    if not may_coordinate(actor):
        return []
    return [one for one in MOVES.values() if one.who == Who.COORDINATOR and agreement.state in one.leaves]


@transaction.atomic
def propose(agreement: Agreement, *, actor: User) -> Agreement:
    """Lays the draft before the parties. TermsRefused where something is missing; Refused where members of a party may
    not see a program of it and the coordinator has not said that the parties are told."""
    require_coordinator(actor)
    locked = held(agreement, actor)
    move(locked, "propose")
    version = Version.objects.get(agreement=locked, number=locked.version)
    check_terms(locked, terms_of(version), complete=True)
    if not locked.tells_parties:
        _require_that_all_may_see(locked)
    seal(version)
    locked.proposed_at = timezone.now()
    locked.save()
    record(locked, "proposed", actor=actor)
    log.info("agreement.proposed", agreement_id=locked.pk, actor=actor.pk)
    return locked


def _require_that_all_may_see(agreement: Agreement) -> None:
    programs = list(agreement.programs.all())
    for organization in Organization.objects.filter(agreement_parties__agreement=agreement):
        if hidden := unseen_programs(organization.pk, programs):
            raise Refused(
                _(
                    "%(organization)s may not see “%(program)s”, which is restricted. Tick that the parties are told of"
                    " the programs named here, or take the organization out."
                )
                % {"organization": organization, "program": hidden[0]}
            )


@transaction.atomic
def withdraw(agreement: Agreement, *, actor: User, note: str = "") -> Agreement:
    """Takes a draft or a proposal back; it stays to be read."""
    return _take(agreement, "withdraw", "withdrawn", actor, note)


@transaction.atomic
def end(agreement: Agreement, *, actor: User, note: str) -> Agreement:
    """Ends an agreement that is in force, by mutual consent or since it has had its day. Refused without a reason."""
    return _take(agreement, "end", "ended", actor, note)


@transaction.atomic
def break_off(agreement: Agreement, *, actor: User, note: str) -> Agreement:
    """Records that a party did not keep it. Refused without a reason."""
    return _take(agreement, "break", "broken", actor, note)


def _take(agreement: Agreement, key: str, step: str, actor: User, note: str) -> Agreement:
    require_coordinator(actor)
    if MOVES[key].needs_a_note and not note.strip():
        raise Refused(_("Say why."))
    locked = held(agreement, actor)
    move(locked, key)
    locked.save()
    record(locked, step, actor=actor, note=note)
    log.info(f"agreement.{step}", agreement_id=locked.pk, actor=actor.pk)
    return locked
