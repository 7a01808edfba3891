"""A person's own account."""

from datetime import timedelta

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from donors import services
from donors.forms import KeyForm, ProfileForm
from donors.models import ApiKey, ApiKeyUse
from donors.permissions import may_anywhere, organizations_where

# What a key did in the last week: as much as the page shows.
USES_SHOWN_DAYS = 7


@login_required
@require_http_methods(["GET", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    """Name, language, organizations and keys of anyone who is signed in."""
    form = ProfileForm(request.POST if request.method == "POST" else None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        services.change_profile(request.user, **form.cleaned_data)
        answer = redirect("donors:account")
        if "language" in form.changed_data:
            # What was chosen last wins, also over an earlier choice in this browser.
            answer.delete_cookie(settings.LANGUAGE_COOKIE_NAME)
            translation.activate(request.user.language or request.LANGUAGE_CODE)
        messages.success(request, _("Your profile is saved."))
        return answer
    return _page(request, profile=form, status=400 if form.errors else 200)


@login_required
@require_POST
def create_key(request: HttpRequest) -> HttpResponse:
    """Makes a key, and shows it this once."""
    form = KeyForm(request.POST)
    if not form.is_valid():
        return _page(request, key_form=form, status=400)
    days = form.cleaned_data["days"]
    made = services.create_api_key(
        request.user,
        form.cleaned_data["name"],
        scopes=form.cleaned_data["scopes"],
        expires_at=timezone.now() + timedelta(days=days) if days else None,
    )
    return _page(request, new_key=made)


@login_required
@require_POST
def revoke_key(request: HttpRequest, pk: int) -> HttpResponse:
    """Ends one of the user's own keys."""
    key = get_object_or_404(ApiKey, pk=pk, user=request.user)
    services.revoke_api_key(key, actor=request.user)
    messages.success(request, _("The key “%(name)s” no longer works.") % {"name": key.name})
    return redirect("donors:account")


def _page(
    request: HttpRequest,
    *,
    profile: ProfileForm | None = None,
    key_form: KeyForm | None = None,
    new_key: services.NewKey | None = None,
    status: int = 200,
) -> HttpResponse:
    services.write_down_use()  # so that a script's owner sees what it just did
    context = {
        "profile": profile or ProfileForm(instance=request.user),
        "key_form": key_form or KeyForm(),
        "new_key": new_key,
        "memberships": request.user.memberships.select_related("organization"),
        "keys": request.user.api_keys.filter(revoked_at__isnull=True).prefetch_related(
            Prefetch(
                "uses",
                ApiKeyUse.objects.filter(day__gt=timezone.now().date() - timedelta(days=USES_SHOWN_DAYS)),
                to_attr="recent",
            )
        ),
        "manages": organizations_where(request.user, "see_people"),
        "manages_all": may_anywhere(request.user, "see_people"),
    }
    return render(request, "donors/account.html", context, status=status)
