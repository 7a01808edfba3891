"""Which currencies there are."""

import csv
from functools import cache
from pathlib import Path

SOURCE = Path(__file__).resolve().parent / "data" / "currencies.csv"


@cache
def currency_codes() -> frozenset[str]:
    """The codes of ISO 4217, those of currencies that have ended too: IATI's code list Currency and what came since."""
    with SOURCE.open(encoding="utf-8", newline="") as file:
        return frozenset(row["code"] for row in csv.DictReader(file))
