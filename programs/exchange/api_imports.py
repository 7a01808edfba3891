"""Imports: files uploaded, what becomes of their rows, and what is done with them."""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import status, viewsets
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
from programs.exchange.api_imports_reading import (
    ImportDetailSerializer,
    ImportRowFilter,
    ImportRowSerializer,
    ImportSerializer,
)
from programs.exchange.api_imports_writing import (
    ApplySerializer,
    ChoicesSerializer,
    ColumnsSerializer,
    NewImportSerializer,
    NothingSerializer,
    choose,
    choose_columns,
)
from programs.exchange.models import Import
from programs.exchange.report import report_rows
from programs.exchange.spreadsheet.problems import FileProblem
from programs.services.permissions import organizations_where_may

# What is wrong with a file that is answered 413.
TOO_LARGE = frozenset({"file_too_large", "file_unpacked_too_large", "file_gzip_too_large"})


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
        return self._do(choose_columns, job, **stated.validated_data)

    @extend_schema(request=ChoicesSerializer, responses=ImportDetailSerializer, parameters=[IDEMPOTENCY_KEY])
    @action(detail=True, methods=["post"], filter_backends=[], pagination_class=None)
    def choices(self, request: Request, pk: int) -> Response:
        """States which rows are programs that already exist (`outcome=asking`): row by row, or all at once."""
        job = self.get_object()
        stated = ChoicesSerializer(data=request.data)
        stated.is_valid(raise_exception=True)
        if every := stated.validated_data.get("all"):
            return self._do(services.choose_all, job, same=every == "same")
        return self._do(choose, job, choices=stated.validated_data["choices"])

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
