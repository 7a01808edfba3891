"""The calls for programs."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.errors import problem_of
from core.api.filters import refuse_parameters
from core.api.pages import CursorPages
from core.api.pulling import MirroredMixin
from core.api.schema import ProblemSerializer
from core.api.writing import IDEMPOTENCY_KEY, IF_MATCH, Strict, version_if_named, version_named
from donors.idempotency import answered_once
from programs.api.pulling import PulledProgramFilter
from programs.api.rows import EXPAND, FIELDS, ListedProgramSerializer, program_rows
from programs.api.serializers import ProgramDetailSerializer, ProgramSerializer
from programs.api.writing import Known, MoveSerializer, NewProgramSerializer, ProgramChangeSerializer, UpsertSerializer
from programs.models import Program
from programs.querysets import ProgramQuerySet
from programs.services import MOVES, Saved, delete_program, move_program
from programs.services.permissions import may_see_versions
from programs.services.write import Upsert, change_program, create_program, upsert_programs
from programs.versions import versions_of

MOST_AT_ONCE = 1_000


@extend_schema_field(UpsertSerializer)
class AnythingField(serializers.JSONField):
    """What should be a program: whatever it is, it is refused by itself."""


class BulkSerializer(Strict):
    """Up to 1,000 programs, each created or changed separately."""

    programs = serializers.ListField(child=AnythingField(allow_null=True), min_length=1, max_length=MOST_AT_ONCE)


class BulkResultSerializer(serializers.Serializer):
    """Result for one program of the list: created, updated, unchanged, or its problem."""

    index = serializers.IntegerField(help_text="Its position in the list, starting at 0.")
    outcome = serializers.ChoiceField(choices=["created", "updated", "unchanged", "refused"])
    id = serializers.IntegerField(required=False)
    version = serializers.IntegerField(required=False)
    problem = ProblemSerializer(required=False)


class BulkAnswerSerializer(serializers.Serializer):
    results = BulkResultSerializer(many=True)


class FieldChangeSerializer(serializers.Serializer):
    field = serializers.CharField(source="label")  # type: ignore[assignment]
    gone = serializers.ListField(child=serializers.CharField())
    come = serializers.ListField(child=serializers.CharField())


class ProgramVersionSerializer(serializers.Serializer):
    """What one save changed, in the language of Accept-Language."""

    at = serializers.DateTimeField()
    actor = serializers.CharField(source="actor.shown_name", allow_null=True, default=None)
    source = serializers.CharField()  # type: ignore[assignment]
    stage = serializers.CharField()
    changes = FieldChangeSerializer(many=True)


class HistorySerializer(serializers.Serializer):
    versions = ProgramVersionSerializer(many=True)
    has_older = serializers.BooleanField(help_text="Whether another page follows.")


class ProgramViewSet(MirroredMixin, viewsets.ReadOnlyModelViewSet):
    """Programs that the key's owner may see; its organizations' own are entered and changed here."""

    queryset = Program.objects.none()
    serializer_class = ProgramSerializer
    filterset_class = PulledProgramFilter
    ordering = "id"
    orderings = {
        "id": ("id",),
        "-id": ("-id",),
        "updated_at": ("updated_at", "id"),
        "-updated_at": ("-updated_at", "-id"),
    }
    lookup_value_converter = "int"

    def get_queryset(self) -> QuerySet[Program]:
        programs = Program.objects.visible_to(self.request.user)
        if self.action not in ("list", "ids"):
            return whole(programs)
        return programs if "stage" in self.request.query_params else programs.listed()

    def get_serializer_class(self) -> Any:
        return ProgramSerializer if self.action == "list" else ProgramDetailSerializer

    @property
    def parameters(self) -> frozenset[str]:
        """What a list takes beside filters and pages."""
        return frozenset({"fields", "expand"}) if self.action == "list" else frozenset()

    @extend_schema(parameters=[FIELDS, EXPAND], responses=ListedProgramSerializer(many=True))
    def list(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        rows = program_rows(request)
        found = self.filter_queryset(self.get_queryset())
        pages = CursorPages()
        page = pages.paginate_queryset(found, request, view=self, read=rows.read)
        return rows.page(page, next=pages.get_next_link(), previous=pages.get_previous_link())

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self._shown(self.get_object())

    @extend_schema(request=NewProgramSerializer, responses={201: ProgramDetailSerializer}, parameters=[IDEMPOTENCY_KEY])
    def create(self, request: Request) -> Response:
        """Creates a program as a draft of its organization. Publish it with a move."""
        stated = NewProgramSerializer(data=request.data)
        stated.is_valid(raise_exception=True)

        def answer() -> Response:
            saved = create_program(stated.data_said, actor=request.user, outlook=stated.outlook)
            return self._shown(saved.program, status.HTTP_201_CREATED)

        return answered_once(request, answer)

    @extend_schema(request=ProgramChangeSerializer, responses=ProgramDetailSerializer, parameters=[IF_MATCH])
    def partial_update(self, request: Request, pk: int) -> Response:
        """Changes the given fields, by the rules of the form."""
        program = self.get_object()
        version = version_named(request)
        stated = ProgramChangeSerializer(program, data=request.data)
        stated.is_valid(raise_exception=True)
        saved = change_program(
            program,
            stated.changed,
            actor=request.user,
            version=version,
            outlook=stated.outlook,
            confirmed=stated.confirmed,
        )
        return self._shown(saved.program)

    @extend_schema(responses={204: None}, parameters=[IF_MATCH])
    def destroy(self, request: Request, pk: int) -> Response:
        """Deletes a draft permanently. Archive a published program with a move instead. If-Match is optional."""
        refuse_parameters(request)
        delete_program(self.get_object(), actor=request.user, version=version_if_named(request))
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(request=MoveSerializer, responses=ProgramDetailSerializer, parameters=[IF_MATCH])
    @action(detail=True, methods=["post"], filter_backends=[], pagination_class=None)
    def moves(self, request: Request, pk: int) -> Response:
        """Changes the status of the record: submit, publish, accept, send_back, withdraw, close, reopen or archive."""
        program = self.get_object()
        version = version_named(request)
        stated = MoveSerializer(data=request.data)
        stated.is_valid(raise_exception=True)
        move = stated.validated_data["move"]
        if move not in MOVES:
            sentence = _("Unknown action. Known actions: %(known)s.") % {"known": ", ".join(MOVES)}
            raise ValidationError({"move": [sentence]})
        moved = move_program(
            program,
            move,
            actor=request.user,
            version=version,
            comment=stated.validated_data["comment"],
            confirmed=stated.validated_data.get("confirm", ()),
        )
        return self._shown(moved)

    @extend_schema(responses=HistorySerializer)
    @action(detail=True, filter_backends=[], pagination_class=None)
    def history(self, request: Request, pk: int) -> Response:
        """The program's latest 25 versions, newest first. Only its organization and the coordinators can see them."""
        refuse_parameters(request)
        program = self.get_object()
        if not may_see_versions(request.user, program):
            raise Http404
        versions, has_older = versions_of(program)
        return Response(HistorySerializer({"versions": versions, "has_older": has_older}).data)

    @extend_schema(request=BulkSerializer, responses={200: BulkAnswerSerializer}, parameters=[IDEMPOTENCY_KEY])
    @action(detail=False, methods=["post"], filter_backends=[], pagination_class=None)
    def bulk(self, request: Request) -> Response:
        """Creates or changes up to 1,000 programs by organization and identifier, with a result for each.

        A new program becomes a draft; an existing one keeps the fields that are not given. A rejected program does not
        stop the others.
        """
        stated = BulkSerializer(data=request.data)
        stated.is_valid(raise_exception=True)
        return answered_once(request, lambda: Response({"results": self._upsert(stated.validated_data["programs"])}))

    def _upsert(self, rows: Sequence[Any]) -> Sequence[dict[str, Any]]:
        known, wanted = {"known": Known()}, {}
        results: dict[int, dict[str, Any]] = {}
        seen: set[tuple[int, str]] = set()
        for index, row in enumerate(rows):
            stated = UpsertSerializer(data=row, context=known)
            try:
                stated.is_valid(raise_exception=True)
                key = (stated.validated_data["reporting_org_id"], stated.validated_data["identifier"])
                if key in seen:
                    raise ValidationError({"identifier": [_("This program appears twice in the list.")]})
                seen.add(key)
                version = stated.validated_data.get("version")
                wanted[index] = Upsert(stated.data_said, stated.changed, version, stated.outlook, stated.confirmed)
            except ValidationError as error:
                results[index] = _result(index, error)
        saved = upsert_programs(list(wanted.values()), actor=self.request.user)
        results |= {index: _result(index, one) for index, one in zip(wanted, saved, strict=True)}
        return [results[index] for index in range(len(rows))]

    def _shown(self, program: Program, code: int = 200) -> Response:
        """The program as its own address shows it, with its version for the ETag."""
        shown = whole(Program.objects.all()).get(pk=program.pk)
        response = Response(ProgramDetailSerializer(shown).data, status=code)
        response.version = shown.version  # type: ignore[attr-defined]
        if code == status.HTTP_201_CREATED:
            response["Location"] = self.request.build_absolute_uri(reverse("program-detail", args=[shown.pk]))
        return response


def whole(programs: ProgramQuerySet) -> ProgramQuerySet:
    """Programs with all that the API shows of one."""
    shown = programs.for_page().select_related("reporting_org", "sustainability__organization")
    return shown.prefetch_related("results__indicators__periods")


def _result(index: int, result: Saved | Exception) -> dict[str, Any]:
    if isinstance(result, Exception):
        return {"index": index, "outcome": "refused", "problem": problem_of(result)[0]}
    return {
        "index": index,
        "outcome": result.outcome,
        "id": result.program.pk,
        "version": result.program.version,
    }
