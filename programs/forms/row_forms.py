"""Each kind of row: countries, places, sectors, organizations, related programs; those of money are in money_rows."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from donors.models import Organization, OrganizationRequest
from goals.models import Country, Region
from programs.forms.fields import ShareField
from programs.forms.lookups import UnknownOrganization
from programs.forms.money_rows import BudgetRow, PlannedRow, TransactionRow
from programs.forms.rows import RowForm, combobox
from programs.models import Participation, RelatedProgram
from programs.services import CoverageData, LocationData, ParticipationData, RelatedData, SectorData
from programs.services.places import places_outside, sentence_on


class WhereField(forms.ChoiceField):
    """A country or region of the short list, or any other that the list of the portal has."""

    def valid_value(self, value: str) -> bool:
        return super().valid_value(value) or (
            Region.objects.filter(pk=value).exists() if value.isdigit() else Country.objects.filter(pk=value).exists()
        )


class CountryRow(RowForm):
    content = ("place",)
    place = WhereField(label=_("Country or region"))
    percentage = ShareField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        typed = (self.data.get(f"{self.prefix}-place") if self.is_bound else "") or self.initial.get("place")
        self.fields["place"].choices = self.lookups.where_choices(str(typed or ""))  # type: ignore[attr-defined]

    def identity(self) -> str:
        return self.cleaned_data["place"]

    def row_data(self) -> CoverageData:
        place, percentage = self.cleaned_data["place"], self.cleaned_data["percentage"]
        if place.isdigit():
            return CoverageData(region_id=place, percentage=percentage)
        return CoverageData(country_id=place, percentage=percentage)


class PlaceRow(RowForm):
    content = ("area", "name", "latitude")
    area = forms.CharField(
        label=_("Department, province or district"), required=False, max_length=200, widget=combobox("areas")
    )
    name = forms.CharField(label=_("Town or community"), required=False, max_length=255)
    percentage = ShareField()
    latitude = forms.DecimalField(required=False, min_value=-90, max_value=90, widget=forms.HiddenInput)
    longitude = forms.DecimalField(required=False, min_value=-180, max_value=180, widget=forms.HiddenInput)

    def clean_area(self) -> str | None:
        area = self.lookups.area(self.cleaned_data["area"])
        return area.code if area else None

    def refuse_outside(self, coverages: Sequence[CoverageData], tolerated: Sequence[LocationData]) -> None:
        """Puts beside the place that it lies outside the program's countries; those `tolerated` lay there before."""
        if outside := places_outside(coverages, [self.row_data()], tolerated=tolerated):
            self.add_error("area", sentence_on(outside, coverages))

    def identity(self) -> Any:
        cleaned = self.cleaned_data
        return (cleaned["area"], cleaned["name"], cleaned["latitude"], cleaned["longitude"])

    def row_data(self) -> LocationData:
        cleaned = self.cleaned_data
        whole = cleaned["latitude"] is not None and cleaned["longitude"] is not None
        return LocationData(
            area_id=cleaned["area"],
            name=cleaned["name"],
            latitude=cleaned["latitude"] if whole else None,
            longitude=cleaned["longitude"] if whole else None,
            percentage=cleaned["percentage"],
        )


class SectorRow(RowForm):
    content = ("sector",)
    sector = forms.CharField(label=_("Sector"), max_length=300, widget=combobox("sectors"))
    percentage = ShareField()

    def clean_sector(self) -> str | None:
        return self.lookups.sector(self.cleaned_data["sector"])

    def identity(self) -> str:
        return self.cleaned_data["sector"]

    def row_data(self) -> SectorData:
        return SectorData(self.cleaned_data["sector"], self.cleaned_data["percentage"])


class OrganizationRow(RowForm):
    """An organization by any of its names. One that is not in the list is asked about, and made only on a yes; who is
    not sure asks the coordinators."""

    content = ("name",)
    said_twice = _("This organization already has this role.")
    name = forms.CharField(label=_("Organization"), max_length=255, widget=combobox("organizations"))
    role = forms.TypedChoiceField(
        label=_("Role"), choices=Participation.Role, coerce=int, initial=Participation.Role.IMPLEMENTING
    )
    activity_identifier = forms.CharField(label=_("Organization's own reference"), required=False, max_length=255)
    # The name that the person said is new: a yes to one name is none to another.
    is_new = forms.CharField(required=False, max_length=255)
    kind = forms.ChoiceField(choices=Organization.Kind, required=False, initial=Organization.Kind.OTHER)

    unknown = ""

    def clean_name(self) -> int | None:
        try:
            return self.lookups.organization(self.cleaned_data["name"])
        except UnknownOrganization as error:
            self.unknown = error.text
            raise

    @property
    def is_confirmed(self) -> bool:
        """Whether the person said that this very name is to be added to the list."""
        return bool(self.unknown) and self.cleaned_data.get("is_new", "").strip() == self.unknown

    @property
    def was_confirmed(self) -> bool:
        """Whether the person said so of a name that is in the list now, or would be if the program had been saved."""
        return (
            self.is_bound
            and not self.unknown
            and bool(said := self.data.get(f"{self.prefix}-is_new"))
            and (said == self.data.get(f"{self.prefix}-name"))
        )

    @property
    def alike(self) -> list[Organization]:
        """Whom an unknown name may mean; one query."""
        return list(Organization.objects.similar_to(self.unknown)) if self.unknown else []

    @property
    def request(self) -> OrganizationRequest | None:
        """The open request for an unknown name; one query for all rows."""
        return self.lookups.request_for(self.unknown) if self.unknown else None

    def identity(self) -> Any:
        return (self.cleaned_data["name"], self.cleaned_data["role"])

    def row_data(self) -> ParticipationData:
        cleaned = self.cleaned_data
        return ParticipationData(cleaned["name"], cleaned["role"], cleaned["activity_identifier"])


class SharedRow(RowForm):
    """An organization that a restricted program is shown to."""

    content = ("name",)
    name = forms.CharField(label=_("Organization"), max_length=255, widget=combobox("organizations"))

    def clean_name(self) -> int | None:
        return self.lookups.organization(self.cleaned_data["name"])

    def identity(self) -> Any:
        return self.cleaned_data["name"]

    def row_data(self) -> int:
        return self.cleaned_data["name"]


class RelatedRow(RowForm):
    content = ("identifier",)
    type = forms.TypedChoiceField(
        label=_("Relationship"), choices=RelatedProgram.Type, coerce=int, initial=RelatedProgram.Type.SIBLING
    )
    identifier = forms.CharField(label=_("IATI identifier"), max_length=255, widget=combobox("programs"))

    def identity(self) -> Any:
        return (self.cleaned_data["type"], self.cleaned_data["identifier"])

    def row_data(self) -> RelatedData:
        return RelatedData(self.cleaned_data["type"], self.cleaned_data["identifier"])


# Name of the list in the form -> its rows, the attribute of ProgramData that they make, and how many spare ones.
LISTS: dict[str, tuple[type[RowForm], str, int]] = {
    "countries": (CountryRow, "coverages", 1),
    "places": (PlaceRow, "locations", 1),
    "sectors": (SectorRow, "sectors", 1),
    "organizations": (OrganizationRow, "participations", 1),
    "transactions": (TransactionRow, "transactions", 1),
    "budgets": (BudgetRow, "budgets", 0),
    "payments": (PlannedRow, "planned_disbursements", 0),
    "related": (RelatedRow, "related", 0),
    "shared": (SharedRow, "", 0),
}
