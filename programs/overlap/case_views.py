"""The page of a case: a cluster of overlaps, with all that speaks for and against acting on it; and its document."""

from typing import Any, NamedTuple

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import AnonymousUser
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from carsi_portal.pdf import PdfUnavailable, pdf_of
from donors.models import User
from programs.models import Program
from programs.overlap.describe import Names, with_reasons
from programs.overlap.dossier import (
    MOST_PAIRS_DRAWN,
    facts_of_programs,
    map_of,
    money_of,
    timeline_of,
    waterfall_of,
)
from programs.overlap.forms import coordinators
from programs.overlap.matters import matters_of
from programs.overlap.models import CaseMoved, Overlap, Review
from programs.overlap.people import people_to_call
from programs.overlap.querysets import OverlapQuerySet
from programs.overlap.services import may_review
from programs.progress import shown_outlooks

PAIRS_A_PAGE = 25
MOST_DECISIONS = 100
# Beside one another there is room for so many; the others are in the list of pairs.
MOST_PROGRAMS = 12


@login_required
@require_safe
def case(request: HttpRequest, pk: int) -> HttpResponse:
    """What the user may see of a case; one that became part of another leads there."""
    pairs = Overlap.objects.visible_to(request.user).of_case(pk).named()
    if not (sides := _sides(pairs)):
        return _moved(request, pk)
    decides = may_review(request.user)
    context = {
        **dossier(pairs, sides, pk, request),
        "decides": decides,
        "reasons": Review.Reason.choices,
        "coordinators": list(coordinators()) if decides else [],
        "assignee": sides[0].assignee,
    }
    return render(request, "overlap/case.html", context)


@login_required
@require_safe
def case_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The case as a document to bring to a meeting."""
    pairs = Overlap.objects.visible_to(request.user).of_case(pk).named()
    if not (sides := _sides(pairs)):
        return _moved(request, pk)
    context = {**dossier(pairs, sides, pk, request), "as_document": True, "today": timezone.localdate()}
    try:
        document = pdf_of(render_to_string("overlap/case_document.html", context, request))
    except PdfUnavailable:
        messages.error(request, _("This site cannot make PDF documents; printing the page from the browser works."))
        return redirect("overlap:case", pk)
    disposition = f'attachment; filename="case-{pk}.pdf"'
    return HttpResponse(document, content_type="application/pdf", headers={"Content-Disposition": disposition})


class Sides(NamedTuple):
    """Of a pair: its programs, which of them is a second report of the other's money, and who sees to it; by id."""

    left: int
    right: int
    second_report: int | None
    assignee: int | None


def _sides(pairs: OverlapQuerySet) -> list[Sides]:
    return [Sides(*row) for row in pairs.order_by("pk").values_list(*Sides._fields)]


def dossier(pairs: OverlapQuerySet, sides: list[Sides], pk: int, request: HttpRequest) -> dict[str, Any]:
    """What page and document show of a case; a fixed number of queries."""
    pages = Paginator(pairs.for_list().order_by("-stake", "-score", "-pk"), PAIRS_A_PAGE)
    pages.count = len(sides)
    page = pages.get_page(request.GET.get("page"))
    ids = {pk for pair in sides for pk in (pair.left, pair.right)}
    found = Program.objects.visible_to(request.user).filter(pk__in=ids).order_by("reporting_org__name", "pk")
    programs = list(found.for_case()[:MOST_PROGRAMS])
    names = Names(page.object_list)
    outlooks = shown_outlooks(program.pk for program in programs)
    return {
        "matter": matters_of(pairs, [pk], 1, page.object_list)[0],
        "case": pk,
        "pairs": pairs,
        "programs": programs,
        "facts": facts_of_programs(programs),
        "timeline": timeline_of(programs, timezone.localdate()),
        "map": map_of(programs),
        "money": money_of(programs, {pair.second_report for pair in sides if pair.second_report}),
        "outlooks": [(program, outlooks.get(program.pk)) for program in programs],
        "people": people_to_call(programs) if request.user.is_partner else [],
        "waterfalls": [waterfall_of(overlap, names) for overlap in page.object_list[:MOST_PAIRS_DRAWN]],
        "page": page,
        "rows": with_reasons(page.object_list, names),
        "history": history_of(request.user, pk),
    }


def history_of(user: User | AnonymousUser, case: int) -> list[Review]:
    """The decisions on pairs of the case that `user` may see, the latest first."""
    pairs = Overlap.objects.visible_to(user).filter(case=case)
    reviews = Review.objects.filter(overlap__in=pairs).select_related("actor", "overlap__left", "overlap__right")
    return list(reviews.order_by("-pk")[:MOST_DECISIONS])


def _moved(request: HttpRequest, pk: int) -> HttpResponse:
    now = CaseMoved.objects.filter(pk=pk).values_list("now", flat=True).first()
    if now is None or not Overlap.objects.visible_to(request.user).filter(case=now).exists():
        raise Http404
    return redirect("overlap:case", now)
