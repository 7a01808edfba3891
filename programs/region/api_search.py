"""The one search in the API."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.helpers import forced_singular_serializer
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.filters import check_page_size
from programs.models import Program
from programs.region.search import SHOWN, look_for

KINDS = ("programs", "cases", "organizations", "places", "agreements", "priorities")


class FoundSerializer(serializers.Serializer):
    title = serializers.CharField()
    address = serializers.CharField(help_text="Of its page, from the portal's root on.")
    note = serializers.CharField(allow_blank=True)
    because = serializers.CharField(
        allow_blank=True,
        help_text="Names or types of work by which it was found, where its title has not all the words.",
    )


class FoundGroupSerializer(serializers.Serializer):
    kind = serializers.ChoiceField(choices=KINDS)
    name = serializers.CharField()
    number = serializers.IntegerField(help_text="How many there are of this kind.")
    rows = FoundSerializer(many=True)
    address = serializers.CharField(allow_blank=True, help_text="Of the page with all of them, where there is one.")


class SearchSerializer(serializers.Serializer):
    """What the words ask for, by kind. `straight` leads to the program whose number or identifier was typed;
    `instead` is another spelling, where nothing was found."""

    text = serializers.CharField(allow_blank=True)
    straight = serializers.CharField(allow_blank=True)
    instead = serializers.CharField(allow_blank=True)
    groups = FoundGroupSerializer(many=True)


class SearchViewSet(viewsets.GenericViewSet):
    """Programs, cases of overlap, organizations, places, agreements and priorities by words, in either language; by
    the names of places, organizations and sectors, and by types of work."""

    queryset = Program.objects.none()
    serializer_class = SearchSerializer
    pagination_class = None
    parameters = frozenset({"q"})

    def get_queryset(self) -> QuerySet[Program]:
        return Program.objects.visible_to(self.request.user)

    @extend_schema(
        parameters=[OpenApiParameter("q", str, description=f"Words; the first {SHOWN} found of each kind are given.")],
        responses=forced_singular_serializer(SearchSerializer),
    )
    def list(self, request: Request) -> Response:
        check_page_size(request)
        self.filter_queryset(self.get_queryset())  # refuses parameters that nobody knows
        answer: Any = look_for(request.user, request.query_params.get("q", ""))  # type: ignore[arg-type]
        return Response(SearchSerializer(answer).data)
