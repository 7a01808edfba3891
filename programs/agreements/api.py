"""Agreements in the API."""

from typing import Any

from django.db.models import Prefetch, QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.pulling import MirroredMixin, updated_since
from core.api.writing import IDEMPOTENCY_KEY, IF_MATCH, version_named
from core.errors import EditConflict, NotAllowed
from donors.idempotency import answered_once
from donors.models import Organization
from programs.agreements import services
from programs.agreements.api_writing import (
    AgreementChangeSerializer,
    AgreementMoveSerializer,
    GivenAnswerSerializer,
    GivenMarkSerializer,
    NewAgreementSerializer,
    by_place,
    refuse,
)
from programs.agreements.choices import Choices, overlaps_to_settle
from programs.agreements.describe import commitment_in_words, step_in_words
from programs.agreements.filters import AgreementFilter
from programs.agreements.models import Agreement, Answer, Commitment, Party, Step, Version
from programs.overlap.models import Overlap


class CommitmentSerializer(serializers.ModelSerializer):
    """`mark` is its current status: open, overdue, said (reported done, awaiting verification) or kept (done)."""

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


class StepSerializer(serializers.ModelSerializer):
    """One step in the history of an agreement; `actor` is null if the portal recorded it."""

    sentence = serializers.SerializerMethodField(help_text="In the language of Accept-Language: en or es.")
    actor = serializers.CharField(source="actor.shown_name", allow_null=True, default=None)

    class Meta:
        model = Step
        fields = ["kind", "sentence", "note", "version", "organization", "commitment", "actor", "created_at"]
        read_only_fields = fields

    def get_sentence(self, row: Step) -> str:
        return step_in_words(row)


class PartySerializer(serializers.ModelSerializer):
    name = serializers.CharField(source="organization.name")

    class Meta:
        model = Party
        fields = ["organization", "name", "must_accept"]
        read_only_fields = fields


class AgreementSerializer(serializers.ModelSerializer):
    """`version` counts the terms; `edition` increases with every change and is the value for If-Match."""

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
            "edition",
            "parties",
            "programs",
            "proposed_at",
            "agreed_at",
            "updated_at",
        ]
        read_only_fields = fields


class AgreementDetailSerializer(AgreementSerializer):
    """An agreement with all versions of its terms (the last one counts) and its history in order."""

    versions = VersionSerializer(many=True)
    steps = StepSerializer(many=True)

    class Meta(AgreementSerializer.Meta):
        fields = [*AgreementSerializer.Meta.fields, "versions", "steps"]
        read_only_fields = fields


class PulledAgreementFilter(AgreementFilter):
    """The filters of the page, and what a copy needs."""

    updated_since = updated_since()


