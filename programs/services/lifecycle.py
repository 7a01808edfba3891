"""The ends of a program's record: archived, or deleted where nothing rests on it."""

import pghistory
from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext_lazy as _

from donors.errors import Refused
from programs.models import Program
from programs.services.permissions import Actor, require
from programs.services.scan_requests import request_scan


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
    """Deletes the program and all that belongs to it. Refused where a comment or a decision on an overlap rests on it.

    Its history stays.
    """
    require(actor, "delete", program.reporting_org_id)
    with pghistory.context(user=actor.pk if actor else None):
        try:
            with transaction.atomic():
                program.delete()
        except ProtectedError as error:
            raise Refused(
                _("A comment, or a decision on an overlap, rests on this program: archive it instead of deleting it.")
            ) from error
