"""Overlaps in the API."""

from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers, viewsets

from programs.overlap.describe import Names, explain
from programs.overlap.filters import OverlapFilter
from programs.overlap.models import Overlap, Review


class FactorSerializer(serializers.Serializer):
    """One term of the score: bits add up, with the kind's prior, to the log-odds of the score."""

    name = serializers.CharField()
    sentence = serializers.CharField(help_text="In the language of Accept-Language: en or es.")
    value = serializers.FloatField()
    bits = serializers.FloatField()


class ReviewSerializer(serializers.ModelSerializer):
    actor = serializers.CharField(source="actor.full_name", allow_null=True, default=None)

    class Meta:
        model = Review
        fields = ["action", "reason", "note", "actor", "created_at"]


class SideSerializer(serializers.Serializer):
    """One of the two programs."""

    id = serializers.IntegerField()
    identifier = serializers.CharField()
    title = serializers.CharField()
    reporting_org_id = serializers.IntegerField()
    reporting_org = serializers.CharField(source="reporting_org.name")


class OverlapSerializer(serializers.ModelSerializer):
    left = SideSerializer()
    right = SideSerializer()
    factors = serializers.SerializerMethodField()

    class Meta:
        model = Overlap
        fields = [
            "id",
            "kind",
            "score",
            "state",
            "money_usd",
            "second_report_id",
            "cluster",
            "left",
            "right",
            "factors",
            "model_version",
            "first_flagged_at",
            "updated_at",
        ]
        read_only_fields = fields

    def get_factors(self, overlap: Overlap) -> FactorSerializer(many=True):  # type: ignore[valid-type]
        return FactorSerializer(explain(overlap, self._names()), many=True).data

    def _names(self) -> Names:
        """The names that all overlaps of the page speak of, read once."""
        owner: Any = self if self.parent is None else self.parent
        if not hasattr(owner, "names"):
            owner.names = Names([self.instance] if self.parent is None else owner.instance)
        return owner.names


class OverlapDetailSerializer(OverlapSerializer):
    reviews = ReviewSerializer(many=True)

    class Meta(OverlapSerializer.Meta):
        fields = [*OverlapSerializer.Meta.fields, "reviews"]
        read_only_fields = fields


class OverlapViewSet(viewsets.ReadOnlyModelViewSet):
    """Flagged pairs of programs, both of which the key's owner may see."""

    queryset = Overlap.objects.none()
    serializer_class = OverlapSerializer
    filterset_class = OverlapFilter
    ordering = ("-score", "-id")
    orderings = {
        "-score": ("-score", "-id"),
        "id": ("id",),
        "-id": ("-id",),
        "updated_at": ("updated_at", "id"),
        "-updated_at": ("-updated_at", "-id"),
    }
    lookup_value_converter = "int"

    def get_queryset(self) -> QuerySet[Overlap]:
        overlaps = Overlap.objects.visible_to(self.request.user).select_related(
            "left__reporting_org", "right__reporting_org"
        )
        return overlaps.prefetch_related("reviews__actor") if self.action == "retrieve" else overlaps.flagged()

    def get_serializer_class(self) -> Any:
        return OverlapDetailSerializer if self.action == "retrieve" else OverlapSerializer
