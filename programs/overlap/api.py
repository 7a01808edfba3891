"""Overlaps in the API."""

from functools import cache
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.pulling import MirroredMixin, updated_since
from core.api.writing import IDEMPOTENCY_KEY, Strict
from donors.idempotency import answered_once
from programs.overlap.cases import PairRow, leading, rows_by_case
from programs.overlap.clustering import money_at_stake
from programs.overlap.describe import Names, explain
from programs.overlap.filters import DecidersQueueFilter, QueueFilter, queue_filter_of
from programs.overlap.models import Overlap, Review
from programs.overlap.quoting import Quotes
from programs.overlap.services import confirm, dismiss, reopen
from programs.overlap.stake import Priority, priority_of


class QuoteSerializer(serializers.Serializer):
    """Words of one of the two programs, as it writes them."""

    program = serializers.IntegerField(source="program.pk", help_text="The id of the program that is quoted.")
    text = serializers.CharField(
        help_text="Word for word from its title, its description or its list of places, in any of its languages. "
        "A passage of more than 120 characters is cut after a word and ends in “ …”."
    )
    language = serializers.CharField(help_text="The language of the text: ISO 639, or und where it is unknown.")


class FactorSerializer(serializers.Serializer):
    """One term of the score: bits add up, with the kind's prior, to the log-odds of the score, or to what decisions
    then calibrated."""

    name = serializers.CharField()
    sentence = serializers.CharField(help_text="In the language of Accept-Language: en or es.")
    value = serializers.FloatField()
    bits = serializers.FloatField()


class QuotingFactorSerializer(FactorSerializer):
    """One term of the score, with the words of both programs that it rests on."""

    quotes = QuoteSerializer(
        many=True,
        help_text="The words of both programs that support the sentence, where it is about their texts: first those "
        "of `left`, then those of `right`. Empty for other terms, and until a changed program is scanned.",
    )


class ReviewSerializer(serializers.ModelSerializer):
    actor = serializers.CharField(source="actor.shown_name", allow_null=True, default=None)

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


class PartSerializer(serializers.Serializer):
    """Of one program what it shares with the other: `usd` = committed × place × work × time, each 0 to 1."""

    committed = serializers.DecimalField(max_digits=22, decimal_places=2, allow_null=True)
    place = serializers.DecimalField(
        max_digits=5, decimal_places=4, allow_null=True, help_text="Null where no place in common is recorded."
    )
    where = serializers.ListField(child=serializers.CharField(), help_text="The places in common, by their codes.")
    work = serializers.DecimalField(
        max_digits=5, decimal_places=4, allow_null=True, help_text="Null where no goal or sector in common is recorded."
    )
    goals = serializers.ListField(child=serializers.IntegerField())
    sectors = serializers.ListField(child=serializers.CharField())
    time = serializers.DecimalField(max_digits=5, decimal_places=4)
    months = serializers.ListField(
        child=serializers.IntegerField(), allow_null=True, help_text="In common, and of the program; null if unknown."
    )
    usd = serializers.DecimalField(max_digits=22, decimal_places=2, allow_null=True)


class PartsSerializer(serializers.Serializer):
    """The parts of both programs, of which `money_usd` is the smaller one, and when both run."""

    left = PartSerializer()
    right = PartSerializer()
    first = serializers.DateField(allow_null=True)
    last = serializers.DateField(allow_null=True)


class CaseFiguresSerializer(serializers.Serializer):
    """The case of a pair, of all its pairs that the key's owner can see: the same figures as on its page."""

    id = serializers.IntegerField(allow_null=True, help_text="Null for a pair that is a case of its own.")
    money_usd = serializers.DecimalField(
        max_digits=22,
        decimal_places=2,
        allow_null=True,
        help_text="What may be spent or counted twice, the funds of each program once; null if unknown.",
    )
    priority = serializers.ChoiceField(choices=Priority.choices)
    points = serializers.IntegerField(help_text="The priority as a number, 0 to 100.")


