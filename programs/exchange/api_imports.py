"""Imports: files uploaded, what becomes of their rows, and what is done with them."""

from collections.abc import Callable
from typing import Any

import django_filters
from django.db import transaction
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.errors import Problem
from core.api.filters import refuse_parameters
from core.api.parsers import FormParser
from core.api.writing import IDEMPOTENCY_KEY
from core.bodies import WITH_A_FILE
from core.errors import NotAllowed
from donors.idempotency import answered_once
from goals.bilingual import reader_language
from programs.exchange import services
from programs.exchange.api_imports_writing import (
    ApplySerializer,
    ChoicesSerializer,
    ColumnsSerializer,
    NewImportSerializer,
    NothingSerializer,
    check_columns,
)
from programs.exchange.models import Import, ImportRow
from programs.exchange.report import how_it_is_read, report_rows
from programs.exchange.spreadsheet.problems import FileProblem, sentence
from programs.services.permissions import organizations_where_may

# What is wrong with a file that is answered 413.
TOO_LARGE = frozenset({"file_too_large", "file_unpacked_too_large", "file_gzip_too_large"})


class ImportSerializer(serializers.ModelSerializer):
    """A file uploaded for an organization."""

    organization_id = serializers.IntegerField()
    organization = serializers.CharField(source="organization.name")

    class Meta:
        model = Import
        fields = ["id", "organization_id", "organization", "kind", "file_name", "state", "created_at", "checked_at",
                  "applied_at", "undone_at"]  # fmt: skip
        read_only_fields = fields


class CountsSerializer(serializers.Serializer):
    """Number of rows of an import by outcome."""

    rows = serializers.IntegerField()
    created = serializers.IntegerField()
    changed = serializers.IntegerField()
    unchanged = serializers.IntegerField()
    refused = serializers.IntegerField()
    left_out = serializers.IntegerField()
    asking = serializers.IntegerField(help_text="Rows for which someone must still choose the program.")
    applied = serializers.IntegerField()
    undone = serializers.IntegerField()
    kept = serializers.IntegerField(help_text="Rows that could not be undone.")
    warned = serializers.IntegerField(help_text="Rows with warnings that applying the import must confirm.")
    drafts = serializers.IntegerField(
        help_text="Of the created, programs that arrive as drafts: not complete, or "
        "waiting for an answer on an organization."
    )


class ImportDetailSerializer(ImportSerializer):
    sheet = serializers.CharField(help_text="The sheet that is read; empty for a CSV file.")
    heading_row = serializers.IntegerField(help_text="The number of the row that names the columns.", allow_null=True)
    new_stage = serializers.CharField(
        help_text="Status of the records that it added: published, or submitted if the sender can only submit. Empty "
        "before it is applied."
    )
    headings = serializers.ListField(
        child=serializers.CharField(), help_text="Headings of the spreadsheet, from left to right."
    )
    columns = serializers.ListField(
        child=serializers.CharField(), help_text="The column matched to each heading; empty if the heading is ignored."
    )
    sheets = serializers.ListField(child=serializers.CharField(), help_text="Names of the workbook's sheets.")
    hidden_sheets = serializers.ListField(
        child=serializers.CharField(), help_text="Sheets that are hidden: read only if you choose one as `sheet`."
    )
    same_sheets = serializers.ListField(
        child=serializers.CharField(), help_text="Sheets with the same headings, which can be read too."
    )
    more_sheets = serializers.ListField(
        child=serializers.CharField(), help_text="Those of them that are read after `sheet`."
    )
    hidden_rows = serializers.IntegerField(
        help_text="Rows that are hidden, by a filter or by hand, in `sheet` and `same_sheets`."
    )
    without_hidden_rows = serializers.BooleanField(help_text="Whether these are skipped.")
    sample = serializers.ListField(
        child=serializers.ListField(child=serializers.CharField()),
        help_text="The first rows below the headings, with long texts shortened.",
    )
    problem = serializers.SerializerMethodField(
        help_text="Why the file cannot be read or why the import stopped, if so."
    )
    counts = serializers.SerializerMethodField()
    read_as = serializers.SerializerMethodField(
        help_text="How columns are read by what their cells show: the order of day and month, the decimal sign. In "
        "the language of Accept-Language."
    )

    class Meta(ImportSerializer.Meta):
        fields = [
            *ImportSerializer.Meta.fields,
            "new_stage",
            "sheets",
            "sheet",
            "heading_row",
            *("hidden_sheets", "same_sheets", "more_sheets", "hidden_rows", "without_hidden_rows"),
            "headings",
            "columns",
            "sample",
            "date_order",
            "read_as",
            "problem",
            "counts",
        ]
        read_only_fields = fields

    def get_problem(self, job: Import) -> str | None:
        return sentence(**job.problem) if job.problem else None

    def get_read_as(self, job: Import) -> list[str]:
        return how_it_is_read(job)

    @extend_schema_field(CountsSerializer)
    def get_counts(self, job: Import) -> Any:
        return CountsSerializer(job.rows.counts()).data


