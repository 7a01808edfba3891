"""The matrix: programs, money and overlaps laid side by side by goal and country, as one user may see them."""

from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from donors.models import Organization
from goals.models import Country, Goal
from programs.models import Program
from programs.overlap.models import Overlap
from programs.querysets import ANYWHERE, REGIONAL
from programs.region import counting

if TYPE_CHECKING:
    from donors.models import User


@dataclass
class Cell:
    """A goal in a country (or regional): programs that serve it there, their share of the money, open overlaps.

    `committed_usd` is in US dollars; a program's commitment counts by its percentages of goal and country.
    """

    goal: int | None
    country: str | None
    donor: int | None = None
    programs: int = 0
    committed_usd: Decimal = Decimal(0)
    disbursed_usd: Decimal = Decimal(0)
    overlaps: int = 0

    @property
    def is_empty(self) -> bool:
        return self.programs == 0

    @property
    def programs_query(self) -> str:
        """The query string of the list of programs that this cell counts."""
        scope = None if self.goal else Program.Scope.IN_SCOPE.value
        return self._query(goal=self.goal, country=self.country, donor=self.donor, scope=scope)

    @property
    def overlaps_query(self) -> str:
        """The query string of the list of overlaps that this cell counts."""
        state = Overlap.State.OPEN.value
        return self._query(state=state, goal=self.goal, country=self.country, donor=self.donor)

    @staticmethod
    def _query(**filters: object) -> str:
        return urlencode({name: value for name, value in filters.items() if value is not None})


@dataclass
class Matrix:
    """Goals x countries, with the regional programs as one column more, and totals."""

    goals: list[Goal]
    columns: list[tuple[str, str]]
    cells: dict[tuple[int, str], Cell]
    goal_totals: dict[int, Cell]
    column_totals: dict[str, Cell]
    total: Cell
    # How many goals are a gap in each column, as gaps.py finds them; of all donors together alone.
    gaps: Counter[str] = field(default_factory=Counter)

    def cell_of(self, goal: int | None, column: str | None) -> Cell:
        """A cell, or the total of a goal, of a column or of all, where the other is None."""
        if goal is None:
            return self.total if column is None else self.column_totals[column]
        return self.goal_totals[goal] if column is None else self.cells[goal, column]

    def rows(self) -> list[dict[str, Any]]:
        """A row for each goal, for templates."""
        return [
            {
                "goal": goal,
                "cells": [self.cells[goal.number, code] for code, _name in self.columns],
                "total": self.goal_totals[goal.number],
            }
            for goal in self.goals
        ]

    def by_country(self) -> list[dict[str, Any]]:
        """The same by country, for narrow screens."""
        return [
            {
                "code": code,
                "name": name,
                "cells": [(goal, self.cells[goal.number, code]) for goal in self.goals],
                "total": self.column_totals[code],
                "gaps": self.gaps[code],
            }
            for code, name in self.columns
        ]


def matrix(user: "User", regional_name: str, counted: counting.Cells, donor: Organization | None = None) -> Matrix:
    """The 5 x 7 matrix and its regional column for what `user` may see: three queries, whatever the size.

    `counted` are its cells; of a `donor` they are what it funds, its share of the money.
    """
    goals = list(Goal.objects.all())
    seven = sorted(
        ((country.code, country.name) for country in Country.objects.filter(in_carsi=True)), key=lambda c: c[1]
    )
    columns = [*seven, (REGIONAL, regional_name)]
    of = donor.pk if donor else None
    found = Matrix(
        goals,
        columns,
        cells={(goal.number, code): Cell(goal.number, code, of) for goal in goals for code, _name in columns},
        goal_totals={goal.number: Cell(goal.number, ANYWHERE, of) for goal in goals},
        column_totals={code: Cell(None, code, of) for code, _name in columns},
        total=Cell(None, ANYWHERE, of),
    )
    for (goal, column), figures in counted.items():
        cell = found.cell_of(goal, column)
        cell.programs, cell.committed_usd, cell.disbursed_usd = figures
    pairs = Overlap.objects.visible_to(user).open()
    met = counting.overlaps(pairs if donor is None else pairs.of_donor(donor))
    for (goal, column), number in met.items():
        found.cell_of(goal, column).overlaps = number
    return found
