"""What organizations carry out of what a reader may see: each question one statement."""

from collections.abc import Collection
from typing import TYPE_CHECKING

from programs.codes import CARRYING_OUT
from programs.models import Participation
from programs.money.once import Once
from programs.money.stored import once_for
from programs.region.counting import COUNTED, Funded, ask_counted, programs_counted, summed

if TYPE_CHECKING:
    from donors.models import User

# What each organization carries out, as the implementing or the extending one; money in equal parts among these.
_CARRYING = (
    COUNTED
    + """, carrying AS (
    SELECT d.*, count(*) OVER (PARTITION BY program_id) AS bodies FROM (
        SELECT DISTINCT program_id, organization_id FROM programs_participation WHERE role IN {carrying_out}
    ) d
)
"""
)
_CARRIED_OUT = """
SELECT c.organization_id, count(*), COALESCE(sum(s.committed_usd / c.bodies), 0),
    COALESCE(sum(s.disbursed_usd / c.bodies), 0)
FROM shown s JOIN carrying c ON c.program_id = s.id GROUP BY 1
"""
_CARRIED_OUT_COUNTRIES = """
SELECT organization_id, count(*) FROM (
    SELECT DISTINCT c.organization_id, p.country_id FROM shown s JOIN carrying c ON c.program_id = s.id
    JOIN programs_coverage p ON p.program_id = s.id AND p.country_id IN {seven}
) d GROUP BY 1
"""


def carried_out(user: "User", only: Collection[int] | None = None, once: Once | None = None) -> dict[int, Funded]:
    """Organization -> what it carries out of what the reader may see, of all or `only` of these."""
    programs, once = programs_counted(user), once or once_for(user)
    if only is not None:
        taking_part = Participation.objects.filter(organization__in=only, role__in=CARRYING_OUT)
        programs = programs.filter(pk__in=taking_part.values("program"))
    countries = dict(ask_counted(programs, once, _CARRYING + _CARRIED_OUT_COUNTRIES))
    rows = summed(programs, once, _CARRYING + _CARRIED_OUT, keys=1, sums=(2, 3))
    return {
        pk: Funded(number, countries.get(pk, 0), usd, moved)
        for pk, number, usd, moved in rows
        if only is None or pk in only
    }
