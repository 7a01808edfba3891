"""Forms of programs."""

from programs.forms.editor import ProgramEditor
from programs.forms.goals import GoalsForm

__all__ = ["GoalsForm", "ProgramEditor"]
