"""The states of an import, and what a person may do in which of them."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import structlog
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from core.errors import NeedsConfirmation, Refused, ToConfirm
from core.jobs import request_job
from core.locks import Locked, got_within
from donors.models import User
from programs.exchange.models import Import
from programs.exchange.spreadsheet import headers
from programs.exchange.spreadsheet.problems import FileProblem
from programs.services import stage_of_new
from programs.services.permissions import require
from programs.services.plausibility import sentence_of

log = structlog.get_logger(__name__)

WORK_TASK = "programs.exchange.work_on"
# Who deletes an import waits so long for a worker that is just leaving it.
SECONDS_TO_LEAVE = 3.0
State = Import.State


@dataclass(frozen=True)
class ImportMove:
    """What a person does: from which states, or from a stop in which of them, to which state."""

    sources: frozenset[str]
    stopped_in: frozenset[str]
    leads_to: str


MOVES: dict[str, ImportMove] = {
    "check": ImportMove(
        frozenset({State.UPLOADED, State.CHECKED, State.UNREADABLE}),
        frozenset({State.READING, State.CHECKING}),
        State.CHECKING,
    ),
    "choose_headings": ImportMove(
        frozenset({State.UPLOADED, State.CHECKED, State.UNREADABLE}),
        frozenset({State.READING, State.CHECKING}),
        State.READING,
    ),
    "apply": ImportMove(frozenset({State.CHECKED}), frozenset({State.APPLYING}), State.APPLYING),
    "undo": ImportMove(frozenset({State.APPLIED}), frozenset({State.APPLYING, State.UNDOING}), State.UNDOING),
}
# What a job's end leads to.
ENDS: dict[str, str] = {
    State.READING: State.UPLOADED,
    State.CHECKING: State.CHECKED,
    State.APPLYING: State.APPLIED,
    State.UNDOING: State.UNDONE,
}
# What `move` sets.
MOVED = (
    *("state", "run", "attempts", "done_before", "queued_at", "stopped_in", "stopped_by", "problem"),
    *("wanted_sheet", "wanted_heading_row"),
)


def open_moves(job: Import) -> set[str]:
    """What may be done with the import in its state: keys of MOVES."""
    return {key for key, move in MOVES.items() if job.state in move.sources or job.stopped_in in move.stopped_in}


class Superseded(Exception):
    """Somebody cancelled the import, or asked for something else, while a worker was at it."""


@contextmanager
def chunk(job: Import) -> Iterator[None]:
    """A transaction that is kept only if the import is still where the worker took it up: what is cancelled writes
    nothing more, from the moment that its owner is told so. Superseded otherwise."""
    with transaction.atomic():
        yield
        # Rows that name the import wait for no such lock, nor does who cancels wait for more than this commit.
        same = Import.objects.select_for_update(no_key=True).filter(pk=job.pk, state=job.state, run=job.run)
        if same.values_list("pk", flat=True).first() is None:
            raise Superseded


def _locked(job: Import, actor: User) -> Import:
    require(actor, "import", job.organization_id)
    return Import.objects.select_for_update(no_key=True).get(pk=job.pk)


def move(job: Import, action: str, *, actor: User) -> Import:
    """The import, locked and in its new state, unsaved (MOVED). Refused where it is not in a state for the action."""
    locked = _locked(job, actor)
    if action not in open_moves(locked):
        raise Refused(
            _("The status of this import has changed: it is now “%(state)s”. Reload the page.")
            % {"state": locked.get_state_display()}
        )
    locked.state = MOVES[action].leads_to
    if locked.state == State.CHECKING and locked.is_spreadsheet and not locked.headings:
        locked.state = State.READING
    begin_run(locked)
    return locked


def begin_run(job: Import) -> None:
    """What was asked for begins: nothing of an earlier run counts any more."""
    job.run += 1
    job.attempts = job.done_before = 0
    job.queued_at = job.stopped_by = job.problem = job.wanted_heading_row = None
    job.stopped_in = job.wanted_sheet = ""


def require_columns(columns: Sequence[str]) -> None:
    """Refused where nothing names the program, or a column is chosen twice."""
    try:
        headers.check(columns)
    except FileProblem as problem:
        raise Refused(str(problem)) from problem


@transaction.atomic
def check_again(job: Import, *, actor: User) -> Import:
    """Checks the whole file again, against what the portal holds now; choices are made again. A spreadsheet that was
    not checked yet is taken with the columns as they were guessed: Refused where these do not name the program. One
    that could not be read is read again."""
    locked = move(job, "check", actor=actor)
    if locked.is_spreadsheet and locked.state == State.CHECKING:
        require_columns(locked.columns)
    locked.rows.all().delete()
    locked.checked_by = actor
    locked.save(update_fields=[*MOVED, "checked_by"])
    request_job(WORK_TASK, locked.pk)
    return locked


@transaction.atomic
def apply_import(job: Import, *, actor: User, leave_out_refused: bool = False, confirm: Collection[str] = ()) -> Import:
    """Has a job save the new and the changed rows; new programs are published, or submitted where the actor may not
    publish. Refused while a row waits for a choice, or where rows are refused and the person has not said that they are
    to be left out; NeedsConfirmation where a row has a warning whose code is not in `confirm`."""
    locked = move(job, "apply", actor=actor)
    counts = locked.rows.counts()
    if counts.asking:
        raise Refused(_("Some rows may be programs that already exist. Choose the program for each row, then apply."))
    if counts.refused and not leave_out_refused:
        raise Refused(_("Some rows are rejected. Correct them and upload the file again, or choose to skip them."))
    if not counts.to_apply:
        raise Refused(_("There is nothing to apply: no row is new or changed."))
    if left := [warning for warning in warnings_of(locked) if warning.code not in confirm]:
        raise NeedsConfirmation([ToConfirm(one.code, "confirm", one.words, one.code) for one in left])
    locked.applied_by, locked.applied_at = actor, timezone.now()
    locked.new_stage = stage_of_new(actor, locked.organization_id)
    locked.save(update_fields=[*MOVED, "applied_by", "applied_at", "new_stage"])
    request_job(WORK_TASK, locked.pk)
    return locked


@dataclass(frozen=True)
class RowWarnings:
    """How many of the rows that are to be applied have a warning of one code, and an example of it in words."""

    code: str
    rows: int
    example: str

    @property
    def words(self) -> str:
        return ngettext("%(example)s (%(count)s row)", "%(example)s (one of %(count)s rows)", self.rows) % {
            "example": self.example,
            "count": self.rows,
        }


def warnings_of(job: Import) -> list[RowWarnings]:
    """What a person confirms by applying the import; one query."""
    examples: dict[str, str] = {}
    rows: Counter[str] = Counter()
    for warnings in job.rows.warned().order_by("number").values_list("warnings", flat=True).iterator():
        for warning in warnings:
            examples.setdefault(warning["code"], sentence_of(warning["code"], warning["params"]))
        rows.update({warning["code"] for warning in warnings})
    return [RowWarnings(code, rows[code], example) for code, example in examples.items()]


@transaction.atomic
def undo_import(job: Import, *, actor: User) -> Import:
    """Has a job take back what the import did, as far as nobody has changed it since."""
    locked = move(job, "undo", actor=actor)
    locked.undone_by, locked.undone_at = actor, timezone.now()
    locked.save(update_fields=[*MOVED, "undone_by", "undone_at"])
    request_job(WORK_TASK, locked.pk)
    return locked


@transaction.atomic
def cancel_import(job: Import, *, actor: User) -> Import:
    """Ends the work on an import, whether a worker is at it or not: nothing more is written. Refused where there is
    none. What was applied or undone so far stays; where nothing was applied yet, it is as before it was applied."""
    locked = _locked(job, actor)
    if not locked.is_at_work:
        raise Refused(
            _("There is nothing to cancel: this import is now “%(state)s”. Reload the page.")
            % {"state": locked.get_state_display()}
        )
    if locked.state == State.APPLYING and not locked.rows.filter(is_applied=True).exists():
        begin_run(locked)
        locked.state = State.CHECKED
        locked.applied_by = locked.applied_at = None
        locked.save(update_fields=[*MOVED, "applied_by", "applied_at"])
    else:
        stop(locked, "cancelled", by=actor)
    log.info("import.cancelled", import_id=locked.pk, actor=actor.pk)
    return locked


def stop(locked: Import, why: str, *, by: User | None = None) -> None:
    """Ends the work where it is; `why` ("cancelled", "gave_up") and the state make the problem's code."""
    where = locked.state
    begin_run(locked)
    locked.state, locked.stopped_in, locked.stopped_by = State.STOPPED, where, by
    locked.problem = {"code": f"{why}_{where}", "params": {}}
    locked.save(update_fields=MOVED)


@transaction.atomic
def delete_import(job: Import, *, actor: User) -> None:
    """Deletes an import with its file and its report; programs stay as they are. Refused while work on it goes on."""
    require(actor, "import", job.organization_id)
    is_free = got_within(SECONDS_TO_LEAVE, Locked.IMPORT, job.pk)
    locked = _locked(job, actor)
    if locked.is_at_work:
        raise Refused(_("This import is still in progress. Cancel it first, then delete it."))
    if not is_free:
        raise Refused(_("The portal is still stopping this import. Try to delete it again in a few minutes."))
    log.info("import.deleted", import_id=job.pk, actor=actor.pk, organization_id=job.organization_id)
    locked.delete()
