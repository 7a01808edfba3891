"""The money's way as pages, sheets and scripts show it: names, addresses, and a drawing of few nodes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from core.money import left_out_of
from core.templatetags.figures import left_out_words, usd
from donors.models import Organization
from goals.models import Country, Goal
from programs.money.flows import STEPS, Flow, Flows, Node, Stage

# A drawing shows so many nodes of a stage; the others are one.
DRAWN = 12
OTHERS = "others"
# A table shows so many rows, and says how many there are: a browser has trouble with tens of thousands.
MOST_ROWS = 200
# Their nodes are organizations.
BODIES = (Stage.DONOR, Stage.BY_WAY, Stage.CARRIER)


class Names:
    """The names of nodes, in the reader's language: three queries."""

    def __init__(self, flows: Flows) -> None:
        nodes = {node for flow in flows.flows for node in (flow.source, flow.target)}
        keys = {node.key for node in nodes if node.key.isdecimal() and node.stage in BODIES}
        self._bodies = Organization.objects.in_bulk([int(key) for key in keys])
        self._countries = {country.pk: country.name for country in Country.objects.filter(in_carsi=True)}
        self._goals = {str(goal.pk): str(goal) for goal in Goal.objects.all()}

    def short(self, node: Node) -> str:
        """The same, shorter: an organization's short name, if it has one."""
        is_body = node.stage in BODIES and node.key.isdecimal()
        return str(self._bodies[int(node.key)]) if is_body else self.of(node)

    def of(self, node: Node) -> str:
        """What a node is called; what programs do not state says so."""
        if node.stage == Stage.PLACE:
            return self._countries.get(node.key) or {
                "regional": _("Regional"), "elsewhere": _("Other countries"), OTHERS: _("Others"),
            }.get(node.key, _("No country stated"))  # fmt: skip
        if node.stage == Stage.GOAL:
            return self._goals.get(node.key) or _("No goal known")
        if node.key.isdecimal():
            return self._bodies[int(node.key)].name
        return (
            _("Others")
            if node.key == OTHERS
            else {
                Stage.DONOR: _("No donor stated"),
                Stage.CARRIER: _("No implementing organization stated"),
                Stage.BY_WAY: "",
            }[node.stage]
        )


def address_of(flow: Flow, selection: dict[str, str]) -> str:
    """The page with the programs behind a flow, of the same selection."""
    ends = {"source": written(flow.source), "target": written(flow.target)}
    return f"{reverse('region:money_behind')}?{urlencode({**selection, **ends})}"


def written(node: Node) -> str:
    """A node in an address: "donor:5"; without a key where programs do not state it."""
    return f"{node.stage}:{node.key}"


def read(text: str) -> Node | None:
    """The node that `written` wrote; None for anything else."""
    stage, colon, key = text.partition(":")
    return Node(Stage(stage), key) if colon and stage in Stage.values else None


@dataclass(frozen=True)
class Way:
    """What the page shows: the sum of all, a table for two stages each, and the drawing."""

    total: Decimal
    tables: list[dict[str, Any]]
    drawing: dict[str, Any]


def way_of(flows: Flows, selection: dict[str, str]) -> Way:
    """The page of these flows, in the reader's language."""
    names = Names(flows)
    return Way(flows.total, tables(flows, names, selection), drawing(flows, names, selection))


def tables(flows: Flows, names: Names, selection: dict[str, str]) -> list[dict[str, Any]]:
    """The flows between two stages each, the largest MOST_ROWS, as rows of names with the address of what is behind
    them; `number` of all."""
    between: dict[tuple[Stage, Stage], list[Flow]] = {}
    for flow in flows.flows:
        between.setdefault((flow.source.stage, flow.target.stage), []).append(flow)
    return [
        {
            "source": str(source.label),
            "target": str(target.label),
            "number": len(between[source, target]),
            "rows": [
                {
                    "source": names.of(flow.source),
                    "target": names.of(flow.target),
                    "usd": flow.usd,
                    "programs": flow.programs,
                    "address": address_of(flow, selection),
                }
                for flow in between[source, target][:MOST_ROWS]
            ],
        }
        for source, target in STEPS
        if (source, target) in between
    ]


def drawing(flows: Flows, names: Names, selection: dict[str, str]) -> dict[str, Any]:
    """Nodes and links for d3-sankey: the largest nodes of each stage, the others as one. Sums below zero cannot be
    drawn; the tables have them."""
    largest = {stage: list(flows.nodes(stage))[:DRAWN] for stage in Stage}

    def drawn(node: Node) -> Node:
        return node if node.key in largest[node.stage] or not node.key else Node(node.stage, OTHERS)

    sums: dict[tuple[Node, Node], Decimal] = {}
    alone: dict[tuple[Node, Node], Flow] = {}
    for flow in flows.flows:
        ends = (drawn(flow.source), drawn(flow.target))
        sums[ends] = sums.get(ends, Decimal(0)) + flow.usd
        if ends == (flow.source, flow.target):
            alone[ends] = flow
    links = {ends: amount for ends, amount in sums.items() if amount > 0}
    nodes = list(dict.fromkeys(node for ends in links for node in ends))
    return {
        "nodes": [
            {
                "id": written(node),
                "name": names.short(node),
                "full": names.of(node),
                "stage": list(Stage).index(node.stage),
            }
            for node in nodes
        ],
        "links": [
            {
                "source": written(source),
                "target": written(target),
                "value": float(amount),
                "said": usd(amount.quantize(Decimal(1))),
                "address": address_of(alone[source, target], selection) if (source, target) in alone else "",
            }
            for (source, target), amount in links.items()
        ],
        "stages": [str(stage.label) for stage in Stage],
    }


def sheet(flows: Flows, names: Names) -> Iterator[Sequence[str]]:
    """The table of all flows: from, to, US dollars, programs; its last row is the total with what it leaves out."""
    yield [_("From"), _("Name"), _("To"), _("Name"), _("Committed (US dollars)"), _("Programs"), _("Left out")]
    for flow in flows.flows:
        yield [
            str(flow.source.stage.label), names.of(flow.source), str(flow.target.stage.label), names.of(flow.target),
            f"{flow.usd:.2f}", str(flow.programs), "",
        ]  # fmt: skip
    left_out = left_out_of(flows.total)
    yield [_("Total"), "", "", "", f"{flows.total:.2f}", "", left_out_words(left_out) if left_out else ""]
