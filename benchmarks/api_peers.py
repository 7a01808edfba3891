"""Addresses of the portal with two peers beside it: /drf/ and /ninja/ give the page that the API gives.

Both are written as their documentation does it, with all that a page needs prefetched.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.urls import path
from ninja import NinjaAPI, Schema
from rest_framework.pagination import BasePagination
from rest_framework.viewsets import ReadOnlyModelViewSet

import carsi_portal.urls
from programs.api.serializers import ProgramSerializer
from programs.models import Program

NESTED = ("coverages", "goals", "sectors", "locations", "participations__organization")


def page_of(request: Any) -> Any:
    """The programs of the page after an id, for both peers."""
    programs = Program.objects.filter(pk__gt=int(request.GET.get("after", 0))).order_by("pk").defer("search", "period")
    return programs.select_related("reporting_org").prefetch_related(*NESTED)[: int(request.GET["page_size"])]


class NoPages(BasePagination):
    def paginate_queryset(self, queryset: Any, request: Any, view: Any = None) -> None:
        return None


class Plain(ReadOnlyModelViewSet):
    """Django REST framework, as it comes."""

    serializer_class = ProgramSerializer
    authentication_classes = ()
    permission_classes = ()
    throttle_classes = ()
    filter_backends = ()
    pagination_class = NoPages
    queryset = Program.objects.none()

    def get_queryset(self) -> Any:
        return page_of(self.request)


class OrganizationShare(Schema):
    organization_id: int
    organization: str
    role: int
    activity_identifier: str

    @staticmethod
    def resolve_organization(row: Any) -> str:
        return row.organization.name


class CoverageShare(Schema):
    country: str | None
    region: str | None
    percentage: Decimal | None

    @staticmethod
    def resolve_country(row: Any) -> str | None:
        return row.country_id

    @staticmethod
    def resolve_region(row: Any) -> str | None:
        return row.region_id


class Place(Schema):
    area: str | None
    name: str
    latitude: Decimal | None
    longitude: Decimal | None
    percentage: Decimal | None

    @staticmethod
    def resolve_area(row: Any) -> str | None:
        return row.area_id


class GoalShare(Schema):
    goal: int
    percentage: Decimal | None

    @staticmethod
    def resolve_goal(row: Any) -> int:
        return row.goal_id


class SectorShare(Schema):
    sector: str
    percentage: Decimal | None

    @staticmethod
    def resolve_sector(row: Any) -> str:
        return row.sector_id


class ProgramRow(Schema):
    id: int
    identifier: str
    reporting_org_id: int
    reporting_org: str
    title: str
    description: str
    language: str
    status: int | None
    stage: str
    visibility: str
    source: str
    scope: str
    goals_origin: str
    esca_component: int | None
    start: date | None
    end: date | None
    planned_start: date | None
    planned_end: date | None
    actual_start: date | None
    actual_end: date | None
    committed_usd: Decimal | None
    committed_basis: str
    disbursed_usd: Decimal | None
    coverages: list[CoverageShare]
    goals: list[GoalShare]
    sectors: list[SectorShare]
    locations: list[Place]
    participations: list[OrganizationShare]
    version: int
    created_at: datetime
    updated_at: datetime

    @staticmethod
    def resolve_reporting_org(row: Any) -> str:
        return row.reporting_org.name


ninja = NinjaAPI(urls_namespace="ninja-peer")


@ninja.get("/programs", response=list[ProgramRow])
def programs(request: Any) -> Any:
    return page_of(request)


urlpatterns = [
    path("drf/", Plain.as_view({"get": "list"})),
    path("ninja/", ninja.urls),
    *carsi_portal.urls.urlpatterns,
]
handler404, handler500 = carsi_portal.urls.handler404, carsi_portal.urls.handler500
