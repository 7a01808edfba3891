"""What coordinators do with an agreement: propose, drop, withdraw, end, record that it was broken."""

from collections.abc import Callable

import structlog
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.errors import Refused
from donors.models import Organization, User
from programs.agreements.models import Agreement, Step, Version
from programs.agreements.querysets import unseen_programs
from programs.agreements.services.writing import (
    check_terms,
    lock,
    may_coordinate,
    move,
    record,
    require_coordinator,
    seal,
    store,
)
from programs.agreements.states import MOVES, AgreementMove, Who
from programs.agreements.terms import terms_of

log = structlog.get_logger(__name__)


def moves_open_to(actor: User, agreement: Agreement) -> list[AgreementMove]:
    """The moves of the table that a coordinator may take now; the parties' are in their answer."""
    if not may_coordinate(actor):
        return []
    return [one for one in MOVES.values() if one.who == Who.COORDINATOR and agreement.state in one.leaves]


@transaction.atomic
def propose(agreement: Agreement, *, actor: User, note: str = "", edition: int | None = None) -> Agreement:
    """Lays the draft before the parties. TermsRefused where something is missing; Refused where members of a party may
    not see a program of it and the coordinator has not said that the parties are told.

    Here as in the other moves: ChangedMeanwhile where `edition` is given and not the stored one."""
    require_coordinator(actor)
    locked = lock(agreement, actor, edition=edition)
    move(locked, "propose")
    version = Version.objects.get(agreement=locked, number=locked.version)
    check_terms(locked, terms_of(version), complete=True)
    if not locked.tells_parties:
        _require_that_all_may_see(locked)
    seal(version)
    locked.proposed_at = timezone.now()
    store(locked)
    record(locked, Step.Kind.PROPOSED, actor=actor, note=note)
    log.info("agreement.proposed", agreement_id=locked.pk, actor=actor.pk)
    return locked


def _require_that_all_may_see(agreement: Agreement) -> None:
    programs = list(agreement.programs.all())
    for organization in Organization.objects.filter(agreement_parties__agreement=agreement):
        if hidden := unseen_programs(organization.pk, programs):
            raise Refused(
                _(
                    "%(organization)s cannot see “%(program)s”, which is restricted. Tick the box that shares the "
                    "named programs with the parties, or remove the organization."
                )
                % {"organization": organization, "program": hidden[0]}
            )


@transaction.atomic
def drop(agreement: Agreement, *, actor: User, note: str = "", edition: int | None = None) -> Agreement:
    """Lays a draft aside that was never proposed; it stays to be read, by coordinators."""
    return _take(agreement, "drop", "dropped", actor, note, edition)


@transaction.atomic
def withdraw(agreement: Agreement, *, actor: User, note: str = "", edition: int | None = None) -> Agreement:
    """Takes a proposal back; it stays to be read."""
    return _take(agreement, "withdraw", "withdrawn", actor, note, edition)


@transaction.atomic
def end(agreement: Agreement, *, actor: User, note: str, edition: int | None = None) -> Agreement:
    """Ends an agreement that is in force, by mutual consent or since it has had its day. Refused without a reason."""
    return _take(agreement, "end", "ended", actor, note, edition)


@transaction.atomic
def record_broken(agreement: Agreement, *, actor: User, note: str, edition: int | None = None) -> Agreement:
    """Records that a party did not keep it. Refused without a reason."""
    return _take(agreement, "break", "broken", actor, note, edition)


# The coordinators' moves of the table that need no more than a note; `revise` needs terms.
WITH_A_NOTE: dict[str, Callable[..., Agreement]] = {
    "propose": propose,
    "drop": drop,
    "withdraw": withdraw,
    "end": end,
    "break": record_broken,
}


def _take(agreement: Agreement, key: str, step: str, actor: User, note: str, edition: int | None) -> Agreement:
    require_coordinator(actor)
    if MOVES[key].needs_a_note and not note.strip():
        raise Refused(_("Give a reason."))
    locked = lock(agreement, actor, edition=edition)
    move(locked, key)
    store(locked)
    record(locked, step, actor=actor, note=note)
    log.info(f"agreement.{step}", agreement_id=locked.pk, actor=actor.pk)
    return locked
