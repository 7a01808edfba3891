"""The program form as a person sees it: its text, what is wrong with it, and what is missing."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from core.errors import ToConfirm
from donors.models import Organization, User
from programs.describe import field_labels
from programs.forms.program import ProgramForm
from programs.forms.raw import raw_of, raw_of_new
from programs.forms.reading import LIST_OF, FormRead, lists_of
from programs.forms.row_forms import LISTS, OrganizationRow
from programs.forms.rows import RowForm
from programs.models import Program
from programs.services import ProgramData, stored_programs
from programs.services.completeness import Missing, missing_from
from programs.services.permissions import organizations_to_save_for


class ProgramEditor:
    """The form of one program, for one person.

    `raw` is its text, field by field: from the request, from a kept copy, or from the stored program. A `checked`
    editor shows what is wrong; either knows how much of it could be read (`data`) and what is missing.
    """

    def __init__(
        self, raw: Mapping[str, str], *, user: User, program: Program | None = None, checked: bool = False
    ) -> None:
        self.raw, self.user, self.program, self.checked = dict(raw), user, program, checked
        # Unlikely values that the person must confirm before the program is saved.
        self.to_confirm: Sequence[ToConfirm] = ()
        if program is not None and not self.raw.get("reporting_org"):
            self.raw["reporting_org"] = str(program.reporting_org_id)
        if program is not None and not self.raw.get("identifier"):
            self.raw["identifier"] = program.identifier
        self.read = FormRead(self.raw, user=user, program=program)
        self.organizations, self.lookups = self.read.organizations, self.read.lookups
        if checked:
            self.main, self.lists = self.read.main, self.read.lists
        else:
            self.main = ProgramForm(initial=self.raw, organizations=self.organizations)
            self.lists = lists_of(self.raw, self.lookups, checked=False)

    @classmethod
    def of_new(cls, user: User) -> "ProgramEditor":
        """An empty form for the first of the person's organizations."""
        return cls(raw_of_new(user, organizations_to_save_for(user).first()), user=user)

    @classmethod
    def of_stored(cls, program: Program, user: User) -> "ProgramEditor":
        """The form of a program as it is stored."""
        return cls(raw_of_stored(program), user=user, program=program)

    @property
    def version(self) -> int | None:
        """The version that the form began from; None for a new program."""
        text = self.raw.get("version", "")
        return int(text) if text.isdigit() else None

    @property
    def began_at(self) -> datetime | None:
        """When the version was saved that the form began from."""
        return parse_datetime(self.raw.get("began", "")) if self.raw.get("began") else None

    @property
    def is_readable(self) -> bool:
        """Whether all that was typed can be stored."""
        return self.read.is_readable

    @property
    def organization(self) -> Organization | None:
        """The reporting organization: as chosen, else the program's own, else the person's first."""
        return self.read.organization

    @property
    def data(self) -> ProgramData:
        """What can be read of the form, over what the program says that is not in the form."""
        return self.read.data

    @property
    def shared_with(self) -> list[int]:
        return list(self.read.lists["shared"].data)

    @property
    def goals_proposed(self) -> bool:
        return self.read.main.goals is None

    @property
    def has_own_goals(self) -> bool:
        """Whether the person's own percentages are to be shown open."""
        return not self.goals_proposed or any(field.errors for field in self.main.goal_fields)

    @property
    def missing(self) -> list[Missing]:
        """What is missing before it can be published, and what would help."""
        return missing_from(self.data) if self.organization else []

    @property
    def blocking(self) -> list[Missing]:
        return [one for one in self.missing if one.blocks]

    @property
    def helpful(self) -> list[Missing]:
        return [one for one in self.missing if not one.blocks]

    @property
    def unknown_organizations(self) -> list[OrganizationRow]:
        """Rows whose organization is not in the list."""
        return self.read.unknown_organizations

    @property
    def to_register(self) -> dict[str, str]:
        """Organizations that the person said are new: name -> kind."""
        return {
            form.unknown: form.cleaned_data.get("kind") or Organization.Kind.OTHER
            for form in self.unknown_organizations
            if form.is_confirmed
        }

    def refuse_what_is_missing(self) -> None:
        """Puts what publishing waits for beside its fields, together with what cannot be read."""
        missing: dict[str, list[str]] = {}
        for one in self.blocking:
            missing.setdefault(one.field, []).append(one.sentence)
        if missing:
            self.add_errors(ValidationError(missing))

    def add_errors(self, error: ValidationError) -> None:
        """Puts what a service refused beside the fields that it speaks of."""
        by_field = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
        for field, sentences in by_field.items():
            for sentence in sentences:
                if field == "shared_with":
                    self.lists["shared"].add_error(sentence)
                elif field in LIST_OF:
                    self.lists[LIST_OF[field]].add_error(sentence)
                elif field in self.main.fields:
                    self.main.add_error(field, sentence)
                elif field == "goals":
                    self.main.add_error("goals_by", sentence)
                else:
                    self.main.add_error(None, sentence)

    @property
    def errors(self) -> list[tuple[str, str, str]]:
        """All that is wrong, for the summary: (where to go, what field, sentence)."""
        found = [
            (self.main[name].auto_id if name in self.main.fields else "", self._label(name), str(sentence))
            for name, sentences in self.main.errors.items()
            for sentence in sentences
        ]
        for name, rows in self.lists.items():
            found += [(f"list-{name}", "", sentence) for sentence in rows.errors]
            for number, form in enumerate(rows.forms, start=1):
                if not form.is_bound:
                    continue
                for field, sentences in form.errors.items():
                    label = self._label_in_row(name, number, form, field)
                    target = form[field].auto_id if field in form.fields else f"list-{name}"
                    found += [(target, label, str(sentence)) for sentence in sentences]
        return [(target, label, sentence) for target, label, sentence in found]

    def _label_in_row(self, name: str, number: int, form: RowForm, field: str) -> str:
        """“Planned payments, row 2, From”: several lists have fields of the same label."""
        words = {"list": field_labels().get(LISTS[name][1], _("Organizations that can see it")), "row": number}
        row = _("%(list)s, row %(row)s") % words
        return f"{row}, {form.fields[field].label}" if field in form.fields and form.fields[field].label else row

    def _label(self, name: str) -> str:
        return str(self.main.fields[name].label) if name in self.main.fields else ""


def raw_of_stored(program: Program) -> dict[str, str]:
    """A stored program as the text of its form."""
    shared = program.shared_with.order_by("name").values_list("pk", flat=True)
    return raw_of(stored_programs([program])[0], shared) | {"began": program.updated_at.isoformat()}


def differing_fields(mine: ProgramData, theirs: ProgramData) -> list[str]:
    """The attributes in which two versions of a program differ."""
    return [
        field.name
        for field in fields(ProgramData)
        if field.compare and field.name != "goals" and getattr(mine, field.name) != getattr(theirs, field.name)
    ]
