"""The nightly files, listed and downloaded."""

from typing import Any

from django.http import StreamingHttpResponse
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request

from core.api.filters import refuse_parameters
from programs.exchange import services
from programs.exchange.models import Dump


class GzipRenderer(JSONRenderer):
    """For the choice of a format alone: the file is streamed, and a refusal is JSON."""

    format, media_type, charset = "gz", "application/gzip", None


class DumpSerializer(serializers.ModelSerializer):
    """All public programs of a day as one gzip file."""

    file = serializers.SerializerMethodField()

    class Meta:
        model = Dump
        fields = ["id", "day", "form", "as_of", "finished_at", "size", "sha256", "file"]
        read_only_fields = fields

    def get_file(self, dump: Dump) -> str:
        return self.context["request"].build_absolute_uri(reverse("dump-file", args=[dump.pk]))


class DumpViewSet(viewsets.ReadOnlyModelViewSet):
    """Files of all public programs, created every night and kept for two weeks.

    To continue from a file, read `programs/?updated_since=` with its `as_of`.
    """

    queryset = Dump.objects.finished()
    serializer_class = DumpSerializer
    ordering = "-id"
    lookup_value_converter = "int"
    scopes = {"file": "export"}

    @extend_schema(responses={(200, "application/gzip"): OpenApiTypes.BINARY})
    @action(detail=True, filter_backends=[], pagination_class=None, renderer_classes=[GzipRenderer, JSONRenderer])
    def file(self, request: Request, pk: int) -> Any:
        """The file, or 304 if If-None-Match names it. Requires the scope `export`."""
        refuse_parameters(request)
        dump = self.get_object()
        answer: Any = StreamingHttpResponse(services.content_of(dump), content_type="application/gzip")
        answer["Content-Encoding"] = "identity"  # it is zipped once
        answer["Content-Length"] = str(dump.size)
        answer["Content-Disposition"] = content_disposition_header(True, dump.file_name)
        answer["ETag"] = f'"{dump.sha256[:32]}"'
        return get_conditional_response(request._request, etag=answer["ETag"], response=answer)
