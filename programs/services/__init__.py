"""Every change to programs. Browser form, API, import and demonstration data all come through here."""

from programs.services.data import (
    BudgetData,
    CoverageData,
    GoalData,
    LocationData,
    MarkerData,
    ParticipationData,
    ProgramData,
    RelatedData,
    SectorData,
    TransactionData,
    TranslationData,
)
from programs.services.goals import confirm_goals, propose_for
from programs.services.lifecycle import archive_program, delete_program, take_back_programs
from programs.services.save import ProgramSaver, Saved, save_program
from programs.services.save_many import ManySaver, Wanted
from programs.services.stored import StoredProgram, stored_programs

__all__ = [
    "BudgetData",
    "CoverageData",
    "GoalData",
    "LocationData",
    "ManySaver",
    "MarkerData",
    "ParticipationData",
    "ProgramData",
    "ProgramSaver",
    "RelatedData",
    "Saved",
    "SectorData",
    "StoredProgram",
    "TransactionData",
    "TranslationData",
    "Wanted",
    "archive_program",
    "confirm_goals",
    "delete_program",
    "propose_for",
    "save_program",
    "stored_programs",
    "take_back_programs",
]
