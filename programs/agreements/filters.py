"""The filters of agreements, shared by the page and the API."""

from typing import Any

import django_filters
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from programs.agreements.models import Agreement
from programs.agreements.states import State
from programs.filters import country_choices, goal_choices
from programs.models import Program


class AgreementFilter(django_filters.FilterSet):
    """Agreements by state, kind, goal, country, whether they are one's own, and whether anything is overdue."""

    state = django_filters.ChoiceFilter(
        choices=State.choices, label=pgettext_lazy("record", "Status"), empty_label=_("Any status")
    )
    kind = django_filters.ChoiceFilter(choices=Agreement.Kind.choices, label=_("Kind"), empty_label=_("All kinds"))
    goal = django_filters.ChoiceFilter(
        choices=goal_choices, method="by_goal", label=_("Goal"), empty_label=_("All goals")
    )
    country = django_filters.ChoiceFilter(
        choices=country_choices, method="by_country", label=_("Country"), empty_label=_("All countries")
    )
    whose = django_filters.ChoiceFilter(
        choices=[("mine", _("Mine: my organizations' or drafted by me")), ("waiting", _("Awaiting my answer"))],
        method="by_whose",
        label=_("Show"),
        empty_label=_("All agreements"),
    )
    overdue = django_filters.ChoiceFilter(
        choices=[("yes", _("With overdue commitments"))],
        method="by_overdue",
        label=_("Overdue"),
        empty_label=_("Overdue or not"),
    )

    class Meta:
        model = Agreement
        fields: list[str] = []

    def by_goal(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.on_programs(Program.objects.visible_to(self.request.user).for_goal(int(value)))

    def by_country(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.on_programs(Program.objects.visible_to(self.request.user).in_country(value))

    def by_whose(self, queryset: Any, name: str, value: str) -> Any:
        user = self.request.user
        return queryset.mine(user) if value == "mine" else queryset.waiting_for(user.organization_ids)

    def by_overdue(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.overdue()
