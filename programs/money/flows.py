"""The money's way: from donors, by way of others, to who carries programs out, to countries and goals.

Every stage adds up to the same: what the programs commit, each dollar once (programs/money/once.py). What is not
stated has a node of its own at each stage, so that nothing is lost between them.
"""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from programs.codes import Role
from programs.models import Program
from programs.money.asking import ask_of, sums_of_shown
from programs.money.once import Once
from programs.money.sql import FUNDED, PLACED, SHOWN, asked_of

if TYPE_CHECKING:
    from programs.querysets import ProgramQuerySet


class Stage(models.TextChoices):
    """The stages of the money's way, in their order."""

    DONOR = "donor", _("Donors")
    BY_WAY = "by_way", _("By way of")
    CARRIER = "carrier", _("Carried out by")
    PLACE = "place", _("Countries")
    GOAL = "goal", _("Goals")


# Between which stages money goes: straight from the donor to who carries a program out, if nothing is between them.
STEPS = (
    (Stage.DONOR, Stage.BY_WAY),
    (Stage.DONOR, Stage.CARRIER),
    (Stage.BY_WAY, Stage.CARRIER),
    (Stage.CARRIER, Stage.PLACE),
    (Stage.PLACE, Stage.GOAL),
)
# Each table: program, node (null: not stated), share of one; a node once for each program. The shares of a program add
# up to one, but `by_way` has only those whose money goes by way of others: extending organizations, or else funders
# that pass it on.
_NODES = """
paying AS MATERIALIZED (
    SELECT id, committed_usd FROM shown WHERE committed_usd <> 0
), donor AS (
    SELECT program_id, organization_id AS node, share FROM funded WHERE share > 0
    UNION ALL
    SELECT id, NULL, 1 FROM paying WHERE id NOT IN (SELECT program_id FROM funded)
    UNION ALL
    SELECT program_id, NULL, 1 - sum(share) FROM funded
    WHERE program_id IN (SELECT program_id FROM inherited UNION ALL SELECT program_id FROM said)
    GROUP BY 1 HAVING 1 - sum(share) > 0.000001
), between AS (
    SELECT program_id, organization_id FROM programs_participation
    WHERE role = {extending} AND program_id IN (SELECT id FROM shown)
    UNION
    SELECT f.program_id, f.organization_id FROM funder f WHERE f.program_id IN (SELECT program_id FROM inherited)
        AND NOT EXISTS (
            SELECT FROM inherited i WHERE i.program_id = f.program_id AND i.organization_id = f.organization_id
        )
), by_way AS (
    SELECT program_id, organization_id AS node, 1.0 / count(*) OVER (PARTITION BY program_id) AS share
    FROM between
), carrying AS (
    SELECT program_id, organization_id FROM programs_participation
    WHERE role = {implementing} AND program_id IN (SELECT id FROM shown)
), together AS (
    SELECT program_id, count(*) AS bodies FROM carrying GROUP BY 1 HAVING count(*) > 1
), carrier AS (
    SELECT p.id AS program_id, c.organization_id AS node,
        CASE WHEN v.bodies IS NULL THEN 1.0 ELSE 1.0 / v.bodies END AS share
    FROM paying p LEFT JOIN carrying c ON c.program_id = p.id LEFT JOIN together v ON v.program_id = p.id
), located AS (
    SELECT program_id, COALESCE(place, 'elsewhere') AS node, share, is_only_place FROM placed
), place AS (
    SELECT program_id, node, share FROM located WHERE is_only_place
    UNION ALL
    SELECT program_id, node, sum(share) FROM located WHERE NOT is_only_place GROUP BY 1, 2
    UNION ALL
    SELECT id, NULL, 1 FROM paying WHERE id NOT IN (SELECT program_id FROM located)
), goal AS (
    SELECT p.id AS program_id, g.goal_id AS node,
        CASE WHEN g.percentage < 100 THEN g.percentage * 0.01 ELSE 1 END AS share
    FROM paying p LEFT JOIN programs_programgoal g ON g.program_id = p.id
)"""
_STEP = """
SELECT '{source}' AS source, COALESCE(a.node::text, '') AS source_node, '{target}' AS target,
    COALESCE(b.node::text, '') AS target_node, sum(s.committed_usd * a.share * b.share), count(*)
FROM paying s JOIN {source} a ON a.program_id = s.id JOIN {target} b ON b.program_id = s.id {only}
GROUP BY a.node, b.node
"""
_PROGRAMS = """
SELECT s.id, sum(s.committed_usd * a.share * b.share)
FROM paying s JOIN {source} a ON a.program_id = s.id AND COALESCE(a.node::text, '') = %s
JOIN {target} b ON b.program_id = s.id AND COALESCE(b.node::text, '') = %s {only}
GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT {limit}
"""
_DIRECT = "WHERE s.id NOT IN (SELECT program_id FROM by_way)"
_CODES: dict[str, Any] = {
    "extending": Role.EXTENDING.value,
    "implementing": Role.IMPLEMENTING.value,
}
MOST_PROGRAMS = 500


