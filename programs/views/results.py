"""The page of a program's results and of what comes after its funding."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.bodies import LONG_FORM, takes_up_to
from core.errors import EditConflict
from programs.forms.results import ResultsEditor, raw_of_outlook
from programs.models import Program
from programs.services import Outlook, save_outlook, stored_outlooks
from programs.services.permissions import may


@takes_up_to(LONG_FORM)
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def program_results(request: HttpRequest, pk: int) -> HttpResponse:
    """Enters results, and who carries the program on; 409 where somebody else saved in the meantime, with what was
    typed."""
    program = get_object_or_404(Program.objects.visible_to(request.user).select_related("reporting_org"), pk=pk)
    if not may(request.user, "save", program.reporting_org_id) or program.stage == Program.Stage.ARCHIVED:
        raise PermissionDenied
    before = stored_outlooks([program.pk]).get(program.pk, Outlook())
    if request.method != "POST":
        return _page(request, program, ResultsEditor(raw_of_outlook(before), before=before, checked=False))
    raw = request.POST.dict()
    if raw.get("do") == "more":
        return _page(request, program, ResultsEditor(raw, before=before, checked=False), version=raw.get("version"))
    with transaction.atomic():
        problem = _save(request, program, raw, before)
        if problem is not None:
            # The known body that it names is no organization yet.
            transaction.set_rollback(True)
            return problem
    messages.success(request, _("Saved."))
    return redirect(program)


def _save(request: HttpRequest, program: Program, raw: dict[str, str], before: Outlook) -> HttpResponse | None:
    """Saves what was entered; the page that says why not, None where it is saved."""
    editor = ResultsEditor(raw, before=before, checked=True)
    if not editor.is_valid():
        return _page(request, program, editor, version=raw.get("version"), status=400)
    stated = raw.get("version", "")
    try:
        save_outlook(
            program,
            actor=request.user,
            results=editor.results,
            sustainability=editor.after.row,
            version=int(stated[:9]) if stated.isascii() and stated.isdecimal() else -1,
        )
    except EditConflict as change:
        return _page(request, program, editor, version=change.version, status=409, problem=str(change.message))
    return None


def _page(
    request: HttpRequest,
    program: Program,
    editor: ResultsEditor,
    *,
    version: object = None,
    status: int = 200,
    problem: str = "",
) -> HttpResponse:
    context = {
        "program": program,
        "editor": editor,
        "version": program.version if version is None else version,
        "problem": problem,
    }
    return render(request, "programs/results.html", context, status=status)
