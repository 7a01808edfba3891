"""What holds for every request of a signed-in person: how long a session lasts, and the second factor."""

import time
from collections.abc import Callable
from typing import Any

import structlog
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from core.api.problems import problem_response
from donors.models import ApiKey
from donors.services import count_use, note_session_seen

log = structlog.get_logger(__name__)
GetResponse = Callable[[HttpRequest], HttpResponse]

BEGAN_AT, SEEN_AT = "began_at", "seen_at"

# Pages that somebody without the second factor needs, to get one or to leave.
OPEN_WITHOUT_SECOND_FACTOR = frozenset(
    {
        "donors:invitation",
        "account_logout",
        "account_login",
        "account_reauthenticate",
        "mfa_index",
        "mfa_activate_totp",
        "mfa_add_webauthn",
        "mfa_reauthenticate",
        "mfa_reauthenticate_webauthn",
        "i18n:set_language",
        "goals:glossary",
        "healthz",
        "readyz",
    }
)


class SessionLimitsMiddleware:
    """Ends a session after SESSION_IDLE_SECONDS without use and SESSION_WHOLE_SECONDS in all."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            self._keep_or_end(request)
        return self.get_response(request)

    def _keep_or_end(self, request: HttpRequest) -> None:
        now, session = time.time(), request.session
        began, seen = session.get(BEGAN_AT, now), session.get(SEEN_AT, now)
        if now - began > settings.SESSION_WHOLE_SECONDS or now - seen > settings.SESSION_IDLE_SECONDS:
            log.info("session.expired", user_id=request.user.pk)
            logout(request)
            messages.info(request, _("Your session has ended. Sign in again to continue."))
        elif BEGAN_AT not in session or now - seen > settings.USE_NOTED_EVERY_SECONDS:
            session.setdefault(BEGAN_AT, now)
            session[SEEN_AT] = now
            note_session_seen(session.session_key)


class SecondFactorMiddleware:
    """Sends anyone who must have a second factor, and has none, to the page that sets one up."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        user = request.user
        if not settings.MFA_REQUIRED or not user.is_authenticated:
            return None
        if not user.needs_second_factor or user.has_second_factor:
            return None
        request.lacks_second_factor = True  # type: ignore[attr-defined]  # the page that sets one up says why
        if request.resolver_match is None or request.resolver_match.view_name in OPEN_WITHOUT_SECOND_FACTOR:
            return None
        log.info("access.denied", user_id=user.pk, reason="no second factor")
        if request.path.startswith("/api/"):
            return problem_response(request, "second_factor_required", _("Set up a second factor first."))
        return redirect("mfa_index")


class KeyUseMiddleware:
    """Counts each call that a key made, and tells how many it has left."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        for name, value in getattr(request, "rate", {}).items():
            response[name] = value
        key = getattr(request, "auth", None)
        if isinstance(key, ApiKey) and request.resolver_match is not None:
            count_use(key, request.method or "", f"/{request.resolver_match.route}", response.status_code)
        return response
