"""Profiles of countries, goals and areas, and the two-page briefs of these and of donors."""

from functools import partial

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.pdf import PdfUnavailable
from programs.reports.brief import brief_of
from programs.reports.documents import language_asked, pdf_answer
from programs.reports.profile import Profile, profile_of
from programs.reports.subjects import find


def profile_for(request: HttpRequest, kind: str, key: str | int) -> Profile:
    """The profile as the reader may see it, or (?view=public) as anybody may; 404 where there is no such thing."""
    is_public = request.GET.get("view") == "public"
    viewer = AnonymousUser() if is_public else request.user
    subject = find(kind, key, viewer)
    if subject is None:
        raise Http404
    is_partner = request.user.is_partner
    return profile_of(subject, viewer, shows_contacts=is_partner and not is_public, is_public=is_public)


@login_required
@require_safe
def _page(request: HttpRequest, key: str | int, kind: str) -> HttpResponse:
    return render(request, "reports/profile.html", {"profile": profile_for(request, kind, key)})


@login_required
@require_safe
def _brief(request: HttpRequest, key: str | int, kind: str) -> HttpResponse:
    language = language_asked(request)
    with translation.override(language):
        profile = profile_for(request, kind, key)
        try:
            content = brief_of(profile, reader=request.user)
        except PdfUnavailable:
            messages.error(
                request,
                _("This site cannot create PDF documents because a library is missing. Print the page instead."),
            )
            return redirect(profile.subject.address)
    return pdf_answer(content, f"{kind}-{profile.subject.key}-{profile.made_on}-{language}.pdf")


country, goal, area = (partial(_page, kind=kind) for kind in ("country", "goal", "area"))
country_brief, goal_brief, area_brief, donor_brief = (
    partial(_brief, kind=kind) for kind in ("country", "goal", "area", "donor")
)
