"""Pages of what the engine learns: questions about uncertain pairs, how right it has been, and what would change."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core.numbers import highest_shown
from programs.overlap.accuracy import LEAST_FOR_A_SHARE, accuracy_of
from programs.overlap.describe import Names
from programs.overlap.dossier import waterfall_of
from programs.overlap.engine.score import model
from programs.overlap.forms import AnswerForm, CalibrationForm, thanks
from programs.overlap.learning_tables import by_kind_and_band, by_kind_and_month, what_changes
from programs.overlap.models import Calibration, Overlap, UncertainPair
from programs.overlap.services import may_review
from programs.overlap.services.proposing import LEAST_DECISIONS, LEAST_OF_EACH
from programs.overlap.uncertain import questions_about

CALIBRATIONS_SHOWN = 24


@login_required
@require_safe
def accuracy(request: HttpRequest) -> HttpResponse:
    """How right the engine has been, by kind, score and month."""
    _check(request)
    found = accuracy_of(request.user)
    context = {
        "bands": by_kind_and_band(found),
        "months": by_kind_and_month(found),
        "flagged": found.flagged,
        "missed": found.missed,
        "least": LEAST_FOR_A_SHARE,
        "highest_shown": highest_shown(),
    }
    return render(request, "overlap/accuracy.html", context)


@login_required
@require_safe
def calibrations(request: HttpRequest) -> HttpResponse:
    """What is proposed, what is in effect, and all that was."""
    _check(request)
    return _calibrations(request, CalibrationForm())


@login_required
@require_POST
def move_calibration(request: HttpRequest, pk: int) -> HttpResponse:
    """Accepts, declines or reverses."""
    _check(request)
    calibration = get_object_or_404(Calibration.objects.visible_to(request.user), pk=pk)
    form = CalibrationForm(request.POST)
    if form.is_valid() and form.move(calibration, request.user):
        done = {
            "accept": _("The change is in effect. A full scan gives every pair its new probability."),
            "decline": _("The proposal is declined. Nothing changes."),
            "reverse": _("The change is reversed. A full scan gives every pair its former probability."),
        }
        messages.success(request, done[form.cleaned_data["action"]])
        return redirect("overlap:calibrations")
    return _calibrations(request, form, status=400)


@login_required
@require_safe
def uncertain(request: HttpRequest, pk: int) -> HttpResponse:
    """A pair that the engine is not sure of: both programs, what speaks for and against, and the question. Where
    someone answered in the meantime: what they decided."""
    _check(request)
    asked = _asked(request, pk)
    if decided := _decided(request, asked):
        return redirect(decided)
    return _question(request, asked, AnswerForm())


@login_required
@require_POST
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Takes the answer."""
    _check(request)
    asked = _asked(request, pk)
    if decided := _decided(request, asked):
        messages.error(request, _("Someone has already answered this question. This is what they decided."))
        return redirect(decided)
    form = AnswerForm(request.POST)
    if form.is_valid() and (made := form.answer(asked, request.user)):
        messages.success(request, thanks(made))
        return redirect(made.overlap)
    return _question(request, asked, form, status=400)


def _asked(request: HttpRequest, pk: int) -> UncertainPair:
    return get_object_or_404(UncertainPair.objects.visible_to(request.user).for_page(), pk=pk)


def _decided(request: HttpRequest, asked: UncertainPair) -> Overlap | None:
    """The pair's overlap, if someone has decided on it."""
    there = Overlap.objects.visible_to(request.user).filter(left=asked.left_id, right=asked.right_id)
    return there.exclude(state=Overlap.State.OPEN).first()


def _question(request: HttpRequest, asked: UncertainPair, form: AnswerForm, status: int = 200) -> HttpResponse:
    questions = questions_about([asked])
    overlap = questions[0].overlap if questions else None
    context: dict[str, Any] = {
        "asked": asked,
        "overlap": overlap,
        "waterfall": waterfall_of(overlap, Names([overlap])) if overlap else None,
        "form": form,
    }
    return render(request, "overlap/uncertain.html", context, status=status)


def _calibrations(request: HttpRequest, form: CalibrationForm, status: int = 200) -> HttpResponse:
    found = Calibration.objects.visible_to(request.user).select_related("before")
    version = model().version
    proposal = found.proposed(version).first()
    context = {
        "proposal": proposal,
        "changes": what_changes(proposal) if proposal else [],
        # Those of other weights count no more, whatever became of them.
        "in_effect": found.in_effect(version).first(),
        "version": version,
        "calibrations": found.prefetch_related("moves__actor")[:CALIBRATIONS_SHOWN],
        "form": form,
        "least_decisions": LEAST_DECISIONS,
        "least_of_each": LEAST_OF_EACH,
    }
    return render(request, "overlap/calibrations.html", context, status=status)


def _check(request: HttpRequest) -> None:
    if not may_review(request.user):
        raise PermissionDenied
