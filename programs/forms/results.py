"""The page of a program's results: one card an indicator, with its periods; and what comes after the funding.

Read and shown without JavaScript: "add" saves nothing and gives the page back with room for one more.
"""

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.dates import END_BEFORE_START, FIRST_DATE, LAST_DATE
from donors.models import Organization
from programs.forms.fields import AmountField, DayField
from programs.forms.lookups import FormLookups
from programs.models import ProgramResult, ResultIndicator
from programs.services import (
    MOST_INDICATORS,
    MOST_PERIODS,
    IndicatorData,
    Outlook,
    PeriodData,
    ResultData,
    SustainabilityData,
)

_CARD = re.compile(r"i-(\d{1,3})-")
_CONFIRMED = {"": None, "yes": True, "no": False}


def _text(label: Any, **kwargs: Any) -> forms.CharField:
    return forms.CharField(
        label=label, widget=forms.TextInput(attrs={"class": "usa-input"}), **{"max_length": 2000, **kwargs}
    )


def _choice(label: Any, choices: Any, **kwargs: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label, choices=choices, coerce=int, widget=forms.Select(attrs={"class": "usa-select"}), **kwargs
    )


def _value(label: Any) -> AmountField:
    field = AmountField(label=label, required=False, decimal_places=4)
    field.widget.attrs["class"] = "usa-input"
    return field


def _day(label: Any) -> DayField:
    field = DayField(label=label)
    field.widget.attrs["class"] = "usa-input"
    return field


