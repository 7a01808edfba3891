"""What can be read of the program form's text: its single fields and its lists, as ProgramData."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any

from django.core.exceptions import ValidationError

from donors.models import Organization, User
from programs.forms.lookups import FormLookups
from programs.forms.program import ProgramForm
from programs.forms.raw import empty_data
from programs.forms.row_forms import LISTS, OrganizationRow, PlaceRow
from programs.forms.rows import Rows, row_numbers
from programs.models import Program
from programs.services import LocationData, ProgramData, StoredProgram, propose_identifier, stored_programs
from programs.services.lists import LISTS as STORED_LISTS
from programs.services.permissions import organizations_to_save_for
from programs.services.places import places_outside

# Fields in which the name of an organization is typed.
NAMES_OF_ORGANIZATIONS = ("name", "provider", "receiver")
LISTS_WITH_ORGANIZATIONS = ("organizations", "transactions", "payments", "shared")
LIST_OF = {attribute: name for name, (_form, attribute, _spare) in LISTS.items() if attribute}
NOT_IN_THE_FORM = tuple(attribute for attribute in STORED_LISTS if attribute not in LIST_OF and attribute != "goals")


class FormRead:
    """The form's text as bound forms, which know what is wrong with it; `data` is all of it that could be read.

    `raw` is the text, field by field; it has the reporting organization and the identifier of a stored program.
    """

    def __init__(self, raw: Mapping[str, str], *, user: User, program: Program | None) -> None:
        self.raw, self.user, self.program = raw, user, program
        self.organizations = organizations_to_save_for(user)
        self.main = ProgramForm(raw, organizations=self.organizations)
        self.lookups = FormLookups(self._names(), self._countries(), user=user)
        self.lists = lists_of(raw, self.lookups, checked=True)
        self._refuse_places_outside()

    def _refuse_places_outside(self) -> None:
        """Each place beside which none of the countries typed is its own; while a country cannot be read, none."""
        countries, places = self.lists["countries"], self.lists["places"]
        if not countries.is_valid:
            return
        forms = [form for form in places.forms if isinstance(form, PlaceRow) and form.is_bound and form.is_valid()]
        if not places_outside(countries.data, [form.row_data() for form in forms]):
            return
        tolerated: list[LocationData] = []
        if self.program is not None:
            stored = stored_programs([self.program], only=("coverages", "locations"))[0].data
            tolerated = places_outside(stored.coverages, stored.locations)
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

    @property
    def is_readable(self) -> bool:
        """Whether all that was typed can be stored."""
        return self.main.is_valid() and all(rows.is_valid for rows in self.lists.values())

    @cached_property
    def stored(self) -> StoredProgram | None:
        """What the program says, of its lists those alone that the form does not hold."""
        return stored_programs([self.program], only=NOT_IN_THE_FORM)[0] if self.program else None

    @cached_property
    def organization(self) -> Organization | None:
        """The reporting organization: as chosen, else the program's own, else the person's first."""
        self.main.is_valid()
        chosen = self.main.cleaned_data.get("reporting_org")
        return chosen or (self.program.reporting_org if self.program else self.organizations.first())

    @cached_property
    def data(self) -> ProgramData:
        """What can be read of the form, over what the program says that is not in the form."""
        self.main.is_valid()
        organization = self.organization
        if organization is None:
            raise ValidationError("nobody to save for")
        typed = self.main.cleaned_data.get("identifier")
        kept = self.stored.data.identifier if self.stored else ""
        identifier = typed or kept or propose_identifier(organization, self.raw.get("token", "")[:12] or "1")
        base = self.stored.data if self.stored else empty_data(organization.pk, identifier)
        lists: dict[str, Any] = {attribute: self.lists[name].data for attribute, name in LIST_OF.items()}
        return replace(
            base,
            reporting_org_id=organization.pk,
            identifier=identifier,
            source=base.source,
            goals=self.main.goals,
            **self.main.plain_values,
            **lists,
        )

    @property
    def unknown_organizations(self) -> list[OrganizationRow]:
        """Rows whose organization is not in the list."""
        rows = self.lists["organizations"].forms
        return [form for form in rows if isinstance(form, OrganizationRow) and form.is_bound and form.unknown]


def lists_of(raw: Mapping[str, str], lookups: FormLookups, *, checked: bool) -> dict[str, Rows]:
    """The lists of the form, by name; `checked` ones say what is wrong with them."""
    return {
        name: Rows(name, form, raw, checked=checked, lookups=lookups, spare=spare)
        for name, (form, _attribute, spare) in LISTS.items()
    }
