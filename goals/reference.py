"""Loads the reference data of goals/data; may be run again at any time."""

import csv
import json
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import connection, models, transaction

from goals.models import Area, Country, ExchangeRate, Goal, Origin, RateChange, Region, Sector
from goals.signals import rates_changed

DATA = Path(__file__).parent / "data"


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _with_flag(flag: str) -> Callable[[dict[str, str]], dict[str, Any]]:
    return lambda row: {**row, flag: row[flag] == "true"}


def _areas() -> Iterator[dict[str, Any]]:
    drawn = json.loads((DATA / "areas.geojson").read_text(encoding="utf-8"))
    outlines = {feature["id"]: feature["geometry"] for feature in drawn["features"]}
    for row in _rows("areas.csv"):
        yield {
            "code": row["code"],
            "country_id": row["country"],
            "parent_id": row["parent"] or None,
            "type": row["type"],
            "name": row["name"],
            "latitude": Decimal(row["lat"]),
            "longitude": Decimal(row["lon"]),
            "outline": outlines.get(row["code"]),
        }


def _rates() -> Iterator[dict[str, Any]]:
    for row in _rows("exchange_rates.csv"):
        year, month = row["month"].split("-")
        yield {
            "currency": row["currency"],
            "month": date(int(year), int(month), 1),
            "usd_per_unit": Decimal(row["usd_per_unit"]),
            "basis": row["basis"],
            "source": row["source"],
            "origin": Origin.FILE,
        }


def _load_rates() -> int:
    """Rates of months that the database does not know, and other figures for those that came from the file before.

    What was read from a source or entered by a person since stays. Leaves a change of each currency whose rates
    differ, so that what is stored in US dollars is renewed.
    """
    stored = {(row.currency, row.month): row for row in ExchangeRate.objects.all()}
    known = ("usd_per_unit", "basis", "source")
    rows, new = list(_rates()), []
    for row in rows:
        there = stored.get((row["currency"], row["month"]))
        if there is None or (there.origin == Origin.FILE and any(getattr(there, name) != row[name] for name in known)):
            new.append((row, there))
    ExchangeRate.objects.bulk_create(
        [ExchangeRate(**row) for row, _there in new],
        batch_size=1000,
        update_conflicts=True,
        unique_fields=["currency", "month"],
        update_fields=[*known, "origin"],
    )
    # One record for each currency, of its latest rate: a first load changes thousands of rows, which is no news.
    latest = {row["currency"]: (row, there) for row, there in sorted(new, key=lambda pair: pair[0]["month"])}
    RateChange.objects.bulk_create(
        RateChange(**row, before=there.usd_per_unit if there else None) for row, there in latest.values()
    )
    if latest:
        transaction.on_commit(lambda: rates_changed.send(sender=load_reference_data))
    return len(rows)


@transaction.atomic
def load_reference_data() -> dict[str, int]:
    """Makes goals, countries, regions, areas, sectors and exchange rates what the files say; rows by table.

    Rows that are in the database alone stay: programs may rest on them. All or nothing.
    """
    return {
        "goals": _upsert(Goal, _rows("goals.csv"), ["number"]),
        "countries": _upsert(Country, map(_with_flag("in_carsi"), _rows("countries.csv")), ["code"]),
        "regions": _upsert(Region, map(_with_flag("is_central_america"), _rows("regions.csv")), ["code"]),
        "areas": _upsert(Area, _areas(), ["code"]),
        "sectors": _upsert(Sector, map(_with_flag("is_withdrawn"), _rows("sectors.csv")), ["code"]),
        "exchange rates": _load_rates(),
    }


def _upsert(model: type[models.Model], rows: Iterator[dict[str, Any]], unique: list[str]) -> int:
    wanted = [model(**row) for row in rows]
    updated = [field.name for field in model._meta.concrete_fields if field.name not in {*unique, "id"}]
    model._default_manager.bulk_create(
        wanted, batch_size=1000, update_conflicts=True, unique_fields=unique, update_fields=updated
    )
    return len(wanted)


def refresh_statistics() -> None:
    """Has PostgreSQL count again what its tables hold: after a large load, before anybody asks.

    Autovacuum does so within minutes; until then the planner takes the tables for empty, and the matrix of the region
    was seen to take most of a minute.
    """
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
