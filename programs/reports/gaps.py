"""The gaps of a profile's subject, as programs.region.gaps finds them for all pages."""

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from goals.models import Goal
from programs.money.memory import Memory
from programs.region.gaps import Need, gaps_among, gaps_in_area, needs_of
from programs.reports.subjects import Subject

if TYPE_CHECKING:
    from programs.reports.subjects import Viewer


@dataclass(frozen=True)
class SubjectGaps:
    """The gaps of a country or a goal, what is missing most first; of an area those of its country, and the goals
    `without_program` in the area itself."""

    found: list[Need] = field(default_factory=list)
    without_program: list[Goal] = field(default_factory=list)


def gaps_of(subject: Subject, viewer: "Viewer", today: date, memory: Memory) -> SubjectGaps:
    """Six queries, one more for an area; none for a donor, who has no gaps."""
    if subject.kind == "donor":
        return SubjectGaps()
    needs = needs_of(viewer, _("Regional"), today, memory)
    if subject.kind == "goal":
        return SubjectGaps(gaps_among(need for need in needs if str(need.goal.pk) == subject.key))
    # The code of an area begins with that of its country.
    found = gaps_among(need for need in needs if need.code == subject.key[:2])
    if subject.kind == "country":
        return SubjectGaps(found)
    goals = list({need.goal.pk: need.goal for need in needs}.values())
    return SubjectGaps(found, gaps_in_area(subject.programs, goals, today))
