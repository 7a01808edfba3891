"""Idempotency-Key: a request that is sent again gets the first answer again, and changes nothing twice."""

import hashlib
import json
from collections.abc import Callable
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response

from core.api.errors import InvalidHeader, Problem
from donors.services import claim_answer, keep_answer

# Under this name the version of what was made is kept with the headers: the ETag is made of it again.
VERSION = "version"


def answered_once(request: Any, answer: Callable[[], Response]) -> Response:
    """What `answer` gives; with an Idempotency-Key, what it gave the first time. A refusal is not remembered.

    Both the change and the memory of it are one transaction: of two at once, the second waits for the first.
    Problem 422 where the key came with another body, 400 where it is blank or too long.
    """
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return answer()
    if not 0 < len(key.strip()) <= 200:
        raise InvalidHeader({"Idempotency-Key": _("It must have 1 to 200 characters.")})
    body = json.dumps(request.data, sort_keys=True, default=_as_text)
    fingerprint = hashlib.sha256(f"{request.method} {request.path}\n{body}".encode()).hexdigest()
    with transaction.atomic():
        kept = claim_answer(request.user, key.strip(), fingerprint)
        if kept.fingerprint != fingerprint:
            raise Problem("idempotency_key_reused", _("Use a new key for a new request."))
        if kept.status is not None:
            headers = {**kept.headers, "Idempotent-Replayed": "true"}
            version = headers.pop(VERSION, None)
            replayed = Response(json.loads(kept.body), status=kept.status, headers=headers)
            if version is not None:
                replayed.version = version  # type: ignore[attr-defined]
            return replayed
        response = answer()
        # As it is sent: dates and money are text by then; with all else than ASCII escaped, as any text may hold it.
        sent = json.dumps(json.loads(JSONRenderer().render(response.data)))
        headers = {name: response[name] for name in ("Location",) if name in response}
        if (version := getattr(response, "version", None)) is not None:
            headers[VERSION] = version
        keep_answer(kept, response.status_code, sent, headers)
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
