"""What of the programs' money counts for a country, a goal, a donor or an area: each question one statement."""

from collections.abc import Collection
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from core.money import UsdSum
from goals.codes import REGIONS_AROUND
from programs.codes import OUTGOING, TransactionType, sql_list
from programs.money.asking import money_from, planned_of, sums_of
from programs.money.once import Once
from programs.money.plans import PLANNED
from programs.money.sql import FUNDED, LOCATED, PLACED, SHOWN, asked_of
from programs.region.counting import programs_counted

if TYPE_CHECKING:
    from programs.reports.subjects import Subject, Viewer

# `here`: the part of one of each program that counts, and its country where the subject is laid out by countries. With
# the table that it is made of.
_HERE = {
    "country": (
        PLACED,
        """here AS (
    SELECT program_id, NULL AS country, true AS is_stated, share AS weight FROM placed WHERE country_id = %s
)""",
    ),
    "goal": (
        PLACED,
        """here AS (
    SELECT l.program_id, l.country_id AS country, true AS is_stated, g.percentage / 100 * l.share AS weight
    FROM placed l JOIN programs_programgoal g ON g.program_id = l.program_id AND g.goal_id = %s
    LEFT JOIN goals_country k ON k.code = l.country_id WHERE k.in_carsi OR l.region_id IN {regions}
)""",
    ),
    "donor": (
        FUNDED,
        """here AS (
    SELECT program_id, NULL AS country, is_stated, share AS weight FROM funded WHERE organization_id = %s
)""",
    ),
    "area": (
        LOCATED,
        """here AS (
    SELECT l.program_id, NULL AS country, true AS is_stated, l.share AS weight
    FROM located l JOIN goals_area a ON a.code = l.area_id WHERE %s IN (a.code, a.parent_id)
)""",
    ),
}
_MONEY = """
SELECT COALESCE(sum(committed_usd * weight), 0), COALESCE(sum(disbursed_usd * weight), 0)
FROM shown s JOIN here ON program_id = s.id
"""
_COLUMN = {
    "goal": ("g.goal_id", "* g.percentage / 100", "JOIN programs_programgoal g ON g.program_id = s.id"),
    "country": ("h.country", "", ""),
}
# Programs are counted whatever their money counts: a duplicate report is a program too.
_BY_COLUMN = """
SELECT {column}, count(DISTINCT s.id) FILTER (WHERE h.is_stated), COALESCE(sum(s.committed_usd * h.weight {part}), 0)
FROM shown s JOIN here h ON h.program_id = s.id {join} GROUP BY 1
"""
_BY_DONOR = """
SELECT f.organization_id, {column}, count(DISTINCT s.id) FILTER (WHERE f.is_stated),
    COALESCE(sum(s.committed_usd * h.weight * f.share {part}), 0)
FROM shown s JOIN here h ON h.program_id = s.id JOIN funded f ON f.program_id = s.id {join}
WHERE f.organization_id = ANY(%s) GROUP BY 1, 2
"""
_BY_YEAR = """
SELECT extract(year FROM t.date)::int,
    COALESCE(sum({worth} * s.committed_part * h.weight) FILTER (WHERE t.type = {commitment}), 0),
    COALESCE(sum({worth} * s.disbursed_part * h.weight) FILTER (WHERE t.type <> {commitment}), 0)
FROM shown s JOIN here h ON h.program_id = s.id JOIN programs_transaction t ON t.program_id = s.id
WHERE NOT s.twice AND t.type IN {moved} AND t.date IS NOT NULL GROUP BY 1 ORDER BY 1
"""
_PLANNED_BY_YEAR = """
SELECT p.year, p.currency, sum(p.amount * h.weight)
FROM planned p JOIN here h ON h.program_id = p.program_id GROUP BY 1, 2
"""
_PLANNED_BY_DONOR = """
SELECT f.organization_id, p.year, p.currency, sum(p.amount * h.weight * f.share)
FROM planned p JOIN here h ON h.program_id = p.program_id JOIN funded f ON f.program_id = p.program_id GROUP BY 1, 2, 3
"""
_CODES: dict[str, Any] = {
    "commitment": TransactionType.COMMITMENT.value,
    "moved": sql_list(OUTGOING),
    "regions": sql_list(REGIONS_AROUND),
}


class Weighed:
    """The money of a subject as one viewer's sums count it, in US dollars, each dollar once.

    Each sum carries what it leaves out.
    """

    def __init__(self, subject: "Subject", viewer: "Viewer", once: Once) -> None:
        self.subject, self.once = subject, once
        self._programs = (
            money_from(programs_counted(viewer), [int(subject.key)], self.once)
            if subject.kind == "donor"
            else subject.programs
        )

    @property
    def twice(self) -> Collection[int]:
        """Programs that are a duplicate report of funds which another program has."""
        return self.once.twice

    def money(self) -> tuple[Decimal, Decimal]:
        """Committed, and disbursed or spent."""
        ((committed, disbursed),) = self._ask(_MONEY, keys=0, sums=(0, 1))
        return committed, disbursed

    def by_column(self) -> dict[Any, tuple[int, Decimal]]:
        """Goal, or country (None: the region as a whole) -> programs, and committed."""
        return {column: (programs, usd) for column, programs, usd in self._ask(_BY_COLUMN, keys=1, sums=(2,))}

    def by_donor(self, donors: Collection[int]) -> list[tuple[int, Any, int, Decimal]]:
        """(donor, goal or country, programs, committed) of these donors."""
        return self._ask(_BY_DONOR, list(donors), keys=2, sums=(3,))  # type: ignore[return-value]

    def by_year(self) -> list[tuple[int, Decimal, Decimal]]:
        """(year, committed, disbursed or spent) by the date of the transaction, the earliest first."""
        return self._ask(_BY_YEAR, keys=1, sums=(1, 2))  # type: ignore[return-value]

    def planned_by_year(self, first: int, last: int) -> dict[int, UsdSum]:
        """Year -> planned."""
        return self._planned(_PLANNED_BY_YEAR, first, last).get((), {})

    def planned_by_donor(self, first: int, last: int) -> dict[int, dict[int, UsdSum]]:
        """Donor -> year -> planned."""
        return {donor: years for (donor,), years in self._planned(_PLANNED_BY_DONOR, first, last).items()}

    def _planned(self, statement: str, first: int, last: int) -> dict[tuple[Any, ...], dict[int, UsdSum]]:
        of, here = _HERE[self.subject.kind]
        tables = [SHOWN, *([FUNDED] if statement is _PLANNED_BY_DONOR else []), of, PLANNED, here]
        asked = asked_of(statement, *dict.fromkeys(tables))
        return planned_of(self._programs, self.once, asked, (first, last), self.subject.key, **_CODES)

    def _ask(self, statement: str, *params: Any, keys: int, sums: Collection[int]) -> list[tuple[Any, ...]]:
        of, here = _HERE[self.subject.kind]
        tables = [SHOWN, *([FUNDED] if statement is _BY_DONOR else []), of, here]
        column, part, join = _COLUMN[self.subject.by]
        asked = asked_of(statement, *tables)
        params = (self.subject.key, *params)
        names = {"column": column, "part": part, "join": join, **_CODES}
        return sums_of(self._programs, self.once, asked, *params, keys=keys, sums=sums, **names)
