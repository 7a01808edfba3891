"""The rows of money: transactions, budgets, planned payments."""

import json
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import number_format
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from core.dates import END_BEFORE_START
from goals.currencies import OFFERED
from goals.money import Dollars, rate_words
from programs.forms.fields import AmountField, DayField
from programs.forms.rows import RowForm, combobox
from programs.models import Budget, PlannedDisbursement, Transaction
from programs.services import BudgetData, PlannedDisbursementData, TransactionData

# Parts of a transaction that its row does not show and hands on as they are.
CARRIED_OVER = (
    "provider_activity", "receiver_activity", "description", "reference", "finance_type", "value_date", "country_id",
    "region_id", "sector_id",
)  # fmt: skip


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
        """The amount of the row in US dollars; blank where it is in dollars already, or no rate is known."""
        currency = str(self["currency"].value() or "")
        days = ("date",) if "date" in self.fields else ("value_date", "period_start")
        try:
            value = AmountField(required=False).clean(self["value"].value())
            on = DayField().clean(next((day for name in days if (day := self[name].value())), None))
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
