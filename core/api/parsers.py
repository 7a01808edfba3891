"""How the API reads bodies, and which format it answers in."""

import json
import re
from io import BytesIO
from typing import Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import NotAcceptable, ParseError
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.parsers import JSONParser, MultiPartParser

from core.api.errors import Problem

# The half of a character that JSON writes as two, such as \ud83d\ude42.
HALF_A_CHARACTER = re.compile("[\ud800-\udfff]")


class JsonParser(JSONParser):
    """The framework's, and a 400 for a body that is nested deeper than can be read, or that holds half a character."""

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        body = stream.read()
        try:
            parsed = super().parse(BytesIO(body), media_type, parser_context)
            # Nothing could store it, or say in UTF-8 what is wrong with it.
            if b"\\u" in body and HALF_A_CHARACTER.search(json.dumps(parsed, ensure_ascii=False)):
                raise ParseError(_("The body contains invalid Unicode (a lone surrogate)."))
            return parsed
        except RecursionError:
            raise ParseError(_("The body is too deeply nested.")) from None


class FormParser(MultiPartParser):
    """The framework's multipart/form-data, for what is sent with a file; a body that is none is no broken JSON."""

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        try:
            return super().parse(stream, media_type, parser_context)
        except ParseError:
            raise Problem("bad_request", _("The body could not be read as multipart/form-data.")) from None


class NamedFormats(DefaultContentNegotiation):
    """A format that there is none of is refused (406), with those that there are."""

    def filter_renderers(self, renderers: Any, format: str) -> Any:
        found = [renderer for renderer in renderers if renderer.format == format]
        if not found:
            known = ", ".join(renderer.format for renderer in renderers)
            raise NotAcceptable(_("Unknown format. Known formats: %(known)s.") % {"known": known})
        return found
