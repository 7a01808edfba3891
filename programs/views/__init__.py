"""Pages of programs."""

from programs.views.edit import autosave, program_edit
from programs.views.life import program_delete, program_move
from programs.views.live import choices, dollars, proposed_goals
from programs.views.pages import program_detail, program_goals, program_list
from programs.views.results import program_results
from programs.views.versions import program_history, restore

__all__ = [
    "autosave",
    "choices",
    "dollars",
    "program_delete",
    "program_detail",
    "program_edit",
    "program_goals",
    "program_history",
    "program_list",
    "program_move",
    "program_results",
    "proposed_goals",
    "restore",
]
