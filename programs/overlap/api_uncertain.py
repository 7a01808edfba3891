"""Uncertain pairs in the API; for coordinators."""

from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers, viewsets
from rest_framework.request import Request

from core.errors import NotAllowed
from programs.overlap.api import FactorSerializer, SideSerializer
from programs.overlap.describe import Names, explain
from programs.overlap.filters import UncertainFilter
from programs.overlap.models import UncertainPair
from programs.overlap.services import may_review
from programs.overlap.uncertain import Question, questions_about


class UncertainPairSerializer(serializers.ModelSerializer):
    left = SideSerializer()
    right = SideSerializer()
    score = serializers.FloatField(
        help_text="What the engine makes of the pair: from 0.05 up to the score from which pairs are flagged."
    )
    factors = serializers.SerializerMethodField(
        help_text="As the engine compares the programs now; empty while one of them is being compared again."
    )

    class Meta:
        model = UncertainPair
        fields = ["id", "kind", "score", "left", "right", "factors"]
        read_only_fields = fields

    def get_factors(self, pair: UncertainPair) -> FactorSerializer(many=True):  # type: ignore[valid-type]
        questions, names = self._questions()
        found = explain(questions[pair.pk].overlap, names) if pair.pk in questions else []
        return FactorSerializer(found, many=True).data

    def _questions(self) -> tuple[dict[int, Question], Names]:
        """What the engine says of all pairs of the page, and the names that it speaks of; asked once."""
        owner: Any = self if self.parent is None else self.parent
        if not hasattr(owner, "questions"):
            found = questions_about([self.instance] if self.parent is None else owner.instance)
            owner.questions = {one.asked.pk: one for one in found}, Names(one.overlap for one in found)
        stored: tuple[dict[int, Question], Names] = owner.questions
        return stored


class UncertainPairViewSet(viewsets.ReadOnlyModelViewSet):
    """The sample of pairs that the engine is not sure of and that no one has decided on; for coordinators. They are in
    no count or report. Coordinators answer on the pages."""

    queryset = UncertainPair.objects.none()
    serializer_class = UncertainPairSerializer
    filterset_class = UncertainFilter
    ordering = ("-score", "-id")
    orderings = {"-score": ("-score", "-id"), "id": ("id",), "-id": ("-id",)}
    lookup_value_converter = "int"

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        user: Any = request.user
        if not may_review(user):
            raise NotAllowed()

    def get_queryset(self) -> QuerySet[UncertainPair]:
        return UncertainPair.objects.visible_to(self.request.user).unanswered().for_list()
