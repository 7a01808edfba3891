"""Undoing an import as a whole: what nobody has changed since; of the rest it says why it stays."""

from collections.abc import Iterator

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from programs.exchange.models import IatiRecord, Import, ImportRow
from programs.exchange.services.moves import chunk
from programs.exchange.services.snapshot import from_json
from programs.models import Program
from programs.services import ManySaver, Wanted, take_back_programs

ROWS_AT_ONCE = 200
# Why a row's program stays as it is.
KEPT: dict[str, Promise] = {
    "changed_since": _("Somebody has changed the program since the import."),
    "decided": _("A decision on an overlap rests on the program: archive it instead."),
    "gone": _("The program is no longer there."),
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
    made = {row.program_id: row for row in rows if row.before is None and row.program_id}
    kept: dict[int, str] = dict(
        take_back_programs({pk: row.version_applied or 0 for pk, row in made.items()}, actor=job.undone_by)
    )
    kept |= _put_back(job, [row for row in rows if row.before is not None and row.program_id], saver)
    for row in rows:
        row.kept_because = kept.get(row.program_id, "") if row.program_id else "gone"
        row.is_undone = not row.kept_because
        if row.is_undone and row.before is None:
            row.program_id = None  # deleted: the database has set it null
    ImportRow.objects.write_results(rows, ["is_undone", "kept_because", "program_id"])
    return True


def _put_back(job: Import, rows: list[ImportRow], saver: ManySaver) -> dict[int, str]:
    """Changed programs as they were before; those that stay, with the reason."""
    programs = Program.objects.select_for_update().filter(pk__in=[row.program_id for row in rows]).order_by("pk")
    versions = dict(programs.values_list("pk", "version"))
    kept: dict[int, str] = {}
    wanted = []
    for row in rows:
        if row.program_id and versions.get(row.program_id) != row.version_applied:
            kept[row.program_id] = "changed_since"
        elif row.program_id:
            before = from_json(row.before or {})
            wanted.append(Wanted(before.as_said, before.stage, row.program_id, goals_proposed=before.goals_proposed))
    saver.save_many(wanted)
    # What a published file last said of them no longer holds: the next import of it looks at them anew.
    IatiRecord.objects.filter(program__in=[item.program_id for item in wanted]).delete()
    return kept
