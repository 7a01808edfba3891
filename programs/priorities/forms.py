"""Forms of priorities."""

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.dates import END_BEFORE_START
from core.errors import EditConflict, Refused
from donors.models import User
from goals.models import Area, Country, Goal, Priority
from programs.priorities import services
from programs.priorities.permissions import countries_to_set, may_set_all
from programs.priorities.services import EARLIEST, LATEST, PriorityData


def day_field(label: Any, **options: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"invalid": _("Enter a date, such as 2026-01-31.")},
        **options,
    )


class PriorityForm(forms.Form):
    """A priority. Its rank is given by its place in the list, and changed there."""

    goal = forms.ModelChoiceField(Goal.objects.all(), label=_("Goal"), empty_label=None)
    country = forms.ModelChoiceField(Country.objects.none(), label=_("Country"), required=False)
    area = forms.ModelChoiceField(
        Area.objects.none(),
        label=_("Area"),
        required=False,
        empty_label=_("The whole country"),
        help_text=_("A department, province or district, if the priority is for that area only."),
    )
    title_en = forms.CharField(label=_("Priority in English"), max_length=255)
    title_es = forms.CharField(label=_("Priority in Spanish"), max_length=255)
    period_start = day_field(_("From"))
    period_end = day_field(_("To"))
    source = forms.CharField(
        label=_("Source"), max_length=255, required=False, help_text=_("The plan or decision that sets this priority.")
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, actor: User, priority: Priority | None = None, **options: Any) -> None:
        self.actor, self.priority = actor, priority
        if priority is not None:
            options["initial"] = {
                name: getattr(priority, name)
                for name in ("goal", "country", "area", "title_en", "title_es", "period_start", "period_end", "source",
                             "version")
            }  # fmt: skip
        super().__init__(*args, **options)
        countries = countries_to_set(actor)
        country: Any = self.fields["country"]
        country.queryset = countries
        country.empty_label = _("The whole region") if may_set_all(actor) else None
        country.required = not may_set_all(actor)
        area: Any = self.fields["area"]
        area.queryset = (
            Area.objects.filter(country__in=countries)
            .select_related("country")
            .defer("outline")
            .order_by("country", "name")
        )
        area.label_from_instance = lambda area: area.with_country

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        start, end = found.get("period_start"), found.get("period_end")
        for name in ("period_start", "period_end"):
            if (day := found.get(name)) and not EARLIEST <= day <= LATEST:
                self.add_error(name, _("The year must be between 2000 and 2099."))
        if start and end and start > end:
            self.add_error("period_end", END_BEFORE_START)
        area, country = found.get("area"), found.get("country")
        if area and (country is None or area.country_id != country.pk):
            self.add_error("area", _("The area is in another country. Choose an area of this country, or none."))
        return found

    def save(self) -> Priority | None:
        """Adds or changes it; None where that is refused, with the refusal on the form."""
        found = self.cleaned_data
        data = PriorityData(
            goal=found["goal"].pk,
            country=found["country"].pk if found["country"] else None,
            area=found["area"].pk if found["area"] else None,
            title_en=found["title_en"],
            title_es=found["title_es"],
            period_start=found["period_start"],
            period_end=found["period_end"],
            source=found["source"],
        )
        try:
            if self.priority is None:
                return services.add_priority(data, actor=self.actor)
            version = found["version"] or 0
            return services.change_priority(self.priority, data, actor=self.actor, version=version)
        except EditConflict as change:
            self.add_error(None, str(change.message))
            self.data = {**self.data.dict(), "version": change.version}  # type: ignore[attr-defined]
        except Refused as refusal:
            self.add_error(None, str(refusal.message))
        return None


class EndForm(forms.Form):
    """The last day of a priority that ends before its time."""

    on = day_field(_("Last day"))

    def __init__(self, *args: Any, priority: Priority, **options: Any) -> None:
        self.priority = priority
        today = timezone.localdate()
        day = min(max(today, priority.period_start), priority.period_end)
        super().__init__(*args, initial={"on": day}, **options)

    def clean_on(self) -> dt.date:
        day = self.cleaned_data["on"]
        if not self.priority.period_start <= day <= self.priority.period_end:
            raise forms.ValidationError(_("Choose a day within the period of the priority."))
        return day


class UploadForm(forms.Form):
    """A spreadsheet of priorities."""

    file = forms.FileField(
        label=_("Spreadsheet (.xlsx or .csv)"),
        error_messages={"required": _("Choose a file."), "empty": _("The file is empty. Choose another one.")},
        widget=forms.FileInput(attrs={"class": "usa-file-input", "accept": ".xlsx,.csv"}),
    )
