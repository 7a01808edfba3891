"""One program's row, locked while it is changed."""

from django.utils.translation import gettext_lazy as _

from core.errors import Refused
from programs.models import Program


def locked_program(program: Program) -> Program:
    """The program as it is stored now, held until the transaction ends; Refused where it was deleted in the
    meantime."""
    locked = Program.objects.select_for_update().filter(pk=program.pk).first()
    if locked is None:
        raise Refused(_("This program was deleted in the meantime."))
    return locked
