"""Pages of full scans, for coordinators and administrators."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core.errors import Refused
from programs.overlap.models import ScanRun
from programs.overlap.services import (
    ask_for_full_scan,
    cancel_full_scan,
    delete_scan,
    may_review,
    programs_given_up,
)

RUNS_SHOWN = 20


@login_required
@require_safe
def scans(request: HttpRequest) -> HttpResponse:
    """The latest full scans, and how far the running one is."""
    _check(request)
    runs = list(ScanRun.objects.with_progress().select_related("cancelled_by").order_by("-started_at")[:RUNS_SHOWN])
    running = next((run for run in runs if run.finished_at is None), None)
    context = {
        "runs": runs,
        "running": running,
        "words": progress_in_words(running) if running else "",
        "given_up": programs_given_up(),
    }
    return render(request, "overlap/scans.html", context)


@login_required
@require_safe
def progress(request: HttpRequest) -> JsonResponse:
    """How far the running full scan is: `done` of `total`, and in words; `running` is false where none is."""
    _check(request)
    run = ScanRun.objects.with_progress().filter(finished_at__isnull=True).first()
    if run is None:
        return JsonResponse({"running": False})
    return JsonResponse({"running": True, "done": run.done, "total": run.total, "words": progress_in_words(run)})


@login_required
@require_POST
def start(request: HttpRequest) -> HttpResponse:
    """Begins a full scan."""
    _check(request)
    ask_for_full_scan(actor=request.user)
    messages.success(request, _("A full scan is running. You can leave this page; the scan continues."))
    return redirect("overlap:scans")


@login_required
@require_POST
def cancel(request: HttpRequest) -> HttpResponse:
    """Ends the running full scan."""
    _check(request)
    return _do(request, _("The full scan is cancelled. What it found is kept."), cancel_full_scan)


@login_required
@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Takes the record of a full scan away."""
    _check(request)
    return _do(request, _("The record of the full scan is deleted."), delete_scan, get_object_or_404(ScanRun, pk=pk))


def _do(request: HttpRequest, done: str, service: Callable[..., None], *of: ScanRun) -> HttpResponse:
    try:
        service(*of, actor=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal.message))
    else:
        messages.success(request, done)
    return redirect("overlap:scans")


def progress_in_words(run: ScanRun) -> str:
    """How far a running scan (with its progress) is, as a sentence."""
    if not run.compared and run.done < run.to_read:
        return _("Reading changed programs: %(done)s of %(total)s.") % {
            "done": number_format(run.done, force_grouping=True),
            "total": number_format(run.to_read, force_grouping=True),
        }
    return _("Comparing programs: %(done)s of %(total)s.") % {
        "done": number_format(run.compared, force_grouping=True),
        "total": number_format(run.programs, force_grouping=True),
    }


def _check(request: HttpRequest) -> None:
    if not may_review(request.user):
        raise PermissionDenied
