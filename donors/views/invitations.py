"""The page behind the link of an invitation; it is open to anyone who has the link."""

from allauth.account.internal.flows.reauthentication import reauthenticate_by_password
from allauth.account.utils import perform_login
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from core.errors import Refused
from donors import services
from donors.forms import AcceptForm
from donors.models import Invitation, User


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Accepts an invitation: as a new person, or with the account that the address has already.

    Only the holder of the address sees which of the two it is. Opening the page uses nothing up: mail scanners do too.
    """
    found = services.invitation_behind(token)
    if found is None:
        return render(request, "donors/invitation_over.html", status=410)
    account = User.objects.filter(email__iexact=found.email).first()
    if account is not None:
        return _existing_person(request, found, account)
    if request.user.is_authenticated:
        return render(request, "donors/invitation_other.html", {"invitation": found}, status=409)
    return _new_person(request, found)


def _new_person(request: HttpRequest, found: Invitation) -> HttpResponse:
    form = AcceptForm(request.POST if request.method == "POST" else None, invitation=found)
    if request.method == "POST" and form.is_valid():
        try:
            user = services.accept_as_new_person(found, **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, str(refused.message))
        else:
            messages.success(request, _("Welcome. Your account is ready."))
            response = perform_login(request, user, redirect_url=reverse("region:home"))
            # The password was given a moment ago: setting up the second factor need not ask for it again.
            reauthenticate_by_password(request)
            return response
    return render(
        request,
        "donors/invitation_new.html",
        {"invitation": found, "form": form},
        status=400 if form.errors else 200,
    )


def _existing_person(request: HttpRequest, found: Invitation, account: User) -> HttpResponse:
    if request.user.is_authenticated and request.user.pk != account.pk:
        return render(request, "donors/invitation_other.html", {"invitation": found}, status=409)
    if request.method == "POST" and request.user.is_authenticated:
        try:
            services.accept_as_member(found, user=request.user)
        except Refused as refused:
            messages.error(request, str(refused.message))
        else:
            stated = {"organization": found.organization.name}
            messages.success(request, _("You are now a member of %(organization)s.") % stated)
        return redirect("donors:account")
    return render(request, "donors/invitation_existing.html", {"invitation": found})
