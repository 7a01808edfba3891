"""The queue: cases by their priority, decided one by one or many at once."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core.errors import Refused
from programs.overlap.cases import OverlapCase, cases_of_pairs
from programs.overlap.describe import Names, with_reasons
from programs.overlap.engine.score import model
from programs.overlap.filters import QueueFilter, queue_filter_of
from programs.overlap.forms import SavedViewForm, TriageForm, coordinators
from programs.overlap.models import Calibration, Overlap, Review, SavedView
from programs.overlap.movement import movement_of
from programs.overlap.querysets import OverlapQuerySet
from programs.overlap.ranking import page_of
from programs.overlap.services import may_review
from programs.overlap.services.saved_views import forget_view, keep_view
from programs.overlap.uncertain import with_questions
from programs.sorting import chosen_order

CASES_A_PAGE = 15
# So many of a case's pairs stand in the list; all of them on its own page.
PAIRS_A_CASE = 5


@login_required
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """Cases of flagged pairs that the user may see; by default the open ones, the highest priority first."""
    filters = _filters(request)
    found = filters.qs if filters.is_valid() else Overlap.objects.none()
    orders = {
        "stake": _("Highest priority"),
        "score": _("Highest probability"),
        "money": _("Largest amount"),
        "newest": _("Newest"),
    }
    order, order_error = chosen_order(request, orders)
    asked = page_of(found, order, request.GET.get("page"), CASES_A_PAGE, user=request.user, asked=filters.asked)
    visible = Overlap.objects.visible_to(request.user)
    overlap_cases = cases_of_pairs(found, asked.keys, PAIRS_A_CASE, visible)
    names = Names(overlap for overlap_case in overlap_cases for overlap in overlap_case.shown)
    decides = may_review(request.user)
    rows = [_row(overlap_case, names) for overlap_case in overlap_cases]
    if filters.is_valid():
        rows = with_questions(rows, request.user, filters, asked.page.number, CASES_A_PAGE)
    context = {
        "filters": filters,
        "page": asked.page,
        "number_of_pairs": asked.pairs,
        "rows": rows,
        "order": order,
        "orders": orders,
        "order_error": order_error,
        "decides": decides,
        "reasons": Review.Reason.choices,
        "coordinators": list(coordinators()) if decides else [],
        "proposal": Calibration.objects.visible_to(request.user).proposed(model().version).first(),
        "views": SavedView.objects.filter(owner=request.user),
        "query": request.GET.urlencode(),
    }
    return render(request, "overlap/queue.html", context, status=200 if filters.is_valid() and not order_error else 400)


@login_required
@require_safe
def movement(request: HttpRequest) -> HttpResponse:
    """How old what is open is, and what came and went week by week, of what the user may see."""
    return render(request, "overlap/statistics.html", {"movement": movement_of(request.user)})


@login_required
@require_POST
def triage(request: HttpRequest) -> HttpResponse:
    """Confirms, dismisses, reopens, assigns or undoes; then back to where it was asked."""
    if not may_review(request.user):
        raise PermissionDenied
    form = TriageForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
        return redirect(_back(request))
    try:
        messages.success(request, form.apply(request.user))
    except Refused as refusal:
        messages.error(request, str(refusal.message))
    return redirect(_back(request))


@login_required
@require_POST
def save_view(request: HttpRequest) -> HttpResponse:
    """Keeps the filters that are set under a name; the same name once more replaces them."""
    form = SavedViewForm(request.POST)
    try:
        if form.is_valid():
            keep_view(**form.cleaned_data, actor=request.user)
            messages.success(request, _("The view is saved."))
    except ValidationError as error:
        form.add_error(None, error)
    if form.errors:
        messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
    return redirect(reverse("overlap:list") + "?" + request.POST.get("query", "")[:1000])


@login_required
@require_POST
def delete_view(request: HttpRequest, pk: int) -> HttpResponse:
    """Forgets one of one's own views."""
    forget_view(get_object_or_404(SavedView, pk=pk, owner=request.user))
    return redirect("overlap:list")


def _filters(request: HttpRequest) -> QueueFilter:
    chosen = request.GET.copy()
    chosen.setdefault("state", Overlap.State.OPEN)
    pairs: OverlapQuerySet = Overlap.objects.visible_to(request.user).flagged()
    return queue_filter_of(request.user)(chosen, queryset=pairs, request=request)


def _row(overlap_case: OverlapCase, names: Names) -> dict[str, Any]:
    return {"overlap_case": overlap_case, "pairs": with_reasons(overlap_case.shown, names)}


def _back(request: HttpRequest) -> str:
    there = request.POST.get("back", "")
    safe = url_has_allowed_host_and_scheme(there, allowed_hosts=None)
    return there if safe and there.startswith("/") else reverse("overlap:list")
