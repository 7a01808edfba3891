"""Priorities in the API: everybody with a key reads them, who may enter them in the pages writes them."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status, viewsets
from rest_framework.response import Response

from core.api.writing import IDEMPOTENCY_KEY, IF_MATCH, Strict, version_named
from core.filters import DayFilter, YesNoFilter
from donors.idempotency import answered_once
from goals.models import Area, Country, Goal, Priority
from programs.priorities import services
from programs.priorities.coverage import with_coverage
from programs.priorities.services import EARLIEST, LATEST, PriorityData


class PrioritySerializer(Strict, serializers.ModelSerializer):
    """A priority. To change it, state the `version` that you read."""

    goal = serializers.PrimaryKeyRelatedField(queryset=Goal.objects.all())
    country = serializers.PrimaryKeyRelatedField(
        queryset=Country.objects.filter(in_carsi=True),
        allow_null=True,
        required=False,
        help_text="ISO 3166-1 alpha-2; null for the whole region.",
    )
    area = serializers.PrimaryKeyRelatedField(
        queryset=Area.objects.all(), allow_null=True, required=False, help_text="ISO 3166-2."
    )
    rank = serializers.IntegerField(
        min_value=1,
        max_value=999,
        required=False,
        help_text="1 is the most urgent. If left out, the priority is added at the end of its list.",
    )
    version = serializers.IntegerField(min_value=1, max_value=2**31 - 1, required=False)
    confirmed = serializers.IntegerField(
        read_only=True, help_text="How many programs that you can see answer it, as people confirmed."
    )
    proposed = serializers.IntegerField(
        read_only=True, help_text="How many more the portal proposes, with no decision yet."
    )

    class Meta:
        model = Priority
        fields = [
            "id", "goal", "country", "area", "rank", "title_en", "title_es", "period_start", "period_end", "source",
            "version", "confirmed", "proposed",
        ]  # fmt: skip
        validators: list[Any] = []

    def validate_period_start(self, value: Any) -> Any:
        if not EARLIEST <= value <= LATEST:
            raise serializers.ValidationError(_("The year must be between 2000 and 2099."))
        return value

    validate_period_end = validate_period_start

    def data_of(self, priority: Priority | None) -> PriorityData:
        """What was sent, and of a change what was there before."""
        fields = ("goal", "country", "area", "title_en", "title_es", "period_start", "period_end", "source", "rank")
        before = {name: getattr(priority, name) for name in fields} if priority else {}
        values = {**before, **{name: self.validated_data[name] for name in fields if name in self.validated_data}}
        for name in ("goal", "country", "area"):
            values[name] = values[name].pk if values.get(name) else None
        return PriorityData(**values)


class PriorityFilter(django_filters.FilterSet):
    goal = django_filters.ModelChoiceFilter(queryset=Goal.objects.all())
    country = django_filters.ModelChoiceFilter(queryset=Country.objects.filter(in_carsi=True))
    regional = YesNoFilter(field_name="country", lookup_expr="isnull")
    on = DayFilter(method="by_day", label="Priorities of that day")

    class Meta:
        model = Priority
        fields: list[str] = []

    def by_day(self, queryset: Any, name: str, value: Any) -> Any:
        return queryset.within(value, value)


class PriorityViewSet(viewsets.ReadOnlyModelViewSet):
    """Priorities of the countries and the region, with their rank under each goal."""

    queryset = Priority.objects.none()
    serializer_class = PrioritySerializer
    filterset_class = PriorityFilter
    ordering = "id"
    lookup_value_converter = "int"

    def get_queryset(self) -> QuerySet[Priority]:
        return with_coverage(Priority.objects.all(), self.request.user)

    @extend_schema(request=PrioritySerializer, responses={201: PrioritySerializer}, parameters=[IDEMPOTENCY_KEY])
    def create(self, request: Any) -> Response:
        """Adds a priority."""
        stated = PrioritySerializer(data=request.data)
        stated.is_valid(raise_exception=True)

        def answer() -> Response:
            made = services.add_priority(stated.data_of(None), actor=request.user)
            response = self._shown(made, status.HTTP_201_CREATED)
            response["Location"] = request.build_absolute_uri(reverse("priority-detail", args=[made.pk]))
            return response

        return answered_once(request, answer)

    def retrieve(self, request: Any, pk: int) -> Response:
        return self._shown(self.get_object())

    @extend_schema(request=PrioritySerializer, responses=PrioritySerializer, parameters=[IF_MATCH])
    def partial_update(self, request: Any, pk: int) -> Response:
        """Changes the given fields. State the version you read, in If-Match or in the body."""
        priority = self.get_object()
        stated = PrioritySerializer(priority, data=request.data, partial=True)
        stated.is_valid(raise_exception=True)
        version = stated.validated_data.get("version") or version_named(request)
        data = stated.data_of(priority)
        return self._shown(services.change_priority(priority, data, actor=request.user, version=version))

    def _shown(self, priority: Priority, code: int = 200) -> Response:
        """The priority with its version for the ETag."""
        shown = self.get_queryset().get(pk=priority.pk)
        response = Response(PrioritySerializer(shown).data, status=code)
        response.version = priority.version  # type: ignore[attr-defined]
        return response
