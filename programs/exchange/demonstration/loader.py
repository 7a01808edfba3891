"""Loads the demonstration data, through the same services as everything else."""

import csv
import datetime as dt
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from django.db import transaction

from donors.models import Membership, Organization, User
from donors.services import create_organization
from goals.models import Country, Priority
from programs.exchange.demonstration.accounts import ACCOUNTS, password
from programs.models import Participation, Program, Transaction
from programs.services import (
    BudgetData,
    CoverageData,
    GoalData,
    LocationData,
    ParticipationData,
    ProgramData,
    ProgramSaver,
    SectorData,
    TransactionData,
)

FOLDER = Path(__file__).parent
# The day that the made-up programs are told as of: what lies behind it has happened.
AS_OF = dt.date(2026, 11, 24)
Role, Type = Participation.Role, Transaction.Type


@dataclass(frozen=True)
class Row:
    """A program of programs.csv; `intended` names the groups of overlaps, duplicates and double reports it is in."""

    identifier: str
    reporter: str
    funders: tuple[str, ...]
    implementers: tuple[str, ...]
    fields: dict[str, str]
    start: dt.date
    end: dt.date | None
    amount: Decimal
    intended: tuple[str, ...]

    @property
    def is_reported_by_funder(self) -> bool:
        return self.reporter in self.funders


def rows() -> list[Row]:
    """The programs of the file, in its order."""
    refs = {row["key"]: row["ref"] or row["key"] for row in _read("organizations.csv")}
    found = []
    for number, fields in enumerate(_read("programs.csv"), start=1):
        found.append(
            Row(
                identifier=f"{refs[fields['reporter']]}-CARSI-{number:03d}",
                reporter=fields["reporter"],
                funders=tuple(fields["funders"].split(",")),
                implementers=tuple(fields["implementers"].split(",")),
                fields=fields,
                start=dt.date.fromisoformat(fields["start"]),
                end=dt.date.fromisoformat(fields["end"]) if fields["end"] else None,
                amount=Decimal(fields["amount"]),
                intended=tuple(fields["intended"].split()),
            )
        )
    return found


def intended_pairs() -> dict[tuple[str, str], str]:
    """Pairs of identifiers that the engine is meant to find, with their kind; same money before overlap."""
    kinds = {"ov": "overlap", "dup": "duplicate", "sm": "same_money"}
    groups: dict[str, list[str]] = {}
    for row in rows():
        for group in row.intended:
            groups.setdefault(group, []).append(row.identifier)
    pairs: dict[tuple[str, str], str] = {}
    for group, members in sorted(groups.items(), key=lambda item: item[0].startswith("ov"), reverse=True):
        for left, right in itertools.combinations(sorted(members), 2):
            pairs[left, right] = kinds[group.rstrip("0123456789")]
    return pairs


def _read(name: str) -> Iterator[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


@transaction.atomic
def load() -> int:
    """Loads organizations, people, priorities and programs; how many programs. 0 where they are there already."""
    if Program.objects.filter(source=Program.Source.DEMONSTRATION).exists():
        return 0
    organizations = {row["key"]: _organization(row) for row in _read("organizations.csv")}
    _load_people(organizations)
    _load_priorities()
    saver = ProgramSaver(actor=None, ask_for_scan=False)
    loaded = rows()
    for row in loaded:
        saver.save(_program(row, organizations, loaded))
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
            for row in _read("priorities.csv")
        ),
        ignore_conflicts=True,
    )


def _program(row: Row, organizations: dict[str, Organization], every: list[Row]) -> ProgramData:
    fields = row.fields
    has_begun, has_ended = row.start <= AS_OF, row.end is not None and row.end <= AS_OF
    status = Program.Status
    return ProgramData(
        reporting_org_id=organizations[row.reporter].pk,
        identifier=row.identifier,
        title=fields["title"],
        description=fields["description"],
        language=fields["language"],
        status=status.CLOSED if has_ended else status.IMPLEMENTATION if has_begun else status.PIPELINE,
        planned_start=row.start,
        planned_end=row.end,
        actual_start=row.start if has_begun else None,
        actual_end=row.end if has_ended else None,
        visibility=fields["visibility"],
        source=Program.Source.DEMONSTRATION,
        default_currency=fields["currency"],
        participations=tuple(_participations(row, organizations)),
        coverages=tuple(_coverages(fields["countries"])),
        locations=tuple(
            LocationData(area_id=area, name=name)
            for area, name in (place.split(":") for place in fields["places"].split(";") if place)
        ),
        goals=tuple(GoalData(int(goal), share) for goal, share in _shares(fields["goals"])),
        sectors=tuple(SectorData(sector, share) for sector, share in _shares(fields["sectors"])),
        transactions=tuple(_transactions(row, organizations, every)),
        # Whoever receives the money has no commitment of its own, but a budget.
        budgets=()
        if row.is_reported_by_funder
        else (BudgetData(row.amount, fields["currency"], row.start, row.end, value_date=row.start),),
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


def _participations(row: Row, organizations: dict[str, Organization]) -> Iterator[ParticipationData]:
    for key in row.funders:
        yield ParticipationData(organizations[key].pk, Role.FUNDING)
    for key in row.implementers:
        yield ParticipationData(organizations[key].pk, Role.IMPLEMENTING)
    if row.reporter not in (*row.funders, *row.implementers):
        yield ParticipationData(organizations[row.reporter].pk, Role.EXTENDING)


def _transactions(row: Row, organizations: dict[str, Organization], every: list[Row]) -> Iterator[TransactionData]:
    """A commitment at the start and yearly payments up to AS_OF; the receiver's report has them as income."""
    currency = row.fields["currency"]
    provider = organizations[row.funders[0]].pk
    years = max(1, round(((row.end or row.start + dt.timedelta(days=1460)) - row.start).days / 365))
    instalment = (row.amount / years).quantize(Decimal(100))
    if row.is_reported_by_funder:
        receiver = organizations[row.implementers[0]].pk
        yield TransactionData(Type.COMMITMENT, row.amount, currency, row.start, row.start, provider, receiver)
        kind, delay, source = Type.DISBURSEMENT, 30, ""
    else:
        receiver = organizations[row.reporter].pk
        kind, delay, source = Type.INCOMING_FUNDS, 45, _identifier_of_source(row, every)
    for year in range(years):
        day = row.start.replace(year=row.start.year + year, day=1) + dt.timedelta(days=delay)
        if day <= AS_OF:
            yield TransactionData(kind, instalment, currency, day, day, provider, receiver, provider_activity=source)


def _identifier_of_source(row: Row, every: list[Row]) -> str:
    """Half of the receivers know the provider's identifier, as in life; amounts and days must do for the others."""
    for group in row.intended:
        if group.startswith("sm") and int(group[2:]) % 2:
            for other in every:
                if group in other.intended and other.reporter in row.funders:
                    return other.identifier
    return ""
