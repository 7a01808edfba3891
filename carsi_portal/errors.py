"""Error pages; under /api/ the same errors as problem details, so that a script never has to read HTML."""

import structlog
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from core.api.problems import problem_response

log = structlog.get_logger(__name__)


def _answer(request: HttpRequest, status: int, code: str, detail: str, template: str) -> HttpResponse:
    if request.path.startswith("/api/"):
        return problem_response(request, code, detail)
    return render(request, template, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _answer(request, 400, "bad_request", _("The request could not be read."), "400.html")


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    log.info("access.denied", user_id=request.user.pk, reason="not allowed")
    return _answer(request, 403, "permission_denied", _("You may not do this."), "403.html")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _answer(request, 404, "not_found", _("There is nothing at this address."), "404.html")


def server_error(request: HttpRequest) -> HttpResponse:
    return _answer(request, 500, "error", _("Something went wrong on our side."), "500.html")
