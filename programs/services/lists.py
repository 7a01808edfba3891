"""The columns and the lists of a program: where they are kept, and what makes a stored list the wanted one."""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import fields
from functools import cache
from typing import Any

from django.db import models

from programs.models import (
    Budget,
    Coverage,
    OtherSector,
    Participation,
    PlannedDisbursement,
    PolicyMarker,
    ProgramGoal,
    ProgramLocation,
    ProgramSector,
    ProgramTranslation,
    RelatedProgram,
    Transaction,
)
from programs.services.data import (
    BudgetData,
    CoverageData,
    GoalData,
    LocationData,
    MarkerData,
    OtherSectorData,
    ParticipationData,
    PlannedDisbursementData,
    ProgramData,
    RelatedData,
    SectorData,
    TransactionData,
    TranslationData,
)

# The lists of a program: attribute of ProgramData -> where its rows are kept, and as what they are given.
LISTS: dict[str, tuple[type[models.Model], type]] = {
    "translations": (ProgramTranslation, TranslationData),
    "participations": (Participation, ParticipationData),
    "coverages": (Coverage, CoverageData),
    "locations": (ProgramLocation, LocationData),
    "goals": (ProgramGoal, GoalData),
    "sectors": (ProgramSector, SectorData),
    "other_sectors": (OtherSector, OtherSectorData),
    "policy_markers": (PolicyMarker, MarkerData),
    "transactions": (Transaction, TransactionData),
    "budgets": (Budget, BudgetData),
    "planned_disbursements": (PlannedDisbursement, PlannedDisbursementData),
    "related": (RelatedProgram, RelatedData),
}
# Those of them that are money, each with the column whose day dates an amount without a value date.
MONEY = {"transactions": "date", "budgets": "period_start", "planned_disbursements": "period_start"}
NOT_COLUMNS = {"reporting_org_id", "identifier", *LISTS}
# Where a program comes from: another file that says the same is no change.
NO_CHANGE_BY_ITSELF = frozenset({"source_name"})
COLUMNS = tuple(field.name for field in fields(ProgramData) if field.name not in NOT_COLUMNS)


@cache
def names_of(row_type: type) -> list[str]:
    """The values of a row of a list, in order."""
    return [field.name for field in fields(row_type)]


def difference(
    stored: Iterable[tuple[Any, ...]], wanted: Iterable[Any], names: list[str]
) -> tuple[list[int], list[Any]]:
    """What makes a stored list (key, then the values of `names`) the wanted one: keys to delete, rows to add."""
    wanted = list(wanted)
    left = Counter(_key(getattr(row, name) for name in names) for row in wanted)
    surplus: list[int] = []
    for pk, *values in stored:
        key = _key(values)
        if left[key] > 0:
            left[key] -= 1
        else:
            surplus.append(pk)
    missing = []
    for row in wanted:
        key = _key(getattr(row, name) for name in names)
        if left[key] > 0:
            left[key] -= 1
            missing.append(row)
    return surplus, missing


def _key(values: Iterable[Any]) -> tuple[Any, ...]:
    """Values of a row as something to count: JSON becomes its text, with the keys in one order (jsonb has its own)."""
    return tuple(json.dumps(value, sort_keys=True) if isinstance(value, list | tuple) else value for value in values)
