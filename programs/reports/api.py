"""Overlap reports in the API: which there are, how far they are; cancelled and deleted by who asked for them."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.filters import refuse_parameters
from core.api.writing import IDEMPOTENCY_KEY, Strict
from donors.idempotency import answered_once
from programs.reports import services
from programs.reports.models import OverlapReport
from programs.reports.rendering.words import why_not_made


class OverlapReportSerializer(serializers.ModelSerializer):
    """A report that a person requested or receives every month."""

    asked_by = serializers.CharField(source="asked_by.shown_name")
    problem = serializers.SerializerMethodField(help_text="Why it could not be created, if so.")

    class Meta:
        model = OverlapReport
        fields = ["id", "asked_by", "period_start", "period_end", "month", "status", "problem", "created_at", "made_at"]
        read_only_fields = fields

    def get_problem(self, report: OverlapReport) -> str | None:
        return why_not_made(report)


class NothingSerializer(Strict):
    """A body that says nothing."""


class OverlapReportViewSet(viewsets.ReadOnlyModelViewSet):
    """Overlap reports whose content the key's owner can see. Only the person who requested a report can delete it."""

    queryset = OverlapReport.objects.none()
    serializer_class = OverlapReportSerializer
    ordering = "-id"
    lookup_value_converter = "int"

    def get_queryset(self) -> QuerySet[OverlapReport]:
        return OverlapReport.objects.visible_to(self.request.user).select_related("asked_by").defer("summary")

    @extend_schema(request=None, responses=OverlapReportSerializer, parameters=[IDEMPOTENCY_KEY])
    @action(detail=True, methods=["post"], filter_backends=[], pagination_class=None)
    def cancel(self, request: Request, pk: int) -> Response:
        """Cancels the creation of your own report."""
        report = self.get_object()
        NothingSerializer(data=request.data).is_valid(raise_exception=True)

        def answer() -> Response:
            services.cancel_report(report, actor=request.user)
            return Response(self.get_serializer(self.get_queryset().get(pk=report.pk)).data)

        return answered_once(request, answer)

    @extend_schema(responses={204: None})
    def destroy(self, request: Any, pk: int) -> Response:
        """Deletes your own report with its documents. Cancel it first if it is still being created."""
        refuse_parameters(request)
        services.delete_report(self.get_object(), actor=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)
