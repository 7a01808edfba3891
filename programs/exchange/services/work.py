"""The jobs of imports: what the rows say is left to do is done, by one worker at a time, after any crash."""

import time
from collections.abc import Callable, Iterator
from typing import Any

import structlog
from django.utils import timezone, translation

from core.jobs import request_job
from core.locks import Locked, if_free
from programs.exchange.models import Import
from programs.exchange.services import apply, check, iati_import, undo
from programs.exchange.services.moves import ENDS, WORK_TASK
from programs.exchange.spreadsheet.problems import FileProblem
from programs.services.scan_requests import request_sweep

log = structlog.get_logger(__name__)

# A job ends by itself before the worker's time limit, and asks for its own continuation.
SECONDS_A_JOB = 150.0
State = Import.State
Chunks = Callable[[Import], Iterator[None]]

# What is done in which state: for spreadsheets, for IATI files.
STEPS: dict[str, tuple[Chunks, Chunks]] = {
    State.CHECKING: (check.check_chunks, iati_import.check_chunks),
    State.APPLYING: (apply.apply_chunks, iati_import.apply_chunks),
    State.UNDOING: (undo.undo_chunks, undo.undo_chunks),
}


def imports_at_work() -> list[int]:
    """Imports with something left to do."""
    return list(Import.objects.at_work().values_list("pk", flat=True))


def work_on(import_id: int, *, seconds: float = SECONDS_A_JOB) -> bool:
    """Goes on with an import until nothing is left in its state; whether it came to that end.

    Safe to run twice, or at once: the second finds the lock taken, and does nothing.
    """
    with if_free(Locked.IMPORT, import_id) as got_it:
        job = Import.objects.select_related("organization", "applied_by", "undone_by", "created_by").filter(
            pk=import_id
        )
        found = job.first() if got_it else None
        if found is None or not found.is_at_work:
            return True
        with translation.override(found.language):
            return _work(found, time.monotonic() + seconds)


def _work(job: Import, until: float) -> bool:
    spreadsheet, iati = STEPS[job.state]
    try:
        for _chunk in (spreadsheet if job.is_spreadsheet else iati)(job):
            if time.monotonic() > until:
                request_job(WORK_TASK, job.pk)
                return False
    except FileProblem as problem:
        Import.objects.filter(pk=job.pk, state=job.state).update(
            state=State.UNREADABLE, problem={"code": problem.code, "params": problem.params}
        )
        return True
    values: dict[str, Any] = {"state": ENDS[job.state]}
    if job.state == State.CHECKING:
        values["checked_at"] = timezone.now()
    Import.objects.filter(pk=job.pk, state=job.state).update(**values)
    if job.state != State.CHECKING:
        request_sweep()
    log.info("import.step_done", import_id=job.pk, state=job.state)
    return True
