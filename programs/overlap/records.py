"""The series that a program belongs to, as its page tells it: of the records that the user may see alone."""

from dataclasses import dataclass
from datetime import date

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Max, Min
from django.db.models.functions import Coalesce

from donors.models import User
from programs.models import Program
from programs.overlap.clustering import LEAST_OF_A_SERIES
from programs.overlap.profiles import stored_series

MOST_LISTED = 50


@dataclass(frozen=True)
class Series:
    """Records of one reporter that differ by year, number, amount or venue alone: how many, from which year to which
    (None where no record says), and the first of the others."""

    records: int
    first: date | None
    last: date | None
    others: list[Program]


def series_of_program(program: Program, user: User | AnonymousUser) -> Series | None:
    """The series of the program, with those of its records that `user` may see; None where it is in none. Three
    queries."""
    if not (codes := stored_series([program.pk]).get(program.pk)):
        return None
    seen = Program.objects.visible_to(user).scannable().filter(profile__series__overlap=list(codes))
    starts = Coalesce("actual_start", "planned_start")
    records, first, last = seen.aggregate(n=Count("pk"), first=Min(starts), last=Max(starts)).values()
    if records < LEAST_OF_A_SERIES:
        return None
    others = seen.exclude(pk=program.pk).annotate(begins=starts).order_by("begins", "pk").defer("search")
    return Series(records, first, last, list(others[:MOST_LISTED]))
