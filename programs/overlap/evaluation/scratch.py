"""A database of its own on the portal's server, for a labelled set: made, filled and dropped again."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django.db import connection, transaction

from core.numbers import HUNDREDTH
from donors.listed import listed
from donors.models import Organization
from goals.models import Area, Country, Sector
from goals.money import RateTable
from goals.reference import load_reference_data
from programs.codes import BudgetType
from programs.models import (
    Budget,
    Coverage,
    Participation,
    Program,
    ProgramGoal,
    ProgramLocation,
    ProgramSector,
    Transaction,
)
from programs.overlap.evaluation.labelled import BadFile
from programs.services.money import sums_of

BATCH = 2000


@contextmanager
def scratch_database() -> Iterator[None]:
    """Within it the default connection is to an empty, migrated database with the reference data in it."""
    portal, test_name = connection.settings_dict["NAME"], connection.settings_dict["TEST"]["NAME"]
    connection.settings_dict["TEST"]["NAME"] = f"carsi_evaluation_{os.getpid()}_{uuid4().hex[:12]}"
    try:
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        try:
            load_reference_data()
            yield
        finally:
            connection.creation.destroy_test_db(portal, verbosity=0)
    finally:
        connection.settings_dict["TEST"]["NAME"] = test_name


@transaction.atomic
def load(rows: list[dict[str, Any]]) -> dict[str, int]:
    """Writes the programs of a labelled set; the set's ids -> the database's. Only within `scratch_database`."""
    organizations = _organizations(rows)
    _places_and_sectors(rows)
    rates = RateTable()
    programs = [_program(row, organizations, rates) for row in rows]
    Program.objects.bulk_create(programs, batch_size=BATCH)
    parts: dict[type[Any], list[Any]] = {}
    for row, program in zip(rows, programs, strict=True):
        for part in _parts(row, program, organizations, rates):
            parts.setdefault(type(part), []).append(part)
    for model, rows_of_it in parts.items():
        model._default_manager.bulk_create(rows_of_it, batch_size=BATCH)
    return {row["id"]: program.pk for row, program in zip(rows, programs, strict=True)}


def blank_texts() -> None:
    """Takes title and description from every program of the scratch database."""
    Program.objects.update(title="", description="")


def analyze() -> None:
    """The planner's statistics of what was loaded: autovacuum would come too late."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _organizations(rows: list[dict[str, Any]]) -> dict[str, int]:
    names = {row["reporting_org"] for row in rows}
    names |= {name for row in rows for _role, name in row["participating_orgs"]}
    names |= {entry[side] for row in rows for entry in row["transactions"] for side in ("provider", "receiver")}
    made = Organization.objects.bulk_create(
        [
            Organization(name=name, listed_as=key, compared_as=key)
            for name in sorted(filter(None, names))
            for key in [listed().who_is("", iter([name]), "")]
        ],
        batch_size=BATCH,
    )
    return {organization.name: organization.pk for organization in made}


def _places_and_sectors(rows: list[dict[str, Any]]) -> None:
    """Codes that the reference data does not have are added: a labelled set may use them."""
    countries = {code for row in rows for code in row["countries"]}
    areas = {code for row in rows for code in row["areas"]}
    countries |= {code[:2] for code in areas}
    sectors = {code for row in rows for code in row["sectors"]}
    for code in sorted(countries | sectors | areas):
        if not isinstance(code, str) or not 2 <= len(code) <= 12 or (code in countries and len(code) != 2):
            raise BadFile(f"“{code}” is no code of a country (ISO 3166-1), an area (ISO 3166-2) or a sector (DAC)")
    Country.objects.bulk_create(
        [Country(code=code, name_en=code, name_es=code) for code in sorted(countries)], ignore_conflicts=True
    )
    Area.objects.bulk_create(
        [
            Area(code=code, country_id=code[:2], type="area", name=code, latitude=0, longitude=0)
            for code in sorted(areas)
        ],
        ignore_conflicts=True,
    )
    Sector.objects.bulk_create(
        [Sector(code=code, name_en=code, category=code[:3]) for code in sorted(sectors)], ignore_conflicts=True
    )


def _program(row: dict[str, Any], organizations: dict[str, int], rates: RateTable) -> Program:
    moves = [
        (t["type"], _usd(rates, t["value"], t["currency"], t["date"]), t["currency"], t["value"])
        for t in row["transactions"]
    ]
    budgets = []
    if row["budget"]:
        value, currency = row["budget"]
        usd = _usd(rates, value, currency, row["start"])
        budgets.append((row["start"], None, BudgetType.ORIGINAL.value, usd, currency, value))
    return Program(
        reporting_org_id=organizations[row["reporting_org"]],
        identifier=row["identifier"],
        title=row["title"],
        description=row["description"],
        language=row["language"],
        status=row["status"],
        stage=Program.Stage.PUBLISHED,
        scope=Program.Scope.IN_SCOPE,
        # What others published may lack a title, and have dates out of order.
        source=Program.Source.IATI,
        planned_start=row["start"],
        planned_end=row["end"],
        committed_usd=sums_of(moves, budgets).committed,
    )


def _usd(rates: RateTable, value: Decimal, currency: str, day: Any) -> Decimal | None:
    dollars = rates.to_usd(value, currency, day)
    return dollars.value if dollars else None


def _parts(row: dict[str, Any], program: Program, organizations: dict[str, int], rates: RateTable) -> list[Any]:
    goals = sorted(set(row["goals"]))
    shares = [Decimal(100) / len(goals)] * len(goals) if goals else []
    shares = [share.quantize(HUNDREDTH) for share in shares]
    if shares:
        shares[0] += Decimal(100) - sum(shares)
    parts: list[Any] = [
        ProgramGoal(program=program, goal_id=goal, percentage=share) for goal, share in zip(goals, shares, strict=True)
    ]
    parts += [Coverage(program=program, country_id=code) for code in sorted(set(row["countries"]))]
    parts += [ProgramSector(program=program, sector_id=code) for code in sorted(set(row["sectors"]))]
    parts += [
        Participation(program=program, role=role, organization_id=organizations[name])
        for role, name in sorted(set(row["participating_orgs"]))
    ]
    areas, names = row["areas"] or [None], row["localities"] or [""]
    places = [(area, name) for area in areas for name in names if area or name]
    parts += [ProgramLocation(program=program, area_id=area, name=name) for area, name in places]
    if row["budget"]:
        value, currency = row["budget"]
        usd = _usd(rates, value, currency, row["start"])
        parts.append(Budget(program=program, value=value, currency=currency, value_usd=usd))
    for entry in row["transactions"]:
        parts.append(
            Transaction(
                program=program,
                type=entry["type"],
                value=entry["value"],
                currency=entry["currency"],
                value_usd=entry["value"] if entry["currency"] == "USD" else None,
                date=entry["date"],
                provider_id=organizations.get(entry.get("provider") or ""),
                receiver_id=organizations.get(entry.get("receiver") or ""),
                provider_activity=entry.get("provider_activity_id") or "",
            )
        )
    return parts
