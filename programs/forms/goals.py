"""Forms of programs."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.errors import EditConflict
from goals.models import Goal
from programs.models import Program
from programs.services import GoalData


class GoalsForm(forms.Form):
    """The percentage of each goal; all empty means outside the five goals."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, program: Program, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"].initial = program.version
        stored = {row.goal_id: row.percentage for row in program.goals.all()}
        for goal in Goal.objects.all():
            self.fields[f"goal_{goal.number}"] = forms.DecimalField(
                label=str(goal),
                required=False,
                min_value=Decimal(0),
                max_value=Decimal(100),
                max_digits=5,
                decimal_places=2,
                initial=stored.get(goal.number),
                widget=forms.NumberInput(attrs={"class": "usa-input", "inputmode": "decimal"}),
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        total = sum((row.percentage for row in self.goals(cleaned)), Decimal(0))
        if not self.errors and total not in (0, 100):
            raise forms.ValidationError(
                _("The percentages add up to %(total)s; they must make 100, or all be empty."),
                params={"total": total},
            )
        return cleaned

    def goals(self, cleaned: dict[str, Any] | None = None) -> list[GoalData]:
        """What was entered, for the service."""
        entered = self.cleaned_data if cleaned is None else cleaned
        return [
            GoalData(int(name.removeprefix("goal_")), value)
            for name, value in entered.items()
            if name.startswith("goal_") and value
        ]

    def overwrite(self, change: EditConflict) -> None:
        """Says that somebody else was first; what was entered stays in its fields, to be saved over the new version."""
        self.add_error(None, str(change.message))
        self.data = {**dict(self.data.items()), "version": change.version}
