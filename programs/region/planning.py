"""What is planned for each year, of what a reader may see: each question one statement.

`once` is what of the programs' money counts for the reader (`once_for`), looked up where it is not given.
"""

from typing import TYPE_CHECKING, Any

from core.money import UsdSum
from programs.money.asking import planned_of
from programs.money.once import Once
from programs.money.plans import PLANNED
from programs.money.sql import FUNDED
from programs.money.stored import once_for
from programs.querysets import ProgramQuerySet
from programs.region.counting import CODES, COUNTED, SERVED, programs_counted, programs_in_region

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from donors.models import User

# What is planned for a year, of each goal in each place and of each donor.
_PLANNED_BY_CELL = f"""{COUNTED}{SERVED}, {PLANNED}
SELECT s.goal, s.place, p.year, p.currency, sum(p.amount * s.share)
FROM served s JOIN planned p ON p.program_id = s.id GROUP BY 1, 2, 3, 4
"""
_PLANNED_BY_DONOR = f"""{COUNTED}, {FUNDED}, {PLANNED}
SELECT f.organization_id, p.year, p.currency, sum(p.amount * f.share)
FROM funded f JOIN planned p ON p.program_id = f.program_id GROUP BY 1, 2, 3
"""
_PLANNED_IN_CELLS_BY_DONOR = f"""{COUNTED}{SERVED}, {FUNDED}, {PLANNED}
SELECT s.goal, s.place, f.organization_id, p.year, p.currency, sum(p.amount * s.share * f.share)
FROM served s JOIN funded f ON f.program_id = s.id JOIN planned p ON p.program_id = s.id GROUP BY 1, 2, 3, 4, 5
"""

Plans = dict[tuple[Any, ...], dict[int, UsdSum]]


def planned_by_cell(user: "User | AnonymousUser", first: int, last: int, once: Once | None = None) -> Plans:
    """(goal, column) -> year -> US dollars planned, by shares."""
    return _planned(programs_counted(user), once or once_for(user), _PLANNED_BY_CELL, first, last)


def planned_by_donor(user: "User", first: int, last: int, once: Once | None = None) -> Plans:
    """(donor,) -> year -> US dollars planned; a program of several funders counts for each by its share."""
    return _planned(programs_in_region(user), once or once_for(user), _PLANNED_BY_DONOR, first, last)


def planned_in_cells_by_donor(user: "User | AnonymousUser", first: int, last: int, once: Once | None = None) -> Plans:
    """(goal, column, donor) -> year -> US dollars planned, by shares."""
    return _planned(programs_counted(user), once or once_for(user), _PLANNED_IN_CELLS_BY_DONOR, first, last)


def _planned(programs: ProgramQuerySet, once: Once, statement: str, first: int, last: int) -> Plans:
    return planned_of(programs, once, statement, (first, last), **CODES)
