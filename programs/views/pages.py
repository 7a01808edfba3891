"""Pages of programs."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import F
from django.db.models.functions import Left
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.errors import EditConflict
from goals.money import rates_used
from goals.proposal import describe_reason
from programs.changes import saves_of
from programs.filters import ProgramFilter
from programs.forms import GoalsForm
from programs.iati_gaps import gaps_of
from programs.models import Program
from programs.querysets import TITLE_ORDERED
from programs.services import confirm_goals, moves_open_to
from programs.services.freshness import stale_reasons
from programs.services.permissions import (
    may,
    may_change_goals,
    may_delete,
    may_log_programs,
    may_see_versions,
    organizations_where_may,
)
from programs.sorting import chosen_order

PROGRAMS_A_PAGE = 25
# Each has an index of its own.
ORDERS = {
    "updated": (F("updated_at").desc(), F("id").desc()),
    "title": (Left("title", TITLE_ORDERED).asc(), F("id").asc()),
    "start": (F("period__startswith").desc(nulls_last=True), F("id").desc()),
    "money": (F("committed_usd").desc(nulls_last=True), F("id").desc()),
}
# The order by what was typed, where something was.
NEAREST = "nearest"


@login_required
@require_safe
def program_list(request: HttpRequest) -> HttpResponse:
    """Programs that the user may see, filtered, sorted, in pages."""
    shown = Program.objects.visible_to(request.user).listed()
    filters = ProgramFilter(request.GET, queryset=shown, request=request)
    found = filters.qs if filters.is_valid() else shown.none()
    text = request.GET.get("q", "").strip()
    orders = ({NEAREST: _("Best match")} if text else {}) | _order_names()
    order, order_error = chosen_order(request, orders)
    rows = found.for_list()
    rows = rows.nearest_first(text) if order == NEAREST else rows.order_by(*ORDERS[order])
    page = Paginator(rows, PROGRAMS_A_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "programs/list.html",
        {
            "filters": filters,
            "page": page,
            "order": order,
            "orders": orders,
            "order_error": order_error,
            "may_import": organizations_where_may(request.user, "import").exists(),
            "may_log": may_log_programs(request.user),
        },
        status=200 if filters.is_valid() and not order_error else 400,
    )


def _order_names() -> dict[str, str]:
    return {
        "updated": _("Recently changed"),
        "title": _("Title, A to Z"),
        "start": _("Latest start"),
        "money": _("Largest commitment"),
    }


@login_required
@require_safe
def program_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """All that is known of one program; 404 where the user may not see it."""
    program = get_object_or_404(Program.objects.visible_to(request.user).for_page(), pk=pk)
    sees_versions = may_see_versions(request.user, program)
    related = program.related_programs.visible_to(request.user)
    goals = [
        {"row": row, "reasons": [describe_reason(reason) for reason in row.reasons]} for row in program.goals.all()
    ]
    may_edit = may(request.user, "save", program.reporting_org_id) and program.stage != Program.Stage.ARCHIVED
    return render(
        request,
        "programs/detail.html",
        {
            "program": program,
            "iati_gaps": gaps_of([program])[program.pk] if may_edit else [],
            "goals": goals,
            "related": related[:50],
            "related_count": related.count(),
            # Drafts, what was restricted then, who wrote which word: not for all who may see what it says now.
            "saves": saves_of(program) if sees_versions else [],
            "may_change_goals": may_change_goals(request.user, program),
            "moves": moves_open_to(request.user, program),
            "may_edit": may_edit,
            "may_delete": may_delete(request.user, program),
            "may_see_history": sees_versions,
            "changes": program.stage_changes.select_related("actor")[:3] if sees_versions else [],
            "stale": [reason.label for reason in stale_reasons(program)],
            "rates": rates_used(
                [*program.transactions.all(), *program.budgets.all(), *program.planned_disbursements.all()]
            ),
        },
    )


@login_required
@require_http_methods(["GET", "POST"])
def program_goals(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct the proposed goals of a program."""
    program = get_object_or_404(Program.objects.visible_to(request.user).prefetch_related("goals"), pk=pk)
    if not may_change_goals(request.user, program):
        raise PermissionDenied
    form = GoalsForm(request.POST if request.method == "POST" else None, program=program)
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                confirm_goals(program, form.goals(), actor=request.user, version=form.cleaned_data["version"])
                messages.success(request, _("The goals are set. Imports will not change them."))
                return redirect(program)
            except EditConflict as change:
                form.overwrite(change)
                status = 409
    return render(
        request, "programs/goals.html", {"program": program, "form": form, "changed": status == 409}, status=status
    )
