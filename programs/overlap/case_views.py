"""The page of a case: a cluster of overlaps, with all that speaks for and against acting on it."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from programs.models import Program
from programs.overlap.describe import Names, with_reasons
from programs.overlap.matters import matters_of
from programs.overlap.models import Overlap

PAIRS_A_PAGE = 50


@login_required
@require_safe
def case(request: HttpRequest, pk: int) -> HttpResponse:
    """The programs and pairs of a cluster that the user may see."""
    pairs = Overlap.objects.visible_to(request.user).filter(cluster=pk)
    if not (found := matters_of(pairs, [pk], 0)):
        raise Http404
    page = Paginator(pairs.for_list().order_by("-score", "-pk"), PAIRS_A_PAGE).get_page(request.GET.get("page"))
    programs = (
        Program.objects.visible_to(request.user)
        .filter(Q(overlaps_as_left__in=pairs) | Q(overlaps_as_right__in=pairs))
        .distinct()
        .for_list()
        .prefetch_related("locations__area")
        .order_by("reporting_org__name", "pk")
    )
    context = {
        "matter": found[0],
        "pairs": pairs,
        "programs": programs,
        "page": page,
        "rows": with_reasons(page.object_list, Names(page.object_list)),
    }
    return render(request, "overlap/case.html", context)