class WrongSerializer(serializers.Serializer):
    """What is wrong with a cell and how to correct it."""

    code = serializers.CharField(help_text="The same in every language.")
    column = serializers.CharField(source="heading")
    cell = serializers.CharField(source="place", help_text="Such as C12; empty for the row as a whole.")
    text = serializers.CharField()
    sentence = serializers.CharField(help_text="In the language of Accept-Language.")
    is_note = serializers.BooleanField(help_text="A note: the row is not rejected.")
    is_warning = serializers.BooleanField(help_text="An unlikely value: applying the import must confirm its code.")


class ChangedSerializer(serializers.Serializer):
    """What a row would change in the existing program."""

    column = serializers.CharField(source="heading")
    before = serializers.CharField()
    after = serializers.CharField()


class ValueSerializer(serializers.Serializer):
    """A value of a program that a row would add."""

    column = serializers.CharField(source="heading")
    value = serializers.CharField(source="after")


class ProbableSerializer(serializers.Serializer):
    """A program that probably matches the row."""

    program = serializers.IntegerField(source="program.pk")
    identifier = serializers.CharField(source="program.identifier")
    title = serializers.CharField(source="program.title")
    score = serializers.FloatField(help_text="From 0 to 1.")


class ImportRowSerializer(serializers.Serializer):
    """A row of the file and its outcome."""

    id = serializers.IntegerField(source="row.pk")
    number = serializers.IntegerField(help_text="The row's number in its sheet.")
    sheet = serializers.CharField(help_text="The sheet it stands in; empty where only one sheet is read.")
    outcome = serializers.CharField(source="row.outcome")
    identifier = serializers.CharField(source="row.identifier")
    title = serializers.CharField(source="row.title")
    program = serializers.IntegerField(source="program.pk", allow_null=True, default=None)
    is_applied = serializers.BooleanField(source="row.is_applied")
    kept_because = serializers.CharField(source="kept", help_text="Why it could not be undone, if so.")
    choice = serializers.CharField(source="row.choice", help_text="same or new, if someone has chosen.")
    matches = ProbableSerializer(source="probable", many=True)
    changes = ChangedSerializer(source="changed", many=True)
    values = ValueSerializer(many=True, help_text="What a new program would say, before it is applied.")
    problems = WrongSerializer(source="wrong", many=True)


# Kinds of rows that are no outcome.
OTHER_KINDS = [("asking", "To be decided"), ("warned", "To be confirmed"), ("kept", "Could not be undone")]


class ImportRowFilter(django_filters.FilterSet):
    """Rows by what became of them."""

    outcome = django_filters.ChoiceFilter(
        choices=[
            *ImportRow.Outcome.choices,
            ("asking", "To be decided"),
            ("warned", "To be confirmed"),
            ("kept", "Could not be undone"),
        ],
        method="showing",
    )

    def showing(self, rows: Any, name: str, value: str) -> Any:
        return rows.showing(value)


