"""The one place where what the code raises becomes the problem that the API answers with."""

from collections.abc import Iterator, Mapping
from typing import Any

import structlog
from django.conf import settings
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.core.exceptions import ValidationError as ModelError
from django.core.signals import got_request_exception
from django.db import IntegrityError, InterfaceError, OperationalError
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions, status
from rest_framework.response import Response
from rest_framework.views import set_rollback

from core.api.problems import MEDIA_TYPE, PROBLEMS, SENTENCES, problem
from core.errors import TRY_AGAIN_SECONDS, EditConflict, NeedsConfirmation, NotAllowed, Refused, of_the_database

log = structlog.get_logger(__name__)

# Names under which frameworks keep what is wrong with the whole.
WHOLE = {NON_FIELD_ERRORS, "non_field_errors"}


class Problem(exceptions.APIException):
    """Raises a code of PROBLEMS, with a sentence, further members and headers."""

    def __init__(self, code: str, detail: Any = None, headers: Mapping[str, str] | None = None, **more: Any) -> None:
        super().__init__(str(detail if detail is not None else PROBLEMS[code].title), code)
        self.status_code = PROBLEMS[code].status
        self.code, self.headers, self.more = code, dict(headers or {}), more


class InvalidHeader(exceptions.ValidationError):
    """What is wrong with headers, by their names."""


def exception_handler(error: Exception, context: Mapping[str, Any]) -> Response:
    """The answer to whatever a view raised; what nobody foresaw is logged and shows nothing of the inside."""
    request = context.get("request")
    safe = request is None or request.method in ("GET", "HEAD", "OPTIONS")
    body, headers = problem_of(error, in_query=safe)
    if body["status"] >= status.HTTP_500_INTERNAL_SERVER_ERROR:
        log.error("api.failed", exc_info=error)
        got_request_exception.send(sender=None, request=getattr(request, "_request", None))
    set_rollback()
    return Response(body, status=body["status"], headers=headers, content_type=MEDIA_TYPE)


def problem_of(error: Exception, *, in_query: bool = False) -> tuple[dict[str, Any], dict[str, str]]:
    """A problem's members and headers; `in_query` says whether fields are parameters of the address or of the body."""
    match error:
        case Problem():
            return problem(error.code, error.detail, errors=(), **error.more), error.headers
        case EditConflict():
            return problem("changed_meanwhile", error.message, version=error.version), {}
        case NeedsConfirmation():
            return _to_confirm(error), {}
        case NotAllowed():
            return problem("permission_denied", error.message), {}
        case Refused():
            return problem("refused", error.message), {}
        case ModelError():
            return _invalid(_of_model(error), in_query), {}
        case InvalidHeader():
            return _invalid(error.get_full_details(), in_query=True), {}
        case exceptions.ValidationError():
            return _invalid(error.get_full_details(), in_query), {}
        case RequestDataTooBig():
            most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 2**20
            return problem(
                "too_large", _("A body can have at most %(most)s MB. Send it in parts.") % {"most": most}
            ), {}
        case SuspiciousOperation():  # such as more fields in a form than anybody needs
            return problem("bad_request", _("The request could not be read.")), {}
        case Http404():
            return problem("not_found", _("There is nothing at this address.")), {}
        case PermissionDenied():
            return problem("permission_denied"), {}
        case OperationalError() | InterfaceError():
            code = of_the_database(error) or "error"
            return problem(code, SENTENCES[code]), {"Retry-After": str(TRY_AGAIN_SECONDS)}
        case IntegrityError():
            log.warning("api.constraint", exc_info=error)
            return problem("refused", _("This conflicts with data in the database.")), {}
        case exceptions.PermissionDenied() if error.get_codes() in PROBLEMS:
            return problem(str(error.get_codes()), error.detail), {}
        case exceptions.NotFound():
            return problem("not_found", error.detail), {}
        case exceptions.APIException() if error.get_codes() in PROBLEMS:
            headers = {}
            if challenge := getattr(error, "auth_header", None):
                headers["WWW-Authenticate"] = challenge
            if (wait := getattr(error, "wait", None)) is not None:
                headers["Retry-After"] = str(int(wait) + 1)
            return problem(str(error.get_codes()), error.detail), headers
    return problem("error", _("An error occurred on the server.")), {}


def _to_confirm(error: NeedsConfirmation) -> dict[str, Any]:
    """Each unlikely value with its place, and the codes to send in `confirm`."""
    errors = [
        {"pointer": f"#/{_escaped(one.field)}", "code": one.code, "detail": one.sentence} for one in error.warnings
    ]
    codes = list(dict.fromkeys(one.code for one in error.warnings))
    sentence = _("Correct these values, or send their codes in “confirm” if they are right: %(codes)s.")
    return problem("confirmation_needed", sentence % {"codes": ", ".join(codes)}, errors, confirm=codes)


def _invalid(details: Any, in_query: bool) -> dict[str, Any]:
    errors = list(_flat(details, (), in_query))
    sentence = (
        errors[0]["detail"]
        if len(errors) == 1
        else _("See “errors”: each entry names the parameter or field it is about.")
    )
    return problem("invalid", sentence, errors)


def _flat(details: Any, path: tuple[str | int, ...], in_query: bool) -> Iterator[dict[str, Any]]:
    """Each error with the place that it is about: a parameter's name, or a JSON pointer (RFC 6901) as a fragment."""
    if isinstance(details, dict) and set(details) == {"message", "code"}:
        place: dict[str, Any] = {}
        if in_query and path:
            place["parameter"] = str(path[0])
        elif not in_query:
            place["pointer"] = "#" + "".join(f"/{_escaped(part)}" for part in path)
        yield {**place, "code": str(details["code"] or "invalid"), "detail": str(details["message"])}
    elif isinstance(details, dict):
        for name, inner in details.items():
            yield from _flat(inner, path if name in WHOLE else (*path, name), in_query)
    elif isinstance(details, list):
        for number, inner in enumerate(details):
            leaf = isinstance(inner, dict) and set(inner) == {"message", "code"}
            yield from _flat(inner, path if leaf else (*path, number), in_query)


def _escaped(part: str | int) -> str:
    return str(part).replace("~", "~0").replace("/", "~1")


def _of_model(error: ModelError) -> Any:
    """Django's error in the shape of the framework's details."""

    def leaves(errors: list[ModelError]) -> list[dict[str, str]]:
        return [{"message": message, "code": each.code or "invalid"} for each in errors for message in each.messages]

    if hasattr(error, "error_dict"):
        return {name: leaves(errors) for name, errors in error.error_dict.items()}
    return leaves(error.error_list)
