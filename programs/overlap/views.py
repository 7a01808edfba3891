"""Pages of single pairs, and the panel of what a program would overlap."""

import re
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from programs.forms import ProgramEditor
from programs.forms.raw import typed_in
from programs.models import Program
from programs.overlap.cases import formula_of_pair
from programs.overlap.describe import Names
from programs.overlap.dossier import waterfall_of
from programs.overlap.forms import ReviewForm
from programs.overlap.models import Overlap
from programs.overlap.quoting import Quotes
from programs.overlap.services import may_review
from programs.overlap.services.preview import preview_of_form
from programs.services.permissions import may_log_programs


@login_required
@require_safe
def overlap_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The two programs side by side, why they were flagged, and what was decided."""
    return _page(request, _overlap(request, pk), ReviewForm())


@login_required
@require_POST
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """Takes a decision on an overlap."""
    overlap = _overlap(request, pk)
    if not may_review(request.user):
        raise PermissionDenied
    form = ReviewForm(request.POST)
    if form.is_valid() and (made := form.decide(overlap, request.user)):
        messages.success(
            request, _("Your decision is recorded: %(decision)s.") % {"decision": made.get_action_display().lower()}
        )
        return redirect(overlap)
    return _page(request, overlap, form, status=400)


def _overlap(request: HttpRequest, pk: int) -> Overlap:
    return get_object_or_404(Overlap.objects.visible_to(request.user).for_page(), pk=pk)


def _page(request: HttpRequest, overlap: Overlap, form: ReviewForm, status: int = 200) -> HttpResponse:
    context: dict[str, Any] = {
        "overlap": overlap,
        "formula": formula_of_pair(overlap) if overlap.is_flagged else None,
        "waterfall": waterfall_of(overlap, Names([overlap]), Quotes([overlap])),
        "form": form,
        "may_review": may_review(request.user),
    }
    return render(request, "overlap/detail.html", context, status=status)


@login_required
@require_POST
def preview(request: HttpRequest) -> HttpResponse:
    """What the program in the form would overlap, as it is typed: a piece of the page."""
    if not may_log_programs(request.user):
        raise PermissionDenied
    raw = typed_in(request.POST.dict())
    program = None
    if re.fullmatch(r"[0-9]{1,18}", request.POST.get("program", "")):
        program = get_object_or_404(Program.objects.visible_to(request.user), pk=request.POST["program"])
    editor = ProgramEditor(raw, user=request.user, program=program)
    return render(request, "overlap/preview.html", preview_of_form(editor.data, program, request.user))
