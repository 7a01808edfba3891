"""Makes migrating fast: triggers, constraints and indexes change no field of a model, other words no column.

Django draws up a model again after whatever changes it, together with every model that has to do with it. After those
kinds of changes that took more than half of the time of a first migration.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db.migrations import AddConstraint, AddIndex, AlterField, RemoveConstraint, RemoveIndex
from django.db.migrations.state import ProjectState
from django.db.models import Field
from pgtrigger.migrations import AddTrigger, RemoveTrigger

StateForwards = Callable[[Any, str, ProjectState], None]
# What they add to or take from, they call `option_name`: an option of the model's Meta.
OF_OPTIONS: tuple[Any, ...] = (AddConstraint, RemoveConstraint, AddIndex, RemoveIndex, AddTrigger, RemoveTrigger)

# What of a field is for forms and readers alone: neither the database nor a query knows it.
OF_FORMS = {"blank", "choices", "editable", "error_messages", "help_text", "validators", "verbose_name"}


def options_leave_models_as_they_are() -> None:
    """From now on a model that was drawn up keeps its class when one of those changes, and knows the new ones; and when
    a field is called otherwise, which the class need not know."""
    for operation in OF_OPTIONS:
        if not hasattr(operation.state_forwards, "__wrapped__"):
            operation.state_forwards = _in_place(operation.state_forwards)
    if not hasattr(AlterField.state_forwards, "__wrapped__"):
        altered: Any = AlterField
        altered.state_forwards = _where_the_column_changes(AlterField.state_forwards)


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


def _where_the_column_changes(state_forwards: StateForwards) -> StateForwards:
    @wraps(state_forwards)
    def changed(self: Any, app_label: str, state: ProjectState) -> None:
        before = state.models[app_label, self.model_name_lower].fields[self.name]
        if "apps" not in state.__dict__ or _column(before) != _column(self.field):
            state_forwards(self, app_label, state)
            return
        drawn = state.__dict__.pop("apps")
        state_forwards(self, app_label, state)
        state.__dict__["apps"] = drawn

    return changed


def _column(field: Field) -> tuple[Any, ...]:
    """All of a field but what is for forms."""
    _name, path, args, options = field.deconstruct()
    return path, args, {name: value for name, value in options.items() if name not in OF_FORMS}
