"""A person says which rows are programs that are there already."""

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.errors import Refused
from donors.models import User
from programs.exchange.models import Import, ImportRow
from programs.exchange.services.evaluate import Evaluator, note_on_row
from programs.services.permissions import require

Choice = ImportRow.Choice
NEW = 0


@transaction.atomic
def choose(job: Import, choices: Mapping[int, int], *, actor: User) -> set[int]:
    """Row's id -> the id of the program it is, or NEW. The rows that were decided; choices that are no longer open,
    or name a program that was not offered or that another row is, are passed over."""
    require(actor, "import", job.organization_id)
    locked = Import.objects.select_for_update(of=("self",)).select_related("organization").get(pk=job.pk)
    if locked.state != Import.State.CHECKED:
        raise Refused(_("This import does not need decisions any more. Reload the page."))
    rows = list(locked.rows.asking().filter(pk__in=choices))
    taken = set(locked.rows.filter(program__isnull=False).values_list("program_id", flat=True))
    decided = []
    for row in rows:
        program = choices[row.pk]
        if program == NEW:
            row.choice = Choice.NEW
        elif program not in taken and any(match["id"] == program for match in row.candidates):
            row.choice, row.program_id = Choice.SAME, program
            taken.add(program)
        else:
            continue
        decided.append(row)
    candidates = {row.pk: row.candidates for row in decided}
    for item in Evaluator(locked, actor).evaluate(decided):
        row = note_on_row(item)
        row.candidates = candidates[row.pk]
        row.save()
    return {row.pk for row in decided}


def choose_all(job: Import, same: bool, *, actor: User) -> set[int]:
    """Every open row at once: the surest of its matches, or a new program."""
    rows = job.rows.asking().values_list("pk", "candidates")
    return choose(job, {pk: matches[0]["id"] if same else NEW for pk, matches in rows}, actor=actor)
