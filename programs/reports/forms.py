"""Forms of reports."""

from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.dates import OUT_OF_RANGE, is_plausible
from core.errors import Refused
from donors.models import Organization
from goals.models import Goal
from programs.filters import country_choices, donors
from programs.overlap.models import Overlap
from programs.reports import services
from programs.reports.models import OverlapReport


class SelectionForm(forms.Form):
    """Which overlaps; what is left open is all."""

    goal = forms.ModelChoiceField(Goal.objects.all(), label=_("Goal"), required=False, empty_label=_("All goals"))
    country = forms.ChoiceField(label=_("Country"), required=False)
    donor = forms.ModelChoiceField(
        Organization.objects.none(), label=_("Donor"), required=False, empty_label=_("All donors")
    )
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[("", _("All kinds")), *Overlap.Kind.choices])
    state = forms.ChoiceField(
        label=pgettext_lazy("record", "Status"), required=False, choices=[("", _("Any status")), *Overlap.State.choices]
    )

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request
        self.fields["country"].choices = [("", _("All countries")), *country_choices()]  # type: ignore[attr-defined]
        self.fields["donor"].queryset = donors(request)  # type: ignore[attr-defined]
        for field in self.fields.values():
            if isinstance(field, forms.ChoiceField):
                field.widget.attrs["class"] = "usa-select"
            else:
                field.widget.attrs["class"] = "usa-input"

    @property
    def selected(self) -> services.Selected:
        return services.Selected(**{name: self.cleaned_data[name] for name in SelectionForm.base_fields})


class ReportForm(SelectionForm):
    """A period and which overlaps; proposed are the days from the first of this month on."""

    first = forms.DateField(label=_("First day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    last = forms.DateField(label=_("Last day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    field_order = ("first", "last", "goal", "country", "donor", "kind", "state")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        self.initial = {"first": today.replace(day=1), "last": today, **self.initial}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name in ("first", "last"):
            day = cleaned.get(name)
            if day is not None and not is_plausible(day):
                self.add_error(name, OUT_OF_RANGE)
        return cleaned

    def ask(self) -> OverlapReport | None:
        """Asks for the report; None where it is refused, with the refusal on the form."""
        first, last = self.cleaned_data["first"], self.cleaned_data["last"]
        try:
            return services.ask_for_report(self.request.user, first, last, self.selected)
        except Refused as refusal:
            self.add_error("last" if first > last else None, str(refusal.message))
            return None
