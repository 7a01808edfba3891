"""What: programs, and all that belongs to one."""

from programs.models.classification import OtherSector, PolicyMarker, ProgramGoal, ProgramSector
from programs.models.editing import ConfirmedWarning, SharingChange, StageChange, UpdateReminder, WorkingCopy
from programs.models.finding import FindingWords
from programs.models.money import Budget, PlannedDisbursement, PlannedYear, Transaction
from programs.models.participation import Participation, RelatedProgram
from programs.models.places import Coverage, ProgramLocation
from programs.models.program import Program, ProgramTranslation
from programs.models.results import IndicatorPeriod, ProgramResult, ResultIndicator, Sustainability

__all__ = [
    "Budget",
    "ConfirmedWarning",
    "Coverage",
    "FindingWords",
    "IndicatorPeriod",
    "OtherSector",
    "Participation",
    "PlannedDisbursement",
    "PlannedYear",
    "PolicyMarker",
    "Program",
    "ProgramGoal",
    "ProgramLocation",
    "ProgramResult",
    "ProgramSector",
    "ProgramTranslation",
    "RelatedProgram",
    "ResultIndicator",
    "SharingChange",
    "StageChange",
    "Sustainability",
    "Transaction",
    "UpdateReminder",
    "WorkingCopy",
]
