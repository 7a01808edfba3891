"""Loads the demonstration data, through the same services as everything else."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

from django.db import transaction

from donors.models import Membership, Organization, User
from donors.services import create_organization
from goals.models import Country, Priority
from programs.exchange.demonstration.accounts import ACCOUNTS, password
from programs.exchange.demonstration.money import budgets_of, planned_of, transactions_of
from programs.exchange.demonstration.rows import Row, read, rows
from programs.models import Participation, Program
from programs.services import (
    CoverageData,
    GoalData,
    LocationData,
    ParticipationData,
    ProgramData,
    ProgramSaver,
    SectorData,
)

Role = Participation.Role
# The column `finance` -> IATI FinanceType: a standard loan, a standard grant, or a body's own money.
FINANCE_TYPES = {"loan": "421", "grant": "110", "": ""}
# Area and name of a locality -> its latitude and longitude in WGS 84 degrees.
Points = dict[tuple[str, str], tuple[Decimal, Decimal]]


@transaction.atomic
def load() -> int:
    """Loads organizations, people, priorities and programs; how many programs. 0 where they are there already."""
    if Program.objects.filter(source=Program.Source.DEMONSTRATION).exists():
        return 0
    organizations = {row["key"]: _organization(row) for row in read("organizations.csv")}
    _load_people(organizations)
    _load_priorities()
    saver = ProgramSaver(actor=None, ask_for_scan=False)
    points = {
        (row["area"], row["name"]): (Decimal(row["latitude"]), Decimal(row["longitude"]))
        for row in read("localities.csv")
    }
    loaded = rows()
    for row in loaded:
        saver.save(_program(row, organizations, loaded, points))
    return len(loaded)


def _organization(row: dict[str, str]) -> Organization:
    found = Organization.objects.named(row["name"]).first()
    if found is not None:
        return found
    return create_organization(
        row["name"],
        kind=row["kind"],
        ref=row["ref"],
        short_name=row["short_name"],
        country=Country.objects.get(code=row["country"]),
        is_coordinating_body=row["key"] == "SICA",
        aliases=tuple(row["aliases"].split(";")),
    )


def _load_people(organizations: dict[str, Organization]) -> None:
    for account in ACCOUNTS:
        if User.objects.filter(email=account.email).exists():
            continue
        user = User.objects.create_user(
            account.email,
            password(),
            full_name=account.full_name,
            language=account.language,
            is_staff=not account.organization,
            is_superuser=not account.organization,
        )
        if account.organization:
            Membership.objects.create(user=user, organization=organizations[account.organization], role=account.role)


def _load_priorities() -> None:
    if Priority.objects.filter(source="demonstration").exists():
        return
    Priority.objects.bulk_create(
        (
            Priority(
                country_id=row["country"] or None,
                goal_id=int(row["goal"]),
                rank=int(row["rank"]),
                title_en=row["title_en"],
                title_es=row["title_es"],
                period_start=dt.date(int(row["first_year"]), 1, 1),
                period_end=dt.date(int(row["last_year"]), 12, 31),
                source="demonstration",
            )
            for row in read("priorities.csv")
        ),
    )


def _program(row: Row, organizations: dict[str, Organization], every: list[Row], points: Points) -> ProgramData:
    fields = row.fields
    status = Program.Status
    return ProgramData(
        reporting_org_id=organizations[row.reporter].pk,
        identifier=row.identifier,
        title=fields["title"],
        description=fields["description"],
        language=fields["language"],
        status=status.CLOSED if row.has_ended else status.IMPLEMENTATION if row.has_begun else status.PIPELINE,
        planned_start=row.start,
        planned_end=row.end,
        actual_start=row.start if row.has_begun else None,
        actual_end=row.end if row.has_ended else None,
        visibility=fields["visibility"],
        source=Program.Source.DEMONSTRATION,
        default_currency=row.currency,
        finance_type=FINANCE_TYPES[fields["finance"]],
        participations=tuple(_participations(row, organizations)),
        coverages=tuple(_coverages(fields["countries"])),
        locations=tuple(_locations(fields["places"], points)),
        goals=tuple(GoalData(int(goal), share) for goal, share in _shares(fields["goals"])),
        sectors=tuple(SectorData(sector, share) for sector, share in _shares(fields["sectors"])),
        transactions=tuple(transactions_of(row, organizations, every)),
        budgets=budgets_of(row),
        planned_disbursements=planned_of(row, organizations),
    )


def _shares(text: str) -> Iterator[tuple[str, Decimal]]:
    for part in text.split(","):
        code, share = part.split(":")
        yield code, Decimal(share)


def _coverages(text: str) -> Iterator[CoverageData]:
    """`HN`, `HN:50,SV:50`, or `@1032` for a region."""
    if text.startswith("@"):
        yield CoverageData(region_id=text[1:], percentage=Decimal(100))
        return
    for part in text.split(","):
        code, _colon, share = part.partition(":")
        yield CoverageData(country_id=code, percentage=Decimal(share or 100))


def _locations(text: str, points: Points) -> Iterator[LocationData]:
    """`HN-CR:Choloma;HN-AT:Tela`: areas by ISO 3166-2 code, each with a locality of localities.csv."""
    for place in filter(None, text.split(";")):
        area, name = place.split(":")
        latitude, longitude = points[area, name]
        yield LocationData(area_id=area, name=name, latitude=latitude, longitude=longitude)


def _participations(row: Row, organizations: dict[str, Organization]) -> Iterator[ParticipationData]:
    for key in row.funders:
        yield ParticipationData(organizations[key].pk, Role.FUNDING)
    for key in row.accountable:
        yield ParticipationData(organizations[key].pk, Role.ACCOUNTABLE)
    for key in row.implementers:
        yield ParticipationData(organizations[key].pk, Role.IMPLEMENTING)
    is_named = row.reporter in (*row.funders, *row.implementers)
    if not is_named and not row.is_from_inventory:
        yield ParticipationData(organizations[row.reporter].pk, Role.EXTENDING)
