"""The life of a program's record: which stage leads to which, who may take it there, and what that asks for.

MOVES is the whole of it: the buttons of pages, the services and docs/program-life.md come from this table.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import pghistory
import structlog
from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext_lazy as _

from core.errors import EditConflict, NotAllowed, Refused
from donors.models import Membership
from goals.money import RateTable
from programs.models import ConfirmedWarning, Program, StageChange
from programs.services.completeness import require_complete
from programs.services.locked import locked_program
from programs.services.permissions import MAY_DO, Actor, require
from programs.services.plausibility import NOTHING, newly_confirmed, warnings_about
from programs.services.save import confirmations
from programs.services.scan_requests import request_scan, request_sweep
from programs.services.stored import stored_programs

log = structlog.get_logger(__name__)

Stage, Role = Program.Stage, Membership.Role


@dataclass(frozen=True)
class StageMove:
    """A step from any stage in `leaves` to the stage `to`.

    `roles` are the roles in the reporting organization that may take it; `coordinators` whether SICA's coordinators
    may as well. Administrators may take every one.
    """

    key: str
    label: object
    done: object
    leaves: tuple[str, ...]
    to: str
    roles: tuple[str, ...]
    coordinators: bool = False
    needs_a_comment: bool = False
    asks_for_all: bool = False


MOVES: dict[str, StageMove] = {
    move.key: move
    for move in (
        StageMove(
            "submit",
            _("Submit for publication"),
            _("The program is submitted. A manager of your organization or a coordinator will publish it."),
            (Stage.DRAFT,),
            Stage.SUBMITTED,
            (Role.EDITOR, Role.MANAGER),
            asks_for_all=True,
        ),
        StageMove(
            "publish",
            _("Publish"),
            _("The program is published."),
            (Stage.DRAFT, Stage.SUBMITTED),
            Stage.PUBLISHED,
            tuple(MAY_DO["publish"]),
            asks_for_all=True,
        ),
        StageMove(
            "accept",
            _("Publish the submitted program"),
            _("The program is published."),
            (Stage.SUBMITTED,),
            Stage.PUBLISHED,
            (),
            coordinators=True,
            asks_for_all=True,
        ),
        StageMove(
            "send_back",
            _("Send back with a comment"),
            _("The program is a draft again, and its organization can read your comment."),
            (Stage.SUBMITTED,),
            Stage.DRAFT,
            (Role.MANAGER,),
            coordinators=True,
            needs_a_comment=True,
        ),
        StageMove(
            "withdraw",
            _("Return to draft"),
            _("The program is a draft again."),
            (Stage.SUBMITTED,),
            Stage.DRAFT,
            (Role.EDITOR, Role.MANAGER),
        ),
        StageMove(
            "close",
            _("Close (the program has ended)"),
            _("The program is closed."),
            (Stage.PUBLISHED,),
            Stage.CLOSED,
            (Role.EDITOR, Role.MANAGER),
        ),
        StageMove(
            "reopen",
            _("Reopen"),
            _("The program is published again."),
            (Stage.CLOSED, Stage.ARCHIVED),
            Stage.PUBLISHED,
            (Role.MANAGER,),
            asks_for_all=True,
        ),
        StageMove(
            "archive",
            _("Archive"),
            _("The program is archived: it is no longer in lists and totals, but it is kept."),
            (Stage.DRAFT, Stage.SUBMITTED, Stage.PUBLISHED, Stage.CLOSED),
            Stage.ARCHIVED,
            (Role.MANAGER,),
        ),
    )
}


def may_take(move: StageMove, actor: Actor, reporting_org_id: int) -> bool:
    """Whether `actor` may take the move for programs of that organization, whatever their stage."""
    if actor is None or (actor.is_active and actor.is_superuser):
        return True
    if not actor.is_active:
        return False
    return actor.roles.get(reporting_org_id) in move.roles or (move.coordinators and actor.is_coordinator)


def moves_open_to(actor: Actor, program: Program) -> list[StageMove]:
    """The moves that `actor` may take with the program as it is now, one for each stage that they lead to and why."""
    open_now = [
        move
        for move in MOVES.values()
        if program.stage in move.leaves and may_take(move, actor, program.reporting_org_id)
    ]
    if any(move.key == "publish" for move in open_now):
        # Who publishes need not submit first, nor accept what they may publish anyway.
        open_now = [move for move in open_now if move.key not in ("submit", "accept")]
    return open_now


@transaction.atomic
def move_program(
    program: Program,
    key: str,
    *,
    actor: Actor,
    version: int | None = None,
    comment: str = "",
    confirmed: Collection[str] = NOTHING,
) -> Program:
    """Takes the program along the move `key`, and records who did and what they said.

    NotAllowed, Refused where its stage has no such move or a comment is missing, ChangedMeanwhile where `version` is
    given and not the stored one, ValidationError by field where the program is not complete enough, NeedsConfirmation
    where it holds unlikely values that nobody confirmed and whose codes or keys are not in `confirmed`.
    """
    move, comment = MOVES[key], comment.strip()
    if not may_take(move, actor, program.reporting_org_id):
        raise NotAllowed()
    locked = locked_program(program)
    if version is not None and locked.version != version:
        raise EditConflict(locked.version)
    if locked.stage not in move.leaves:
        raise Refused(
            _("This is not possible for a program whose record is “%(stage)s”.") % {"stage": locked.get_stage_display()}
        )
    if move.needs_a_comment and not comment:
        raise Refused(_("Write in the comment what should be changed."))
    if move.asks_for_all:
        _require_ready(locked, actor, confirmed)
    before = locked.stage
    with pghistory.context(user=actor.pk if actor else None):
        locked.stage = move.to
        locked.version += 1
        locked.updated_by = actor
        locked.save(update_fields=["stage", "version", "updated_by", "updated_at"])
    StageChange.objects.create(
        program=locked, move=key, before=before, after=locked.stage, comment=comment, actor=actor
    )
    request_scan(locked.pk)
    log.info("program.moved", program_id=locked.pk, move=key, actor=actor.pk if actor else None)
    return locked


def _require_ready(program: Program, actor: Actor, confirmed: Collection[str]) -> None:
    """ValidationError where the program lacks something, NeedsConfirmation where a value is unlikely; records what the
    actor confirms."""
    data = stored_programs([program])[0].data
    if program.source in (Program.Source.BROWSER, Program.Source.API):
        require_complete(data)
    if found := warnings_about(data, RateTable()):
        known = set(program.confirmed_warnings.values_list("key", flat=True))
        warnings = newly_confirmed(found, known, confirmed, asks=actor is not None)
        ConfirmedWarning.objects.bulk_create(confirmations(program, warnings, actor))


def archive_program(program: Program, *, actor: Actor) -> Program:
    """Takes the program out of lists, sums and scans, and keeps it; archived already, it stays so."""
    if program.stage == Stage.ARCHIVED:
        return program
    return move_program(program, "archive", actor=actor)


@transaction.atomic
def delete_program(program: Program, *, actor: Actor, version: int | None = None) -> None:
    """Deletes a draft and all that belongs to it; its history stays. Gone already, it stays so. The machine itself
    deletes from any stage.

    NotAllowed, ChangedMeanwhile where `version` is given and not the stored one, Refused where the program is no draft,
    was submitted once, or a comment or a decision on an overlap rests on it.
    """
    require(actor, "delete", program.reporting_org_id)
    locked = Program.objects.select_for_update().filter(pk=program.pk).first()
    if locked is None:
        return
    if version is not None and locked.version != version:
        raise EditConflict(locked.version)
    if actor is not None and locked.stage != Stage.DRAFT:
        raise Refused(
            _("Only drafts can be deleted, and this program is “%(stage)s”. Archive it instead.")
            % {"stage": locked.get_stage_display()}
        )
    if actor is not None and locked.stage_changes.exists():
        raise Refused(
            _(
                "Other people have seen this draft and their comments are kept, so it cannot be deleted. "
                "Archive it instead."
            )
        )
    with pghistory.context(user=actor.pk if actor else None):
        try:
            with transaction.atomic():
                locked.delete()
        except ProtectedError as error:
            raise Refused(
                _("This program has comments or reviewed overlaps, so it cannot be deleted. Archive it instead.")
            ) from error
    log.info("program.deleted", program_id=program.pk, actor=actor.pk if actor else None)
    request_sweep()


ReasonKept = Literal["changed_since", "decided", "gone"]


@transaction.atomic
def take_back_programs(versions: Mapping[int, int], *, actor: Actor) -> dict[int, ReasonKept]:
    """Deletes programs that an import made, where nobody has changed them since: id -> the version it left.

    Returns those that stay, with the reason. NotAllowed where the actor may not import for their organizations.
    """
    programs = list(Program.objects.select_for_update().filter(pk__in=versions).order_by("pk"))
    for organization in {program.reporting_org_id for program in programs}:
        require(actor, "import", organization)
    kept: dict[int, ReasonKept] = dict.fromkeys(set(versions) - {program.pk for program in programs}, "gone")
    kept |= {program.pk: "changed_since" for program in programs if program.version != versions[program.pk]}
    ids = [program.pk for program in programs if program.pk not in kept]
    with pghistory.context(user=actor.pk if actor else None):
        try:
            with transaction.atomic():
                Program.objects.filter(pk__in=ids).delete()
        except ProtectedError as error:
            decided = set(ids) if len(ids) == 1 else _protected(error)
            kept |= dict.fromkeys(decided, "decided")
            rest = {pk: versions[pk] for pk in ids if pk not in decided}
            kept |= take_back_programs(rest, actor=actor)
    request_sweep()
    return kept


def _protected(error: ProtectedError) -> set[int]:
    """The programs on whose overlaps somebody has decided: both sides of each."""
    reviews: set[Any] = set(error.protected_objects)
    overlaps = [review.overlap for review in reviews]
    return {pk for overlap in overlaps for pk in (overlap.left_id, overlap.right_id)}
