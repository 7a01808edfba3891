"""The region at a glance, and the donors."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.names import normalize_name
from core.streams import streamed
from donors.models import Organization
from donors.permissions import may
from goals.figures import country_figures
from goals.models import Country, Priority
from programs.exchange.spreadsheet.tables import csv_file
from programs.models import Program
from programs.overlap.cases import cases_of_pairs
from programs.overlap.describe import Names, explain
from programs.overlap.models import Overlap
from programs.overlap.ranking import first_cases
from programs.region import counting, dashboard
from programs.region.my_organization import of_organization
from programs.region.pictures import DRAWN, NAMES, Pictures
from programs.region.services import note_visit
from programs.sorting import chosen_order

DONORS_A_PAGE = 50
PROGRAMS_A_PAGE = 25
CASES_AT_A_GLANCE = 5
# So many of a case's pairs say which organizations it is about.
PAIRS_A_CASE = 5
# An organization's name and what it funds -> what it is sorted by.
ORDERS: dict[str, Callable[[str, counting.Funded], Any]] = {
    "money": lambda name, funded: (-funded.committed_usd, normalize_name(name)),
    "programs": lambda name, funded: (-funded.programs, normalize_name(name)),
    "name": lambda name, funded: normalize_name(name),
}


@login_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The matrix of goals and countries, with the overlaps of the highest priority above it."""
    visible = Overlap.objects.visible_to(request.user)
    keys = first_cases(visible.open(), CASES_AT_A_GLANCE)
    most = cases_of_pairs(visible.open(), keys, PAIRS_A_CASE, visible)
    names = Names(overlap_case.first_pair for overlap_case in most)
    today = timezone.localdate()
    pictures = Pictures(request.user, today)
    layer = request.GET.get("layer") if request.GET.get("layer") in dashboard.LAYERS else "all"
    matrix = pictures.matrix()
    count_ending, ending = pictures.ending()
    context = {
        "matrix": matrix,
        "layers": dashboard.LAYERS,
        "layer": layer,
        "layer_rows": dashboard.layer_rows(layer, matrix, pictures.gaps() if layer == "gaps" else None)
        if layer != "all"
        else [],
        "totals": pictures.totals(),
        "most_at_stake": [
            {"overlap_case": overlap_case, "reasons": explain(overlap_case.first_pair, names, 1)}
            for overlap_case in most
        ],
        "areas": pictures.areas(),
        "drawings": {name: mark_safe(pictures.drawing(name)) for name in DRAWN},  # noqa: S308  (our own templates)
        "by_goal": pictures.goals(),
        "by_donor": pictures.donors(),
        "titles": {
            "goals": dashboard.title_of(_("Funds by goal"), pictures.goals(), today),
            "donors": dashboard.title_of(_("Funds by donor"), pictures.donors(), today),
        },
        "count_ending": count_ending,
        "ending": ending,
        "across": pictures.across(),
        "news": dashboard.news(request.user, note_visit(request.user)),
        "as_of": pictures.memory.as_of,
    }
    return render(request, "region/home.html", context)


@login_required
@require_safe
def gap_list(request: HttpRequest) -> HttpResponse:
    """Where help is missing, and where it is thick while something more urgent is bare."""
    pictures = Pictures(request.user, timezone.localdate())
    found, matrix = pictures.gaps(), pictures.matrix()
    goal, country = request.GET.get("goal", ""), request.GET.get("country", "")
    context = {
        "gaps": found,
        "shown": found.shown(goal, country),
        "goals": matrix.goals,
        "columns": matrix.columns,
        "chosen_goal": int(goal) if goal.isdecimal() and len(goal) < 3 else None,
        "chosen_country": country,
        "layer_rows": dashboard.layer_rows("gaps", matrix, found),
        "countries": [
            (country.name, country_figures()[country.pk]) for country in Country.objects.filter(in_carsi=True)
        ],
        "drawing": mark_safe(pictures.drawing("areas")),  # noqa: S308  (our own template)
        "areas": pictures.areas(),
        "as_of": pictures.memory.as_of,
        "asked": set(Priority.objects.within(pictures.today, pictures.today).values_list("area", flat=True)),
    }
    return render(request, "region/gaps.html", context)


