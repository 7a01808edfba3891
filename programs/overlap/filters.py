"""The filters of overlaps, shared by the page and the API."""

from typing import Any

import django_filters
from django.utils.translation import gettext_lazy as _

from donors.models import Organization
from programs.filters import country_choices, donors, goal_choices
from programs.overlap.models import Overlap


class OverlapFilter(django_filters.FilterSet):
    """Overlaps by state, kind, goal, country and donor."""

    state = django_filters.ChoiceFilter(choices=Overlap.State.choices, label=_("State"), empty_label=_("Any state"))
    kind = django_filters.ChoiceFilter(choices=Overlap.Kind.choices, label=_("Kind"), empty_label=_("All kinds"))
    goal = django_filters.ChoiceFilter(
        choices=goal_choices, method="by_goal", label=_("Goal"), empty_label=_("All goals")
    )
    country = django_filters.ChoiceFilter(
        choices=country_choices, method="by_country", label=_("Country"), empty_label=_("All countries")
    )
    donor = django_filters.ModelChoiceFilter(
        queryset=donors, method="by_donor", label=_("Donor"), empty_label=_("All donors")
    )

    class Meta:
        model = Overlap
        fields: list[str] = []

    def by_goal(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.for_goal(int(value))

    def by_country(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.in_country(value)

    def by_donor(self, queryset: Any, name: str, value: Organization) -> Any:
        return queryset.of_donor(value)
