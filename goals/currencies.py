"""Which currencies there are."""

import csv
from functools import cache
from pathlib import Path

# What forms and the spreadsheet's list offer: those of countries that take part, and the IMF's. Any other code of
# ISO 4217 is taken as well.
OFFERED = (
    *("USD", "EUR", "CAD", "GBP", "CHF", "MXN", "COP", "CLP", "JPY", "KRW", "SEK", "NOK", "TWD"),
    *("GTQ", "HNL", "NIO", "CRC", "PAB", "BZD", "XDR"),
)
SOURCE = Path(__file__).resolve().parent / "data" / "currencies.csv"


@cache
def currency_codes() -> frozenset[str]:
    """The codes of ISO 4217: IATI's code list Currency, what came since, and currencies that ended since 1999."""
    with SOURCE.open(encoding="utf-8", newline="") as file:
        return frozenset(row["code"] for row in csv.DictReader(file))
