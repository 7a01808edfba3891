"""Which activities are for the portal: those that touch Central America."""

from collections.abc import Collection, Sequence
from decimal import Decimal

from goals.codes import CENTRAL_AMERICA, NORTH_AND_CENTRAL_AMERICA
from goals.proposal import plain
from programs.exchange.iati.activity import Activity
from programs.exchange.iati.places import AreaFinder

# DAC regions that are Central America; any other region needs words that say so.
REGIONS_OF_CENTRAL_AMERICA = frozenset({CENTRAL_AMERICA, NORTH_AND_CENTRAL_AMERICA})
NAMES_OF_CENTRAL_AMERICA = (
    "central america", "central american", "centroamerica", "centro america", "america central", "centroamericana",
    "centroamericano", "centroamericanas", "centroamericanos", "amerique centrale", "sica", "carsi",
)  # fmt: skip

# (code, percentage) of each.
Shares = Sequence[tuple[str, Decimal | None]]


def touches_central_america(activity: Activity, countries: Shares, seven: Collection[str], areas: AreaFinder) -> bool:
    """Whether an activity is for the portal: one of its `countries` or places is of the `seven`, or its regions are
    Central America or say so in words."""
    if any(code in seven for code, _percentage in countries):
        return True
    if any(share.code in REGIONS_OF_CENTRAL_AMERICA for share in activity.regions):
        return True
    for place in activity.places:
        area = areas.find(place, set())
        if place.country in seven or area is not None:
            return True
    if not activity.regions:
        return False
    said = " | ".join(plain(text) for _language, text in [*activity.titles, *activity.descriptions])
    said += " | " + " | ".join(plain(share.text) for share in activity.regions)
    return any(f" {name} " in f" {said} " for name in NAMES_OF_CENTRAL_AMERICA)
