"""What DAC sectors say of a program, where its texts say little.

Codes are the OECD's (purpose codes of the Creditor Reporting System).
"""

import csv
from collections import Counter
from collections.abc import Iterable
from functools import cache
from pathlib import Path

SECTORS = Path(__file__).parents[3] / "goals" / "data" / "sectors.csv"
# Beginnings of codes that say nothing of the work: multisector, administration of donors, refugees in donor countries,
# unspecified.
SAY_NOTHING = ("43010", "910", "930", "998")


def telling_sectors(codes: Iterable[str]) -> frozenset[str]:
    """The sectors (DAC codes) among these that say something of the work."""
    return frozenset(code for code in codes if not code.startswith(SAY_NOTHING))


def sector_names(codes: Iterable[str]) -> tuple[str, ...]:
    """What the telling ones among these sectors are called in English, in the order of their codes; unknown codes are
    left out."""
    names = _names()
    return tuple(names[code] for code in sorted(telling_sectors(codes)) if code in names)


def stems(codes: Iterable[str]) -> frozenset[str]:
    """What the telling ones among these sectors belong to, by the four first digits: 14020, water supply and sanitation
    in large systems, holds 14021, water supply in them."""
    return frozenset(code[:4] for code in telling_sectors(codes))


def main_stems(codes: Iterable[str]) -> frozenset[str]:
    """Those stems in whose category (the three first digits) more than half of the telling sectors lie: what a program
    is mainly in. Budget support in ten sectors is mainly in none."""
    telling = telling_sectors(codes)
    in_category = Counter(code[:3] for code in telling)
    return frozenset(stem for stem in stems(telling) if in_category[stem[:3]] * 2 > len(telling))


@cache
def _names() -> dict[str, str]:
    with SECTORS.open(encoding="utf-8") as file:
        return {row["code"]: row["name_en"] for row in csv.DictReader(file)}
