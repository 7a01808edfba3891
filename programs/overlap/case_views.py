"""The page of a case: a cluster of overlaps, with all that speaks for and against acting on it; and its document."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import AnonymousUser
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.pdf import PdfUnavailable, pdf_of
from donors.models import User
from programs.models import Program
from programs.overlap.calibrated import current_model
from programs.overlap.cases import OverlapCase, PairRow, Places, leading, pair_rows
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
from programs.overlap.formula import explained_pairs, formula_of, where_of
from programs.overlap.models import CaseMoved, Overlap, Review
from programs.overlap.people import people_to_call
from programs.overlap.quoting import Quotes
from programs.overlap.services import may_review
from programs.progress import planned_ahead, shown_outlooks
from programs.querysets import among

PAIRS_A_PAGE = 25
MOST_DECISIONS = 100
# Beside one another there is room for so many; the others are in the list of pairs.
MOST_PROGRAMS = 12


@login_required
@require_safe
def case(request: HttpRequest, pk: int) -> HttpResponse:
    """What the user may see of a case; one that became part of another leads there."""
    if not (rows := pair_rows(Overlap.objects.visible_to(request.user).of_case(pk))):
        return _moved(request, pk)
    decides = may_review(request.user)
    context = {
        **dossier(rows, pk, request),
        "decides": decides,
        "reasons": Review.Reason.choices,
        "coordinators": list(coordinators()) if decides else [],
        "assignee": rows[0].assignee,
    }
    return render(request, "overlap/case.html", context)


@login_required
@require_safe
def case_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The case as a document to bring to a meeting."""
    if not (rows := pair_rows(Overlap.objects.visible_to(request.user).of_case(pk))):
        return _moved(request, pk)
    context = {**dossier(rows, pk, request), "as_document": True, "today": timezone.localdate()}
    try:
        document = pdf_of(render_to_string("overlap/case_document.html", context, request))
    except PdfUnavailable:
        messages.error(request, _("This site cannot create PDF documents. You can print the page from the browser."))
        return redirect("overlap:case", pk)
    disposition = f'attachment; filename="case-{pk}.pdf"'
    return HttpResponse(document, content_type="application/pdf", headers={"Content-Disposition": disposition})


def dossier(rows: list[PairRow], pk: int, request: HttpRequest) -> dict[str, Any]:
    """What page and document show of a case, from those of its pairs that the user may see; a fixed number of
    queries."""
    page = Paginator(rows, PAIRS_A_PAGE).get_page(request.GET.get("page"))
    of_page = [row.id for row in page]
    explained = explained_pairs(rows, leading(rows))
    read = Overlap.objects.visible_to(request.user).for_list().in_bulk({rows[0].id, *of_page, *explained})
    if rows[0].id not in read:  # a scan took it away since
        raise Http404
    overlaps = [read[pk] for pk in of_page if pk in read]
    ids = {pk for pair in rows for pk in (pair.left, pair.right)}
    found = Program.objects.visible_to(request.user).filter(pk__in=among(ids)).order_by("reporting_org__name", "pk")
    programs = list(found.for_case()[:MOST_PROGRAMS])
    places = Places(rows, where_of(read.values()))
    names, drawn = Names(overlaps), overlaps[:MOST_PAIRS_DRAWN]
    quotes = Quotes(drawn)
    outlooks, numbers = shown_outlooks(program.pk for program in programs), current_model()
    plans = planned_ahead(program.pk for program in programs)
    return {
        "overlap_case": OverlapCase(
            pk,
            rows,
            places.title(rows),
            [read[rows[0].id]],
            formula=formula_of(rows, leading(rows), read, places.name),
        ),
        "case": pk,
        "programs": programs,
        "facts": facts_of_programs(programs),
        "timeline": timeline_of(programs, timezone.localdate()),
        "map": map_of(programs),
        "money": money_of(programs, {pair.second_report for pair in rows if pair.second_report}),
        "outlooks": [(program, outlooks.get(program.pk), plans.get(program.pk, [])) for program in programs],
        "people": people_to_call(programs) if request.user.is_partner else [],
        "waterfalls": [waterfall_of(overlap, names, quotes, numbers) for overlap in drawn],
        "page": page,
        "rows": with_reasons(overlaps, names),
        "history": history_of(request.user, pk),
    }


def history_of(user: User | AnonymousUser, case: int) -> list[Review]:
    """The decisions on pairs of the case that `user` may see, the latest first."""
    # Few pairs were ever decided on: those are asked for who may see them, not all of a large case.
    pairs = Overlap.objects.visible_to(user).filter(Exists(Review.objects.filter(overlap=OuterRef("pk"))), case=case)
    reviews = Review.objects.filter(overlap__in=pairs).select_related("actor", "overlap__left", "overlap__right")
    return list(reviews.order_by("-pk")[:MOST_DECISIONS])


def _moved(request: HttpRequest, pk: int) -> HttpResponse:
    now = CaseMoved.objects.filter(pk=pk).values_list("now", flat=True).first()
    if now is None or not Overlap.objects.visible_to(request.user).filter(case=now).exists():
        raise Http404
    return redirect("overlap:case", now)
