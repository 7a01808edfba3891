"""Agreements in the API."""

from typing import Any

from django.db.models import Prefetch, QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response

from carsi_portal.api_writing import IDEMPOTENCY_KEY, Strict, answered_once
from donors.models import Organization
from programs.agreements import services
from programs.agreements.describe import commitment_in_words
from programs.agreements.filters import AgreementFilter
from programs.agreements.models import Agreement, Answer, Commitment, Party, Version


class CommitmentSerializer(serializers.ModelSerializer):
    """`mark` is how it stands today: open, overdue, said (to be kept, not seen by a coordinator yet) or kept."""

    sentence = serializers.SerializerMethodField(help_text="In the language of Accept-Language: en or es.")
    mark = serializers.SerializerMethodField()
    area = serializers.CharField(source="area_id", allow_null=True)

    class Meta:
        model = Commitment
        fields = [
            "id",
            "number",
            "kind",
            "sentence",
            "organization",
            "program",
            "area",
            "new_start",
            "new_end",
            "text",
            "amount",
            "currency",
            "amount_usd",
            "rate_month",
            "to_program",
            "due_on",
            "follow_up",
            "mark",
            "kept_at",
        ]
        read_only_fields = fields

    def get_sentence(self, row: Commitment) -> str:
        return commitment_in_words(row)

    def get_mark(self, row: Commitment) -> str:
        return str(row.mark())


class AnswerSerializer(serializers.ModelSerializer):
    class Meta:
        model = Answer
        fields = ["organization", "answer", "note", "created_at"]
        read_only_fields = fields


class VersionSerializer(serializers.ModelSerializer):
    commitments = CommitmentSerializer(many=True)
    answers = AnswerSerializer(many=True)

    class Meta:
        model = Version
        fields = ["number", "kind", "text", "note", "organization", "created_at", "commitments", "answers"]
        read_only_fields = fields


class PartySerializer(serializers.ModelSerializer):
    name = serializers.CharField(source="organization.name")

    class Meta:
        model = Party
        fields = ["organization", "name", "must_accept"]
        read_only_fields = fields


class AgreementSerializer(serializers.ModelSerializer):
    parties = PartySerializer(many=True)
    programs: Any = serializers.PrimaryKeyRelatedField(many=True, read_only=True)

    class Meta:
        model = Agreement
        fields = [
            "id",
            "title",
            "kind",
            "state",
            "version",
            "parties",
            "programs",
            "proposed_at",
            "agreed_at",
            "updated_at",
        ]
        read_only_fields = fields


class AgreementDetailSerializer(AgreementSerializer):
    """With every version of the terms, the last one being the one that counts."""

    versions = VersionSerializer(many=True)

    class Meta(AgreementSerializer.Meta):
        fields = [*AgreementSerializer.Meta.fields, "versions"]
        read_only_fields = fields


class GivenAnswerSerializer(Strict):
    """An answer to the version that was read; other terms are proposed on the page."""

    organization = serializers.IntegerField(min_value=1, max_value=2**62)
    version = serializers.IntegerField(min_value=1, max_value=30_000)
    answer = serializers.ChoiceField(choices=["accept", "decline"])
    note = serializers.CharField(required=False, default="", allow_blank=True, max_length=5000)


class AgreementViewSet(viewsets.ReadOnlyModelViewSet):
    """Agreements that the key's owner may see; managers of a party answer them."""

    queryset = Agreement.objects.none()
    serializer_class = AgreementSerializer
    filterset_class = AgreementFilter
    ordering = "id"
    orderings = {
        "id": ("id",),
        "-id": ("-id",),
        "updated_at": ("updated_at", "id"),
        "-updated_at": ("-updated_at", "-id"),
    }
    lookup_value_converter = "int"

    def get_queryset(self) -> QuerySet[Agreement]:
        agreements = Agreement.objects.visible_to(self.request.user).prefetch_related(
            "parties__organization", "programs"
        )
        if self.action == "list":
            return agreements
        commitments = Commitment.objects.order_by("number").select_related(
            "organization", "program", "area__country", "to_program"
        )
        versions = Version.objects.order_by("number").prefetch_related(Prefetch("commitments", commitments), "answers")
        return agreements.prefetch_related(Prefetch("versions", versions))

    def get_serializer_class(self) -> Any:
        return AgreementSerializer if self.action == "list" else AgreementDetailSerializer

    @extend_schema(request=GivenAnswerSerializer, responses=AgreementDetailSerializer, parameters=[IDEMPOTENCY_KEY])
    @action(detail=True, methods=["post"])
    def answer(self, request: Any, pk: int) -> Response:
        """Accepts or declines a version for an organization that the key's owner manages."""
        agreement = self.get_object()
        given = GivenAnswerSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        said: dict[str, Any] = dict(given.validated_data)
        answer = said.pop("answer")
        parties = Organization.objects.filter(agreement_parties__agreement=agreement)
        said["organization"] = get_object_or_404(parties, pk=said["organization"])
        act = services.accept if answer == "accept" else services.decline

        def answered() -> Response:
            act(agreement, actor=request.user, **said)
            return Response(AgreementDetailSerializer(self.get_object()).data)

        return answered_once(request, answered)
