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

from core.api.writing import IDEMPOTENCY_KEY, Strict
from core.filters import IdFilter
from donors.idempotency import answered_once
from programs.discussion.models import LONGEST_COMMENT, Comment
from programs.discussion.services import write_comment
from programs.discussion.topics import topic_kinds, topic_rows
from programs.models import Program
from programs.overlap.models import Overlap


def _subjects() -> dict[str, Any]:
    """What a comment may be about: the name of its field -> all such things."""
    others = {kind.name: kind.model.objects.all() for kind in topic_kinds()}
    return {"program": Program.objects.all(), "overlap": Overlap.objects.all(), **others}


class CommentSerializer(serializers.ModelSerializer):
    """A comment on a program, an overlap or another topic. The text is empty if the author withdrew it."""

    program = serializers.IntegerField(source="program_id", allow_null=True)
    overlap = serializers.IntegerField(source="overlap_id", allow_null=True)
    author = serializers.CharField(source="author.shown_name")
    text = serializers.SerializerMethodField()

    class Meta:
        model = Comment
        fields = ["id", "program", "overlap", "author", "text", "created_at", "withdrawn_at"]
        read_only_fields = fields

    def get_fields(self) -> dict[str, Any]:
        """With a field for each kind of topic, after those of programs and overlaps."""
        fields = super().get_fields()
        others = {
            kind.name: serializers.IntegerField(source=f"topic.{kind.name}.pk", allow_null=True, read_only=True)
            for kind in topic_kinds()
        }
        before = {name: fields.pop(name) for name in ("id", "program", "overlap")}
        return {**before, **others, **fields}

    def get_text(self, comment: Comment) -> str:
        return "" if comment.is_withdrawn else comment.text


class NewCommentSerializer(Strict):
    """A comment on one program, one overlap or one other topic."""

    text = serializers.CharField(max_length=LONGEST_COMMENT)

    def get_fields(self) -> dict[str, Any]:
        """With a field for each thing that it may be about, of which one is given."""
        subjects = {
            name: serializers.IntegerField(min_value=1, max_value=2**62, required=False) for name in _subjects()
        }
        return {**subjects, **super().get_fields()}

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if len(_subjects().keys() & attrs.keys()) != 1:
            names = ", ".join(_subjects())
            raise ValidationError(_("Name the subject of the comment: one of %(names)s.") % {"names": names})
        return attrs


class _Filters(django_filters.FilterSet):
    """Comments on one program, overlap or other topic."""

    program = IdFilter()
    overlap = IdFilter()

    class Meta:
        model = Comment
        fields: list[str] = []


CommentFilter: Any = type(
    "CommentFilter",
    (_Filters,),
    {
        "__doc__": _Filters.__doc__,
        **{kind.name: IdFilter(field_name=f"topic__{kind.name}") for kind in topic_kinds()},
    },
)


class CommentViewSet(viewsets.ReadOnlyModelViewSet):
    """Comments on programs, overlaps and other topics that the key's owner can see."""

    queryset = Comment.objects.none()
    serializer_class = CommentSerializer
    filterset_class = CommentFilter
    ordering = "id"
    orderings = {"id": ("id",), "-id": ("-id",)}
    lookup_value_converter = "int"

    def get_queryset(self) -> QuerySet[Comment]:
        return Comment.objects.visible_to(self.request.user).select_related("author", *topic_rows())

    @extend_schema(request=NewCommentSerializer, responses={201: CommentSerializer}, parameters=[IDEMPOTENCY_KEY])
    def create(self, request: Request) -> Response:
        """Posts a comment on a program, an overlap or another topic, and notifies the members of its organizations."""
        stated = NewCommentSerializer(data=request.data)
        stated.is_valid(raise_exception=True)
        (kind,) = _subjects().keys() & stated.validated_data.keys()
        subject = get_object_or_404(_subjects()[kind].visible_to(request.user), pk=stated.validated_data[kind])

        def answer() -> Response:
            comment = write_comment(subject, actor=request.user, text=stated.validated_data["text"])
            return Response(CommentSerializer(comment).data, status=status.HTTP_201_CREATED)

        return answered_once(request, answer)
