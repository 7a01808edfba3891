"""Two people at once: the second one's text beside what is stored, field by field, to take either side of each."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from programs.describe import Describer, field_labels
from programs.forms import ProgramEditor
from programs.forms.editor import differing_fields, raw_of_stored
from programs.forms.raw import keys_of
from programs.models import Program
from programs.services import ProgramData, stored_programs
from programs.services.versions import data_at

MINE, THEIRS = "mine", "theirs"


@dataclass(frozen=True)
class Difference:
    """A field of which the two say different things; `side` is the one that is offered."""

    field: str
    label: str
    mine: list[str]
    theirs: list[str]
    side: str
    both_changed: bool


def compare_page(request: HttpRequest, editor: ProgramEditor, program: Program, then: str) -> HttpResponse:
    """409: what this person typed beside what is stored now; nothing of either is lost."""
    mine, theirs = editor.data, stored_programs([program])[0].data
    before = data_at(program, editor.began_at) if editor.began_at else None
    context = {
        "program": program,
        "differences": _differences(editor, mine, theirs, before),
        "typed": {**editor.raw, "version": str(program.version), "began": program.updated_at.isoformat()},
        "then": then,
    }
    return render(request, "programs/compare.html", context, status=409)


def _differences(
    editor: ProgramEditor, mine: ProgramData, theirs: ProgramData, before: ProgramData | None
) -> list[Difference]:
    labels = field_labels()
    differing = [field for field in differing_fields(mine, theirs) if field in labels]
    if mine.goals is not None and mine.goals != theirs.goals:
        differing.append("goals")
    describer = Describer([mine, theirs])
    found = []
    for field in differing:
        was = getattr(before, field) if before else None
        i_changed = before is None or getattr(mine, field) != was
        they_changed = before is None or getattr(theirs, field) != was
        found.append(
            Difference(
                field=field,
                label=labels[field],
                mine=describer.lines(mine, field),
                theirs=describer.lines(theirs, field),
                side=MINE if i_changed else THEIRS,
                both_changed=i_changed and they_changed,
            )
        )
    return found


def resolved(raw: dict[str, str], chosen: Mapping[str, str], program: Program) -> dict[str, str]:
    """The form's text with the other side taken where the person chose it (`take-<field>`)."""
    theirs = raw_of_stored(program)
    for name, side in chosen.items():
        if not name.startswith("take-") or side != THEIRS:
            continue
        field = name.removeprefix("take-")
        for key in keys_of(field, raw):
            del raw[key]
        raw |= {key: theirs[key] for key in keys_of(field, theirs)}
    return raw
