"""The region at a glance, and the donors."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import F, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from donors.models import Organization
from programs.models import Program
from programs.overlap.describe import Names, explain
from programs.overlap.models import Overlap
from programs.region import querysets
from programs.region.my_organization import of_organization
from programs.sorting import chosen_order

DONORS_A_PAGE = 50
PROGRAMS_A_PAGE = 25
OVERLAPS_AT_A_GLANCE = 5
ORDERS = {
    "money": (F("committed_usd").desc(), F("name").asc()),
    "programs": (F("programs").desc(), F("name").asc()),
    "name": (F("name").asc(),),
}


@login_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The matrix of goals and countries, with what is most at stake above it."""
    most = list(
        Overlap.objects.visible_to(request.user)
        .open()
        .for_list()
        .order_by(F("money_usd").desc(nulls_last=True), "-score", "-id")[:OVERLAPS_AT_A_GLANCE]
    )
    names = Names(most)
    context = {
        "matrix": querysets.matrix(request.user, _("Regional")),
        "totals": querysets.totals(request.user),
        "most_at_stake": [{"overlap": overlap, "reasons": explain(overlap, names)[:1]} for overlap in most],
    }
    return render(request, "region/home.html", context)


@login_required
@require_safe
def donor_list(request: HttpRequest) -> HttpResponse:
    """Organizations that fund programs, with what they fund."""
    text = request.GET.get("q", "").strip()
    donors = querysets.donors_with_totals(request.user)
    if text:
        donors = donors.filter(pk__in=Organization.objects.matching(text).values("pk"))
    orders = {"money": _("Largest commitment first"), "programs": _("Most programs first"), "name": _("By name")}
    order, order_error = chosen_order(request, orders)
    page = Paginator(donors.order_by(*ORDERS[order]), DONORS_A_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "text": text, "order": order, "orders": orders, "order_error": order_error}
    return render(request, "donors/list.html", context, status=400 if order_error else 200)


@login_required
@require_safe
def donor_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One organization: its totals as a donor, what it funds and what it takes part in otherwise."""
    organization: Any = get_object_or_404(
        querysets.organizations_with_totals(request.user).prefetch_related("aliases"), pk=pk
    )
    takes_part = Q(participations__organization=organization) | Q(reporting_org=organization)
    programs = Program.objects.visible_to(request.user).listed().filter(takes_part).distinct()
    page = Paginator(programs.for_list().order_by("-updated_at", "-id"), PROGRAMS_A_PAGE).get_page(
        request.GET.get("page")
    )
    overlaps = Overlap.objects.visible_to(request.user).open().of_donor(organization).count()
    context = {
        "organization": organization,
        "page": page,
        "open_overlaps": overlaps,
        "matrix": querysets.matrix(request.user, _("Regional"), organization) if organization.programs else None,
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
