"""Stored programs as what could be said of them: for showing, comparing, exporting and putting back."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any

from programs.models import Program
from programs.services.data import GoalData, ProgramData
from programs.services.lists import COLUMNS, LISTS, names_of


@dataclass(frozen=True)
class StoredProgram:
    """A program as it is in one version; `data.goals` are its goals, be they proposed or set by a person."""

    id: int
    version: int
    stage: str
    goals_proposed: bool
    data: ProgramData
    # When somebody last saved it; None where it is not known.
    updated_at: datetime | None = field(default=None, compare=False)

    @property
    def original(self) -> ProgramData:
        """What saving takes to leave the program as it is: goals are named only where a person set them."""
        values = {one.name: getattr(self.data, one.name) for one in fields(ProgramData)}
        return ProgramData(**{**values, "goals": None}) if self.goals_proposed else self.data


def stored_programs(programs: Iterable[Program], *, only: Collection[str] = tuple(LISTS)) -> list[StoredProgram]:
    """The programs with their lists (those of `only`; the others are empty), in the order given.

    A query a list, however many programs.
    """
    programs = list(programs)
    lists = _lists([program.pk for program in programs], only)
    return [_stored(program, lists) for program in programs]


def _stored(program: Program, lists: dict[str, dict[int, list[Any]]]) -> StoredProgram:
    stated: dict[str, Any] = {column: getattr(program, column) for column in COLUMNS}
    stated |= {attribute: tuple(rows.get(program.pk, ())) for attribute, rows in lists.items()}
    return StoredProgram(
        id=program.pk,
        version=program.version,
        stage=program.stage,
        goals_proposed=program.goals_origin == Program.GoalsOrigin.PROPOSED,
        data=ProgramData(reporting_org_id=program.reporting_org_id, identifier=program.identifier, **stated),
        updated_at=program.updated_at,
    )


def _lists(ids: Sequence[int], only: Collection[str]) -> dict[str, dict[int, list[Any]]]:
    """List -> program -> its rows in the order in which they were made."""
    found: dict[str, dict[int, list[Any]]] = {attribute: {} for attribute in LISTS}
    if not ids:
        return found
    for attribute in only:
        model, row_type = LISTS[attribute]
        names = names_of(row_type)
        rows = model._default_manager.filter(program__in=ids).order_by("pk").values_list("program_id", *names)
        for program, *values in rows:
            row = row_type(*values)
            if isinstance(row, GoalData):
                row = GoalData(row.goal_id, row.percentage, tuple(row.reasons))
            found[attribute].setdefault(program, []).append(row)
    return found
