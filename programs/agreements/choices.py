"""What there is to choose from for the terms of an agreement, on pages and in the API."""

from collections.abc import Collection, Iterable
from typing import Self

from donors.models import Organization, User
from goals.models import Area
from programs.agreements.models import Agreement
from programs.models import Coverage, Participation, Program, ProgramLocation
from programs.overlap.models import Overlap

MOST_COMMITMENTS = 30


def overlaps_to_settle(user: User, ids: Collection[int], case: int | None = None) -> list[Overlap]:
    """The overlaps of these ids, or the confirmed ones of a case (a cluster's id), as far as the person sees them."""
    visible = Overlap.objects.visible_to(user).select_related("left__reporting_org", "right__reporting_org")
    if case is not None:
        return list(visible.filter(cluster=case, state=Overlap.State.CONFIRMED).order_by("pk"))
    return list(visible.filter(pk__in=ids).order_by("pk"))


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
        self.programs = [(program.pk, program.shown_title) for program in self.program_rows]

    @classmethod
    def of(cls, agreement: Agreement) -> Self:
        """For an agreement, be it a draft or proposed."""
        return cls(agreement.programs.select_related("reporting_org").order_by("reporting_org__name", "pk"))

    @classmethod
    def of_overlaps(cls, overlaps: Iterable[Overlap]) -> Self:
        """For an agreement that is to be on these overlaps."""
        programs = Program.objects.filter(pk__in={pk for one in overlaps for pk in (one.left_id, one.right_id)})
        return cls(programs.select_related("reporting_org").order_by("reporting_org__name", "pk"))
