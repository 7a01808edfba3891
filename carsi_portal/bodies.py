"""How large the body of a request may be, checked before anything of it is read or stored.

A view that takes more than a short form says so beside it (core/bodies.py), or by `most_bytes` of its class.
"""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from carsi_portal.errors import length_required, too_large
from core.bodies import SHORT_FORM


class BodyLimitMiddleware:
    """Refuses a body that is longer than its view takes with a 413 in words, and one of unknown length with a 411.

    Comes before all that reads a body, the check of forms' tokens above all: without it anybody could fill the disk
    with files for the sign-in page. Django itself reads no further than the Content-Length says.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponseBase | None:
        """Once it is known who answers, and before the body is looked at."""
        if "Transfer-Encoding" in request.headers and "Content-Length" not in request.headers:
            # Django takes it for empty, and each field for missing.
            return length_required(request)
        most = most_bytes(request, view)
        try:
            length = int(request.META.get("CONTENT_LENGTH") or 0)
        except ValueError:
            return length_required(request)
        return too_large(request, most) if length > most else None


def most_bytes(request: HttpRequest, view: Any) -> int:
    """The longest body that a view takes, in bytes."""
    of_view = getattr(getattr(view, "cls", view), "most_bytes", None)
    if of_view is not None:
        return int(of_view)
    return settings.DATA_UPLOAD_MAX_MEMORY_SIZE if request.path.startswith("/api/") else SHORT_FORM
