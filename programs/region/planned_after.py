"""What is planned where a program ends: in its goals and places, for the first whole year after it, and by whom."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from core.money import UsdSum
from donors.models import Organization
from programs.models import Program
from programs.money.memory import Memory, once_kept
from programs.region import counting, planning

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from donors.models import User

# So many donors are named, and years after today's looked at: what ends within 12 months ends next year at the latest.
MOST_DONORS, YEARS = 2, 2


@dataclass(frozen=True)
class PlannedAfter:
    """US dollars that are planned for `year` in the goals and places of a program, and the donors that plan most."""

    year: int
    planned: Decimal
    donors: list[Organization]


def planned_after(
    user: "User | AnonymousUser", programs: Iterable[Program], today: date, memory: Memory
) -> dict[int, PlannedAfter]:
    """Program -> what is planned after it; for programs that end by the end of next year. Four queries, two of them
    remembered."""
    programs = list(programs)
    if not programs:
        return {}
    first, last = today.year + 1, today.year + YEARS
    cells = memory.keep("planned-cells", lambda: planning.planned_by_cell(user, first, last, once_kept(user, memory)))
    donors = memory.keep(
        "planned-cells-donors", lambda: planning.planned_in_cells_by_donor(user, first, last, once_kept(user, memory))
    )
    own = counting.cells_of_programs(user, [program.pk for program in programs])
    found: dict[int, tuple[int, Decimal, list[int]]] = {}
    for program in programs:
        year, serves = _year_after(program, today), own.get(program.pk, frozenset())
        usd = sum((years.get(year, UsdSum(0)) for cell, years in cells.items() if cell in serves), UsdSum(0))
        giving: dict[int, Decimal] = {}
        for (goal, place, donor), years in donors.items():
            if (goal, place) in serves and years.get(year):
                giving[donor] = giving.get(donor, Decimal(0)) + years[year]
        found[program.pk] = (year, usd, sorted(giving, key=lambda pk: (-giving[pk], pk))[:MOST_DONORS])
    bodies = Organization.objects.in_bulk({pk for _year, _usd, largest in found.values() for pk in largest})
    return {
        program: PlannedAfter(year, usd, [bodies[pk] for pk in largest])
        for program, (year, usd, largest) in found.items()
    }


def _year_after(program: Program, today: date) -> int:
    """The first year of which it runs no day."""
    return (program.end.year if program.end else today.year) + 1
