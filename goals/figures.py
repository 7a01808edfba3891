"""Population and homicides of the seven countries, each with its year and source: goals/data/country_figures.csv."""

import csv
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from goals.reference import DATA


@dataclass(frozen=True)
class CountryFigures:
    """People in a year; homicides a year per 100,000 of them, None where no figure is sure."""

    population: int
    population_year: int
    population_source: str
    homicide_rate: Decimal | None
    homicide_year: int | None
    homicide_source: str


@cache
def country_figures() -> dict[str, CountryFigures]:
    """By ISO 3166-1 code."""
    with (DATA / "country_figures.csv").open(encoding="utf-8", newline="") as file:
        return {
            row["country"]: CountryFigures(
                int(row["population"]),
                int(row["population_year"]),
                row["population_source"],
                Decimal(row["homicide_rate"]) if row["homicide_rate"] else None,
                int(row["homicide_year"]) if row["homicide_year"] else None,
                row["homicide_source"],
            )
            for row in csv.DictReader(file)
        }
