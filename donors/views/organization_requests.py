"""Organizations that are not in the list: who asked for which, and the coordinators' answers."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.errors import NotAllowed, Refused
from donors import services
from donors.forms import AddRequestedForm, KnownOrganizationForm
from donors.models import Organization, OrganizationRequest
from donors.permissions import may_anywhere

REQUESTS_A_PAGE = 25


@login_required
@require_safe
def requests(request: HttpRequest) -> HttpResponse:
    """The requests that the user may see: open ones first, then the last answers."""
    seen = OrganizationRequest.objects.visible_to(request.user).for_list()
    context = {
        "page": Paginator(seen, REQUESTS_A_PAGE).get_page(request.GET.get("page")),
        "may_answer": may_anywhere(request.user, "answer_organization_request"),
    }
    return render(request, "donors/organization_requests.html", context)


@login_required
@require_POST
def ask(request: HttpRequest) -> HttpResponse:
    """Asks for an organization by its name, then goes back to where the name stands."""
    wanted = request.POST.get("organization", "")
    asked_for = Organization.objects.filter(pk=wanted).first() if wanted.isdecimal() and len(wanted) < 18 else None
    if asked_for is None:
        raise Http404
    try:
        asked = services.ask_for_organization(
            request.POST.get("name", ""),
            actor=request.user,
            asked_for=asked_for,
            kind=request.POST.get("kind", ""),
            place=request.POST.get("place", ""),
        )
        messages.success(
            request, _("Request sent. A coordinator will tell you who “%(name)s” is.") % {"name": asked.name}
        )
    except NotAllowed as refusal:
        raise PermissionDenied from refusal
    except Refused as refusal:
        messages.error(request, str(refusal.message))
    back = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    return redirect(back if is_ours else "donors:organization_requests")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """One request: what it may mean, and the answer."""
    asked = get_object_or_404(OrganizationRequest.objects.visible_to(request.user).for_list(), pk=pk)
    may_answer = may_anywhere(request.user, "answer_organization_request")
    sent = request.POST if request.method == "POST" else None
    if sent is not None and not may_answer:
        raise PermissionDenied
    do = sent.get("do", "") if sent is not None else ""
    add = AddRequestedForm(sent if do == "add" else None, asked=asked, actor=request.user)
    known = KnownOrganizationForm(sent if do == "known" else None, asked=asked, actor=request.user)
    try:
        if do == "none":
            services.answer_with_none(asked, actor=request.user)
        if do == "none" or add.answer() or known.answer():
            messages.success(
                request,
                _("The request for “%(name)s” is answered, and the person who sent it is notified.")
                % {"name": asked.name},
            )
            return redirect("donors:organization_requests")
    except Refused as refusal:
        messages.error(request, str(refusal.message))
    context = {
        "asked": asked,
        "may_answer": may_answer and asked.is_open,
        "alike": Organization.objects.similar_to(asked.name) if may_answer and asked.is_open else (),
        "add": add,
        "known": known,
    }
    return render(request, "donors/organization_request.html", context, status=400 if sent is not None else 200)
