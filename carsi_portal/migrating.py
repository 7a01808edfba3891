"""Makes migrating fast: triggers, constraints and indexes change no field of a model.

Django draws up a model again after whatever changes it, together with every model that has to do with it. After those
three kinds of changes that took more than half of the time of a first migration.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db.migrations import AddConstraint, AddIndex, RemoveConstraint, RemoveIndex
from django.db.migrations.state import ProjectState
from pgtrigger.migrations import AddTrigger, RemoveTrigger

StateForwards = Callable[[Any, str, ProjectState], None]
# What they add to or take from, they call `option_name`: an option of the model's Meta.
OF_OPTIONS: tuple[Any, ...] = (AddConstraint, RemoveConstraint, AddIndex, RemoveIndex, AddTrigger, RemoveTrigger)


def options_leave_models_as_they_are() -> None:
    """From now on a model that was drawn up keeps its class when one of those changes, and knows the new ones."""
    for operation in OF_OPTIONS:
        if not hasattr(operation.state_forwards, "__wrapped__"):
            operation.state_forwards = _in_place(operation.state_forwards)


def _in_place(state_forwards: StateForwards) -> StateForwards:
    @wraps(state_forwards)
    def changed(self: Any, app_label: str, state: ProjectState) -> None:
        # A state without models that are drawn up has none to draw up again.
        drawn = state.__dict__.pop("apps", None)
        state_forwards(self, app_label, state)
        if drawn is not None:
            state.__dict__["apps"] = drawn
            name = self.model_name.lower()
            options = state.models[app_label, name].options
            setattr(drawn.all_models[app_label][name]._meta, self.option_name, options[self.option_name])

    return changed
