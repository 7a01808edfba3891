"""Applying: the checked rows saved through the program services, a chunk at a time, each row once."""

from collections.abc import Iterator, Sequence

import structlog
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction

from core.errors import NeedsConfirmation, Refused
from programs.exchange.failures import reason_of
from programs.exchange.models import Import, ImportRow
from programs.exchange.services.asking import ask_for_organizations
from programs.exchange.services.evaluate import Evaluated, Evaluator
from programs.exchange.services.moves import chunk
from programs.exchange.services.snapshot import as_json
from programs.models import Program
from programs.services import ManySaver, Saved, Wanted

log = structlog.get_logger(__name__)

ROWS_AT_ONCE = 500
WRITTEN = ("outcome", "problems", "is_applied", "program_id", "version_applied", "applied_stamp", "before")


def apply_chunks(job: Import) -> Iterator[None]:
    """Saves the rows that are not applied yet, in the file's order.

    A chunk's programs and the note on its rows that they are applied are one transaction: a worker that dies leaves
    either both or neither.
    """
    evaluator = Evaluator(job)
    saver = ManySaver(actor=job.applied_by, ask_for_scan=False)
    more = True
    while more:
        with chunk(job):
            more = _apply(job, evaluator, saver)
        yield


def _apply(job: Import, evaluator: Evaluator, saver: ManySaver) -> bool:
    rows = list(job.rows.to_apply().select_for_update().order_by("number")[:ROWS_AT_ONCE])
    if not rows:
        return False
    expected = {row.pk: (row.outcome, row.version_seen) for row in rows}
    drafts = {row.pk for row in rows if row.is_draft}
    evaluated = evaluator.evaluate(rows, rules=False)
    as_shown = []
    for item in evaluated:
        now = (item.outcome, item.stored.version if item.stored else None)
        if now != expected[item.row.pk]:
            # Not what the person saw and agreed to.
            item.refuse("changed_meanwhile")
        else:
            # Shown as a draft it arrives as one, though it may be complete by now.
            item.is_draft |= item.row.pk in drafts
            as_shown.append(item)
    _save(as_shown, saver, job.new_stage or None)
    for item in evaluated:
        item.row.outcome = item.outcome
        item.row.problems = [problem.as_json() for problem in item.read.problems]
    ImportRow.objects.write_results(rows, WRITTEN)
    ask_for_organizations(job, [item for item in as_shown if item.row.is_applied])
    return True


def _save(items: Sequence[Evaluated], saver: ManySaver, new_stage: str | None) -> None:
    """All at once; where one is refused, one by one, so that the others are saved and that one says why."""
    try:
        with transaction.atomic():
            results = saver.save_many([_wanted(item, new_stage) for item in items])
    except (Refused, ValidationError, DatabaseError) as error:
        if len(items) == 1 and isinstance(error, NeedsConfirmation):
            # Of a value that the check did not show.
            items[0].refuse("changed_meanwhile")
            return
        if len(items) == 1:
            log.info("import.row_refused", import_id=items[0].row.of_import_id, row=items[0].row.number)
            items[0].refuse("rule", text=reason_of(error))
            return
        for item in items:
            _save([item], saver, new_stage)
        return
    for item, saved in zip(items, results, strict=True):
        _note(item, saved)


def _wanted(item: Evaluated, new_stage: str | None) -> Wanted:
    """A new program arrives in the stage that the person's button named, or as a draft; one that is there stays in its
    own."""
    confirmed = {warning["key"] for warning in item.row.warnings}
    if item.stored is None:
        stage = Program.Stage.DRAFT if item.is_draft else new_stage
        return Wanted(item.data, stage=stage, confirmed=confirmed)
    return Wanted(item.data, program_id=item.stored.id, confirmed=confirmed)


def _note(item: Evaluated, saved: Saved) -> None:
    row = item.row
    row.is_applied = True
    row.program = saved.program
    row.version_applied, row.applied_stamp = saved.program.version, saved.program.updated_at
    row.before = as_json(item.stored) if item.stored else None
