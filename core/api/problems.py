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
    "invalid": Kind(400, _("Something in the request is not right")),
    "parse_error": Kind(400, _("The body is not the JSON that it should be")),
    "bad_request": Kind(400, _("The request could not be read")),
    "not_authenticated": Kind(401, _("No key was sent")),
    "authentication_failed": Kind(401, _("The key does not open the API")),
    "permission_denied": Kind(403, _("You may not do this")),
    "insufficient_scope": Kind(403, _("The key is not made for this")),
    "second_factor_required": Kind(403, _("A second factor is missing")),
    "not_found": Kind(404, _("There is nothing here")),
    "method_not_allowed": Kind(405, _("This cannot be done at this address")),
    "not_acceptable": Kind(406, _("There is no such format here")),
    "refused": Kind(409, _("A rule of the portal forbids this")),
    "in_progress": Kind(409, _("The first request with this key is still at work")),
    "length_required": Kind(411, _("The length of the body is not said")),
    "changed_meanwhile": Kind(412, _("Somebody else changed this meanwhile")),
    "too_large": Kind(413, _("This is too much at once")),
    "unsupported_media_type": Kind(415, _("The body comes in a format that is not read here")),
    "idempotency_key_reused": Kind(422, _("This Idempotency-Key belongs to another request")),
    "if_match_required": Kind(428, _("Say which version you change")),
    "throttled": Kind(429, _("Too many requests")),
    "error": Kind(500, _("Something went wrong on our side")),
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
    "took_too_long": _("This takes longer than a request may take. Ask for less: a narrower filter or a smaller part."),
    "unavailable": _("The database does not answer. Nothing that was saved is lost: try again in a minute."),
}


def problem_response(request: HttpRequest, code: str, detail: object = None) -> JsonResponse:
    """A problem outside the framework's own views."""
    return JsonResponse(problem(code, detail), status=PROBLEMS[code].status, content_type=MEDIA_TYPE)
