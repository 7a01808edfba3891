"""The ends of a program's record: archived, or deleted where nothing rests on it."""

from collections.abc import Mapping
from typing import Any, Literal

import pghistory
from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext_lazy as _

from donors.errors import Refused
from programs.models import Program
from programs.services.permissions import Actor, require
from programs.services.scan_requests import request_scan, request_sweep


@transaction.atomic
def archive_program(program: Program, *, actor: Actor) -> Program:
    """Takes the program out of lists, sums and scans, and keeps it; its undecided overlaps go with the next scan."""
    require(actor, "archive", program.reporting_org_id)
    locked = Program.objects.select_for_update().get(pk=program.pk)
    if locked.stage == Program.Stage.ARCHIVED:
        return locked
    with pghistory.context(user=actor.pk if actor else None):
        locked.stage = Program.Stage.ARCHIVED
        locked.version += 1
        locked.updated_by = actor
        locked.save(update_fields=["stage", "version", "updated_by", "updated_at"])
    request_scan(locked.pk)
    return locked


@transaction.atomic
def delete_program(program: Program, *, actor: Actor) -> None:
    """Deletes the program and all that belongs to it. Refused where a decision on an overlap rests on it.

    Its history stays.
    """
    require(actor, "delete", program.reporting_org_id)
    with pghistory.context(user=actor.pk if actor else None):
        try:
            with transaction.atomic():
                program.delete()
        except ProtectedError as error:
            raise Refused(
                _("A decision on an overlap rests on this program: archive it instead of deleting it.")
            ) from error
    request_sweep()


Kept = Literal["changed_since", "decided", "gone"]


@transaction.atomic
def take_back_programs(versions: Mapping[int, int], *, actor: Actor) -> dict[int, Kept]:
    """Deletes programs that an import made, where nobody has changed them since: id -> the version it left.

    Returns those that stay, with the reason. NotAllowed where the actor may not import for their organizations.
    """
    programs = list(Program.objects.select_for_update().filter(pk__in=versions).order_by("pk"))
    for organization in {program.reporting_org_id for program in programs}:
        require(actor, "import", organization)
    kept: dict[int, Kept] = dict.fromkeys(set(versions) - {program.pk for program in programs}, "gone")
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
