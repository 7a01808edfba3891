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
from programs.services.edit import drop_working_copy, edit_program, keep_working_copy, new_token, propose_identifier
from programs.services.goals import confirm_goals, propose_for
from programs.services.lifecycle import (
    MOVES,
    archive_program,
    delete_program,
    move_program,
    moves_open_to,
    take_back_programs,
)
from programs.services.results import (
    MOST_INDICATORS,
    MOST_PERIODS,
    IndicatorData,
    Outlook,
    OutlookChange,
    PeriodData,
    ResultData,
    SustainabilityData,
    save_outlook,
    stored_outlooks,
)
from programs.services.save import ProgramSaver, Saved, save_program
from programs.services.save_many import ManySaver, Wanted
from programs.services.stored import StoredProgram, stored_programs

__all__ = [
    "MOST_INDICATORS",
    "MOST_PERIODS",
    "MOVES",
    "BudgetData",
    "CoverageData",
    "GoalData",
    "IndicatorData",
    "LocationData",
    "ManySaver",
    "MarkerData",
    "Outlook",
    "OutlookChange",
    "ParticipationData",
    "PeriodData",
    "ProgramData",
    "ProgramSaver",
    "RelatedData",
    "ResultData",
    "Saved",
    "SectorData",
    "StoredProgram",
    "SustainabilityData",
    "TransactionData",
    "TranslationData",
    "Wanted",
    "archive_program",
    "confirm_goals",
    "delete_program",
    "drop_working_copy",
    "edit_program",
    "keep_working_copy",
    "move_program",
    "moves_open_to",
    "new_token",
    "propose_for",
    "propose_identifier",
    "save_outlook",
    "save_program",
    "stored_outlooks",
    "stored_programs",
    "take_back_programs",
]
