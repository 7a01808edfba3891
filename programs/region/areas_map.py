"""The map of areas, drawn by the server: which area is filled how darkly."""

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from django.urls import reverse

from goals.models import Area
from goals.outlines import outlines
from programs.money.once import Once
from programs.region import counting

if TYPE_CHECKING:
    from donors.models import User

VIEW = "0 0 1550 1180"
# From none to most: fills that also differ in grey.
FILLS = ("#f2f0ea", "#cfe5df", "#93c4ba", "#4f978c", "#0b4650")
LARGEST_BELOW = (0, 0.1, 0.3, 0.6)


@dataclass(frozen=True)
class AreaCell:
    """An area with its programs and their committed US dollars."""

    code: str
    name: str
    country: str
    programs: int
    committed_usd: Decimal
    path: str
    fill: str

    @property
    def address(self) -> str:
        return reverse("reports:area", args=[self.code])


def areas_of(user: "User", layer: str = "programs", once: Once | None = None) -> list[AreaCell]:
    """All areas of the first level by country and name, filled by `layer`: programs or committed; two queries."""
    counted = counting.areas(user, once)
    values = {code: float(row[layer == "committed"]) for code, row in counted.items()}
    most = max(values.values(), default=0.0)

    def fill(code: str) -> str:
        value = values.get(code, 0.0)
        if not value or not most:
            return FILLS[0]
        return FILLS[sum(value / most > bound for bound in LARGEST_BELOW)]

    found = []
    for area in Area.objects.filter(level=1).select_related("country").defer("outline"):
        programs, usd = counted.get(area.pk, (0, Decimal(0)))
        path = outlines().get(area.pk, ["", "", 0, 0, ""])[4]
        found.append(AreaCell(area.pk, area.name, area.country.name, programs, usd, path or "", fill(area.pk)))
    return sorted(found, key=lambda cell: (cell.country, cell.name))
