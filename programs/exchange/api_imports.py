"""Imports and what became of their rows."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from programs.exchange.models import Import, ImportRow
from programs.exchange.report import report_rows


class ImportSerializer(serializers.ModelSerializer):
    """A file that was brought in for an organization."""

    organization_id = serializers.IntegerField()
    organization = serializers.CharField(source="organization.name")

    class Meta:
        model = Import
        fields = ["id", "organization_id", "organization", "kind", "file_name", "state", "created_at", "checked_at",
                  "applied_at", "undone_at"]  # fmt: skip
        read_only_fields = fields


class CountsSerializer(serializers.Serializer):
    """How many rows of an import there are of each kind."""

    rows = serializers.IntegerField()
    created = serializers.IntegerField()
    changed = serializers.IntegerField()
    unchanged = serializers.IntegerField()
    refused = serializers.IntegerField()
    left_out = serializers.IntegerField()
    asking = serializers.IntegerField(help_text="Rows that wait for a person to say which program they are.")
    applied = serializers.IntegerField()
    undone = serializers.IntegerField()
    kept = serializers.IntegerField(help_text="Rows that could not be undone.")


class ImportDetailSerializer(ImportSerializer):
    counts = serializers.SerializerMethodField()

    class Meta(ImportSerializer.Meta):
        fields = [*ImportSerializer.Meta.fields, "counts"]
        read_only_fields = fields

    @extend_schema_field(CountsSerializer)
    def get_counts(self, job: Import) -> Any:
        return CountsSerializer(job.rows.counts()).data


class WrongSerializer(serializers.Serializer):
    """What is wrong with a cell, and what would be right."""

    column = serializers.CharField(source="heading")
    cell = serializers.CharField(source="place", help_text="Such as C12; empty for the row as a whole.")
    text = serializers.CharField()
    sentence = serializers.CharField(help_text="In the language of Accept-Language.")
    is_note = serializers.BooleanField(help_text="Says something of the row without refusing it.")


class ImportRowSerializer(serializers.Serializer):
    """A row of the file and what became of it."""

    id = serializers.IntegerField(source="row.pk")
    number = serializers.IntegerField(source="row.number")
    outcome = serializers.CharField(source="row.outcome")
    identifier = serializers.CharField(source="row.identifier")
    title = serializers.CharField(source="row.title")
    program = serializers.IntegerField(source="program.pk", allow_null=True, default=None)
    is_applied = serializers.BooleanField(source="row.is_applied")
    problems = WrongSerializer(source="wrong", many=True)


class ImportRowFilter(django_filters.FilterSet):
    """Rows by what became of them."""

    outcome = django_filters.ChoiceFilter(choices=ImportRow.Outcome.choices)


class ImportViewSet(viewsets.ReadOnlyModelViewSet):
    """Imports of the organizations that the key's owner may import for."""

    queryset = Import.objects.none()
    serializer_class = ImportSerializer
    filterset_class: Any = None
    ordering = "-id"
    lookup_value_converter = "int"

    def get_queryset(self) -> QuerySet[Import]:
        return Import.objects.visible_to(self.request.user).select_related("organization")

    def get_serializer_class(self) -> Any:
        return ImportDetailSerializer if self.action == "retrieve" else ImportSerializer

    @extend_schema(responses=ImportRowSerializer(many=True), filters=True)
    @action(detail=True, filterset_class=ImportRowFilter, ordering="id")
    def rows(self, request: Request, pk: int) -> Response:
        """The rows of the file, with what is wrong with each; `outcome=refused` gives what to mend."""
        job = get_object_or_404(Import.objects.visible_to(request.user), pk=pk)
        page: Any = self.paginate_queryset(self.filter_queryset(job.rows.all()))
        reader: Any = request.user
        return self.get_paginated_response(ImportRowSerializer(report_rows(job, page, reader), many=True).data)
