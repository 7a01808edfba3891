"""Goals, countries, areas and sectors in the API."""

import django_filters
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers, viewsets

from core.filters import YesNoFilter
from goals.models import Area, Country, ExchangeRate, Goal, Sector


class GoalSerializer(serializers.ModelSerializer):
    class Meta:
        model = Goal
        fields = ["number", "name_en", "name_es", "short_en", "short_es"]


class CountrySerializer(serializers.ModelSerializer):
    class Meta:
        model = Country
        fields = ["code", "name_en", "name_es", "in_carsi"]


class AreaSerializer(serializers.ModelSerializer):
    country = serializers.CharField(source="country_id")
    parent = serializers.CharField(source="parent_id", allow_null=True)  # type: ignore[assignment]

    class Meta:
        model = Area
        fields = ["code", "country", "parent", "level", "type", "name", "latitude", "longitude"]


class SectorSerializer(serializers.ModelSerializer):
    class Meta:
        model = Sector
        fields = ["code", "name_en", "name_es", "category", "is_withdrawn"]


def categories() -> list[tuple[str, str]]:
    """The categories that a sector belongs to."""
    codes = Sector.objects.order_by("category").values_list("category", flat=True).distinct()
    return [(code, code) for code in codes]


class AreaFilter(django_filters.FilterSet):
    country = django_filters.ModelChoiceFilter(queryset=Country.objects.all(), label=_("Country"))
    level = django_filters.ChoiceFilter(choices=Area.Level.choices)

    class Meta:
        model = Area
        fields: list[str] = []


class CountryFilter(django_filters.FilterSet):
    in_carsi = YesNoFilter()

    class Meta:
        model = Country
        fields: list[str] = []


class SectorFilter(django_filters.FilterSet):
    category = django_filters.ChoiceFilter(choices=categories)
    is_withdrawn = YesNoFilter()

    class Meta:
        model = Sector
        fields: list[str] = []


class GoalViewSet(viewsets.ReadOnlyModelViewSet):
    """The five goals, in the official wording."""

    queryset = Goal.objects.all()
    serializer_class = GoalSerializer
    ordering = "number"
    lookup_value_converter = "int"


class CountryViewSet(viewsets.ReadOnlyModelViewSet):
    """Countries by ISO 3166-1 code."""

    queryset = Country.objects.all()
    serializer_class = CountrySerializer
    filterset_class = CountryFilter
    ordering = "code"
    lookup_value_converter = "slug"


class AreaViewSet(viewsets.ReadOnlyModelViewSet):
    """Departments, provinces and districts by ISO 3166-2 code."""

    queryset = Area.objects.defer("outline")
    serializer_class = AreaSerializer
    filterset_class = AreaFilter
    ordering = "code"
    lookup_value_converter = "slug"


class SectorViewSet(viewsets.ReadOnlyModelViewSet):
    """DAC/CRS purpose codes."""

    queryset = Sector.objects.all()
    serializer_class = SectorSerializer
    filterset_class = SectorFilter
    ordering = "code"
    lookup_value_converter = "slug"


class ExchangeRateSerializer(serializers.ModelSerializer):
    month = serializers.DateField(help_text="The first day of the month; of a yearly average, that of January.")

    class Meta:
        model = ExchangeRate
        fields = ["id", "currency", "month", "usd_per_unit", "basis", "source", "origin"]


class ExchangeRateFilter(django_filters.FilterSet):
    currency = django_filters.CharFilter(lookup_expr="iexact", max_length=3, help_text="ISO 4217, such as HNL.")
    month_from = django_filters.DateFilter(field_name="month", lookup_expr="gte")
    month_to = django_filters.DateFilter(field_name="month", lookup_expr="lte")

    class Meta:
        model = ExchangeRate
        fields: list[str] = []


class ExchangeRateViewSet(viewsets.ReadOnlyModelViewSet):
    """What currencies were worth in US dollars, month by month, each with its source. PAB is 1 and BZD 0.5 by law."""

    queryset = ExchangeRate.objects.all()
    serializer_class = ExchangeRateSerializer
    filterset_class = ExchangeRateFilter
    ordering = "id"
    lookup_value_converter = "int"
