"""Forms of agreements: the draft, the terms, the answer."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from goals.currencies import OFFERED
from programs.agreements.choices import MOST_COMMITMENTS, Choices
from programs.agreements.forms.seen import SeenForm
from programs.agreements.models import Agreement, Commitment
from programs.agreements.terms import CommitmentTerms, Problem, Terms
from programs.discussion.forms import Lines

NO_PARTY, INFORMED, MUST_ACCEPT = "", "informed", "must"
STANDING = [(MUST_ACCEPT, _("Must accept")), (INFORMED, _("For information only")), (NO_PARTY, _("Not a party"))]
DATE = {"type": "date", "class": "usa-input"}


class CommitmentForm(forms.Form):
    """One commitment; a row in which nothing but a default is filled in is none."""

    kind = forms.ChoiceField(label=_("Type of commitment"), required=False)
    organization = forms.TypedChoiceField(label=_("Responsible"), coerce=int, required=False, empty_value=0)
    program = forms.TypedChoiceField(label=_("Program"), coerce=int, required=False, empty_value=None)
    area = forms.TypedChoiceField(label=_("Area"), required=False, empty_value=None)
    new_start = forms.DateField(label=_("New start"), required=False, widget=forms.DateInput(DATE, "%Y-%m-%d"))
    new_end = forms.DateField(label=_("New end"), required=False, widget=forms.DateInput(DATE, "%Y-%m-%d"))
    text = Lines(
        label=_("Description"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"class": "usa-textarea", "rows": 2}),
    )
    amount = forms.DecimalField(
        label=_("Funds released"), required=False, max_digits=20, decimal_places=2, localize=False
    )
    currency = forms.ChoiceField(label=_("Currency"), required=False)
    to_program = forms.TypedChoiceField(label=_("Funds go to"), coerce=int, required=False, empty_value=None)
    due_on = forms.DateField(label=_("Due date"), required=False, widget=forms.DateInput(DATE, "%Y-%m-%d"))
    follow_up = forms.CharField(label=_("Focal point (name)"), required=False, max_length=150)

    def __init__(self, choices: Choices, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["kind"].choices = [("", _("Choose a type")), *Commitment.Kind.choices]
        fields["organization"].choices = [
            ("", _("Choose an organization")),
            *((one.pk, str(one)) for one in choices.organizations),
        ]
        fields["program"].choices = [("", _("No program")), *choices.programs]
        fields["to_program"].choices = [("", _("Not decided")), *choices.programs]
        fields["area"].choices = [("", _("No area")), *choices.areas]
        fields["currency"].choices = [("", "–"), *((code, code) for code in OFFERED)]
        for field in self.fields.values():
            if not isinstance(field.widget, forms.Textarea) and "class" not in field.widget.attrs:
                select = isinstance(field.widget, forms.Select)
                field.widget.attrs["class"] = "usa-select" if select else "usa-input"

    @property
    def is_blank(self) -> bool:
        """Whether nothing was filled in."""
        return not any(str(self[name].value() or "").strip() for name in self.fields)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.is_blank and not cleaned.get("due_on") and "due_on" not in self.errors:
            self.add_error("due_on", _("Enter the due date."))
        return cleaned

    def terms(self) -> CommitmentTerms:
        return CommitmentTerms(**self.cleaned_data)


class TermsForm(forms.Form):
    """The terms of a version, with a row for each commitment. `note` says why it is proposed."""

    kind = forms.ChoiceField(
        label=_("Kind of agreement"),
        choices=Agreement.Kind.choices,
        widget=forms.Select(attrs={"class": "usa-select"}),
    )
    text = Lines(
        label=_("Content of the agreement"),
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"class": "usa-textarea", "rows": 5}),
    )
    note = Lines(
        label=_("Reasons for these terms"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"class": "usa-textarea", "rows": 2}),
    )
    rows = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=MOST_COMMITMENTS, required=False)

    def __init__(self, choices: Choices, data: Any = None, *, terms: Terms | None = None, more: int = 0) -> None:
        commitments = terms.commitments if terms else ()
        initial = {"kind": terms.kind, "text": terms.text} if terms else {}
        super().__init__(data, initial=initial)
        self.choices = choices
        asked = _count(data.get("rows")) if data is not None else len(commitments) or 1
        number = min(asked + more, MOST_COMMITMENTS)
        self.commitments = [
            CommitmentForm(
                choices,
                data,
                prefix=f"commitment-{row}",
                initial=vars(commitments[row]) if data is None and row < len(commitments) else {},
            )
            for row in range(number)
        ]
        self.shown_rows = number

    def is_valid(self) -> bool:
        """Whether the terms and all rows that are filled in can be read."""
        filled = [row.is_valid() for row in self._filled()]
        return super().is_valid() and all(filled)

    def _filled(self) -> list[CommitmentForm]:
        return [row for row in self.commitments if not row.is_blank]

    def terms(self) -> Terms:
        return Terms(
            self.cleaned_data["kind"],
            self.cleaned_data["text"],
            tuple(row.terms() for row in self._filled()),
        )

    def show(self, problems: Iterable[Problem]) -> None:
        """Puts what a service refused beside its fields."""
        filled = self._filled()
        for problem in problems:
            if problem.row is None:
                self.add_error(problem.field if problem.field in self.fields else None, problem.message)
            else:
                row = filled[problem.row]
                row.add_error(problem.field if problem.field in row.fields else None, problem.message)

    def all_errors(self) -> list[str]:
        """Every error in words."""
        forms_ = [self, *self._filled()]
        return [str(error) for form in forms_ for errors in form.errors.values() for error in errors]


class DraftForm(TermsForm, SeenForm):
    """A coordinator's draft: title, terms, parties."""

    title = forms.CharField(label=_("Title"), max_length=200, widget=forms.TextInput(attrs={"class": "usa-input"}))
    tells_parties = forms.BooleanField(
        label=_("Share the named programs (including restricted ones) with the parties"),
        required=False,
        widget=forms.CheckboxInput(attrs={"class": "usa-checkbox__input"}),
    )
    field_order = ["title", "kind", "text"]

    def __init__(
        self,
        choices: Choices,
        data: Any = None,
        *,
        agreement: Agreement | None = None,
        terms: Terms | None = None,
        more: int = 0,
        title: str = "",
    ) -> None:
        super().__init__(choices, data, terms=terms, more=more)
        del self.fields["note"]
        if agreement:
            self.initial = {
                **self.initial,
                "title": agreement.title,
                "tells_parties": agreement.tells_parties,
                "seen": agreement.edition,
            }
        elif title:
            self.initial["title"] = title
        standing = {
            party.organization_id: MUST_ACCEPT if party.must_accept else INFORMED
            for party in (agreement.parties.all() if agreement else ())
        }
        self.party_names = []
        for organization in choices.organizations:
            first = MUST_ACCEPT if organization.pk in choices.reporting else NO_PARTY
            name = f"party-{organization.pk}"
            self.fields[name] = forms.ChoiceField(
                label=organization.name,
                choices=STANDING,
                required=False,
                initial=standing.get(organization.pk, NO_PARTY) if agreement else first,
                widget=forms.Select(attrs={"class": "usa-select"}),
            )
            self.party_names.append(name)

    @property
    def party_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.party_names]

    def parties(self) -> dict[int, bool]:
        """Organizations -> whether they must accept."""
        chosen = {name: self.cleaned_data[name] for name in self.party_names}
        return {int(name.split("-")[1]): value == MUST_ACCEPT for name, value in chosen.items() if value}


class NoteForm(forms.Form):
    """What a person says with a move, or with a commitment that is kept."""

    note = Lines(required=False, max_length=5000)

    @property
    def problem(self) -> str:
        """What is wrong with the note, in words; blank where nothing is."""
        return " ".join(str(error) for error in self.errors.get("note", ()))


class AnswerForm(forms.Form):
    """Accept or decline, for one organization."""

    note = Lines(
        label=_("Note"),
        required=False,
        max_length=5000,
        help_text=_("Required if you decline."),
        widget=forms.Textarea(attrs={"class": "usa-textarea", "rows": 3}),
    )


def _count(value: Any) -> int:
    text = str(value or "")
    return min(int(text), MOST_COMMITMENTS) if text.isascii() and text.isdigit() and len(text) < 4 else 1
