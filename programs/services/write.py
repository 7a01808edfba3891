"""Programs as scripts write them: the rules of the form (edit_program), for one program or for many at once."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

import pghistory
from django.core.exceptions import ValidationError
from django.db import Error, transaction
from django.utils.translation import gettext as _

from core.errors import EditConflict, Refused
from donors.models import User
from programs.models import Program
from programs.services.completeness import require_complete
from programs.services.data import ProgramData
from programs.services.edit import edit_program
from programs.services.locked import locked_program
from programs.services.permissions import require
from programs.services.plausibility import NOTHING as NONE_CONFIRMED
from programs.services.results import OutlookChange, save_outlook
from programs.services.save import Saved
from programs.services.save_many import ManySaver, Wanted
from programs.services.stored import StoredProgram, stored_programs

NOTHING = OutlookChange()


@transaction.atomic
def create_program(data: ProgramData, *, actor: User, outlook: OutlookChange = NOTHING) -> Saved:
    """A new draft. ValidationError by field, as where the organization has a program with that identifier."""
    require(actor, "save", data.reporting_org_id)
    if Program.objects.filter(reporting_org=data.reporting_org_id, identifier=data.identifier).exists():
        sentence = _("Your organization already has a program with the identifier “%(identifier)s”.")
        raise ValidationError({"identifier": [sentence % {"identifier": data.identifier}]})
    with pghistory.context(user=actor.pk):
        return _with_outlook(edit_program(data, actor=actor), outlook, actor)


@transaction.atomic
def change_program(
    program: Program,
    change: Callable[[ProgramData], ProgramData],
    *,
    actor: User,
    version: int,
    outlook: OutlookChange = NOTHING,
    confirmed: Collection[str] = NONE_CONFIRMED,
) -> Saved:
    """Saves what `change` makes of the program as it is, and its outlook; ChangedMeanwhile where `version` is not the
    stored one, NeedsConfirmation where a value is unlikely and its code is not in `confirmed`."""
    require(actor, "save", program.reporting_org_id)
    locked = locked_program(program)
    stored = stored_programs([locked])[0]
    data = change(stored.original)
    goals_proposed = data.goals is None and not stored.goals_proposed
    with pghistory.context(user=actor.pk):
        saved = edit_program(
            data, actor=actor, program=locked, version=version, goals_proposed=goals_proposed, confirmed=confirmed
        )
        return _with_outlook(saved, outlook, actor)


def _with_outlook(saved: Saved, outlook: OutlookChange, actor: User) -> Saved:
    """The same save with the outlook too: one version, and one entry of the history."""
    if not outlook.says_something:
        return saved
    is_signed = saved.outcome != "unchanged"
    changed = save_outlook(
        saved.program,
        actor=actor,
        results=outlook.results,
        sustainability=outlook.sustainability,
        is_signed=is_signed,
    )
    return Saved(saved.program, "updated") if changed and not is_signed else saved


@dataclass(frozen=True)
class Upsert:
    """What is said of the program that its organization has under its identifier; `version` None: whichever it has."""

    new: ProgramData
    change: Callable[[ProgramData], ProgramData]
    version: int | None = None
    outlook: OutlookChange = NOTHING
    confirmed: Collection[str] = NONE_CONFIRMED


# Programs saved in one piece; where one of them is refused, the piece is saved one by one.
AT_ONCE = 100


@transaction.atomic
def upsert_programs(wanted: Sequence[Upsert], *, actor: User) -> list[Saved | Exception]:
    """Makes or changes each program on its own: what it became, or why it was refused. The order is that given."""
    results: list[Saved | Exception] = []
    for first in range(0, len(wanted), AT_ONCE):
        chunk = wanted[first : first + AT_ONCE]
        try:
            with transaction.atomic():
                results += _together(chunk, actor)
        except (Refused, ValidationError, Error):
            results += [_alone(one, actor) for one in chunk]
    return results


def _alone(one: Upsert, actor: User) -> Saved | Exception:
    try:
        with transaction.atomic():
            return _together([one], actor)[0]
    except (Refused, ValidationError, Error) as error:
        return error


def _together(chunk: Sequence[Upsert], actor: User) -> list[Saved]:
    """All of them or none; a number of queries that grows only with those of which an outlook is said."""
    for organization in {one.new.reporting_org_id for one in chunk}:
        require(actor, "save", organization)
    stored = _stored(chunk)
    items = []
    for one in chunk:
        before = stored.get((one.new.reporting_org_id, one.new.identifier))
        if before is None:
            items.append(Wanted(one.new, stage=Program.Stage.DRAFT))
            continue
        if one.version is not None and one.version != before.version:
            raise EditConflict(before.version)
        data = one.change(before.original)
        if before.stage != Program.Stage.DRAFT:
            require_complete(data)
        proposed = data.goals is None and not before.goals_proposed
        items.append(
            Wanted(
                data,
                stage=before.stage,
                program_id=before.id,
                goals_proposed=proposed,
                confirmed=one.confirmed,
            )
        )
    with pghistory.context(user=actor.pk):
        saved = ManySaver(actor=actor).save_many(items)
        return [_with_outlook(one, stated.outlook, actor) for one, stated in zip(saved, chunk, strict=True)]


def _stored(chunk: Sequence[Upsert]) -> dict[tuple[int, str], StoredProgram]:
    programs = (
        Program.objects.select_for_update()
        .filter(
            reporting_org__in={one.new.reporting_org_id for one in chunk},
            identifier__in={one.new.identifier for one in chunk},
        )
        .order_by("pk")
    )
    return {(one.data.reporting_org_id, one.data.identifier): one for one in stored_programs(programs)}
