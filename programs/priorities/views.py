"""Pages of priorities: by country and goal, one of them with what answers it, and the forms."""

from itertools import groupby
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.errors import NotAllowed, Refused
from goals.models import Country, Priority
from programs.priorities import services
from programs.priorities.coverage import with_coverage
from programs.priorities.describe import history_of, reasons_of
from programs.priorities.forms import EndForm, PriorityForm
from programs.priorities.models import PriorityLink
from programs.priorities.permissions import countries_to_set, may_set, may_set_all, may_set_any, may_settle
from programs.querysets import REGIONAL

MOST_LINKS = 100
WHEN = ("now", "over")


@login_required
@require_safe
def priority_list(request: HttpRequest) -> HttpResponse:
    """What each country and the region asks for, goal by goal, in the order of its rank."""
    when = request.GET.get("when") if request.GET.get("when") in WHEN else "now"
    today = timezone.localdate()
    found = Priority.objects.over(today) if when == "over" else Priority.objects.not_over(today)
    chosen = request.GET.get("country", "")
    countries = sorted(Country.objects.filter(in_carsi=True), key=lambda country: country.name)
    if chosen == REGIONAL or chosen in {country.pk for country in countries}:
        found = found.of_country(None if chosen == REGIONAL else chosen)
    priorities = list(with_coverage(found.for_list(), request.user))
    mine = {country.pk for country in countries_to_set(request.user)}
    if may_set_all(request.user):
        mine.add("")
    groups = [
        {
            "place": rows[0].country or _("The whole region"),
            "may_set": (code or "") in mine,
            "goals": [(goal, list(of_goal)) for goal, of_goal in groupby(rows, key=lambda row: row.goal)],
        }
        for code, rows in ((code, list(rows)) for code, rows in groupby(priorities, key=lambda row: row.country_id))
    ]
    context = {
        "groups": groups,
        "countries": countries,
        "chosen": chosen,
        "when": when,
        "may_set_any": bool(mine),
    }
    return render(request, "priorities/list.html", context)


@login_required
@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One priority: what it asks for, the programs that answer it, how it became what it is."""
    priority = get_object_or_404(Priority.objects.for_list(), pk=pk)
    links = list(_links(request).filter(priority=priority).for_list()[:MOST_LINKS])
    rows = [
        {"link": link, "reasons": reasons_of(link), "may_settle": may_settle(request.user, link.program)}
        for link in links
    ]
    context = {
        "priority": priority,
        "confirmed": [row for row in rows if row["link"].state == PriorityLink.State.CONFIRMED],
        "proposed": [row for row in rows if row["link"].state == PriorityLink.State.PROPOSED],
        "rejected": [row for row in rows if row["link"].state == PriorityLink.State.REJECTED],
        "history": history_of(priority),
        "may_set": may_set(request.user, priority.country_id),
    }
    return render(request, "priorities/detail.html", context)


def _links(request: HttpRequest) -> Any:
    return PriorityLink.objects.visible_to(request.user)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A new priority."""
    if not may_set_any(request.user):
        raise PermissionDenied
    return _form(request, None)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a priority."""
    return _form(request, _own(request, pk))


def _form(request: HttpRequest, priority: Priority | None) -> HttpResponse:
    form = PriorityForm(request.POST if request.method == "POST" else None, actor=request.user, priority=priority)
    if form.is_valid() and (saved := form.save()):
        messages.success(request, _("The priority is saved."))
        return redirect(saved)
    status = 400 if form.is_bound else 200
    return render(request, "priorities/form.html", {"form": form, "priority": priority}, status=status)


def _own(request: HttpRequest, pk: int) -> Priority:
    """The priority, if the person may change it."""
    priority = get_object_or_404(Priority.objects.for_list(), pk=pk)
    if not may_set(request.user, priority.country_id):
        raise PermissionDenied
    return priority


@login_required
@require_POST
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """One rank up or down."""
    priority = _own(request, pk)
    try:
        services.move_priority(priority, actor=request.user, up=request.POST.get("to") == "up")
    except Refused as refusal:
        messages.error(request, str(refusal.message))
    return redirect(f"{_back(request, reverse('priorities:list'))}#priority-{priority.pk}")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """End a priority before its time."""
    priority = _own(request, pk)
    form = EndForm(request.POST if request.method == "POST" else None, priority=priority)
    if form.is_valid():
        services.end_priority(priority, actor=request.user, on=form.cleaned_data["on"])
        messages.success(request, _("The priority ends on that day."))
        return redirect(priority)
    status = 400 if form.is_bound else 200
    return render(request, "priorities/end.html", {"form": form, "priority": priority}, status=status)


@login_required
@require_POST
def settle(request: HttpRequest, pk: int) -> HttpResponse:
    """Say whether a program answers a priority."""
    link = get_object_or_404(_links(request).select_related("program", "priority"), pk=pk)
    try:
        services.settle_link(link, actor=request.user, confirm=request.POST.get("answers") == "yes")
    except NotAllowed as refusal:
        raise PermissionDenied from refusal
    messages.success(request, _("Your answer is saved."))
    return redirect(_back(request, link.priority.get_absolute_url()))


def _back(request: HttpRequest, otherwise: str) -> str:
    """The address that the form named, if it is one of this site; else the one given."""
    there = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(there, allowed_hosts=None)
    return there if safe and there.startswith("/") else otherwise
