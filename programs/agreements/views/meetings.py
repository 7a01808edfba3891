"""Pages of meetings: prepare one, go through its cases, read and print its minutes. For coordinators alone."""

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.errors import Refused
from core.pdf import PdfUnavailable
from programs.agreements import services
from programs.agreements.forms.meetings import MeetingForm, OutcomeForm
from programs.agreements.models import Item, Meeting
from programs.agreements.pages.meetings import cases_of, minutes_of, minutes_pdf, screen_of
from programs.overlap.cases import cases_of_pairs
from programs.overlap.filters import OverlapFilter
from programs.overlap.models import Overlap
from programs.overlap.ranking import page_of

MEETINGS_A_PAGE = 25
CASES_A_PAGE = 25
View = Callable[..., HttpResponse]


def for_coordinators(view: View) -> View:
    """Signed-in coordinators and administrators; 403 for everybody else who is signed in."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not services.may_coordinate(request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return login_required(guarded)


def _meeting(request: HttpRequest, pk: int) -> Meeting:
    return get_object_or_404(Meeting.objects.visible_to(request.user), pk=pk)


@for_coordinators
@require_http_methods(["GET", "HEAD", "POST"])
def meetings(request: HttpRequest) -> HttpResponse:
    """All meetings, the latest first, and a new one."""
    form = MeetingForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and (made := form.save(request.user)):
        return redirect("agreements:meeting_cases", made.pk)
    found = Meeting.objects.visible_to(request.user).order_by("-held_on", "-pk")
    page = Paginator(found, MEETINGS_A_PAGE).get_page(request.GET.get("page"))
    return render(
        request, "agreements/meetings.html", {"page": page, "form": form}, status=400 if form.is_bound else 200
    )


@for_coordinators
@require_http_methods(["GET", "HEAD", "POST"])
def meeting(request: HttpRequest, pk: int) -> HttpResponse:
    """The list of a meeting's cases in their order, and what is said of the meeting."""
    found = _meeting(request, pk)
    form = MeetingForm(request.POST if request.method == "POST" else None, meeting=found)
    if form.is_valid() and form.save(request.user):
        messages.success(request, _("The meeting is saved."))
        return redirect(found)
    # Closed in the meantime, it still shows what was typed.
    shows_form = form.is_bound or found.closed_at is None
    cases = cases_of(found.items.order_by("position"), request.user)
    context = {"meeting": found, "cases": cases, "form": form if shows_form else None}
    return render(request, "agreements/meeting.html", context, status=form.status if form.is_bound else 200)


@for_coordinators
@require_http_methods(["GET", "HEAD", "POST"])
def choose_cases(request: HttpRequest, pk: int) -> HttpResponse:
    """Cases to choose from, with the filters of the overlaps; those chosen go to the end of the meeting's list."""
    found = _meeting(request, pk)
    if request.method == "POST":
        keys = [int(text) for text in request.POST.getlist("case") if _is_number(text)]
        try:
            added = services.add_cases(found, keys, actor=request.user)
            stated = ngettext("%(n)s case is now on the agenda.", "%(n)s cases are now on the agenda.", added) % {
                "n": added
            }
            messages.success(request, stated)
        except Refused as refusal:
            messages.error(request, str(refusal.message))
        return redirect(request.get_full_path() if request.POST.get("do") == "more" else found)
    pairs = Overlap.objects.visible_to(request.user).flagged()
    filters = OverlapFilter(request.GET, queryset=pairs, request=request)
    chosen = filters.qs if filters.is_valid() else Overlap.objects.none()
    if not request.GET.get("state"):
        chosen = chosen.exclude(state=Overlap.State.DISMISSED)
    shown = replace(filters.asked, dismissed=bool(request.GET.get("state")) and filters.asked.dismissed)
    asked = page_of(chosen, "stake", request.GET.get("page"), CASES_A_PAGE, user=request.user, asked=shown)
    context = {
        "meeting": found,
        "filters": filters,
        "page": asked.page,
        "overlap_cases": cases_of_pairs(chosen, asked.keys, 1, Overlap.objects.visible_to(request.user)),
    }
    return render(request, "agreements/choose_cases.html", context, status=200 if filters.is_valid() else 400)


def _is_number(text: str) -> bool:
    digits = text.removeprefix("-")
    return digits.isascii() and digits.isdigit() and len(digits) < 19


@for_coordinators
@require_POST
def change_case(request: HttpRequest, pk: int, item: int) -> HttpResponse:
    """Moves a case up or down, or takes it off the list."""
    row = _item(request, pk, item)
    try:
        if request.POST.get("do") in ("up", "down"):
            seen = request.POST.get("position", "")
            position = int(seen) if _is_number(seen) else None
            step = -1 if request.POST["do"] == "up" else 1
            services.move_case(row, step, actor=request.user, position=position)
        elif request.POST.get("do") == "remove":
            services.remove_case(row, actor=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal.message))
    return redirect(row.meeting)


def _item(request: HttpRequest, pk: int, item: int) -> Item:
    return get_object_or_404(Item.objects.select_related("meeting"), meeting=_meeting(request, pk), pk=item)


@for_coordinators
@require_http_methods(["GET", "HEAD", "POST"])
def screen(request: HttpRequest, pk: int, position: int) -> HttpResponse:
    """One case a screen; an outcome is recorded at once, and the next case follows."""
    found = _meeting(request, pk)
    shown = screen_of(found, position, request.user)
    if shown is None:
        raise Http404
    form = OutcomeForm(request.POST if request.method == "POST" else None, shown=shown)
    if form.is_valid() and form.record(request.user):
        messages.success(request, _("The outcome is recorded."))
        if shown["next"]:
            return redirect("agreements:screen", found.pk, shown["next"])
        return redirect("agreements:minutes", found.pk)
    # Closed in the meantime, it still shows what was typed.
    context = {**shown, "form": form if form.is_bound or found.closed_at is None else None}
    return render(request, "agreements/screen.html", context, status=form.status if form.is_bound else 200)


@for_coordinators
@require_safe
def minutes(request: HttpRequest, pk: int) -> HttpResponse:
    """What the meeting came to, case by case, to read and to print."""
    return render(request, "agreements/minutes.html", minutes_of(_meeting(request, pk), request.user))


@for_coordinators
@require_safe
def minutes_document(request: HttpRequest, pk: int) -> HttpResponse:
    """The minutes as a PDF, in the language asked for (?lang=en or es), else the reader's."""
    found = _meeting(request, pk)
    asked = request.GET.get("lang", "")
    language = asked if asked in dict(settings.LANGUAGES) else translation.get_language()
    try:
        with translation.override(language):
            document = minutes_pdf(found, request.user)
    except PdfUnavailable:
        messages.error(request, _("This site cannot create PDF documents. Print the page instead."))
        return redirect("agreements:minutes", found.pk)
    answer = HttpResponse(document, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="minutes-{found.held_on}-{language}.pdf"'
    return answer


@for_coordinators
@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Closes the meeting: nothing is recorded any more."""
    found = _meeting(request, pk)
    try:
        services.close_meeting(found, actor=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal.message))
    return redirect("agreements:minutes", found.pk)
