"""The jobs of imports: what the rows say is left to do is done, by one worker at a time, after any crash."""

import time
from collections.abc import Callable, Iterator
from typing import Any

import structlog
from django.db import transaction
from django.utils import timezone, translation

from core.jobs import MOST_ATTEMPTS, request_job, to_queue
from core.locks import Locked, if_free
from core.memory import cycles_seldom_looked_for
from programs.exchange.models import Import
from programs.exchange.services import apply, check, iati_import, read, undo
from programs.exchange.services.moves import ENDS, WORK_TASK, Superseded, stop
from programs.exchange.spreadsheet.problems import FileProblem
from programs.services.scan_requests import request_sweep

log = structlog.get_logger(__name__)

# A job ends by itself before the worker's time limit, and asks for its own continuation.
SECONDS_A_JOB = 150.0
State = Import.State
Chunks = Callable[[Import], Iterator[None]]

# What is done in which state: for spreadsheets, for IATI files.
STEPS: dict[str, tuple[Chunks, Chunks]] = {
    State.READING: (read.read_chunks, iati_import.check_chunks),
    State.CHECKING: (check.check_chunks, iati_import.check_chunks),
    State.APPLYING: (apply.apply_chunks, iati_import.apply_chunks),
    State.UNDOING: (undo.undo_chunks, undo.undo_chunks),
}


def imports_to_queue() -> list[int]:
    """Imports with something left to do, that no worker is at and that wait in no queue."""
    return to_queue(Import.objects.at_work().order_by("pk"), Locked.IMPORT)


def work_on(import_id: int, *, seconds: float = SECONDS_A_JOB) -> bool:
    """Goes on with an import until nothing is left to do without a person; whether it came to that end.

    Safe to run twice, or at once: the second finds the lock taken, and does nothing. An import that was taken up
    MOST_ATTEMPTS times without getting further is stopped.
    """
    until = time.monotonic() + seconds
    with if_free(Locked.IMPORT, import_id) as got_it:
        while got_it and (found := _taken_up(import_id)):
            with translation.override(found.language), cycles_seldom_looked_for():
                if not _work(found, until):
                    return False
    return True


@transaction.atomic
def _taken_up(import_id: int) -> Import | None:
    """The import with this attempt counted; None where nothing is left to do, or where it is given up now."""
    job = (
        Import.objects.at_work()
        .select_related("organization", "applied_by", "undone_by", "created_by", "checked_by")
        .select_for_update(of=("self",), no_key=True)
        .filter(pk=import_id)
        .first()
    )
    if job is None:
        return None
    done = _rows_done(job)
    job.attempts = 1 if done > job.done_before else job.attempts + 1
    job.done_before, job.queued_at = done, None
    if job.attempts > MOST_ATTEMPTS:
        log.error("import.gave_up", import_id=job.pk, state=job.state, rows_done=done)
        stop(job, "gave_up")
        return None
    job.save(update_fields=["attempts", "done_before", "queued_at"])
    return job


def _rows_done(job: Import) -> int:
    """How many rows have no more to be done in this state."""
    rows = job.rows.count()
    if job.state == State.APPLYING:
        return rows - job.rows.to_apply().count()
    return rows - job.rows.to_undo().count() if job.state == State.UNDOING else rows


def _work(job: Import, until: float) -> bool:
    spreadsheet, iati = STEPS[job.state]
    # Another sheet or row was chosen: where nothing can be read there, the import stays with the headings it has.
    is_read_again = job.state == State.READING and bool(job.headings)
    try:
        for _chunk in (spreadsheet if job.is_spreadsheet else iati)(job):
            if time.monotonic() > until:
                request_job(WORK_TASK, job.pk)
                return False
    except Superseded:
        log.info("import.superseded", import_id=job.pk, state=job.state)
        return True
    except FileProblem as problem:
        state = State.UPLOADED if is_read_again else State.UNREADABLE
        _end(job, state=state, problem={"code": problem.code, "params": problem.params})
        return True
    values: dict[str, Any] = {"state": ENDS[job.state]}
    if job.state == State.READING and read.needs_nobody(job):
        values["state"] = State.CHECKING
    if job.state == State.CHECKING:
        values["checked_at"] = timezone.now()
    _end(job, **values)
    if job.state in (State.APPLYING, State.UNDOING):
        request_sweep()
    log.info("import.step_done", import_id=job.pk, state=job.state)
    return True


def _end(job: Import, **values: Any) -> None:
    """Ends the run that the worker took up, if it is still that one."""
    Import.objects.filter(pk=job.pk, state=job.state, run=job.run).update(
        **values, run=job.run + 1, attempts=0, done_before=0
    )
