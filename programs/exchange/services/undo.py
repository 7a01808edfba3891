"""Undoing an import as a whole: what nobody has changed since; of the rest it says why it stays."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby

import structlog
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.errors import Refused
from programs.exchange.models import Import, ImportRow
from programs.exchange.querysets import Standing
from programs.exchange.services.moves import chunk
from programs.exchange.services.snapshot import CannotPutBack, from_json, put_back_published
from programs.models import Program
from programs.services import ManySaver, Wanted, take_back_programs

log = structlog.get_logger(__name__)
ROWS_AT_ONCE = 500
# Kept for what undoing a later import may take away (rows of earlier releases do not say by whom it was changed).
MAY_FOLLOW = ("later_import", "changed_since")
# Why a row's program stays as it is.
KEPT: dict[str, Promise] = {
    "changed_since": _("The program was changed after the import."),
    "later_import": _("A later import changed the program. Once that import is undone too, so is this row."),
    "decided": _("The program has reviewed overlaps, so it cannot be deleted. Archive it instead."),
    "gone": _("The program no longer exists."),
    "unreadable": _("The state of the program before the import can no longer be read."),
}


def undo_chunks(job: Import) -> Iterator[None]:
    """Takes back the rows that are applied and not yet undone, last ones first; a chunk is one transaction."""
    saver = ManySaver(actor=job.undone_by, ask_for_scan=False)
    more = True
    while more:
        with chunk(job):
            more = _undo(job, saver)
        yield


def _undo(job: Import, saver: ManySaver) -> bool:
    rows = list(job.rows.to_undo().select_for_update().order_by("-number")[:ROWS_AT_ONCE])
    if not rows:
        return False
    _take_back(job, rows, saver)
    _follow_with_older([row.program_id for row in rows if row.is_undone and row.program_id], saver)
    return True


def _follow_with_older(programs: list[int], saver: ManySaver) -> None:
    """Takes back the rows of older imports whose undo came first, and had to keep these programs (ids) because of what
    is undone now; the last applied first."""
    rows = (
        ImportRow.objects.filter(
            program__in=programs, kept_because__in=MAY_FOLLOW, of_import__state=Import.State.UNDONE
        )
        .select_related("of_import")
        .select_for_update(of=("self",))
        .order_by("-of_import__applied_at", "-of_import", "-number")
    )
    for older, group in groupby(rows, key=lambda row: row.of_import):
        _take_back(older, list(group), saver)


def _take_back(job: Import, rows: list[ImportRow], saver: ManySaver) -> None:
    """Takes back rows of one import, and writes on each what became of it."""
    versions = _as_the_import_left_them(rows)
    made = {row.program_id: versions[row.program_id] for row in rows if row.before is None and row.program_id}
    kept: dict[int, str] = dict(take_back_programs(made, actor=saver.actor))
    kept |= _put_back(job, [row for row in rows if row.before is not None and row.program_id], versions, saver)
    changed = [pk for pk, why in kept.items() if why == "changed_since"]
    kept |= dict.fromkeys(ImportRow.objects.last_changed_by_another(job, changed), "later_import")
    for row in rows:
        row.kept_because = kept.get(row.program_id, "") if row.program_id else "gone"
        row.is_undone = not row.kept_because
        if row.is_undone and row.before is None:
            row.program_id = None  # deleted: the database has set it null
    ImportRow.objects.write_results(rows, ["is_undone", "kept_because", "program_id", "undone_stamp"])


def _as_the_import_left_them(rows: list[ImportRow]) -> dict[int, int]:
    """Locks the programs of the rows. Program -> the version in which it still is as the import left it: the stored
    one where nobody has changed it since, else (and where it is gone) the one that the import made."""
    of_row = {row.program_id: row for row in rows if row.program_id}
    programs = Program.objects.select_for_update().filter(pk__in=of_row).order_by("pk")
    stored = {pk: Standing(at, version) for pk, at, version in programs.values_list("pk", "updated_at", "version")}
    undone = ImportRow.objects.undone_to(of_row)
    return {
        pk: stored[pk].version
        if pk in stored and _leads_back(stored[pk], row, undone.get(pk, {}))
        else row.version_applied or 0
        for pk, row in of_row.items()
    }


def _leads_back(now: Standing | None, row: ImportRow, undone: dict[datetime, Standing]) -> bool:
    """Whether the program is as the row left it, but for what the portal itself did: a later import that was undone
    counts as never made."""
    seen = set()
    while now is not None and now not in seen:
        # Rows that an earlier release applied know the version alone.
        if now.saved_at == row.applied_stamp or (row.applied_stamp is None and now.version == row.version_applied):
            return True
        seen.add(now)
        now = undone.get(now.saved_at) if now.saved_at else None
    return False


def _put_back(job: Import, rows: list[ImportRow], versions: dict[int, int], saver: ManySaver) -> dict[int, str]:
    """Changed programs as they were before; those that stay, with the reason."""
    stored = dict(Program.objects.filter(pk__in=[row.program_id for row in rows]).values_list("pk", "version"))
    kept: dict[int, str] = {}
    wanted: list[tuple[ImportRow, Wanted]] = []
    for row in rows:
        if row.program_id is None or row.program_id not in stored:
            continue
        if stored[row.program_id] != versions[row.program_id]:
            kept[row.program_id] = "changed_since"
            continue
        try:
            before = from_json(row.before or {})
        except CannotPutBack as problem:
            log.warning("import.cannot_put_back", import_id=job.pk, program_id=row.program_id, error=str(problem))
            kept[row.program_id] = "unreadable"
            continue
        item = Wanted(
            before.original, before.stage, row.program_id, goals_proposed=before.goals_proposed, as_it_was=True
        )
        wanted.append((row, item))
    return kept | _save(job, wanted, saver)


def _save(job: Import, wanted: Sequence[tuple[ImportRow, Wanted]], saver: ManySaver) -> dict[int, str]:
    """All at once; where one is refused, one by one, so that the others are put back and that one stays, with why."""
    try:
        with transaction.atomic():
            for (row, _item), saved in zip(wanted, saver.save_many([item for _row, item in wanted]), strict=True):
                if not job.is_spreadsheet:
                    put_back_published(row.before or {}, saved, saver.actor)
                row.undone_stamp = saved.program.updated_at
    except (Refused, ValidationError, DatabaseError, CannotPutBack) as error:
        if len(wanted) > 1:
            return {pk: why for pair in wanted for pk, why in _save(job, [pair], saver).items()}
        (row, _item) = wanted[0]
        row.undone_stamp = None
        log.warning("import.cannot_put_back", import_id=job.pk, program_id=row.program_id, error=str(error))
        return {row.program_id: "unreadable"} if row.program_id else {}
    return {}