class AgreementViewSet(MirroredMixin, viewsets.ReadOnlyModelViewSet):
    """Agreements that the key's owner can see. Coordinators draft and propose them; managers of a party respond."""

    queryset = Agreement.objects.none()
    serializer_class = AgreementSerializer
    filterset_class = PulledAgreementFilter
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
        commitments = Prefetch("commitments", Commitment.objects.in_words())
        versions = Version.objects.order_by("number").prefetch_related(commitments, "answers")
        return agreements.prefetch_related(Prefetch("versions", versions), Prefetch("steps", Step.objects.in_words()))

    def get_serializer_class(self) -> Any:
        return AgreementSerializer if self.action == "list" else AgreementDetailSerializer

    def retrieve(self, request: Request, pk: int) -> Response:
        return self._shown(self.get_object())

    @extend_schema(
        request=NewAgreementSerializer, responses={201: AgreementDetailSerializer}, parameters=[IDEMPOTENCY_KEY]
    )
    def create(self, request: Request) -> Response:
        """Creates a draft agreement on confirmed overlaps (coordinators only).

        Propose it to the parties with a move.
        """
        self._require_coordinator()
        stated = NewAgreementSerializer(data=request.data)
        stated.is_valid(raise_exception=True)

        def answer() -> Response:
            overlaps = self._overlaps(stated.validated_data)
            draft = stated.draft(Choices.of_overlaps(overlaps))
            with by_place():
                made = services.begin_draft(overlaps, actor=request.user, **draft)
            response = self._shown(self.get_queryset().get(pk=made.pk), status.HTTP_201_CREATED)
            response["Location"] = request.build_absolute_uri(reverse("agreement-detail", args=[made.pk]))
            return response

        return answered_once(request, answer)

    @extend_schema(request=AgreementChangeSerializer, responses=AgreementDetailSerializer, parameters=[IF_MATCH])
    def partial_update(self, request: Request, pk: int) -> Response:
        """Changes the given fields of a draft. After it is proposed, change it with new terms (`revise`, `counter`)."""
        agreement = self.get_object()
        self._require_coordinator()
        edition = version_named(request)
        stated = AgreementChangeSerializer(data=request.data)
        stated.is_valid(raise_exception=True)
        if agreement.edition != edition:
            raise EditConflict(agreement.edition)
        draft = stated.draft(Choices.of(agreement), agreement)
        with by_place():
            services.save_draft(agreement, actor=request.user, edition=edition, **draft)
        return self._shown(self.get_object())

    @extend_schema(request=AgreementMoveSerializer, responses=AgreementDetailSerializer, parameters=[IF_MATCH])
    @action(detail=True, methods=["post"], filter_backends=[], pagination_class=None)
    def moves(self, request: Request, pk: int) -> Response:
        """A coordinator's action: propose, revise (with terms), break, end, drop or withdraw."""
        agreement = self.get_object()
        self._require_coordinator()
        edition = version_named(request)
        stated = AgreementMoveSerializer(data=request.data)
        stated.is_valid(raise_exception=True)
        key, step = stated.validated_data["move"], {"actor": request.user, "note": stated.validated_data["note"]}
        terms = stated.proposed(agreement, wanted=key == "revise")
        with by_place(*(["terms"] if terms else [])):
            if terms:
                services.revise(agreement, terms=terms, version=agreement.version, edition=edition, **step)
            else:
                services.WITH_A_NOTE[key](agreement, edition=edition, **step)
        return self._shown(self.get_object())

    @extend_schema(request=GivenAnswerSerializer, responses=AgreementDetailSerializer, parameters=[IDEMPOTENCY_KEY])
    @action(detail=True, methods=["post"])
    def answer(self, request: Request, pk: int) -> Response:
        """Accepts or declines a version, or proposes other terms, for an organization that the key's owner manages."""
        agreement = self.get_object()
        given = GivenAnswerSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        stated = given.validated_data
        parties = Organization.objects.filter(agreement_parties__agreement=agreement)
        answer = {
            "actor": request.user,
            "organization": get_object_or_404(parties, pk=stated["organization"]),
            "version": stated["version"],
            "note": stated["note"],
        }
        terms = given.proposed(agreement, wanted=stated["answer"] == "counter")

        def answered() -> Response:
            if terms:
                with by_place("terms"):
                    services.counter(agreement, terms=terms, **answer)
            else:
                act = services.accept if stated["answer"] == "accept" else services.decline
                act(agreement, **answer)
            return self._shown(self.get_object())

        return answered_once(request, answered)

    @extend_schema(request=GivenMarkSerializer, responses=AgreementDetailSerializer)
    @action(detail=True, methods=["post"], filter_backends=[], pagination_class=None)
    def marks(self, request: Request, pk: int) -> Response:
        """For a commitment described in words:

        reports it as done, verifies it (coordinators), or reports it as not done.
        """
        agreement = self.get_object()
        given = GivenMarkSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        stated = given.validated_data
        rows = Commitment.objects.filter(version__agreement=agreement).current().select_related("version__agreement")
        row = get_object_or_404(rows, pk=stated["commitment"])
        services.MARKS[stated["mark"]](row, actor=request.user, note=stated["note"])
        return self._shown(self.get_object())

    def _require_coordinator(self) -> None:
        """NotAllowed before anything that was sent is read: it would say what there is."""
        if not services.may_coordinate(self.request.user):
            raise NotAllowed()

    def _overlaps(self, stated: dict[str, Any]) -> list[Overlap]:
        """Those named, or those of the case named. ValidationError where there is none."""
        if "case" in stated:
            if not (found := overlaps_to_settle(self.request.user, (), stated["case"])):
                raise ValidationError({"case": [_("No overlap of this case is confirmed.")]})
            return found
        found = overlaps_to_settle(self.request.user, stated["overlaps"])
        known = {one.pk for one in found}
        wrong = {
            number: [_("“%(value)s” is not in the list.") % {"value": pk}]
            for number, pk in enumerate(stated["overlaps"])
            if pk not in known
        }
        refuse(wrong, "overlaps")
        return found

    def _shown(self, agreement: Agreement, code: int = 200) -> Response:
        """The agreement with its edition for the ETag."""
        response = Response(AgreementDetailSerializer(agreement).data, status=code)
        response.version = agreement.edition  # type: ignore[attr-defined]
        return response
