"""What the API answers when it refuses: problem details as RFC 9457 has them, with a code that stays.

PROBLEMS is every code that an answer may carry, with its status and its title; the schema and the documentation are
made from it. A code never changes its meaning; new ones are added.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, JsonResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

MEDIA_TYPE = "application/problem+json"
# Where a problem's type leads to: its place on the documentation page.
TYPE = "/api/docs/#problem-{code}"


@dataclass(frozen=True)
class Kind:
    """A code's status, and what it is in a few words."""

    status: int
    title: Promise


PROBLEMS: dict[str, Kind] = {
    "invalid": Kind(400, _("The request has errors")),
    "parse_error": Kind(400, _("The body is not valid JSON for this call")),
    "bad_request": Kind(400, _("The request could not be read")),
    "not_authenticated": Kind(401, _("No key was sent")),
    "authentication_failed": Kind(401, _("The key is not valid")),
    "permission_denied": Kind(403, _("You do not have permission to do this")),
    "insufficient_scope": Kind(403, _("The key lacks the permission for this")),
    "second_factor_required": Kind(403, _("A second factor is missing")),
    "not_found": Kind(404, _("Page not found")),
    "method_not_allowed": Kind(405, _("This method is not allowed here")),
    "not_acceptable": Kind(406, _("Unknown format")),
    "refused": Kind(409, _("A rule of the portal forbids this")),
    "in_progress": Kind(409, _("The first request with this key is still in progress")),
    "length_required": Kind(411, _("Content-Length is missing")),
    "changed_meanwhile": Kind(412, _("Someone else changed this in the meantime")),
    "too_large": Kind(413, _("The request is too large")),
    "unsupported_media_type": Kind(415, _("The format of the body is not supported")),
    "confirmation_needed": Kind(422, _("Some values are unlikely: correct them, or confirm them")),
    "idempotency_key_reused": Kind(422, _("This Idempotency-Key belongs to another request")),
    "if_match_required": Kind(428, _("If-Match is missing: state the version that you change")),
    "throttled": Kind(429, _("Too many requests")),
    "error": Kind(500, _("An error occurred on the server")),
    "took_too_long": Kind(503, _("This took too long")),
    "unavailable": Kind(503, _("The portal is not available right now")),
}


def problem(
    code: str, detail: object = None, errors: Iterable[Mapping[str, Any]] = (), **more: object
) -> dict[str, Any]:
    """The members of a problem (RFC 9457): `detail` is a sentence for the reader; `more` are members of this code's
    own. Each of `errors` has a code, a detail, and the `parameter` or `pointer` (into the body) it is about."""
    kind = PROBLEMS[code]
    return {
        "type": TYPE.format(code=code),
        "title": str(kind.title),
        "status": kind.status,
        "detail": str(detail if detail is not None else kind.title),
        "code": code,
        "errors": list(errors),
        **more,
    }


# What is said of a code where nothing more is known of it.
SENTENCES: dict[str, Promise] = {
    "took_too_long": _("The request took too long. Use a narrower filter or request a smaller part."),
    "unavailable": _("The database does not respond. Everything you saved is safe. Try again in a minute."),
}


def problem_response(request: HttpRequest, code: str, detail: object = None) -> JsonResponse:
    """A problem outside the framework's own views."""
    return JsonResponse(problem(code, detail), status=PROBLEMS[code].status, content_type=MEDIA_TYPE)
