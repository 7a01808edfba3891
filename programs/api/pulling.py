"""The filters of programs that a script has beside those of the pages."""

import django_filters
from django.utils.translation import gettext_lazy

from core.api.pulling import updated_since
from donors.models import Organization
from programs.filters import ProgramFilter
from programs.models import Program


class PulledProgramFilter(ProgramFilter):
    """The filters of the pages, what a copy needs, and what finds a program that was sent."""

    identifier = django_filters.CharFilter(label=gettext_lazy("Its exact identifier"))
    reporting_org = django_filters.ModelChoiceFilter(
        queryset=Organization.objects.all(), label=gettext_lazy("The organization that reports it")
    )
    stage = django_filters.ChoiceFilter(
        choices=Program.Stage.choices,
        label=gettext_lazy("The status of the record; without it, drafts and archived programs are left out"),
    )

    updated_since = updated_since()
