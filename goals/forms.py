"""Forms about exchange rates."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from goals.models import Basis
from goals.rates.readings import Reading
from goals.rates.uploads import reading_of


class RateForm(forms.Form):
    """A month's rate, entered or corrected by hand."""

    currency = forms.CharField(label=_("Currency"), help_text=_("Its code, such as HNL."), max_length=3)
    month = forms.CharField(label=_("Month"), help_text=_("Year and month, such as 2026-10."), max_length=10)
    usd_per_unit = forms.CharField(
        label=_("US dollars for one unit"), help_text=_("With a decimal point, such as 0.0372."), max_length=30
    )
    basis = forms.ChoiceField(label=_("What it is"), choices=Basis, initial=Basis.MONTH)
    source = forms.CharField(label=_("Source"), help_text=_("Whose figure it is."), max_length=100)

    reading: Reading

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name, field in self.fields.items():
            field.widget.attrs["class"] = "usa-select" if name == "basis" else "usa-input"
            field.widget.attrs["autocomplete"] = "off"
            if field.help_text:
                field.widget.attrs["aria-describedby"] = f"id_{name}_helptext"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        reading, problems = reading_of({name: str(cleaned.get(name, "")).strip() for name in self.fields})
        for name, sentence in problems.items():
            if name not in self.errors:
                self.add_error(name, sentence)
        if reading is not None:
            self.reading = reading
        return cleaned


class UploadForm(forms.Form):
    """A file of rates."""

    file = forms.FileField(
        label=_("File of rates (.csv)"),
        error_messages={"required": _("Choose a file."), "empty": _("The file is empty. Choose another one.")},
        widget=forms.FileInput(attrs={"class": "usa-file-input", "accept": ".csv"}),
    )
