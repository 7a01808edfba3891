"""The states of an import, and what a person may do in which of them."""

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.errors import Refused
from core.jobs import request_job
from donors.models import User
from programs.exchange.models import Import
from programs.exchange.spreadsheet import headers
from programs.exchange.spreadsheet.problems import FileProblem
from programs.services.permissions import require

WORK_TASK = "programs.exchange.work_on"
State = Import.State

# What a person does: from which states, to which state.
MOVES: dict[str, tuple[frozenset[str], str]] = {
    "check": (frozenset({State.UPLOADED, State.CHECKED, State.UNREADABLE}), State.CHECKING),
    "apply": (frozenset({State.CHECKED}), State.APPLYING),
    "undo": (frozenset({State.APPLIED}), State.UNDOING),
}
# What a job's end leads to.
ENDS: dict[str, str] = {
    State.CHECKING: State.CHECKED,
    State.APPLYING: State.APPLIED,
    State.UNDOING: State.UNDONE,
}


def move(job: Import, action: str, *, actor: User) -> Import:
    """The import, locked and in its new state, unsaved. Refused where it is not in a state for the action."""
    require(actor, "import", job.organization_id)
    locked = Import.objects.select_for_update().get(pk=job.pk)
    allowed, leads_to = MOVES[action]
    if locked.state not in allowed:
        raise Refused(
            _("This import is no longer where it was: it is now “%(state)s”. Load the page again.")
            % {"state": locked.get_state_display()}
        )
    locked.state = leads_to
    return locked


def require_columns(columns: Sequence[str]) -> None:
    """Refused where nothing names the program, or a column is chosen twice."""
    try:
        headers.check(columns)
    except FileProblem as problem:
        raise Refused(str(problem)) from problem


@transaction.atomic
def check_again(job: Import, *, actor: User) -> Import:
    """Checks the whole file anew, against what the portal holds now; choices are made again. A spreadsheet that was
    not checked yet is taken with the columns as they were guessed: Refused where these do not name the program."""
    locked = move(job, "check", actor=actor)
    if locked.is_spreadsheet:
        require_columns(locked.columns)
    locked.rows.all().delete()
    locked.problem = None
    locked.save(update_fields=["state", "problem"])
    request_job(WORK_TASK, locked.pk)
    return locked


@transaction.atomic
def apply_import(job: Import, *, actor: User, leave_out_refused: bool = False) -> Import:
    """Has a job save the new and the changed rows. Refused while a row waits for a choice, or where rows are refused
    and the person has not said that they are to be left out."""
    locked = move(job, "apply", actor=actor)
    counts = locked.rows.counts()
    if counts.asking:
        raise Refused(_("Some rows may be programs that are there already. Say for each which it is, then apply."))
    if counts.refused and not leave_out_refused:
        raise Refused(_("Some rows are refused. Correct them and upload the file again, or choose to leave them out."))
    if not counts.to_apply:
        raise Refused(_("There is nothing to apply: no row is new or changed."))
    locked.applied_by, locked.applied_at = actor, timezone.now()
    locked.save(update_fields=["state", "applied_by", "applied_at"])
    request_job(WORK_TASK, locked.pk)
    return locked


@transaction.atomic
def undo_import(job: Import, *, actor: User) -> Import:
    """Has a job take back what the import did, as far as nobody has changed it since."""
    locked = move(job, "undo", actor=actor)
    locked.undone_by, locked.undone_at = actor, timezone.now()
    locked.save(update_fields=["state", "undone_by", "undone_at"])
    request_job(WORK_TASK, locked.pk)
    return locked
