"""Error pages; under /api/ the same errors as problem details, so that a script never has to read HTML."""

import sys

import structlog
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from carsi_portal.logs import reference
from core.api.problems import SENTENCES, problem_response
from core.errors import TRY_AGAIN_SECONDS, of_the_database

log = structlog.get_logger(__name__)


def _answer(
    request: HttpRequest, status: int, code: str, detail: str, template: str, context: dict[str, str] | None = None
) -> HttpResponse:
    if request.path.startswith("/api/"):
        return problem_response(request, code, detail)
    return render(request, template, {"reference": reference()} | (context or {}), status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _answer(request, 400, "bad_request", _("The request could not be read."), "400.html")


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    log.info("access.denied", user_id=request.user.pk, reason="not allowed")
    return _answer(request, 403, "permission_denied", _("You do not have permission to do this."), "403.html")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _answer(request, 404, "not_found", _("There is nothing at this address."), "404.html")


def server_error(request: HttpRequest) -> HttpResponse:
    """Django calls this while it handles the error: where the database did not answer, that is said, with a 503."""
    code = of_the_database(sys.exc_info()[1])
    if code is None:
        return _answer(request, 500, "error", _("An error occurred on the server."), "500.html")
    log.warning("database.failed", code=code)
    answer = _answer(request, 503, code, str(SENTENCES[code]), f"503_{code}.html")
    answer["Retry-After"] = str(TRY_AGAIN_SECONDS)
    return answer


def too_large(request: HttpRequest, most: int) -> HttpResponse:
    """A body of more than `most` bytes, of which nothing was read."""
    megabytes = f"{most / 2**20:.0f}"
    detail = _("The request is too large: the limit is %(most)s MB. Nothing was saved.") % {"most": megabytes}
    return _answer(request, 413, "too_large", detail, "413.html", {"detail": detail})


def length_required(request: HttpRequest) -> HttpResponse:
    """A body of which nobody knows where it ends."""
    return _answer(
        request, 411, "length_required", _("Send the body in one piece, with its Content-Length."), "411.html"
    )