class PeriodForm(forms.Form):
    """What an indicator was to reach in a period, and what it reached."""

    start = _day(_("From"))
    end = _day(_("To"))
    target = _value(_("Target"))
    actual = _value(_("Achieved"))
    target_comment = _text(_("Comment on the target"), required=False)
    actual_comment = _text(_("Comment on the achieved value"), required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        start, end = cleaned.get("start"), cleaned.get("end")
        for name in ("start", "end"):
            if name not in self.errors and cleaned.get(name) is None:
                self.add_error(name, _("A period needs a start and an end date."))
        if start and end and end < start:
            self.add_error("end", END_BEFORE_START)
        return cleaned

    @property
    def row(self) -> PeriodData:
        return PeriodData(**self.cleaned_data)


class IndicatorForm(forms.Form):
    """An indicator with the result that it tells of; indicators of one result name it alike."""

    result_type = _choice(_("Type of result"), ProgramResult.Type.choices)
    result = _text(_("Result"), help_text=_("The change achieved, in one sentence."))
    title = _text(_("Indicator"), help_text=_("What is counted or measured, with its unit."))
    measure = _choice(_("Unit of measure"), ResultIndicator.Measure.choices)
    direction = _choice(_("Desired direction"), [(1, _("up")), (0, _("down"))])
    baseline_year = forms.IntegerField(
        label=_("Baseline year"),
        required=False,
        min_value=FIRST_DATE.year,
        max_value=LAST_DATE.year,
        widget=forms.TextInput(attrs={"class": "usa-input", "inputmode": "numeric"}),
    )
    baseline_value = _value(_("Baseline"))
    baseline_comment = _text(_("Comment on the baseline"), required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        states = cleaned.get("baseline_value") is not None or cleaned.get("baseline_comment")
        if states and not cleaned.get("baseline_year") and "baseline_year" not in self.errors:
            self.add_error("baseline_year", _("Enter the year of the baseline."))
        return cleaned


class AfterForm(forms.Form):
    """Who carries the program on when its funding ends, from which budget, and whether they said so."""

    funding_ends = _day(_("Funding ends on"))
    organization = _text(
        _("Continued by"),
        required=False,
        max_length=255,
        help_text=_("An organization in the list: its name, short name or identifier."),
    )
    budget_source = _text(
        _("Budget source"),
        required=False,
        help_text=_("For example: Ministry of Security, budget line 2.3."),
    )
    confirmed = forms.ChoiceField(
        label=_("Confirmed by them?"),
        required=False,
        choices=[("", _("Not known")), ("yes", _("Yes")), ("no", _("No"))],
        widget=forms.Select(attrs={"class": "usa-select"}),
    )

    def clean_organization(self) -> int | None:
        name = self.cleaned_data["organization"]
        return FormLookups([name]).organization(name)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("confirmed") == "yes" and not cleaned.get("organization") and not cleaned.get("budget_source"):
            self.add_error("confirmed", _("Enter who will continue it, or from which budget."))
        return cleaned

    @property
    def row(self) -> SustainabilityData:
        stated = self.cleaned_data
        return SustainabilityData(
            funding_ends=stated["funding_ends"],
            organization_id=stated["organization"],
            budget_source=stated["budget_source"],
            confirmed=_CONFIRMED[stated["confirmed"]],
        )


class Card:
    """An indicator with its periods. A card or a period with nothing typed in it is no row."""

    def __init__(self, number: int, raw: Mapping[str, str], *, checked: bool, spare_period: bool) -> None:
        self.number = number
        prefix = f"i-{number}"
        self.is_blank = not any(
            raw.get(f"{prefix}-{name}", "").strip() for name in ("result", "title", "baseline_year", "baseline_value")
        ) and not _typed_periods(raw, prefix)
        is_checked = checked and not self.is_blank
        self.form = IndicatorForm(raw, prefix=prefix) if is_checked else IndicatorForm(
            initial=_initial(raw, prefix, IndicatorForm), prefix=prefix)  # fmt: skip
        typed = _typed_periods(raw, prefix)
        self.periods = [
            PeriodForm(raw, prefix=f"{prefix}-p-{one}")
            if is_checked
            else PeriodForm(initial=_initial(raw, f"{prefix}-p-{one}", PeriodForm), prefix=f"{prefix}-p-{one}")
            for one in typed
        ]
        if spare_period:
            self.periods.append(PeriodForm(prefix=f"{prefix}-p-{max(typed, default=-1) + 1}"))

    @property
    def is_valid(self) -> bool:
        forms_ = [self.form, *self.periods]
        return all(form.is_valid() for form in forms_ if form.is_bound)

    @property
    def indicator(self) -> IndicatorData:
        stated = self.form.cleaned_data
        return IndicatorData(
            title=stated["title"],
            measure=stated["measure"],
            ascending=bool(stated["direction"]),
            baseline_year=stated["baseline_year"],
            baseline_value=stated["baseline_value"],
            baseline_comment=stated["baseline_comment"],
            periods=tuple(form.row for form in self.periods if form.is_bound),
        )


def _typed_periods(raw: Mapping[str, str], prefix: str) -> list[int]:
    pattern = re.compile(rf"{re.escape(prefix)}-p-(\d{{1,3}})-")
    numbers = {int(match.group(1)) for key, value in raw.items() if (match := pattern.match(key)) and value.strip()}
    return sorted(numbers)[:MOST_PERIODS]


def _initial(raw: Mapping[str, str], prefix: str, form: type[forms.Form]) -> dict[str, str]:
    return {name: raw[f"{prefix}-{name}"] for name in form.base_fields if f"{prefix}-{name}" in raw}


class ResultsEditor:
    """The whole page. `raw` is what stands in its fields; `checked` says what is wrong with it."""

    def __init__(self, raw: Mapping[str, str], *, before: Outlook, checked: bool) -> None:
        self.raw, self.before = raw, before
        self.after = AfterForm(raw, prefix="after") if checked else AfterForm(
            initial=_initial(raw, "after", AfterForm), prefix="after")  # fmt: skip
        numbers = sorted({int(match.group(1)) for key in raw if (match := _CARD.match(key))})[:MOST_INDICATORS]
        cards = [Card(number, raw, checked=checked, spare_period=not checked) for number in numbers]
        self.cards = [card for card in cards if not card.is_blank]
        if not checked:
            self.cards.append(Card(max(numbers, default=-1) + 1, {}, checked=False, spare_period=True))

    def is_valid(self) -> bool:
        return all([self.after.is_valid(), *(card.is_valid for card in self.cards)])

    @property
    def results(self) -> tuple[ResultData, ...]:
        """What was entered; descriptions, which this page does not show, stay as they are stored."""
        results = {(row.type, row.title): row.description for row in self.before.results}
        indicators = {(one.title, row.title): one.description for row in self.before.results for one in row.indicators}
        grouped: dict[tuple[int, str], list[IndicatorData]] = {}
        for card in self.cards:
            key = (card.form.cleaned_data["result_type"], card.form.cleaned_data["result"])
            stated = card.indicator
            description = indicators.get((stated.title, key[1]), "")
            grouped.setdefault(key, []).append(IndicatorData(**{**vars(stated), "description": description}))
        without = {(row.type, row.title): row for row in self.before.results if not row.indicators}
        made = [
            ResultData(kind, title, results.get((kind, title), ""), tuple(rows))
            for (kind, title), rows in grouped.items()
        ]
        return (*made, *(row for key, row in without.items() if key not in grouped))


def raw_of_outlook(outlook: Outlook) -> dict[str, str]:
    """What is stored, as the page's fields; a query for the organization's name."""
    after = outlook.sustainability
    raw = {
        "after-funding_ends": _written(after.funding_ends),
        "after-organization": Organization.objects.get(pk=after.organization_id).name if after.organization_id else "",
        "after-budget_source": after.budget_source,
        "after-confirmed": {None: "", True: "yes", False: "no"}[after.confirmed],
    }
    number = 0
    for result in outlook.results:
        for indicator in result.indicators:
            prefix = f"i-{number}"
            raw |= {
                f"{prefix}-result_type": str(result.type),
                f"{prefix}-result": result.title,
                f"{prefix}-title": indicator.title,
                f"{prefix}-measure": str(indicator.measure),
                f"{prefix}-direction": "1" if indicator.ascending else "0",
                f"{prefix}-baseline_year": _written(indicator.baseline_year),
                f"{prefix}-baseline_value": _written(indicator.baseline_value),
                f"{prefix}-baseline_comment": indicator.baseline_comment,
            }
            for one, period in enumerate(indicator.periods):
                raw |= {f"{prefix}-p-{one}-{name}": _written(value) for name, value in vars(period).items()}
            number += 1
    return raw


def _written(value: Any) -> str:
    if value is None:
        return ""
    return f"{value.normalize():f}" if hasattr(value, "normalize") else str(value)
