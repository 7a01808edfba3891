"""Short answers for the form while one types: choices, dollars, proposed goals. The form works without them."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from core.bodies import LONG_FORM, takes_up_to
from donors.listed import listed
from donors.models import Organization
from donors.querysets import OrganizationQuerySet
from goals.models import Area, Sector
from goals.money import RateTable
from goals.proposal import describe_reason
from programs.forms import ProgramEditor
from programs.forms.fields import AmountField, DayField
from programs.forms.money_rows import dollars_text
from programs.forms.raw import typed_in
from programs.models import Program
from programs.services import propose_for
from programs.services.permissions import may_log_programs
from programs.views.previews import nothing_kept

MOST_CHOICES = 12


@login_required
@require_safe
def choices(request: HttpRequest, kind: str) -> JsonResponse:
    """What a typed text may mean: {value, note} each, of organizations, areas, sectors or programs."""
    text = request.GET.get("q", "")[:200]
    if kind not in CHOICES:
        raise Http404
    return JsonResponse({"choices": CHOICES[kind](request, text) if text.strip() else []})


def _organizations(request: HttpRequest, text: str) -> list[dict[str, str]]:
    """Those of the portal, the ones that go by the very name first; then known bodies that nobody has named yet."""
    shown = Organization.objects.visible_to(request.user)
    called = list(shown.named(text).order_by("name")[:MOST_CHOICES])
    others = shown.matching(text).exclude(pk__in=[one.pk for one in called]).order_by("name")
    found = [*called, *others[: MOST_CHOICES - len(called)]]
    offered = [{"value": one.name, "note": one.short_name or one.get_kind_display()} for one in found]
    if len(found) < MOST_CHOICES:
        offered += _known_bodies(shown, text)[: MOST_CHOICES - len(found)]
    if offered:
        return offered
    return [{"value": one.name, "note": one.short_name or one.get_kind_display()} for one in shown.similar_to(text)]


def _known_bodies(shown: OrganizationQuerySet, text: str) -> list[dict[str, str]]:
    """Bodies of the list, as it calls them, that are no organization of the portal yet; a query where there is one."""
    bodies = listed().matching(text)
    there = set(shown.listed_as(body.key for body in bodies)) if bodies else set()
    kinds = dict(Organization.Kind.choices)
    return [
        {"value": body.name, "note": body.short_name or str(kinds[Organization.Kind(body.kind)])}
        for body in bodies
        if body.key not in there
    ]


def _areas(request: HttpRequest, text: str) -> list[dict[str, str]]:
    areas = Area.objects.matching(text, request.GET.getlist("country")).order_by("name", "code")[:MOST_CHOICES]
    return [{"value": area.with_country, "note": area.type_name} for area in areas]


def _sectors(request: HttpRequest, text: str) -> list[dict[str, str]]:
    return [{"value": str(one), "note": ""} for one in Sector.objects.matching(text).order_by("code")[:MOST_CHOICES]]


def _programs(request: HttpRequest, text: str) -> list[dict[str, str]]:
    shown = Program.objects.visible_to(request.user).exclude(stage=Program.Stage.ARCHIVED)
    found = shown.search(text).select_related("reporting_org").order_by("-updated_at", "-id")[:MOST_CHOICES]
    return [{"value": one.identifier, "note": f"{one} · {one.reporting_org}"} for one in found]


CHOICES: dict[str, Any] = {
    "organizations": _organizations,
    "areas": _areas,
    "sectors": _sectors,
    "programs": _programs,
}


@login_required
@require_safe
def dollars(request: HttpRequest) -> JsonResponse:
    """An amount in US dollars, with the month of its rate: {text}, empty where it cannot be told."""
    try:
        value = AmountField(required=False).clean(request.GET.get("value", ""))
        on = DayField().clean(request.GET.get("date", ""))
    except ValidationError:
        return JsonResponse({"text": ""})
    if value is None:
        return JsonResponse({"text": ""})
    worth = RateTable().to_usd(value, request.GET.get("currency", ""), on)
    return JsonResponse({"text": dollars_text(worth, on) if worth or on else ""})


@takes_up_to(LONG_FORM)
@login_required
@require_POST
def proposed_goals(request: HttpRequest) -> HttpResponse:
    """The goals that sectors and text of the form speak for, with the reasons: a piece of the page."""
    if not may_log_programs(request.user):
        raise PermissionDenied
    with nothing_kept():
        editor = ProgramEditor(typed_in(request.POST.dict()), user=request.user)
        return render(request, "programs/form/proposed_goals.html", proposal_for_page(editor))


def proposal_for_page(editor: ProgramEditor) -> dict[str, Any]:
    """What the portal proposes for the form as it is."""
    proposal = propose_for(editor.data)
    scopes = dict(Program.Scope.choices)
    return {
        "scope": scopes[Program.Scope(proposal.scope)],
        "proposed": [
            {
                "field": editor.main[f"goal_{goal.goal_id}"],
                "percentage": goal.percentage,
                "reasons": [describe_reason(reason) for reason in goal.reasons],
            }
            for goal in proposal.goals
        ],
        "as_action": ",".join(f"{goal.goal_id}={goal.percentage:f}" for goal in proposal.goals),
    }
