"""Comments in the API."""

from collections.abc import Callable
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status, viewsets
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.writing import IDEMPOTENCY_KEY, Strict
from core.filters import IdFilter
from donors.idempotency import answered_once
from programs.discussion.models import LONGEST_COMMENT, Comment
from programs.discussion.querysets import agreements
from programs.discussion.services import write_comment
from programs.models import Program
from programs.overlap.models import Overlap

# What a comment is about, by the name of its field.
SUBJECTS: dict[str, Callable[[], Any]] = {
    "program": Program.objects.all,
    "overlap": Overlap.objects.all,
    "agreement": agreements,
}


class CommentSerializer(serializers.ModelSerializer):
    """What somebody said of a program, an overlap or an agreement; the text is empty where they took it back."""

    program = serializers.IntegerField(source="program_id", allow_null=True)
    overlap = serializers.IntegerField(source="overlap_id", allow_null=True)
    agreement = serializers.IntegerField(source="agreement_id", allow_null=True)
    author = serializers.CharField(source="author.shown_name")
    text = serializers.SerializerMethodField()

    class Meta:
        model = Comment
        fields = ["id", "program", "overlap", "agreement", "author", "text", "created_at", "withdrawn_at"]
        read_only_fields = fields

    def get_text(self, comment: Comment) -> str:
        return "" if comment.is_withdrawn else comment.text


class NewCommentSerializer(Strict):
    """A comment on one program, one overlap or one agreement."""

    program = serializers.IntegerField(min_value=1, max_value=2**62, required=False)
    overlap = serializers.IntegerField(min_value=1, max_value=2**62, required=False)
    agreement = serializers.IntegerField(min_value=1, max_value=2**62, required=False)
    text = serializers.CharField(max_length=LONGEST_COMMENT)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if len(SUBJECTS.keys() & attrs.keys()) != 1:
            raise ValidationError(_("Name one program, one overlap or one agreement."))
        return attrs


class CommentFilter(django_filters.FilterSet):
    """Comments on one program, overlap or agreement."""

    program = IdFilter()
    overlap = IdFilter()
    agreement = IdFilter()

    class Meta:
        model = Comment
        fields: list[str] = []


class CommentViewSet(viewsets.ReadOnlyModelViewSet):
    """Comments on what the key's owner may see."""

    queryset = Comment.objects.none()
    serializer_class = CommentSerializer
    filterset_class = CommentFilter
    ordering = "id"
    orderings = {"id": ("id",), "-id": ("-id",)}
    lookup_value_converter = "int"

    def get_queryset(self) -> QuerySet[Comment]:
        return Comment.objects.visible_to(self.request.user).select_related("author")

    @extend_schema(request=NewCommentSerializer, responses={201: CommentSerializer}, parameters=[IDEMPOTENCY_KEY])
    def create(self, request: Request) -> Response:
        """Says something of a program, an overlap or an agreement; the members of its organizations are told."""
        said = NewCommentSerializer(data=request.data)
        said.is_valid(raise_exception=True)
        (kind,) = SUBJECTS.keys() & said.validated_data.keys()
        subject = get_object_or_404(SUBJECTS[kind]().visible_to(request.user), pk=said.validated_data[kind])

        def answer() -> Response:
            comment = write_comment(subject, actor=request.user, text=said.validated_data["text"])
            return Response(CommentSerializer(comment).data, status=status.HTTP_201_CREATED)

        return answered_once(request, answer)
