"""Forms of imports."""

from typing import Any

from django import forms
from django.utils.html import escape
from django.utils.text import Truncator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.errors import Refused
from donors.models import Organization, User
from programs.exchange import services
from programs.exchange.models import Import
from programs.exchange.spreadsheet.columns import COLUMNS
from programs.exchange.spreadsheet.look import Look
from programs.exchange.spreadsheet.problems import FileProblem
from programs.services.permissions import organizations_where_may


class UploadForm(forms.Form):
    """A file, and the organization that it is for."""

    organization = forms.ModelChoiceField(
        queryset=Organization.objects.none(),
        label=_("Organization"),
        widget=forms.Select(attrs={"class": "usa-select"}),
    )
    file = forms.FileField(
        label=_("File"),
        allow_empty_file=True,
        help_text=_(
            "A workbook (.xlsx, .xlsm, .xls, .xlsb, .ods) up to 20 MiB or a CSV file up to 60 MiB, with at most "
            "100,000 rows; or an IATI file (.xml) up to 20 MiB."
        ),
        widget=forms.FileInput(
            attrs={"class": "usa-file", "accept": ".xlsx,.xlsm,.xls,.xlsb,.ods,.csv,.txt,.tsv,.xml,.gz"}
        ),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        field: Any = self.fields["organization"]
        field.queryset = organizations_where_may(user, "import")
        only = list(field.queryset[:2])
        if len(only) == 1:
            field.initial = only[0].pk
            field.widget = forms.HiddenInput()

    def start(self, language: str) -> Import | None:
        """Starts the import; None where the file cannot be taken, with the reason on its field."""
        organization, file = self.cleaned_data["organization"], self.cleaned_data["file"]
        try:
            return services.take_upload(organization, file, language=language, actor=self.user)
        except FileProblem as problem:
            self.add_error("file", str(problem))
            return None


class HeadingsForm(forms.Form):
    """Which sheet of the file is read, and which of its rows names the columns."""

    sheet = forms.ChoiceField(label=_("Sheet"), required=False, widget=forms.Select(attrs={"class": "usa-select"}))
    heading_row = forms.TypedChoiceField(
        label=_("Row with the headings"),
        coerce=int,
        widget=forms.Select(attrs={"class": "usa-select"}),
        help_text=_("Titles and notes above it are ignored."),
    )

    def __init__(self, *args: Any, seen: Look, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.seen = seen
        sheet: Any = self.fields["sheet"]
        sheet.choices = [
            (name, gettext("%(sheet)s (hidden)") % {"sheet": name} if name in seen.hidden_sheets else name)
            for name in seen.sheets
        ]
        sheet.initial = seen.sheet
        if len(seen.sheets) < 2:
            sheet.widget = forms.HiddenInput()
        row: Any = self.fields["heading_row"]
        row.choices = [(number, _row_in_words(number, cells)) for number, cells in seen.top]
        row.initial = seen.heading_row

    def choose(self, job: Import, actor: User) -> bool:
        """Takes them; False where that is refused, with the reason on the form. Another sheet finds its own row."""
        sheet = self.cleaned_data["sheet"]
        row = self.cleaned_data["heading_row"] if sheet == self.seen.sheet else None
        try:
            services.choose_headings(job, sheet=sheet, heading_row=row, actor=actor)
        except FileProblem as problem:
            self.add_error("heading_row", str(problem))
            return False
        except Refused as refusal:
            self.add_error(None, str(refusal.message))
            return False
        return True


def _row_in_words(number: int, cells: list[str]) -> str:
    """A row as the list of rows names it: its number and its first cells."""
    stated = " · ".join(" ".join(cell.split()) for cell in cells if cell.strip())
    return gettext("Row %(number)s: %(cells)s") % {"number": number, "cells": Truncator(stated).chars(90)}


class ColumnsForm(forms.Form):
    """What each column of the file is."""

    date_order = forms.ChoiceField(
        label=_("Date format in the file"),
        required=False,
        choices=Import.DateOrder.choices,
        widget=forms.Select(attrs={"class": "usa-select"}),
        help_text=_("Only for ambiguous dates such as 03/12/2024."),
    )
    more_sheets = forms.MultipleChoiceField(
        label=_("Sheets with the same headings"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Select those to import together with this sheet, such as one for each year."),
    )
    without_hidden_rows = forms.BooleanField(label=_("Skip the rows that are hidden in the file"), required=False)

    def __init__(self, *args: Any, job: Import, examples: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.job = job
        self.fields["date_order"].initial = job.date_order
        more: Any = self.fields["more_sheets"]
        more.choices, more.initial = [(name, name) for name in job.same_sheets], job.more_sheets
        self.fields["without_hidden_rows"].initial = job.without_hidden_rows
        if not job.same_sheets:
            del self.fields["more_sheets"]
        if not job.hidden_rows:
            del self.fields["without_hidden_rows"]
        choices = [("", _("Ignore this column"))] + [
            (column.key, column.header) for column in COLUMNS if column.parse is not None
        ]
        for number, heading in enumerate(job.headings):
            example = examples[number] if number < len(examples) else ""
            self.fields[f"column_{number}"] = forms.ChoiceField(
                label=heading or _("Column %(number)s (no heading)") % {"number": number + 1},
                required=False,
                choices=choices,
                initial=job.columns[number] if number < len(job.columns) else "",
                help_text=escape(_("For example: %(example)s") % {"example": example}) if example else "",
                widget=forms.Select(attrs={"class": "usa-select"}),
            )

    def column_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith("column_")]

    def choose(self, actor: User) -> bool:
        """Has the file checked with these columns; False where that is refused, with the reason on the form."""
        columns = [self.cleaned_data[f"column_{number}"] for number in range(len(self.job.headings))]
        try:
            services.choose_columns(
                self.job,
                columns,
                date_order=self.cleaned_data["date_order"],
                more_sheets=self.cleaned_data.get("more_sheets"),
                without_hidden_rows=self.cleaned_data.get("without_hidden_rows"),
                actor=actor,
            )
        except Refused as refusal:
            self.add_error(None, str(refusal.message))
            return False
        return True


def choices_made(data: Any) -> dict[int, int]:
    """`row_12=34` of a sent page: row 12 is program 34; `row_12=0`: it is a new one. Anything else is passed over."""
    made = {}
    for name, value in data.items():
        row = name.removeprefix("row_")
        if name.startswith("row_") and row.isdecimal() and value.isdecimal() and len(row) < 18 and len(value) < 18:
            made[int(row)] = int(value)
    return made
