"""Organizations, with their totals as donors, in the API."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.amounts import LeftOutField
from core.api.filters import refuse_parameters
from core.filters import YesNoFilter
from donors.models import Organization
from goals.models import Country
from programs.models import Participation
from programs.region import carrying, counting
from programs.region.counting import programs_counted
from programs.region.gaps import Gap
from programs.region.pictures import Pictures


class CarriedOutSerializer(serializers.Serializer):
    """Programs that an organization carries out; money in equal parts with the others that do."""

    programs = serializers.IntegerField()
    countries = serializers.IntegerField(help_text="In how many of the seven countries these programs work.")
    committed_usd = serializers.DecimalField(max_digits=24, decimal_places=2)
    disbursed_usd = serializers.DecimalField(max_digits=24, decimal_places=2)


class OrganizationSerializer(serializers.ModelSerializer):
    country = serializers.CharField(source="country_id", allow_null=True)
    programs = serializers.IntegerField(help_text="Programs that it funds.")
    countries = serializers.IntegerField(help_text="In how many of the seven countries these programs work.")
    committed_usd = serializers.DecimalField(
        max_digits=24,
        decimal_places=2,
        help_text="Its share of their commitments, each dollar once.",
    )
    disbursed_usd = serializers.DecimalField(max_digits=24, decimal_places=2)
    left_out = LeftOutField()
    carried_out = CarriedOutSerializer(help_text="What it carries out as the implementing or extending organization.")

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
            "left_out",
            "carried_out",
        ]
        read_only_fields = fields


class GapSerializer(serializers.Serializer):
    """A goal in a country (`regional`: the region as a whole) without a current program, or with less than half of its
    expected share of funds."""

    goal = serializers.IntegerField(source="goal.pk")
    country = serializers.CharField(source="code")
    gap = serializers.ChoiceField(choices=Gap.choices, help_text="The kind of gap.")
    priorities = serializers.ListField(child=serializers.IntegerField(), source="priority_ids")
    programs = serializers.IntegerField(help_text="Programs that run today or later and are not cancelled.")
    committed_usd = serializers.DecimalField(max_digits=24, decimal_places=2, source="money")
    expected_usd = serializers.DecimalField(max_digits=24, decimal_places=2, source="expected")
    missing_usd = serializers.DecimalField(max_digits=24, decimal_places=2, source="missing")
    planned_usd = serializers.DecimalField(
        max_digits=24, decimal_places=2, source="planned", help_text="What is planned for the next calendar year."
    )
    left_out = LeftOutField(committed_usd="money", planned_usd="planned")
    donors_here = serializers.ListField(child=serializers.IntegerField(), source="here_ids")
    donors_on_the_goal = serializers.ListField(child=serializers.IntegerField(), source="on_the_goal_ids")


class MatrixCellSerializer(serializers.Serializer):
    """All layers of a goal in a country (`regional`: the region as a whole)."""

    goal = serializers.IntegerField()
    country = serializers.CharField()
    programs = serializers.IntegerField()
    committed_usd = serializers.DecimalField(max_digits=24, decimal_places=2)
    disbursed_usd = serializers.DecimalField(max_digits=24, decimal_places=2)
    overlaps = serializers.IntegerField()
    gap = serializers.ChoiceField(choices=Gap.choices, allow_null=True, help_text="The kind of gap; null if none.")
    missing_usd = serializers.DecimalField(max_digits=24, decimal_places=2, help_text="Of a gap; else 0.")
    left_out = LeftOutField()


class GapViewSet(viewsets.ViewSet):
    """Funding gaps, largest first, calculated as on the page of funding gaps."""

    serializer_class = GapSerializer

    @extend_schema(responses=GapSerializer(many=True))
    def list(self, request: Request) -> Response:
        refuse_parameters(request)
        found = Pictures(request.user, timezone.localdate()).gaps()
        return Response(GapSerializer(found.missing, many=True).data)


class MatrixViewSet(viewsets.ViewSet):
    """The matrix of goals and countries (and the region as a whole), with all layers."""

    serializer_class = MatrixCellSerializer

    @extend_schema(responses=MatrixCellSerializer(many=True))
    def list(self, request: Request) -> Response:
        refuse_parameters(request)
        pictures = Pictures(request.user, timezone.localdate())
        needs = pictures.gaps().by_cell()
        cells = [
            {**vars(cell), "gap": needs[key].gap, "missing_usd": needs[key].missing}
            for key, cell in sorted(pictures.matrix().cells.items())
        ]
        return Response(MatrixCellSerializer(cells, many=True).data)


class YearSerializer(serializers.Serializer):
    """A year of a goal, or of a donor: of the two the one is null. Rows with no money are left out."""

    goal = serializers.IntegerField(allow_null=True)
    organization = serializers.IntegerField(allow_null=True, help_text="The donor's id.")
    year = serializers.IntegerField()
    committed_usd = serializers.DecimalField(max_digits=24, decimal_places=2)
    disbursed_usd = serializers.DecimalField(max_digits=24, decimal_places=2)
    planned_usd = serializers.DecimalField(
        max_digits=24,
        decimal_places=2,
        help_text="Planned payments of the year; of a program without any, its budget for the year.",
    )
    left_out = LeftOutField(committed_usd="committed_usd", disbursed_usd="disbursed_usd", planned_usd="planned_usd")


class YearViewSet(viewsets.ViewSet):
    """Money by year, as in the charts of the home page: by the date of each transaction, and what is planned for the
    year."""

    serializer_class = YearSerializer

    @extend_schema(responses=YearSerializer(many=True))
    def list(self, request: Request) -> Response:
        refuse_parameters(request)
        found = Pictures(request.user, timezone.localdate()).years()
        return Response(YearSerializer(found, many=True).data)


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
        funding = Participation.objects.filter(
            role=Participation.Role.FUNDING, program__in=programs_counted(self.request.user)
        ).values("organization")
        return queryset.filter(pk__in=funding) if value else queryset.exclude(pk__in=funding)


class OrganizationViewSet(viewsets.ReadOnlyModelViewSet):
    """Organizations; donors also with the totals of the programs that the key's owner can see."""

    queryset = Organization.objects.none()
    serializer_class = OrganizationSerializer
    filterset_class = OrganizationFilter
    ordering = "id"
    orderings = {"id": ("id",), "-id": ("-id",), "name": ("name", "id"), "-name": ("-name", "-id")}
    lookup_value_converter = "int"

    def get_queryset(self) -> QuerySet[Organization]:
        return Organization.objects.visible_to(self.request.user)

    def get_object(self) -> Organization:
        organization: Organization = super().get_object()
        one = [organization.pk]
        funded, carried_out = counting.funded(self.request.user, one), carrying.carried_out(self.request.user, one)
        return _with_totals([organization], funded, carried_out)[0]

    def paginate_queryset(self, queryset: Any) -> list[Organization] | None:
        page = super().paginate_queryset(queryset)
        pictures = Pictures(self.request.user, timezone.localdate())
        return page and _with_totals(page, pictures.funded(), pictures.carried_out())


def _with_totals(
    organizations: list[Organization], funded: dict[int, counting.Funded], carried_out: dict[int, counting.Funded]
) -> list[Organization]:
    for organization in organizations:
        vars(organization).update(vars(funded.get(organization.pk, counting.Funded())))
        vars(organization)["carried_out"] = carried_out.get(organization.pk, counting.Funded())
    return organizations
