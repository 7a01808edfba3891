"""How the API's schema describes what the framework does not know of it: every refusal, with its codes."""

import re
import textwrap
from functools import cache
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import get_language
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema as SpectacularAutoSchema
from rest_framework import serializers

from core.api.problems import MEDIA_TYPE, PROBLEMS, TYPE


class ProblemErrorSerializer(serializers.Serializer):
    """One problem and where it is."""

    code = serializers.CharField(help_text="The same in every language.")
    detail = serializers.CharField(help_text="A sentence in the language of Accept-Language.")
    parameter = serializers.CharField(required=False, help_text="The parameter or header with the problem.")
    pointer = serializers.CharField(required=False, help_text="Its place in the body (RFC 6901), as in #/goals/0/goal.")


class ProblemSerializer(serializers.Serializer):
    """Why a request was rejected (RFC 9457)."""

    type = serializers.CharField(help_text="Where the problem is explained, relative to the site.")
    title = serializers.CharField(help_text="The problem in a few words.")
    status = serializers.IntegerField()
    detail = serializers.CharField(help_text="A sentence in the language of Accept-Language.")
    code = serializers.ChoiceField(choices=[(code, str(kind.title)) for code, kind in PROBLEMS.items()])
    errors = ProblemErrorSerializer(many=True)  # type: ignore[assignment]
    confirm = serializers.ListField(
        child=serializers.CharField(), required=False, help_text="Of confirmation_needed: the codes to confirm."
    )


# Statuses that every call may answer with; further ones by method, and for an address of one thing.
ALWAYS = {400, 401, 403, 406, 429, 500}
BY_METHOD = {"POST": {404, 409, 411, 413, 415, 422}, "PUT": {404, 409, 411, 412, 413, 415, 428},
             "PATCH": {404, 409, 411, 412, 413, 415, 422, 428}, "DELETE": {404, 409, 412}}  # fmt: skip


class OneSchema(SchemaGenerator):
    """The schema for everybody: it rests on the code alone, and making it takes most of a second."""

    def get_schema(self, request: Any = None, public: bool = False) -> dict[str, Any]:
        """The schema in the language of the thread. Not to be changed: others get the same one."""
        language = get_language() or ""
        # Somebody may ask for any word as their language, and each would be kept.
        return schema_in(language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE)


@cache
def schema_in(language: str) -> dict[str, Any]:
    """The one schema in a language of the portal."""
    with translation.override(language):
        return SchemaGenerator().get_schema(request=None, public=True)


class AutoSchema(SpectacularAutoSchema):
    """Adds to each call the problems that it may answer with. A view adds statuses of its own in `problem_statuses`."""

    def get_summary(self) -> str:
        """What the call does in a few words: the first sentence of its description, or of which list it is."""
        things = self.get_tags()[0].replace("-", " ")
        action = getattr(self.view, "action", "")
        if action == "list":
            return f"List {things}"
        if action == "retrieve":
            return f"Read one of the {things}"
        if action == "destroy":
            return f"Delete one of the {things}"
        said = " ".join((self.get_description() or "").split())
        return textwrap.shorten(re.split(r"(?<=\.) ", said)[0].rstrip("."), 120, placeholder=" …")

    def _get_response_bodies(self, direction: Any = "response") -> dict[str, Any]:
        bodies = super()._get_response_bodies(direction)
        if direction != "response":
            return bodies
        # Formats other than JSON of a list: a file, of which the schema says no more.
        content = bodies.get("200", {}).get("content", {})
        for media_type in getattr(self.view, "file_media_types", ()):
            if media_type in content:
                content[media_type] = {"schema": {"type": "string", "format": "binary"}}
        statuses = ALWAYS | BY_METHOD.get(self.method, set()) | set(getattr(self.view, "problem_statuses", ()))
        if "{" in self.path:
            statuses |= {404}
        reference = self.resolve_serializer(ProblemSerializer(), "response").ref
        for status in sorted(statuses):
            if str(status) not in bodies:
                bodies[str(status)] = _problem_response(status, reference, in_query=self.method == "GET")
        return bodies


def _problem_response(status: int, reference: dict[str, Any], *, in_query: bool) -> dict[str, Any]:
    codes = {code: kind for code, kind in PROBLEMS.items() if kind.status == status}
    examples = {
        code: {"summary": str(kind.title), "value": _example(code, status, str(kind.title), in_query)}
        for code, kind in codes.items()
    }
    return {
        "description": "; ".join(f"`{code}`: {kind.title}" for code, kind in codes.items()),
        "content": {MEDIA_TYPE: {"schema": reference, "examples": examples}},
    }


def _example(code: str, status: int, title: str, in_query: bool) -> dict[str, Any]:
    errors: list[dict[str, str]] = []
    detail = f"{title}."
    if code == "invalid":
        detail = "There is no such filter here. Known: country…" if in_query else "This field is required."
        place = {"parameter": "contry"} if in_query else {"pointer": "#/title"}
        errors = [{**place, "code": "invalid" if in_query else "required", "detail": detail}]
    return {"type": TYPE.format(code=code), "title": title, "status": status, "detail": detail, "code": code,
            "errors": errors}  # fmt: skip