class ImportViewSet(viewsets.ReadOnlyModelViewSet):
    """Imports of programs from files:

    upload, check, apply and undo, for organizations that the key's owner can import for.
    """

    queryset = Import.objects.none()
    serializer_class = ImportSerializer
    filterset_class: Any = None
    ordering = "-id"
    lookup_value_converter = "int"
    most_bytes = WITH_A_FILE

    def get_queryset(self) -> QuerySet[Import]:
        return Import.objects.visible_to(self.request.user).select_related("organization")

    def get_serializer_class(self) -> Any:
        return ImportDetailSerializer if self.action == "retrieve" else ImportSerializer

    def get_parsers(self) -> list[Any]:
        """JSON, but for the file itself."""
        return [FormParser()] if "create" in (self.action_map or {}).values() else super().get_parsers()

    @extend_schema(request=NewImportSerializer, responses={201: ImportDetailSerializer}, parameters=[IDEMPOTENCY_KEY])
    def create(self, request: Any) -> Response:
        """Uploads a file as multipart/form-data. Read the import again until its `state` is `checked`.

        A spreadsheet is `reading` while its headings are read. If all headings are known (as in the portal's template),
        the check starts by itself; an IATI file is checked immediately. Any other spreadsheet becomes `uploaded` with
        the suggested `columns`, until you confirm them. No program changes before the import is applied.
        """
        if not organizations_where_may(request.user, "import").exists():
            raise NotAllowed()
        stated = NewImportSerializer(data=request.data, context={"user": request.user})
        stated.is_valid(raise_exception=True)
        organization, file = stated.validated_data["organization"], stated.validated_data["file"]

        def answer() -> Response:
            try:
                job = services.take_upload(
                    organization, file, language=reader_language(), actor=request.user, unattended=True
                )
            except FileProblem as problem:
                if problem.code in TOO_LARGE:
                    raise Problem("too_large", str(problem)) from problem
                raise ValidationError({"file": [ErrorDetail(str(problem), problem.code)]}) from problem
            return self._shown(job, status.HTTP_201_CREATED)

        return answered_once(request, answer)

    @extend_schema(request=ColumnsSerializer, responses=ImportDetailSerializer, parameters=[IDEMPOTENCY_KEY])
    @action(detail=True, methods=["post"], filter_backends=[], pagination_class=None)
    def columns(self, request: Request, pk: int) -> Response:
        """Sets the columns of a spreadsheet and checks it again.

        The choice is remembered for the organization's next file with the same headings. With another `sheet` or
        `heading_row`, and without `columns`, the headings are read from there.
        """
        job = self.get_object()
        stated = ColumnsSerializer(data=request.data)
        stated.is_valid(raise_exception=True)
        return self._do(_choose_columns, job, **stated.validated_data)

    @extend_schema(request=ChoicesSerializer, responses=ImportDetailSerializer, parameters=[IDEMPOTENCY_KEY])
    @action(detail=True, methods=["post"], filter_backends=[], pagination_class=None)
    def choices(self, request: Request, pk: int) -> Response:
        """States which rows are programs that already exist (`outcome=asking`): row by row, or all at once."""
        job = self.get_object()
        stated = ChoicesSerializer(data=request.data)
        stated.is_valid(raise_exception=True)
        if every := stated.validated_data.get("all"):
            return self._do(services.choose_all, job, same=every == "same")
        return self._do(_choose, job, choices=stated.validated_data["choices"])

    @extend_schema(request=None, responses=ImportDetailSerializer, parameters=[IDEMPOTENCY_KEY])
    @action(detail=True, methods=["post"], filter_backends=[], pagination_class=None)
    def check(self, request: Request, pk: int) -> Response:
        """Checks the file again, with its current columns, against the current programs."""
        job = self.get_object()
        NothingSerializer(data=request.data).is_valid(raise_exception=True)
        return self._do(services.check_again, job)

    @extend_schema(request=ApplySerializer, responses=ImportDetailSerializer, parameters=[IDEMPOTENCY_KEY])
    @action(detail=True, methods=["post"], filter_backends=[], pagination_class=None)
    def apply(self, request: Request, pk: int) -> Response:
        """Saves the new and changed rows. Read the import again until its `state` is `applied`."""
        job = self.get_object()
        stated = ApplySerializer(data=request.data)
        stated.is_valid(raise_exception=True)
        return self._do(services.apply_import, job, **stated.validated_data)

    @extend_schema(request=None, responses=ImportDetailSerializer, parameters=[IDEMPOTENCY_KEY])
    @action(detail=True, methods=["post"], filter_backends=[], pagination_class=None)
    def undo(self, request: Request, pk: int) -> Response:
        """Undoes the import, except for programs that someone changed since.

        Read it again until its `state` is `undone`.
        """
        job = self.get_object()
        NothingSerializer(data=request.data).is_valid(raise_exception=True)
        return self._do(services.undo_import, job)

    @extend_schema(request=None, responses=ImportDetailSerializer, parameters=[IDEMPOTENCY_KEY])
    @action(detail=True, methods=["post"], filter_backends=[], pagination_class=None)
    def cancel(self, request: Request, pk: int) -> Response:
        """Cancels the work in progress:

        the `state` becomes `stopped`, or `checked` if nothing was applied yet. Rows applied or undone so far stay so;
        the rest can be applied or undone later.
        """
        job = self.get_object()
        NothingSerializer(data=request.data).is_valid(raise_exception=True)
        return self._do(services.cancel_import, job)

    @extend_schema(responses={204: None})
    def destroy(self, request: Any, pk: int) -> Response:
        """Deletes an import with its file and rows; programs stay as they are. Cancel it first if it is in progress."""
        refuse_parameters(request)
        services.delete_import(self.get_object(), actor=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)

    def _do(self, service: Callable[..., Any], job: Import, **options: Any) -> Response:
        def answer() -> Response:
            service(job, actor=self.request.user, **options)
            return self._shown(job)

        return answered_once(self.request, answer)

    def _shown(self, job: Import, code: int = status.HTTP_200_OK) -> Response:
        """The import as its own address shows it."""
        response = Response(ImportDetailSerializer(self.get_queryset().get(pk=job.pk)).data, status=code)
        if code == status.HTTP_201_CREATED:
            response["Location"] = self.request.build_absolute_uri(reverse("import-detail", args=[job.pk]))
        return response

    @extend_schema(responses=ImportRowSerializer(many=True), filters=True)
    @action(detail=True, filterset_class=ImportRowFilter, ordering="id")
    def rows(self, request: Request, pk: int) -> Response:
        """The rows of the file, with their problems. `outcome=refused` lists the rows to correct."""
        job = get_object_or_404(Import.objects.visible_to(request.user), pk=pk)
        page: Any = self.paginate_queryset(self.filter_queryset(job.rows.all()))
        reader: Any = request.user
        return self.get_paginated_response(ImportRowSerializer(report_rows(job, page, reader), many=True).data)


