"""The filters of overlaps, shared by the page and the API."""

from datetime import timedelta
from typing import Any

import django_filters
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.filters import LongSelect
from donors.models import Organization, User
from programs.filters import DonorFilter, area_choices, country_choices, goal_choices
from programs.overlap.forms import coordinators
from programs.overlap.models import Overlap, UncertainPair
from programs.overlap.ranking import Asked
from programs.overlap.services import may_review

ME, NOBODY = "me", "nobody"


def assignee_choices() -> list[tuple[str, object]]:
    """Oneself, nobody, and each coordinator."""
    return [(ME, _("Me")), (NOBODY, _("Unassigned")), *((str(one.pk), str(one)) for one in coordinators())]


class OverlapFilter(django_filters.FilterSet):
    """Overlaps by state, kind, goal, country and donor."""

    state = django_filters.ChoiceFilter(
        choices=Overlap.State.choices, label=pgettext_lazy("record", "Status"), empty_label=_("Any status")
    )
    kind = django_filters.ChoiceFilter(choices=Overlap.Kind.choices, label=_("Kind"), empty_label=_("All kinds"))
    goal = django_filters.ChoiceFilter(
        choices=goal_choices, method="by_goal", label=_("Goal"), empty_label=_("All goals")
    )
    country = django_filters.ChoiceFilter(
        choices=country_choices, method="by_country", label=_("Country"), empty_label=_("All countries")
    )
    donor = DonorFilter()

    class Meta:
        model = Overlap
        fields: list[str] = []

    @property
    def narrows(self) -> bool:
        """Whether a filter is set that asks about the programs of the pairs."""
        asked = self.form.cleaned_data if self.is_valid() else {}
        return any(asked.get(name) for name in ("goal", "country", "area", "donor"))

    @property
    def asked(self) -> Asked:
        """Which pairs the filters leave, as far as pages of cases go."""
        stated = self.form.cleaned_data if self.is_valid() else {}
        state = stated.get("state")
        others = any(value for name, value in stated.items() if name != "state")
        all_open = state == Overlap.State.OPEN and not others
        return Asked(self.narrows, all_open, dismissed=state not in (Overlap.State.OPEN, Overlap.State.CONFIRMED))

    def by_goal(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.for_goal(int(value))

    def by_country(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.in_country(value)

    def by_donor(self, queryset: Any, name: str, value: Organization) -> Any:
        return queryset.of_donor(value)


AGES = [
    ("week", _("Flagged in the last 7 days")),
    ("month", _("Flagged in the last 30 days")),
    ("older-month", _("Flagged more than 30 days ago")),
    ("older-quarter", _("Flagged more than 90 days ago")),
]
# How many days each age is, and whether it asks for what is older.
_DAYS = {"week": (7, False), "month": (30, False), "older-month": (30, True), "older-quarter": (90, True)}


class QueueFilter(OverlapFilter):
    """The queue: also by area and age."""

    area = django_filters.ChoiceFilter(
        choices=area_choices, method="by_area", label=_("Area"), empty_label=_("All"), widget=LongSelect
    )
    age = django_filters.ChoiceFilter(choices=AGES, method="by_age", label=_("Age"), empty_label=_("Any age"))

    def by_area(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.in_area(value)

    def by_age(self, queryset: Any, name: str, value: str) -> Any:
        days, older = _DAYS[value]
        since = timezone.now() - timedelta(days=days)
        return queryset.filter(**{"first_flagged_at__lt" if older else "first_flagged_at__gte": since})


class UncertainFilter(QueueFilter):
    """Pairs that the engine is not sure of: they have no state, and were never flagged."""

    state = None
    age = None

    class Meta:
        model = UncertainPair
        fields: list[str] = []


class DecidersQueueFilter(QueueFilter):
    """Also by assignee."""

    assignee = django_filters.ChoiceFilter(
        choices=assignee_choices, method="by_assignee", label=_("Assigned to"), empty_label=_("Anyone")
    )

    def by_assignee(self, queryset: Any, name: str, value: str) -> Any:
        if value == NOBODY:
            return queryset.filter(assignee__isnull=True)
        return queryset.filter(assignee=self.request.user.pk if value == ME else int(value))


def queue_filter_of(user: User) -> type[QueueFilter]:
    """The filters that the user has: who sees to a case is for those who decide."""
    return DecidersQueueFilter if may_review(user) else QueueFilter
