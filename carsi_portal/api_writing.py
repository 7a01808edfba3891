"""What every change through the API shares: If-Match for changes, Idempotency-Key for creations."""

import hashlib
import json
import re
from collections.abc import Callable
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.exceptions import ParseError, ValidationError
from rest_framework.parsers import MultiPartParser
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from carsi_portal.api_errors import InvalidHeader, Problem
from donors.services import claim_answer, keep_answer

# An ETag as the API gives it: the version, and a sign of the bytes it was given with; proxies may make it weak.
ETAG = re.compile(r'^(?:W/)?"(\d{1,9})(?:-[0-9a-f]+)?"$')
IF_MATCH = OpenApiParameter(
    "If-Match", str, OpenApiParameter.HEADER, required=False,
    description="The ETag that you read: 428 without it, 412 where somebody changed the thing since.",
)  # fmt: skip
IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key", {"type": "string", "maxLength": 200}, OpenApiParameter.HEADER, required=False,
    description="Of your choice; sent again within a day with the same body, the first answer comes again.",
)  # fmt: skip


class FormParser(MultiPartParser):
    """The framework's multipart/form-data, for what is sent with a file; a body that is none is no broken JSON."""

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        try:
            return super().parse(stream, media_type, parser_context)
        except ParseError:
            raise Problem("bad_request", _("The body cannot be read as multipart/form-data.")) from None


class Strict(serializers.Serializer):
    """What is taken in: a field that there is not is refused by name, never dropped."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict) and (unknown := sorted(set(data) - set(self.fields))):
            raise ValidationError({name: [_("There is no such field here.")] for name in unknown})
        return super().to_internal_value(data)


def version_named(request: Request) -> int:
    """The version in If-Match. Problem 428 without the header, 400 where it is no ETag of the API."""
    version = version_if_named(request)
    if version is None:
        raise Problem("if_match_required", _("Send the ETag that you read in If-Match, so that nobody is overwritten."))
    return version


def version_if_named(request: Request) -> int | None:
    """The version in If-Match; None without the header. Problem 400 where it is no ETag of the API."""
    named = request.headers.get("If-Match")
    if named is None:
        return None
    found = ETAG.match(named.strip())
    if found is None:
        raise InvalidHeader({"If-Match": _("This is no ETag of this API: it looks like "
                                             "“%(example)s”.") % {"example": '"3"'}})  # fmt: skip
    return int(found[1])


def answered_once(request: Any, answer: Callable[[], Response]) -> Response:
    """What `answer` gives; with an Idempotency-Key, what it gave the first time. A refusal is not remembered.

    Both the change and the memory of it are one transaction: of two at once, the second waits for the first.
    Problem 422 where the key came with another body, 400 where it is blank or too long.
    """
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return answer()
    if not 0 < len(key.strip()) <= 200:
        raise InvalidHeader({"Idempotency-Key": _("It has 1 to 200 signs.")})
    body = json.dumps(request.data, sort_keys=True, default=_as_text)
    fingerprint = hashlib.sha256(f"{request.method} {request.path}\n{body}".encode()).hexdigest()
    with transaction.atomic():
        kept = claim_answer(request.user, key.strip(), fingerprint)
        if kept.fingerprint != fingerprint:
            raise Problem("idempotency_key_reused", _("Choose a new key for a new request."))
        if kept.status is not None:
            return Response(
                json.loads(kept.body), status=kept.status, headers={**kept.headers, "Idempotent-Replayed": "true"}
            )
        response = answer()
        # As it is sent: dates and money are text by then; with all else than ASCII escaped, as any text may hold it.
        sent = json.dumps(json.loads(JSONRenderer().render(response.data)))
        keep_answer(
            kept, response.status_code, sent, {name: response[name] for name in ("Location",) if name in response}
        )
    return response


def _as_text(value: Any) -> str:
    """What a body holds beside JSON: of a file its name and a sign of its bytes, which are left to be read."""
    if not isinstance(value, UploadedFile):
        return str(value)
    sign = hashlib.sha256()
    for chunk in value.chunks():
        sign.update(chunk)
    value.seek(0)
    return f"{value.name} {sign.hexdigest()}"