@transaction.atomic
def _choose_columns(
    job: Import,
    *,
    actor: Any,
    columns: list[str] | None = None,
    sheet: str | None = None,
    heading_row: int | None = None,
    date_order: str | None = None,
    more_sheets: list[str] | None = None,
    without_hidden_rows: bool | None = None,
) -> None:
    """Has the headings read from another place, or the columns checked."""
    other_sheet = sheet is not None and sheet != job.sheet
    other_row = heading_row is not None and heading_row != job.heading_row
    if columns is None or other_sheet or other_row:
        row = heading_row if heading_row is not None or other_sheet else job.heading_row
        try:
            services.choose_headings(job, sheet=job.sheet if sheet is None else sheet, heading_row=row, actor=actor)
        except FileProblem as problem:
            field = "sheet" if problem.code == "file_no_such_sheet" else "heading_row"
            raise ValidationError({field: [ErrorDetail(str(problem), problem.code)]}) from problem
        if columns is not None:
            raise ValidationError(
                {
                    "columns": [
                        _(
                            "The headings of another sheet or row are read first. Send the sheet or row without "
                            "columns, then the columns once the status of the import is “uploaded”."
                        )
                    ]
                }
            )
    else:
        check_columns(columns, job.headings)
        services.choose_columns(
            job,
            columns,
            date_order=job.date_order if date_order is None else date_order,
            more_sheets=more_sheets,
            without_hidden_rows=without_hidden_rows,
            actor=actor,
        )


@transaction.atomic
def _choose(job: Import, choices: list[dict[str, Any]], **who: Any) -> None:
    """All of the choices or none. ValidationError by the place of those that cannot be."""
    wanted = {choice["row"]: choice["program"] or services.NEW for choice in choices}
    decided = services.choose(job, wanted, **who)
    left = [number for number, choice in enumerate(choices) if choice["row"] not in decided]
    if left:
        sentence = _("This row does not need a choice, or the program is not one of its available matches.")
        raise ValidationError({"choices": {number: [sentence] for number in left}})
