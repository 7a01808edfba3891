"""The money's way in the API."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.helpers import forced_singular_serializer
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.amounts import LeftOutField
from core.api.filters import check_page_size
from programs.filters import ProgramFilter
from programs.models import Program
from programs.money.flows import Flow, Node, Stage, flows_of
from programs.money.memory import Memory, once_kept
from programs.region.counting import programs_counted
from programs.region.money_way import Names


class MoneyNodeSerializer(serializers.Serializer):
    stage = serializers.ChoiceField(choices=Stage.choices)
    key = serializers.CharField(
        help_text="An organization's id, a country's code, `regional`, `elsewhere` or a goal's number. "
        "Empty: programs do not state it."
    )
    name = serializers.CharField()


class MoneyFlowSerializer(serializers.Serializer):
    # A field, and not where a value is read from.
    source = MoneyNodeSerializer()  # type: ignore[assignment]
    target = MoneyNodeSerializer()
    committed_usd = serializers.DecimalField(max_digits=24, decimal_places=2)
    programs = serializers.IntegerField()


class MoneySerializer(serializers.Serializer):
    """The way of the money of a selection of programs. At every stage the flows add up to `committed_usd`; where
    a program names no organization between them, money goes straight from donors to who carries it out."""

    committed_usd = serializers.DecimalField(max_digits=24, decimal_places=2, help_text="Each dollar once.")
    programs = serializers.IntegerField()
    left_out = LeftOutField(committed_usd="committed_usd")
    flows = MoneyFlowSerializer(many=True)


class MoneyViewSet(viewsets.GenericViewSet):
    """From donors, by way of others, to who carries programs out, to countries and goals."""

    queryset = Program.objects.none()
    serializer_class = MoneySerializer
    filterset_class = ProgramFilter
    pagination_class = None

    def get_queryset(self) -> QuerySet[Program]:
        return programs_counted(self.request.user)

    @extend_schema(responses=forced_singular_serializer(MoneySerializer))
    def list(self, request: Request) -> Response:
        check_page_size(request)
        programs: Any = self.filter_queryset(self.get_queryset())
        flows = flows_of(programs, once_kept(request.user, Memory(request.user)))
        names = Names(flows)
        answer = {
            "committed_usd": flows.total,
            "programs": programs.count(),
            "flows": [_flow(flow, names) for flow in flows.flows],
        }
        return Response(MoneySerializer(answer).data)


def _flow(flow: Flow, names: Names) -> dict[str, Any]:
    def node(of: Node) -> dict[str, str]:
        return {"stage": of.stage.value, "key": of.key, "name": names.of(of)}

    return {
        "source": node(flow.source),
        "target": node(flow.target),
        "committed_usd": flow.usd,
        "programs": flow.programs,
    }
