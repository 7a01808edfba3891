"""The filters of programs, shared by the page and the API."""

from collections.abc import Iterator
from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_filters.fields import ModelChoiceField, ModelChoiceIterator

from core.filters import DayFilter, LongSelect
from donors.models import Organization
from goals.bilingual import reader_language
from goals.models import Area, Country, Goal
from programs.iati_gaps import incomplete_for_iati
from programs.models import Participation, Program
from programs.querysets import ANYWHERE, REGIONAL

# The value of the filter by status for what was not cancelled.
NOT_CANCELLED = "not-cancelled"
# The values of the filter by report: of the activity's own organization, or of another that republishes it.
FIRST, SECONDARY = "first", "secondary"


def country_choices() -> list[tuple[str, object]]:
    """The seven countries, "regional" and all of these."""
    seven = [(country.code, country.name) for country in Country.objects.filter(in_carsi=True)]
    return [
        *sorted(seven, key=lambda choice: choice[1]),
        (REGIONAL, _("Regional")),
        (ANYWHERE, _("Anywhere in the region")),
    ]


def area_choices() -> list[tuple[str, str]]:
    """The areas of the seven countries, country by country."""
    areas = Area.objects.filter(country__in_carsi=True)
    rows = areas.values_list("code", f"country__name_{reader_language()}", "name")
    return sorted(((code, f"{country}: {name}") for code, country, name in rows), key=lambda choice: choice[1])


def status_choices() -> list[tuple[object, object]]:
    """The statuses of IATI, and all but cancelled."""
    return [*Program.Status.choices, (NOT_CANCELLED, _("All except cancelled"))]


def goal_choices() -> list[tuple[int, str]]:
    return [(goal.number, str(goal)) for goal in Goal.objects.all()]


def donors(request: HttpRequest | None) -> QuerySet[Organization]:
    """Organizations that fund a program that the user may see; none without a request, as in the API's schema."""
    if request is None:
        return Organization.objects.none()
    shown = Program.objects.visible_to(request.user).listed()
    funding = Participation.objects.filter(role=Participation.Role.FUNDING, program__in=shown)
    return Organization.objects.filter(pk__in=funding.values("organization"))


class _NamesOfDonors(ModelChoiceIterator):
    """The choices without an object for each of hundreds."""

    def __iter__(self) -> Iterator[tuple[Any, Any]]:
        if self.field.empty_label is not None:
            yield "", self.field.empty_label
        for pk, short_name, name in self.queryset.values_list("pk", "short_name", "name"):
            yield pk, short_name or name


class _DonorField(ModelChoiceField):
    iterator = _NamesOfDonors


class DonorFilter(django_filters.ModelChoiceFilter):
    """One of the donors."""

    field_class = _DonorField

    def __init__(self, **options: Any) -> None:
        super().__init__(
            **{
                "queryset": donors,
                "method": "by_donor",
                "label": _("Donor"),
                "empty_label": _("All donors"),
                "widget": LongSelect,
                **options,
            }
        )


class ProgramFilter(django_filters.FilterSet):
    """Programs by text, goal, country, area, donor, status, scope, time, and whether IATI asks for more."""

    q = django_filters.CharFilter(method="by_text", label=_("Search"))
    goal = django_filters.ChoiceFilter(
        choices=goal_choices, method="by_goal", label=_("Goal"), empty_label=_("All goals")
    )
    country = django_filters.ChoiceFilter(
        choices=country_choices, method="by_country", label=_("Country"), empty_label=_("All countries")
    )
    area = django_filters.ChoiceFilter(
        choices=area_choices, method="by_area", label=_("Area"), empty_label=_("All areas"), widget=LongSelect
    )
    donor = DonorFilter()
    status = django_filters.ChoiceFilter(
        choices=status_choices,
        method="by_status",
        label=pgettext_lazy("program", "Status"),
        empty_label=_("Any status"),
    )
    start = DayFilter(method="by_start", label=_("Running from"), widget=forms.DateInput(attrs={"type": "date"}))
    end = DayFilter(method="by_end", label=_("Running until"), widget=forms.DateInput(attrs={"type": "date"}))
    scope = django_filters.ChoiceFilter(choices=Program.Scope.choices, label=_("Scope"), empty_label=_("Any scope"))

    report = django_filters.ChoiceFilter(
        choices=[(FIRST, _("Only first reports")), (SECONDARY, _("Only secondary reports"))],
        method="by_report",
        label=_("Reports"),
        empty_label=_("First and secondary reports"),
    )
    iati = django_filters.ChoiceFilter(
        choices=[("incomplete", _("Incomplete"))], method="by_iati", label="IATI", empty_label=_("Complete or not")
    )

    class Meta:
        model = Program
        fields: list[str] = []

    def by_report(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.filter(is_secondary_report=value == SECONDARY)

    def by_iati(self, queryset: Any, name: str, value: str) -> Any:
        return incomplete_for_iati(queryset)

    def by_text(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.search(value)

    def by_status(self, queryset: Any, name: str, value: str) -> Any:
        if value == NOT_CANCELLED:
            return queryset.exclude(status=Program.Status.CANCELLED)
        return queryset.filter(status=int(value))

    def by_goal(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.for_goal(int(value))

    def by_country(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.in_country(value)

    def by_area(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.in_area(value)

    def by_donor(self, queryset: Any, name: str, value: Organization) -> Any:
        return queryset.funded_by(value)

    def by_start(self, queryset: Any, name: str, value: Any) -> Any:
        return queryset.running_between(value, None)

    def by_end(self, queryset: Any, name: str, value: Any) -> Any:
        return queryset.running_between(None, value)
