"""Each kind of row: countries, places, sectors, organizations, money, related programs."""

import json
from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import number_format
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from core.dates import END_BEFORE_START
from donors.models import Organization, OrganizationRequest
from goals.currencies import OFFERED
from goals.models import Country, Region
from goals.money import Dollars, rate_words
from programs.forms.fields import AmountField, DayField, ShareField
from programs.forms.lookups import UnknownOrganization
from programs.forms.rows import RowForm
from programs.models import Budget, Participation, PlannedDisbursement, RelatedProgram, Transaction
from programs.services import (
    BudgetData,
    CoverageData,
    LocationData,
    ParticipationData,
    PlannedDisbursementData,
    RelatedData,
    SectorData,
    TransactionData,
)
from programs.services.places import places_outside, sentence_on

# Parts of a transaction that its row does not show and hands on as they are.
CARRIED_OVER = (
    "provider_activity", "receiver_activity", "description", "reference", "finance_type", "value_date", "country_id",
    "region_id", "sector_id",
)  # fmt: skip


def combobox(kind: str, **attributes: str) -> forms.TextInput:
    """A text field that JavaScript lets choose from the server's list of that kind; without it, plain text."""
    return forms.TextInput(attrs={"autocomplete": "off", "data-combobox": kind, **attributes})


class ChoiceAsTyped(forms.ChoiceField):
    """A choice that also keeps a value from elsewhere that it does not offer, where `accepts` matches it."""

    def valid_value(self, value: str) -> bool:
        return super().valid_value(value) or (len(value) == 3 and value.isalpha() and value.isupper())


def dollars_text(worth: Dollars | None, on: date | None) -> str:
    """An amount's worth as the form shows it beside the amount, with the month of the rate; `on` is its date."""
    if worth is None:
        return gettext("There is no dollar exchange rate for that date.")
    value = "US$ " + number_format(worth.value, decimal_pos=0, force_grouping=True)
    words = rate_words(worth.rate_month, on, worth.basis, worth.source)
    return f"= {value}, {words}" if words else f"= {value}"


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


class MoneyRow(RowForm):
    """What amounts have in common."""

    value = AmountField(label=_("Amount"))
    currency = ChoiceAsTyped(label=_("Currency"), choices=[(code, code) for code in OFFERED], initial="USD")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        typed = (self.data.get(f"{self.prefix}-currency") if self.is_bound else "") or self.initial.get("currency")
        field = self.fields["currency"]
        if typed and typed not in OFFERED and field.valid_value(typed):  # type: ignore[attr-defined]
            field.choices = [*field.choices, (typed, typed)]  # type: ignore[attr-defined]

    @property
    def dollars(self) -> str:
        """What stands in the row, in US dollars; blank where it is dollars, or cannot be told."""
        currency = str(self["currency"].value() or "")
        day = self["date" if "date" in self.fields else "period_start"].value()
        try:
            value = AmountField(required=False).clean(self["value"].value())
            on = DayField().clean(day)
        except ValidationError:
            return ""
        if value is None or currency == "USD":
            return ""
        return dollars_text(self.lookups.dollars(value, currency, on), on)


class TransactionRow(MoneyRow):
    content = ("value", "date", "provider", "receiver")
    type = forms.TypedChoiceField(
        label=_("Kind"), choices=Transaction.Type, coerce=int, initial=Transaction.Type.COMMITMENT
    )
    date = DayField(label=_("Date"))
    provider = forms.CharField(label=_("From"), required=False, max_length=255, widget=combobox("organizations"))
    receiver = forms.CharField(label=_("To"), required=False, max_length=255, widget=combobox("organizations"))
    more = forms.CharField(required=False, max_length=20_000, widget=forms.HiddenInput)

    field_order = ("type", "value", "currency", "date", "provider", "receiver", "more")

    def clean_provider(self) -> int | None:
        return self.lookups.organization(self.cleaned_data["provider"])

    def clean_receiver(self) -> int | None:
        return self.lookups.organization(self.cleaned_data["receiver"])

    def clean_more(self) -> dict[str, Any]:
        try:
            more = json.loads(self.cleaned_data["more"] or "{}")
            carried_over = {name: str(more[name])[:5000] for name in CARRIED_OVER if more.get(name)}
            if "value_date" in carried_over:
                carried_over["value_date"] = DayField().clean(carried_over["value_date"])
        except (ValueError, TypeError, AttributeError, ValidationError):
            return {}
        limits = {"finance_type": 4, "description": 5000}
        return {
            name: value[: limits.get(name, 255)] if isinstance(value, str) else value
            for name, value in carried_over.items()
        }

    def row_data(self) -> TransactionData:
        cleaned = self.cleaned_data
        values = {"value_date": cleaned["date"], **cleaned["more"]}
        return TransactionData(
            type=cleaned["type"],
            value=cleaned["value"],
            currency=cleaned["currency"],
            date=cleaned["date"],
            provider_id=cleaned["provider"],
            receiver_id=cleaned["receiver"],
            **values,
        )


class PeriodRow(MoneyRow):
    """What budgets and planned payments have in common."""

    period_start = DayField(label=pgettext_lazy("period", "From"))
    period_end = DayField(label=pgettext_lazy("period", "To"))
    value_date = DayField(widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        start, end = cleaned.get("period_start"), cleaned.get("period_end")
        if start and end and end < start:
            self.add_error("period_end", END_BEFORE_START)
        return cleaned


class BudgetRow(PeriodRow):
    content = ("value", "period_start", "period_end")
    type = forms.TypedChoiceField(label=_("Kind"), choices=Budget.Type, coerce=int, initial=Budget.Type.ORIGINAL)
    status = forms.TypedChoiceField(
        label=_("Budget status"), choices=Budget.Status, coerce=int, initial=Budget.Status.INDICATIVE
    )

    field_order = ("period_start", "period_end", "value", "currency", "type", "status", "value_date")

    def row_data(self) -> BudgetData:
        return BudgetData(**{name: self.cleaned_data[name] for name in self.field_order})


class PlannedRow(PeriodRow):
    """A planned payment. What its row does not show goes on as it is, in hidden fields."""

    content = ("value", "period_start", "period_end", "provider", "receiver")
    provider = forms.CharField(label=_("Paid by"), required=False, max_length=255, widget=combobox("organizations"))
    receiver = forms.CharField(label=_("Paid to"), required=False, max_length=255, widget=combobox("organizations"))
    type = forms.TypedChoiceField(
        label=_("Kind"), choices=PlannedDisbursement.Type, coerce=int, initial=PlannedDisbursement.Type.ORIGINAL
    )
    provider_activity = forms.CharField(required=False, max_length=255, widget=forms.HiddenInput)
    receiver_activity = forms.CharField(required=False, max_length=255, widget=forms.HiddenInput)

    field_order = (
        "period_start", "period_end", "value", "currency", "provider", "receiver", "type", "value_date",
        "provider_activity", "receiver_activity",
    )  # fmt: skip

    def clean_provider(self) -> int | None:
        return self.lookups.organization(self.cleaned_data["provider"])

    def clean_receiver(self) -> int | None:
        return self.lookups.organization(self.cleaned_data["receiver"])

    def row_data(self) -> PlannedDisbursementData:
        values = {name: self.cleaned_data[name] for name in self.field_order}
        return PlannedDisbursementData(provider_id=values.pop("provider"), receiver_id=values.pop("receiver"), **values)


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
