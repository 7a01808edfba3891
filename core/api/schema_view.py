"""The address of the schema: what is sent is written once in a process."""

from functools import cache
from typing import Any

from django.conf import settings
from drf_spectacular.views import SpectacularAPIView
from rest_framework.renderers import BaseRenderer

from core.api.schema import schema_in


@cache
def _written(renderer: Any, language: str) -> bytes:
    """Writing the schema as YAML takes longer than making it."""
    written: bytes = renderer().render(schema_in(language), renderer.media_type, {})
    return written


def _once(renderer: Any) -> type[BaseRenderer]:
    """The renderer, which writes the schema once; all else that a view answers, a problem, it writes as it is."""

    class Once(renderer):
        def render(self, data: Any, accepted_media_type: Any = None, renderer_context: Any = None) -> Any:
            # A media type with parameters asks for another layout.
            if accepted_media_type == self.media_type:
                for language, _name in settings.LANGUAGES:
                    if data is schema_in(language):
                        return _written(renderer, language)
            return super().render(data, accepted_media_type, renderer_context)

    return Once


class SchemaView(SpectacularAPIView):
    """The schema of the API, as YAML or JSON."""

    renderer_classes = [_once(renderer) for renderer in SpectacularAPIView.renderer_classes]
