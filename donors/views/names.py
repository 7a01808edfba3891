"""The names that an organization goes by, for those who may change them. Not one's to change: 404."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.errors import Refused
from donors import services
from donors.forms import NameForm
from donors.models import Organization, OrganizationAlias
from donors.permissions import may


@login_required
@require_http_methods(["GET", "POST"])
def names(request: HttpRequest, pk: int) -> HttpResponse:
    """All names of the organization; POST adds one."""
    organization = _organization(request, pk)
    form = NameForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            alias = services.give_name(organization, **form.cleaned_data, actor=request.user)
        except Refused as refused:
            form.add_error("text", str(refused.message))
        else:
            messages.success(request, _("The organization is now found as “%(name)s”, too.") % {"name": alias.text})
            return redirect("donors:names", pk)
    is_wrong = request.method == "POST"
    context = {
        "organization": organization,
        "names": organization.aliases.select_related("country").order_by("-is_own", "kind", "text"),
        "form": form if is_wrong else NameForm(),
    }
    return render(request, "donors/names.html", context, status=400 if is_wrong else 200)


@login_required
@require_POST
def take_name(request: HttpRequest, pk: int, name_pk: int) -> HttpResponse:
    """Takes a name away from the organization."""
    alias = get_object_or_404(OrganizationAlias, pk=name_pk, organization=_organization(request, pk))
    try:
        services.take_name(alias, actor=request.user)
    except Refused as refused:
        messages.error(request, str(refused.message))
    else:
        messages.success(request, _("The organization is no longer found as “%(name)s”.") % {"name": alias.text})
    return redirect("donors:names", pk)


def _organization(request: HttpRequest, pk: int) -> Organization:
    organization = get_object_or_404(Organization.objects.visible_to(request.user), pk=pk)
    if not may(request.user, "change_names", organization.pk):
        raise Http404
    return organization