@login_required
@require_safe
def picture(request: HttpRequest, name: str, format: str) -> HttpResponseBase:
    """A picture as SVG, or its table as CSV, to take along."""
    pictures = Pictures(request.user, timezone.localdate())
    if format == "svg" and name in DRAWN:
        answer: HttpResponseBase = HttpResponse(pictures.drawing(name), content_type="image/svg+xml")
    elif format == "csv" and name in NAMES:
        answer = streamed(request, csv_file(list(pictures.table(name))), "text/csv; charset=utf-8")
    else:
        raise Http404
    answer["Content-Disposition"] = f'attachment; filename="{name}.{format}"'
    return answer


@login_required
@require_safe
def donor_list(request: HttpRequest) -> HttpResponse:
    """Organizations that fund programs, with what they fund."""
    text = request.GET.get("q", "").strip()
    pictures = Pictures(request.user, timezone.localdate())
    funded = pictures.funded()
    found = Organization.objects.visible_to(request.user)
    if text:
        found = found.filter(pk__in=found.matching(text).values("pk"))
    orders = {"money": _("Largest commitment"), "programs": _("Most programs"), "name": _("Name, A to Z")}
    order, order_error = chosen_order(request, orders)
    donors = [(name, funded[pk], pk) for pk, name in found.values_list("pk", "name") if pk in funded]
    donors.sort(key=lambda donor: (ORDERS[order](donor[0], donor[1]), donor[2]))
    page = Paginator(donors, DONORS_A_PAGE).get_page(request.GET.get("page"))
    bodies = found.in_bulk([pk for _name, _funded, pk in page])
    context = {
        "page": page,
        "donors": [(bodies[pk], figures) for _name, figures, pk in page],
        "as_of": pictures.memory.as_of,
        "text": text,
        "order": order,
        "orders": orders,
        "order_error": order_error,
    }
    return render(request, "donors/list.html", context, status=400 if order_error else 200)


@login_required
@require_safe
def donor_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One organization: its totals as a donor, what it funds and what it takes part in otherwise."""
    bodies = Organization.objects.visible_to(request.user).select_related("country").prefetch_related("aliases")
    organization = get_object_or_404(bodies, pk=pk)
    programs = Program.objects.visible_to(request.user).listed().involving(organization)
    page = Paginator(programs.for_list().order_by("-updated_at", "-id"), PROGRAMS_A_PAGE).get_page(
        request.GET.get("page")
    )
    pictures = Pictures(request.user, timezone.localdate())
    funded = pictures.funded_by(organization)
    visible = Overlap.objects.visible_to(request.user)
    context = {
        "organization": organization,
        "other_names": [alias.text for alias in organization.aliases.all() if not alias.is_own],
        "may_change_names": may(request.user, "change_names", organization.pk),
        "funded": funded,
        "carried_out": pictures.carried_out_by(organization),
        "carried_out_overlaps": visible.open().carried_out_by(organization).count(),
        "page": page,
        "open_overlaps": visible.open().of_donor(organization).count(),
        "matrix": pictures.matrix(organization) if funded.programs else None,
        "memory": pictures.memory,
        "as_of": pictures.memory.as_of,
    }
    return render(request, "donors/detail.html", context)


@login_required
@require_safe
def my_organization(request: HttpRequest) -> HttpResponse:
    """For members: the drafts, what waits for the reader, the overlaps and the numbers of their organization."""
    organizations = list(Organization.objects.filter(pk__in=request.user.organization_ids).order_by("name"))
    chosen = request.GET.get("organization", "")
    organization = next((one for one in organizations if str(one.pk) == chosen), None) or next(
        iter(organizations), None
    )
    if organization is None:
        raise Http404
    context = {
        "organization": organization,
        "organizations": organizations,
        **of_organization(request.user, organization),
    }
    return render(request, "region/my_organization.html", context)
