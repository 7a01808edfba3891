"""Comments in the API."""

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

from carsi_portal.api_writing import IDEMPOTENCY_KEY, Strict, answered_once
from goals.filters import IdFilter
from programs.discussion.models import LONGEST_COMMENT, Comment
from programs.discussion.services import write_comment
from programs.models import Program
from programs.overlap.models import Overlap


class CommentSerializer(serializers.ModelSerializer):
    """What somebody said of a program or of an overlap; the text is empty where they took it back."""

    program = serializers.IntegerField(source="program_id", allow_null=True)
    overlap = serializers.IntegerField(source="overlap_id", allow_null=True)
    author = serializers.CharField(source="author.shown_name")
    text = serializers.SerializerMethodField()

    class Meta:
        model = Comment
        fields = ["id", "program", "overlap", "author", "text", "created_at", "withdrawn_at"]
        read_only_fields = fields

    def get_text(self, comment: Comment) -> str:
        return "" if comment.is_withdrawn else comment.text


class NewCommentSerializer(Strict):
    """A comment on one program or on one overlap."""

    program = serializers.IntegerField(min_value=1, max_value=2**62, required=False)
    overlap = serializers.IntegerField(min_value=1, max_value=2**62, required=False)
    text = serializers.CharField(max_length=LONGEST_COMMENT)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("program" in attrs) == ("overlap" in attrs):
            raise ValidationError(_("Name either a program or an overlap."))
        return attrs


class CommentFilter(django_filters.FilterSet):
    """Comments on one program or overlap."""

    program = IdFilter()
    overlap = IdFilter()

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
        """Says something of a program or an overlap; the members of its organizations are told."""
        said = NewCommentSerializer(data=request.data)
        said.is_valid(raise_exception=True)
        kind, model = ("program", Program) if "program" in said.validated_data else ("overlap", Overlap)
        visible: Any = model._default_manager
        subject = get_object_or_404(visible.visible_to(request.user), pk=said.validated_data[kind])

        def answer() -> Response:
            comment = write_comment(subject, actor=request.user, text=said.validated_data["text"])
            return Response(CommentSerializer(comment).data, status=status.HTTP_201_CREATED)

        return answered_once(request, answer)
