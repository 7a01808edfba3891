"""Organizations, with their totals as donors, in the API."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers, viewsets

from donors.models import Organization
from goals.filters import YesNoFilter
from goals.models import Country
from programs.region.querysets import organizations_with_totals


class OrganizationSerializer(serializers.ModelSerializer):
    country = serializers.CharField(source="country_id", allow_null=True)
    programs = serializers.IntegerField(help_text="Programs that it funds.")
    countries = serializers.IntegerField(help_text="How many of the seven countries these are in.")
    committed_usd = serializers.DecimalField(
        max_digits=24, decimal_places=2, help_text="Its part of their commitments; second reports left out."
    )
    disbursed_usd = serializers.DecimalField(max_digits=24, decimal_places=2)

    class Meta:
        model = Organization
        fields = [
            "id",
            "name",
            "short_name",
            "kind",
            "ref",
            "country",
            "is_coordinating_body",
            "programs",
            "countries",
            "committed_usd",
            "disbursed_usd",
        ]
        read_only_fields = fields


class OrganizationFilter(django_filters.FilterSet):
    """Organizations by name, kind, country, and whether they fund a program."""

    q = django_filters.CharFilter(method="by_name", label=_("Search"))
    kind = django_filters.ChoiceFilter(choices=Organization.Kind.choices)
    country = django_filters.ModelChoiceFilter(queryset=Country.objects.all())
    is_donor = YesNoFilter(method="by_donor")

    class Meta:
        model = Organization
        fields: list[str] = []

    def by_name(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.filter(pk__in=Organization.objects.matching(value).values("pk"))

    def by_donor(self, queryset: Any, name: str, value: bool) -> Any:
        return queryset.filter(programs__gt=0) if value else queryset.filter(programs=0)


class OrganizationViewSet(viewsets.ReadOnlyModelViewSet):
    """Organizations; as donors with the totals of the programs that the key's owner may see."""

    queryset = Organization.objects.none()
    serializer_class = OrganizationSerializer
    filterset_class = OrganizationFilter
    ordering = "id"
    lookup_value_converter = "int"

    def get_queryset(self) -> QuerySet[Organization]:
        return organizations_with_totals(self.request.user)
