"""Saved searches in the API: a person's own views of the queue."""

from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.response import Response

from core.api.writing import IDEMPOTENCY_KEY, Strict
from donors.idempotency import answered_once
from programs.overlap.models import Overlap, SavedView
from programs.overlap.services.saved_views import forget_view, keep_view


class SavedSearchSerializer(Strict, serializers.ModelSerializer):
    """Saved filters of the queue of overlaps."""

    query = serializers.CharField(
        max_length=1000,
        allow_blank=True,
        default="",
        help_text="The filters as in the address of the page: country=HN&goal=1.",
    )
    overlaps = serializers.SerializerMethodField(help_text="API address that lists the matching pairs.")

    class Meta:
        model = SavedView
        fields = ["id", "name", "query", "overlaps", "created_at"]

    def get_overlaps(self, view: SavedView) -> str:
        chosen = QueryDict(view.query, mutable=True)
        chosen.setdefault("state", Overlap.State.OPEN)  # as the page does
        for name in [name for name, value in chosen.items() if name == "sort" or not value]:
            del chosen[name]
        address = reverse("overlap-list") + (f"?{chosen.urlencode()}" if chosen else "")
        return self.context["request"].build_absolute_uri(address)


class SavedSearchViewSet(mixins.DestroyModelMixin, viewsets.ReadOnlyModelViewSet):
    """Saved views of the queue of overlaps, visible to the key's owner only."""

    queryset = SavedView.objects.none()
    serializer_class = SavedSearchSerializer
    ordering = ("name", "id")
    orderings = {"name": ("name", "id"), "id": ("id",), "-id": ("-id",)}
    lookup_value_converter = "int"

    def get_queryset(self) -> QuerySet[SavedView]:
        return SavedView.objects.filter(owner=self.request.user)

    @extend_schema(
        request=SavedSearchSerializer,
        responses={201: SavedSearchSerializer, 200: SavedSearchSerializer},
        parameters=[IDEMPOTENCY_KEY],
    )
    def create(self, request: Any) -> Response:
        """Saves filters under a name (201). Using the same name again replaces them (200)."""
        stated = self.get_serializer(data=request.data)
        stated.is_valid(raise_exception=True)

        def answer() -> Response:
            view, is_new = keep_view(**stated.validated_data, actor=request.user)
            response = Response(
                self.get_serializer(view).data, status.HTTP_201_CREATED if is_new else status.HTTP_200_OK
            )
            response["Location"] = request.build_absolute_uri(reverse("saved-search-detail", args=[view.pk]))
            return response

        return answered_once(request, answer)

    def perform_destroy(self, instance: Any) -> None:
        forget_view(instance)
