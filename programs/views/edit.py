"""The form of a program: shown, changed by its small buttons, saved, kept while typing, compared with others' saves."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.bodies import LONG_FORM, takes_up_to
from core.errors import EditConflict, NeedsConfirmation, Refused
from donors.services import ask_for_organization, register_organizations
from programs.forms import ProgramEditor
from programs.forms.actions import act
from programs.forms.raw import typed_in
from programs.models import Program, WorkingCopy
from programs.services import MOVES, Saved, drop_working_copy, edit_program, keep_working_copy, moves_open_to
from programs.services.lifecycle import may_take
from programs.services.permissions import may, may_delete, may_log_programs
from programs.services.sharing import SHOWN_STAGES, may_show_to_more
from programs.views.compare import compare_page, resolved
from programs.views.previews import nothing_kept

MOVES_OF_THE_FORM = ("submit", "publish")


def _editable(request: HttpRequest, pk: int | None) -> Program | None:
    """The program to edit, None for a new one; 404 where it may not be seen, 403 where it may not be changed."""
    if pk is None:
        if not may_log_programs(request.user):
            raise PermissionDenied
        return None
    program = get_object_or_404(Program.objects.visible_to(request.user).select_related("reporting_org"), pk=pk)
    if not may(request.user, "save", program.reporting_org_id) or program.stage == Program.Stage.ARCHIVED:
        raise PermissionDenied
    return program


@takes_up_to(LONG_FORM)
@login_required
@require_http_methods(["GET", "POST"])
def program_edit(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """The form of a new program, or of one there is."""
    program = _editable(request, pk)
    if request.method != "POST":
        with nothing_kept():
            return _page(request, *_opened(request, program))
    raw, do = typed_in(request.POST.dict()), request.POST.get("do", "save")
    if do == "discard" and program is not None:
        drop_working_copy(program, actor=request.user)
        return redirect("programs:edit", program.pk)
    changed = act(raw, do)
    if changed is not None:
        with nothing_kept():
            return _page(request, ProgramEditor(changed, user=request.user, program=program))
    if do.startswith("ask:"):
        return _ask(request, raw, program, do.removeprefix("ask:"))
    if do == "resolve" and program is not None:
        raw = resolved(raw, request.POST, program)
        do = request.POST.get("then", "save")
    return _save(request, raw, program, then=do if do in MOVES_OF_THE_FORM else "")


def _opened(request: HttpRequest, program: Program | None) -> tuple[ProgramEditor, WorkingCopy | None]:
    if program is None:
        return ProgramEditor.of_new(request.user), None
    copy = WorkingCopy.objects.filter(program=program, user=request.user).first()
    if copy is None:
        return ProgramEditor.of_stored(program, request.user), None
    typed = {**copy.typed, "version": str(copy.version)}
    return ProgramEditor(typed, user=request.user, program=program, checked=True), copy


def _save(request: HttpRequest, raw: dict[str, str], program: Program | None, *, then: str) -> HttpResponse:
    with transaction.atomic():
        is_saved, answer = _save_or_show(request, raw, program, then=then)
        if not is_saved:
            # The known bodies that it names are no organizations yet.
            transaction.set_rollback(True)
    return answer


def _save_or_show(
    request: HttpRequest, raw: dict[str, str], program: Program | None, *, then: str
) -> tuple[bool, HttpResponse]:
    """Whether the form was saved, and the answer: to go on, or the page that says why not."""
    editor = ProgramEditor(raw, user=request.user, program=program, checked=True)
    editor.lookups.look_up()
    if program is not None and editor.version != program.version:
        return False, compare_page(request, editor, program, then)
    typed = editor
    try:
        # What the person said is new is added with the program, or not at all.
        with transaction.atomic():
            editor = _registered(typed)
            if saved := _saved_if_whole(editor, then=then, confirmed=request.POST.getlist("confirm")):
                return True, _after(request, editor, saved, then)
            transaction.set_rollback(True)
    except EditConflict:
        now = Program.objects.get(pk=program.pk)  # type: ignore[union-attr]
        return False, compare_page(request, typed, now, then)
    except ValidationError as error:
        editor.add_errors(error)
    except NeedsConfirmation as unlikely:
        editor.to_confirm = unlikely.warnings
    except Refused as refusal:
        editor.main.add_error(None, str(refusal.message))
    return False, _page(request, editor, status=400)


def _saved_if_whole(editor: ProgramEditor, *, then: str, confirmed: Sequence[str]) -> Saved | None:
    """Saves the form if all of it can be stored, a draft also in part; None where its fields say why not."""
    is_draft = editor.program is None or editor.program.stage == Program.Stage.DRAFT
    if then or not is_draft:
        editor.refuse_what_is_missing()
    if editor.is_readable or (is_draft and not then and not editor.unknown_organizations):
        return _saved(editor, then=then, confirmed=confirmed)
    return None


def _saved(editor: ProgramEditor, *, then: str = "", autosaved: bool = False, confirmed: Sequence[str] = ()) -> Saved:
    """Saves what could be read; what could not is kept beside it as it was typed."""
    saved = edit_program(
        editor.data,
        actor=editor.user,
        program=editor.program,
        version=editor.version,
        goals_proposed=editor.goals_proposed,
        shared_with=editor.shared_with,
        autosaved=autosaved,
        then=then,
        confirmed=confirmed,
    )
    if editor.is_readable:
        drop_working_copy(saved.program, actor=editor.user)
    else:
        keep_working_copy(saved.program, editor.raw, actor=editor.user, version=saved.program.version)
    return saved


def _registered(editor: ProgramEditor) -> ProgramEditor:
    """Adds the organizations that the person said are new, and reads the form again."""
    if not editor.to_register or editor.organization is None:
        return editor
    register_organizations(editor.to_register, actor=editor.user, asked_for=editor.organization)
    return ProgramEditor(editor.raw, user=editor.user, program=editor.program, checked=True)


def _ask(request: HttpRequest, raw: dict[str, str], program: Program | None, row: str) -> HttpResponse:
    """Asks the coordinators for the unknown organization of a row; the form comes back as it was typed."""
    with nothing_kept():
        editor = ProgramEditor(raw, user=request.user, program=program, checked=True)
        unknown = next((form for form in editor.unknown_organizations if form.prefix == row), None)
    if unknown is not None and editor.organization is not None:
        try:
            ask_for_organization(
                unknown.unknown,
                actor=request.user,
                asked_for=editor.organization,
                kind=unknown.cleaned_data.get("kind", ""),
                place=raw.get("title", ""),
            )
            messages.success(
                request, _("Request sent. A coordinator will tell you who “%(name)s” is.") % {"name": unknown.unknown}
            )
        except Refused as refusal:
            messages.error(request, str(refusal.message))
    with nothing_kept():
        return _page(request, ProgramEditor(raw, user=request.user, program=program, checked=True))


def _after(request: HttpRequest, editor: ProgramEditor, saved: Saved, then: str) -> HttpResponse:
    if then:
        messages.success(request, str(MOVES[then].done))
        return redirect(saved.program)
    if saved.program.stage != Program.Stage.DRAFT:
        messages.success(request, _("Your changes are saved, and others can see them now."))
        return redirect(saved.program)
    if editor.is_readable:
        messages.success(request, _("The draft is saved."))
    else:
        messages.warning(
            request, _("The draft is saved, except for the fields marked below, which keep what you typed.")
        )
    return redirect("programs:edit", saved.program.pk)


def _page(
    request: HttpRequest, editor: ProgramEditor, copy: WorkingCopy | None = None, status: int = 200
) -> HttpResponse:
    program = editor.program
    keys = [move.key for move in moves_open_to(request.user, program)] if program else []
    if program is None and editor.organization is not None:
        manages = may_take(MOVES["publish"], request.user, editor.organization.pk)
        keys = ["publish"] if manages else ["submit"]
    context: dict[str, Any] = {
        "editor": editor,
        "program": program,
        "copy": copy,
        "is_draft": program is None or program.stage == Program.Stage.DRAFT,
        "is_shown": program is not None and program.stage in SHOWN_STAGES,
        "may_share": program is None or may_show_to_more(request.user, program),
        "may_delete": program is not None and may_delete(request.user, program),
        "moves": [MOVES[key] for key in keys if key in MOVES_OF_THE_FORM],
        "sent_back": program.stage_changes.filter(move="send_back").first() if program else None,
    }
    return render(request, "programs/form.html", context, status=status)


@takes_up_to(LONG_FORM)
@require_http_methods(["GET", "POST"])
def autosave(request: HttpRequest, pk: int | None = None) -> JsonResponse:
    """Keeps the form while it is typed in, as JSON; GET gives a fresh token after a new sign-in.

    A draft is saved as far as it can be read. Of a program that others see, a working copy of the person's own is
    kept. 401 where nobody is signed in, 409 where somebody else saved in the meantime: the form's own buttons compare
    then.
    """
    if not request.user.is_authenticated:
        return JsonResponse({"state": "signed_out"}, status=401)
    program = _editable(request, pk)
    if request.method == "GET":
        return JsonResponse({"csrf": get_token(request)})
    raw = typed_in(request.POST.dict())
    try:
        if program is not None and program.stage != Program.Stage.DRAFT:
            with nothing_kept():
                editor = ProgramEditor(raw, user=request.user, program=program, checked=True)
                answer = _kept(editor, program, "kept")
            keep_working_copy(program, editor.raw, actor=request.user, version=editor.version or 0)
            return answer
        with transaction.atomic():
            editor = ProgramEditor(raw, user=request.user, program=program, checked=True)
            return _kept(editor, _saved(editor, autosaved=True).program, "saved")
    except EditConflict as change:
        return JsonResponse({"state": "conflict", "message": str(change.message)}, status=409)
    except (ValidationError, Refused) as error:
        sentences = error.messages if isinstance(error, ValidationError) else [str(error.message)]
        return JsonResponse({"state": "refused", "message": " ".join(sentences)}, status=400)


def _kept(editor: ProgramEditor, program: Program, state: str) -> JsonResponse:
    return JsonResponse(
        {
            "state": state,
            "version": program.version,
            "began": program.updated_at.isoformat(),
            "at": date_format(timezone.localtime(), "H:i"),
            "identifier": program.identifier,
            "edit": reverse("programs:edit", args=[program.pk]),
            "autosave": reverse("programs:autosave", args=[program.pk]),
            "missing": render_to_string("programs/form/missing.html", {"editor": editor}),
            "unreadable": len(editor.errors),
            "unknown": {
                form.prefix: render_to_string("programs/form/unknown_organization.html", {"form": form})
                for form in editor.unknown_organizations
            },
        }
    )
