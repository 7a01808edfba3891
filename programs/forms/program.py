"""The fields of the program form that stand once: what, when, goals, visibility."""

from dataclasses import fields
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.dates import END_BEFORE_START
from donors.models import Organization
from goals.codes import GOALS
from goals.models import Goal
from programs.forms.fields import DayField, ShareField
from programs.models import Program
from programs.models.program import LANGUAGE_CODE
from programs.services import GoalData, ProgramData

LANGUAGES = [("en", _("English")), ("es", _("Spanish")), ("pt", _("Portuguese")), ("fr", _("French"))]
PROPOSED, BY_ME = "proposed", "me"


class OrganizationChoice(forms.ModelChoiceField):
    def label_from_instance(self, organization: Any) -> str:
        return organization.name


class ProgramForm(forms.Form):
    """What a program is, but for its lists. All may be empty in a draft; what is there must be readable."""

    reporting_org = OrganizationChoice(
        label=_("Your organization"), queryset=Organization.objects.none(), empty_label=None
    )
    identifier = forms.CharField(
        label=_("Identifier"),
        required=False,
        max_length=255,
        help_text=_(
            "Your own reference for the program, unique within your organization. If you leave it empty, the "
            "portal proposes one."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    title = forms.CharField(
        label=_("Title"),
        required=False,
        max_length=1000,
        help_text=_("A clear title: what the program does and where."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    description = forms.CharField(
        label=_("Description"),
        required=False,
        max_length=20_000,
        help_text=_("Who does what for whom. The portal uses these words to find overlaps and goals."),
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    language = forms.ChoiceField(label=_("Language of title and description"), choices=LANGUAGES)
    status = forms.TypedChoiceField(
        label=pgettext_lazy("program", "Status"),
        required=False,
        empty_value=None,
        coerce=int,
        choices=[("", _("Choose …")), *Program.Status.choices],
    )
    planned_start = DayField(label=_("Planned start"))
    planned_end = DayField(label=_("Planned end"))
    actual_start = DayField(label=_("Actual start"))
    actual_end = DayField(label=_("Actual end"))
    goals_by = forms.ChoiceField(
        label=_("Goals set by"),
        choices=[(PROPOSED, _("The portal (proposed from sectors and text)")), (BY_ME, _("Me"))],
        widget=forms.RadioSelect,
        initial=PROPOSED,
        required=False,
    )
    visibility = forms.ChoiceField(
        label=_("Who can see the program after publication"),
        choices=Program.Visibility,
        widget=forms.RadioSelect,
        initial=Program.Visibility.PARTNERS,
    )

    def __init__(self, *args: Any, organizations: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reporting_org"].queryset = organizations  # type: ignore[attr-defined]
        typed = (self.data.get("language") if self.is_bound else "") or self.initial.get("language") or ""
        if typed not in dict(LANGUAGES) and LANGUAGE_CODE.regex.search(typed):  # type: ignore[union-attr]
            self.fields["language"].choices = [*LANGUAGES, (typed, typed)]  # type: ignore[attr-defined]
        for goal in Goal.objects.all():
            self.fields[f"goal_{goal.number}"] = ShareField(label=str(goal), help_text=goal.name)

    @property
    def goal_fields(self) -> list[forms.BoundField]:
        """The five percentages."""
        return [self[f"goal_{number}"] for number in GOALS if f"goal_{number}" in self.fields]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for first, last in (("planned_start", "planned_end"), ("actual_start", "actual_end")):
            start, end = cleaned.get(first), cleaned.get(last)
            if start and end and end < start:
                self.add_error(last, ValidationError(END_BEFORE_START))
        return cleaned

    @property
    def entered_goals(self) -> tuple[GoalData, ...]:
        shares = {number: self.cleaned_data.get(f"goal_{number}") for number in GOALS}
        return tuple(GoalData(number, share) for number, share in shares.items() if share)

    @property
    def goals(self) -> tuple[GoalData, ...] | None:
        """The goals that the person set, none of them meaning outside the five; None where the portal proposes."""
        entered = self.entered_goals
        return entered if entered or self.cleaned_data.get("goals_by") == BY_ME else None

    @property
    def plain_values(self) -> dict[str, Any]:
        """The attributes of ProgramData that could be read."""
        return {name: self.cleaned_data[name] for name in PLAIN if name in self.cleaned_data}


# Fields of the form that are attributes of ProgramData as they are; an empty identifier is proposed.
PLAIN = tuple(
    one.name for one in fields(ProgramData) if one.name in ProgramForm.base_fields and one.name != "identifier"
)
