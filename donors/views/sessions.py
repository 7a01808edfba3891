"""Where somebody is signed in, and signing out elsewhere."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from donors import services


@login_required
@require_safe
def sessions(request: HttpRequest) -> HttpResponse:
    """The open sessions of anyone who is signed in."""
    found = services.open_sessions(request.user, request.session.session_key)
    others = any(not session.is_this_one for session in found)
    return render(request, "donors/sessions.html", {"sessions": found, "has_others": others})


@login_required
@require_POST
def end_session(request: HttpRequest, pk: int) -> HttpResponse:
    """Ends one of the user's own sessions."""
    if not services.end_session(request.user, pk):
        raise Http404
    messages.success(request, _("That session has ended."))
    return redirect("donors:sessions")


@login_required
@require_POST
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    """Ends all sessions of the user but this one."""
    services.end_sessions(request.user, but=request.session.session_key)
    messages.success(request, _("All other sessions have ended."))
    return redirect("donors:sessions")
