"""The whole program form: its single fields and its lists, from any text of it, into ProgramData."""

from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import datetime
from functools import cached_property
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.dateparse import parse_datetime

from donors.models import Organization, User
from programs.forms.lookups import Lookups
from programs.forms.program import ProgramForm
from programs.forms.raw import empty_data, raw_of, raw_of_new
from programs.forms.row_forms import LISTS, OrganizationRow, PlaceRow
from programs.forms.rows import Rows, row_numbers
from programs.models import Program
from programs.services import LocationData, ProgramData, StoredProgram, propose_identifier, stored_programs
from programs.services.completeness import Missing, missing_from
from programs.services.permissions import organizations_to_save_for
from programs.services.places import places_outside
from programs.services.save import LISTS as STORED_LISTS

# Fields in which the name of an organization is typed.
NAMES_OF_ORGANIZATIONS = ("name", "provider", "receiver")
LISTS_WITH_ORGANIZATIONS = ("organizations", "transactions", "shared")
LIST_OF = {attribute: name for name, (_form, attribute, _spare) in LISTS.items() if attribute}
NOT_IN_THE_FORM = tuple(attribute for attribute in STORED_LISTS if attribute not in LIST_OF and attribute != "goals")


class ProgramEditor:
    """The form of one program, for one person.

    `raw` is its text, field by field: from the request, from a kept copy, or from the stored program. A `checked`
    editor says what is wrong; either can tell how much of it could be read (`data`) and what is missing.
    """

    def __init__(
        self, raw: Mapping[str, str], *, user: User, program: Program | None = None, checked: bool = False
    ) -> None:
        self.raw, self.user, self.program, self.checked = dict(raw), user, program, checked
        self.organizations = organizations_to_save_for(user)
        if program is not None and not self.raw.get("reporting_org"):
            self.raw["reporting_org"] = str(program.reporting_org_id)
        if program is not None and not self.raw.get("identifier"):
            self.raw["identifier"] = program.identifier
        self.main = self._main(checked)
        self.lookups = Lookups(self._names(), self._countries(), user=user)
        self.lists = {
            name: Rows(name, form, self.raw, checked=checked, lookups=self.lookups, spare=spare)
            for name, (form, _attribute, spare) in LISTS.items()
        }
        if checked:
            self._refuse_places_outside()

    @classmethod
    def of_new(cls, user: User) -> "ProgramEditor":
        """An empty form for the first of the person's organizations."""
        return cls(raw_of_new(user, organizations_to_save_for(user).first()), user=user)

    @classmethod
    def of_stored(cls, program: Program, user: User) -> "ProgramEditor":
        """The form of a program as it is stored."""
        return cls(raw_of_stored(program), user=user, program=program)

    def _main(self, checked: bool) -> ProgramForm:
        if checked:
            return ProgramForm(self.raw, organizations=self.organizations)
        return ProgramForm(initial=self.raw, organizations=self.organizations)

    def _refuse_places_outside(self) -> None:
        """Each place beside which none of the countries typed is its own; while a country cannot be read, none."""
        countries, places = self.lists["countries"], self.lists["places"]
        if not countries.is_valid:
            return
        forms = [form for form in places.forms if isinstance(form, PlaceRow) and form.is_bound and form.is_valid()]
        areas = [LocationData(form.cleaned_data["area"]) for form in forms]
        if not places_outside(countries.data, areas):
            return
        tolerated: set[str | None] = set()
        if self.program is not None:
            stored = stored_programs([self.program], only=("coverages", "locations"))[0].data
            tolerated = {row.area_id for row in places_outside(stored.coverages, stored.locations)}
        for form in forms:
            form.refuse_outside(countries.data, tolerated)

    def _names(self) -> list[str]:
        return [
            self.raw.get(f"{name}-{number}-{field}", "")
            for name in LISTS_WITH_ORGANIZATIONS
            for number in row_numbers(self.raw, name)
            for field in NAMES_OF_ORGANIZATIONS
        ]

    def _countries(self) -> list[str]:
        return [self.raw.get(f"countries-{number}-place", "") for number in row_numbers(self.raw, "countries")]

    @cached_property
    def checked_twin(self) -> "ProgramEditor":
        """The same form with its errors: itself where it has them already."""
        return self if self.checked else ProgramEditor(self.raw, user=self.user, program=self.program, checked=True)

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
        twin = self.checked_twin
        return twin.main.is_valid() and all(rows.is_valid for rows in twin.lists.values())

    @cached_property
    def stored(self) -> StoredProgram | None:
        """What the program says, of its lists those alone that the form does not hold."""
        return stored_programs([self.program], only=NOT_IN_THE_FORM)[0] if self.program else None

    @cached_property
    def organization(self) -> Organization | None:
        """The reporting organization: as chosen, else the program's own, else the person's first."""
        form = self.checked_twin.main
        form.is_valid()
        chosen = form.cleaned_data.get("reporting_org")
        return chosen or (self.program.reporting_org if self.program else self.organizations.first())

    @cached_property
    def data(self) -> ProgramData:
        """What can be read of the form, over what the program says that is not in the form."""
        twin = self.checked_twin
        twin.main.is_valid()
        organization = self.organization
        if organization is None:
            raise ValidationError("nobody to save for")
        typed = twin.main.cleaned_data.get("identifier")
        kept = self.stored.data.identifier if self.stored else ""
        identifier = typed or kept or propose_identifier(organization, self.raw.get("token", "")[:12] or "1")
        base = self.stored.data if self.stored else empty_data(organization.pk, identifier)
        lists: dict[str, Any] = {attribute: twin.lists[name].data for attribute, name in LIST_OF.items()}
        return replace(
            base,
            reporting_org_id=organization.pk,
            identifier=identifier,
            source=base.source,
            goals=twin.main.goals,
            **twin.main.plain_values,
            **lists,
        )

    @property
    def shared_with(self) -> list[int]:
        return list(self.checked_twin.lists["shared"].data)

    @property
    def goals_proposed(self) -> bool:
        return self.checked_twin.main.goals is None

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
        rows = self.checked_twin.lists["organizations"].forms
        return [form for form in rows if isinstance(form, OrganizationRow) and form.is_bound and form.unknown]

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
            for form in rows.forms:
                if not form.is_bound:
                    continue
                for field, sentences in form.errors.items():
                    label = str(form.fields[field].label or "") if field in form.fields else ""
                    target = form[field].auto_id if field in form.fields else f"list-{name}"
                    found += [(target, label, str(sentence)) for sentence in sentences]
        return [(target, label, sentence) for target, label, sentence in found]

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
