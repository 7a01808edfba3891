"""What there is to choose from for the terms of an agreement, on pages and in the API."""

from collections.abc import Iterable

from donors.models import Organization
from goals.models import Area
from goals.templatetags.portal import title_or_untitled
from programs.models import Coverage, Participation, Program, ProgramLocation

MOST_COMMITMENTS = 30


class Choices:
    """What a commitment's fields offer: organizations, programs and areas of the agreement; a few queries."""

    def __init__(self, programs: Iterable[Program]) -> None:
        self.program_rows = list(programs)
        ids = [program.pk for program in self.program_rows]
        part = Participation.objects.filter(program__in=ids).exclude(role=Participation.Role.IMPLEMENTING)
        reporting = {program.reporting_org_id for program in self.program_rows}
        wanted = reporting | set(part.values_list("organization_id", flat=True))
        self.reporting = reporting
        self.organizations = list(Organization.objects.filter(pk__in=wanted).order_by("name"))
        here = ProgramLocation.objects.filter(program__in=ids, area__isnull=False).values("area_id")
        countries = Coverage.objects.filter(program__in=ids, country__isnull=False).values("country_id")
        areas = Area.objects.filter(pk__in=here) | Area.objects.filter(country__in=countries, level=1)
        self.areas = [
            (area.pk, f"{area.name} ({area.country_id})") for area in areas.distinct().order_by("country_id", "name")
        ]
        self.programs = [(program.pk, title_or_untitled(program)) for program in self.program_rows]
