"""What every change through the API shares: strict fields, If-Match for changes, Idempotency-Key for creations."""

import re
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from core.api.errors import InvalidHeader, Problem

# An ETag as the API gives it: the version, and a sign of the bytes it was given with; proxies may make it weak.
ETAG = re.compile(r'^(?:W/)?"(\d{1,9})(?:-[0-9a-f]+)?"$')
IF_MATCH = OpenApiParameter(
    "If-Match", str, OpenApiParameter.HEADER, required=False,
    description="The ETag that you read. Without it the response is 428; if someone changed the record since, it is "
                "412.",
)  # fmt: skip
IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key", {"type": "string", "maxLength": 200}, OpenApiParameter.HEADER, required=False,
    description="A key of your choice. If the same request is sent again within a day, the first response is "
                "returned.",
)  # fmt: skip


class Strict(serializers.Serializer):
    """Body of a request: an unknown field is rejected by name, never ignored."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict) and (unknown := sorted(set(data) - set(self.fields))):
            raise ValidationError({name: [_("Unknown field.")] for name in unknown})
        return super().to_internal_value(data)


def version_named(request: Request) -> int:
    """The version in If-Match. Problem 428 without the header, 400 where it is no ETag of the API."""
    version = version_if_named(request)
    if version is None:
        raise Problem(
            "if_match_required",
            _("Send the ETag that you read in If-Match, so that you do not overwrite other people's changes."),
        )
    return version


def version_if_named(request: Request) -> int | None:
    """The version in If-Match; None without the header. Problem 400 where it is no ETag of the API."""
    named = request.headers.get("If-Match")
    if named is None:
        return None
    found = ETAG.match(named.strip())
    if found is None:
        raise InvalidHeader({"If-Match": _("This is not an ETag of this API. An ETag looks "
                                           "like “%(example)s”.") % {"example": '"3"'}})  # fmt: skip
    return int(found[1])
