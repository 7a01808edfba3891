"""How right the engine has been, in the API; for coordinators."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.api.filters import refuse_parameters
from core.errors import NotAllowed
from programs.overlap.accuracy import accuracy_of
from programs.overlap.calibrated import current_model
from programs.overlap.models import Overlap
from programs.overlap.services import may_review


class AccuracyRowSerializer(serializers.Serializer):
    """The decisions on pairs of one kind, in one band of scores, in one month."""

    kind = serializers.ChoiceField(choices=Overlap.Kind.choices)
    score_from = serializers.FloatField(source="band", help_text="The lowest score of the band.")
    score_to = serializers.FloatField(source="to", help_text="Where the band ends.")
    month = serializers.DateField(help_text="The first day of the month of the decision.")
    confirmed = serializers.IntegerField(source="share.right")
    dismissed = serializers.IntegerField(source="share.wrong")
    not_counted = serializers.IntegerField(
        source="share.left_out", help_text="Dismissals whose reason does not say whether the engine was right."
    )


class MissedSerializer(serializers.Serializer):
    """What the sample of uncertain pairs says of overlaps that are not flagged."""

    uncertain = serializers.IntegerField(help_text="About how many pairs have a score from .05 up to the threshold.")
    answered = serializers.IntegerField(source="answered.decisions", help_text="Answers about pairs of the sample.")
    confirmed = serializers.IntegerField(source="answered.right", help_text="How many of these are overlaps.")
    missed = serializers.IntegerField(
        allow_null=True, help_text="About how many overlaps are missed; null with fewer than 10 answers."
    )


class AccuracySerializer(serializers.Serializer):
    """Each pair counts once, with the last decision on it."""

    model_version = serializers.CharField(help_text="The version of the engine's model in use.")
    rows = AccuracyRowSerializer(many=True)
    missed = MissedSerializer()


class AccuracyView(APIView):
    """How right the engine has been."""

    serializer_class = AccuracySerializer

    @extend_schema(responses=AccuracySerializer)
    def get(self, request: Request) -> Response:
        """Decisions by kind, band of scores and month, and an estimate of the overlaps that are missed. For
        coordinators."""
        user: Any = request.user
        if not may_review(user):
            raise NotAllowed()
        refuse_parameters(request)
        found = accuracy_of(user)
        answer = {"model_version": current_model().version, "rows": found.rows, "missed": found.missed}
        return Response(AccuracySerializer(answer).data)
