"""Programs through the API in every format: `?format=` names it, or `Accept` asks for its media type."""

from typing import Any

from django.http import FileResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request

from core.api.filters import PAGE_PARAMETERS
from core.streams import streamed
from goals.bilingual import reader_language
from programs.api import ProgramViewSet
from programs.exchange.downloads import API_FORMATS, Format


def _renderer(wanted: Format) -> type[JSONRenderer]:
    """What the framework chooses formats by. A refusal is JSON in every format."""
    names = {"format": wanted.name, "media_type": wanted.media_type.partition(";")[0], "charset": None}
    return type(f"{wanted.name.title().replace('-', '')}Renderer", (JSONRenderer,), names)


PAGING = (PAGE_PARAMETERS | {"fields", "expand"}) - {"format"}
RENDERERS = [_renderer(wanted) for wanted in API_FORMATS.values()]


class ProgramFormatsViewSet(ProgramViewSet):
    """Programs that the key's owner can see. Formats other than JSON return all matching programs in one stream."""

    @property
    def scopes(self) -> dict[str, str]:
        """A key that reads pages is not yet one that takes the whole."""
        chosen = getattr(self.request, "accepted_renderer", None)
        return {"list": "export"} if chosen and chosen.format in API_FORMATS else {}

    file_media_types = tuple(renderer.media_type for renderer in RENDERERS)

    def get_renderers(self) -> list[Any]:
        found = super().get_renderers()
        # A browser names XML among what it takes; it is not asking for IATI.
        is_browser = "text/html" in self.request.META.get("HTTP_ACCEPT", "") if self.request else False
        if self.action != "list" or (is_browser and "format" not in self.request.GET):
            return found
        return [*found, *(renderer() for renderer in RENDERERS)]

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        wanted = API_FORMATS.get(request.accepted_renderer.format)
        if wanted is None:
            return super().list(request, *args, **kwargs)
        if refused := {
            name: _("This format has no pages: it returns everything at once.")
            for name in PAGING & set(request.query_params)
        }:
            raise ValidationError(refused)
        programs = self.filter_queryset(self.get_queryset())
        return as_file(request, wanted, programs.select_related(None).prefetch_related(None))


def as_file(request: Request, wanted: Format, programs: Any) -> HttpResponseBase:
    """The answer that carries programs in a format: a stream, in the language of the request."""
    made = wanted.make(programs, reader_language())
    is_made = hasattr(made, "read")
    answer: Any = FileResponse(made) if is_made else streamed(request._request, made, wanted.media_type)
    answer["Content-Type"] = wanted.media_type
    answer["Content-Disposition"] = content_disposition_header(True, f"programs.{wanted.ending}")
    return answer