class OverlapSerializer(serializers.ModelSerializer):
    left = SideSerializer()
    money_usd = serializers.DecimalField(
        max_digits=20,
        decimal_places=2,
        allow_null=True,
        help_text="What may be spent or counted twice, in US dollars: the smaller of both parts; null if unknown.",
    )
    parts = serializers.SerializerMethodField()
    priority = serializers.ChoiceField(choices=Priority.choices)
    points = serializers.IntegerField(help_text="The priority as a number, 0 to 100.")
    case = serializers.SerializerMethodField()
    score = serializers.FloatField(
        help_text="What the engine makes of the pair, 0 to 1, as decisions have calibrated it. Pages state no more than"
        ' decisions bear out ("over 95 %"); this is the number itself, to rank by.'
    )
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
            "parts",
            "priority",
            "points",
            "second_report_id",
            "cluster",
            "case",
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

    # As they are stored, and plain: a serializer for each part of each pair takes as long as all else of a page.
    def get_parts(self, overlap: Overlap) -> PartsSerializer(allow_null=True):  # type: ignore[valid-type]
        return overlap.parts

    def get_case(self, overlap: Overlap) -> CaseFiguresSerializer:
        rows = self._cases()[overlap.case or -overlap.pk]
        money, points = money_at_stake(rows), leading(rows).stake
        return {  # type: ignore[return-value]
            "id": overlap.case,
            "money_usd": None if money is None else str(money),
            "priority": str(priority_of(points)),
            "points": round(points),
        }

    def _cases(self) -> dict[int, list[PairRow]]:
        """The cases of all overlaps of the page, read once."""
        owner: Any = self if self.parent is None else self.parent
        if not hasattr(owner, "cases"):
            pairs = [self.instance] if self.parent is None else owner.instance
            visible = Overlap.objects.visible_to(self.context["request"].user)
            owner.cases = rows_by_case(visible, {pair.case or -pair.pk for pair in pairs})
        return owner.cases

    def _names(self) -> Names:
        """The names that all overlaps of the page speak of, read once."""
        owner: Any = self if self.parent is None else self.parent
        if not hasattr(owner, "names"):
            owner.names = Names([self.instance] if self.parent is None else owner.instance)
        return owner.names


class OverlapDetailSerializer(OverlapSerializer):
    reviews = ReviewSerializer(many=True)

    def get_factors(self, overlap: Overlap) -> QuotingFactorSerializer(many=True):  # type: ignore[valid-type]
        explained = explain(overlap, self._names(), quotes=Quotes([overlap]))
        return QuotingFactorSerializer(explained, many=True).data

    class Meta(OverlapSerializer.Meta):
        fields = [*OverlapSerializer.Meta.fields, "reviews"]
        read_only_fields = fields


class GivenReviewSerializer(Strict):
    """A decision. A reason is required to dismiss, and a note if the reason is `other`."""

    action = serializers.ChoiceField(choices=Review.Action.choices)
    reason = serializers.ChoiceField(choices=Review.Reason.choices, default="", allow_blank=True)
    note = serializers.CharField(default="", allow_blank=True, max_length=5000)


# What each decision does.
DECISIONS: dict[str, Any] = {
    Review.Action.CONFIRM: confirm,
    Review.Action.DISMISS: dismiss,
    Review.Action.REOPEN: reopen,
}


@cache
def pulled(filters: type[QueueFilter]) -> type[QueueFilter]:
    """These filters, and what a copy needs."""
    return type(f"Pulled{filters.__name__}", (filters,), {"updated_since": updated_since()})


class OverlapViewSet(MirroredMixin, viewsets.ReadOnlyModelViewSet):
    """Flagged pairs of programs that the key's owner can see. Coordinators decide on them."""

    scope = "review"

    queryset = Overlap.objects.none()
    serializer_class = OverlapSerializer
    ordering = ("-score", "-id")
    orderings = {
        "-score": ("-score", "-id"),
        "id": ("id",),
        "-id": ("-id",),
        "updated_at": ("updated_at", "id"),
        "-updated_at": ("-updated_at", "-id"),
    }
    lookup_value_converter = "int"

    @property
    def filterset_class(self) -> type[QueueFilter]:
        """Those of the page; the schema, which is nobody's, has them all."""
        return pulled(queue_filter_of(self.request.user) if self.request else DecidersQueueFilter)

    def get_queryset(self) -> QuerySet[Overlap]:
        overlaps = Overlap.objects.visible_to(self.request.user).select_related(
            "left__reporting_org", "right__reporting_org"
        )
        return overlaps.flagged() if self.action in ("list", "ids") else overlaps.prefetch_related("reviews__actor")

    def get_serializer_class(self) -> Any:
        return OverlapSerializer if self.action == "list" else OverlapDetailSerializer

    @extend_schema(
        request=GivenReviewSerializer, responses={201: OverlapDetailSerializer}, parameters=[IDEMPOTENCY_KEY]
    )
    @action(detail=True, methods=["post"], filter_backends=[], pagination_class=None)
    def reviews(self, request: Request, pk: int) -> Response:
        """Records a decision on the pair: confirm, dismiss or reopen. All decisions are kept; the last one counts."""
        overlap = self.get_object()
        given = GivenReviewSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        stated: dict[str, Any] = dict(given.validated_data)
        chosen = stated.pop("action")
        if chosen == Review.Action.REOPEN and stated.pop("reason"):
            raise ValidationError(
                {"reason": [_("Reopening a decision has no reason of the list: explain it in the note.")]}
            )

        def answer() -> Response:
            DECISIONS[chosen](overlap, actor=request.user, **stated)
            return Response(self.get_serializer(self.get_object()).data, status=status.HTTP_201_CREATED)

        return answered_once(request, answer)
