"""What a person at a form does to a program: save it, keep what is not ready, publish it; nobody is overwritten."""

import secrets
from collections.abc import Collection, Sequence
from typing import Any

import pghistory
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import EditConflict
from donors.models import Organization, User
from programs.models import Program, WorkingCopy
from programs.services.completeness import require_complete
from programs.services.data import ProgramData
from programs.services.lifecycle import move_program
from programs.services.locked import locked_program
from programs.services.permissions import require
from programs.services.plausibility import NOTHING
from programs.services.save import Saved, save_program
from programs.services.sharing import share_with

# Without letters and digits that are read for one another.
SIGNS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


def propose_identifier(organization: Organization, token: str) -> str:
    """An identifier for a new program of the organization: its own identifier or short name, the year, a token."""
    prefix = organization.ref or (organization.short_name or organization.name)[:20]
    return f"{prefix.replace(' ', '-')}-{timezone.localdate().year}-{token}".upper()


def new_token() -> str:
    """What tells one new form from another; by it, a form sent twice is seen to be one (see edit_program)."""
    return "".join(secrets.choice(SIGNS) for _position in range(6))


@transaction.atomic
def edit_program(
    data: ProgramData,
    *,
    actor: User,
    program: Program | None = None,
    version: int | None = None,
    goals_proposed: bool = False,
    shared_with: Sequence[int] | None = None,
    autosaved: bool = False,
    then: str = "",
    confirmed: Collection[str] = NOTHING,
) -> Saved:
    """Saves what stands in the form; a new program begins as a draft, an old one keeps its stage.

    `version` is the one that the person saw: ChangedMeanwhile where the program has another by now. `goals_proposed`
    takes a person's goals back for what the portal proposes. `shared_with` are the organizations named for a
    restricted program. `then` is a move of its life to take at once (publish, submit). `confirmed` are codes or keys
    of unlikely values that the person confirms. ValidationError by field: in a draft for what cannot be stored, past it
    for what is missing as well, and NeedsConfirmation for what is unlikely.

    A new form that is sent again, since its answer was lost on the way, finds the draft that it made the first time:
    same organization, identifier and person.
    """
    require(actor, "save", data.reporting_org_id)
    if program is None:
        locked = _sent_before(data, actor)
    else:
        locked = locked_program(program)
        if locked.version != version:
            raise EditConflict(locked.version)
    others = Program.objects.filter(reporting_org=data.reporting_org_id, identifier=data.identifier)
    if others.exclude(pk=locked.pk if locked else None).exists():
        raise _identifier_taken(data.identifier)
    stage = locked.stage if locked else Program.Stage.DRAFT
    if stage != Program.Stage.DRAFT:
        require_complete(data)
    if goals_proposed and locked and locked.goals_origin == Program.GoalsOrigin.CONFIRMED:
        Program.objects.filter(pk=locked.pk).update(goals_origin=Program.GoalsOrigin.PROPOSED)
    before = locked.visibility if locked else data.visibility
    with pghistory.context(user=actor.pk, **({"autosaved": True} if autosaved else {})):
        try:
            with transaction.atomic():
                saved = save_program(data, actor=actor, stage=stage, program=locked, confirmed=confirmed)
        except IntegrityError as error:
            if "program_identifier_once" in str(error):
                raise _identifier_taken(data.identifier) from error
            raise
    if shared_with is not None:
        share_with(saved.program, shared_with, actor=actor, before=before)
    if then:
        return Saved(move_program(saved.program, then, actor=actor, confirmed=confirmed), saved.outcome)
    return saved


def _sent_before(data: ProgramData, actor: User) -> Program | None:
    return (
        Program.objects.select_for_update()
        .filter(
            reporting_org=data.reporting_org_id,
            identifier=data.identifier,
            created_by=actor,
            stage=Program.Stage.DRAFT,
        )
        .first()
    )


def _identifier_taken(identifier: str) -> ValidationError:
    sentence = _("Your organization already has a program with the identifier “%(identifier)s”.")
    return ValidationError({"identifier": [sentence % {"identifier": identifier}]})


def keep_working_copy(program: Program, typed: dict[str, Any], *, actor: User, version: int) -> WorkingCopy:
    """Keeps what stands in the actor's form, unsaved. ChangedMeanwhile where it began from an older version."""
    require(actor, "save", program.reporting_org_id)
    if program.version != version:
        raise EditConflict(program.version)
    copy, _created = WorkingCopy.objects.update_or_create(
        program=program, user=actor, defaults={"typed": typed, "version": version}
    )
    return copy


def drop_working_copy(program: Program, *, actor: User) -> None:
    """Forgets what was kept: it is saved, or the person wants it no more."""
    WorkingCopy.objects.filter(program=program, user=actor).delete()