def _filled(statement: str, source: Stage, target: Stage, **names: Any) -> str:
    only = _DIRECT if (source, target) == (Stage.DONOR, Stage.CARRIER) else ""
    return statement.format(source=source.value, target=target.value, only=only, **names)


_FLOWS = asked_of(
    " UNION ALL ".join(f"({_filled(_STEP, *step)})" for step in STEPS) + " ORDER BY 1, 5 DESC, 2, 4",
    SHOWN, FUNDED, PLACED, _NODES,
)  # fmt: skip


@dataclass(frozen=True)
class Node:
    """A donor, an organization, a country or a goal; `key` is empty where programs do not state it."""

    stage: Stage
    key: str


@dataclass(frozen=True)
class Flow:
    """Committed US dollars between two nodes, of so many programs."""

    source: Node
    target: Node
    usd: Decimal
    programs: int


@dataclass(frozen=True)
class Flows:
    """The money's way of a selection. `total` is what its programs commit, with what it leaves out."""

    total: Decimal
    flows: list[Flow] = field(default_factory=list)

    def of(self, source: Stage, target: Stage) -> list[Flow]:
        """The flows between two stages, the largest first."""
        return [flow for flow in self.flows if (flow.source.stage, flow.target.stage) == (source, target)]

    def nodes(self, stage: Stage) -> dict[str, Decimal]:
        """The nodes of a stage with what goes through each, the largest first: what leaves it, or reaches the last."""
        sums: dict[str, Decimal] = {}
        for flow in self.flows:
            end = flow.target if stage == Stage.GOAL else flow.source
            if end.stage == stage:
                sums[end.key] = sums.get(end.key, Decimal(0)) + flow.usd
        return dict(sorted(sums.items(), key=lambda item: (-item[1], item[0])))


def flows_of(programs: "ProgramQuerySet", once: Once) -> Flows:
    """The money's way of these programs, which `once` is for: two statements, and what the total needs."""
    total, _disbursed = sums_of_shown(programs, once)
    rows = ask_of(programs, once, _FLOWS, **_CODES)
    return Flows(
        total if total is not None else Decimal(0),
        [
            Flow(Node(Stage(source), source_node), Node(Stage(target), target_node), usd, number)
            for source, source_node, target, target_node, usd, number in rows
            if usd
        ],
    )


def programs_behind(
    programs: "ProgramQuerySet", once: Once, source: Node, target: Node
) -> list[tuple[Program, Decimal]]:
    """The programs that a flow is made of with their part of it, the largest first, at most MOST_PROGRAMS."""
    if (source.stage, target.stage) not in STEPS:
        return []
    statement = asked_of(
        _filled(_PROGRAMS, source.stage, target.stage, limit=MOST_PROGRAMS), SHOWN, FUNDED, PLACED, _NODES
    )
    rows = ask_of(programs, once, statement, source.key, target.key, **_CODES)
    known = Program.objects.for_list().in_bulk([pk for pk, _usd in rows])
    return [(known[pk], usd) for pk, usd in rows if usd]
