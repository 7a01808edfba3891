"""How the cells of each column are written: a program's cell as a text, which reading it gives back."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from core.money import CENT
from programs.exchange.spreadsheet import numbers
from programs.exchange.spreadsheet.cells import Writer, clean_text
from programs.exchange.spreadsheet.lists import quote, write_entries
from programs.exchange.spreadsheet.lookups import SheetLookups
from programs.models import Transaction
from programs.services import ProgramData, TransactionData


def attribute(name: str) -> Writer:
    def write(data: ProgramData, lookups: SheetLookups, language: str) -> str:
        value = getattr(data, name)
        return "" if value in (None, "") else clean_text(str(value))

    return write


def status(data: ProgramData, lookups: SheetLookups, language: str) -> str:
    return lookups.statuses.label(data.status, language)


def visibility(data: ProgramData, lookups: SheetLookups, language: str) -> str:
    return lookups.visibilities.label(data.visibility, language)


def goal(number: int) -> Writer:
    def write(data: ProgramData, lookups: SheetLookups, language: str) -> str:
        found = next((row.percentage for row in data.goals or () if row.goal_id == number), None)
        return "" if found is None else numbers.write_number(found)

    return write


def places(data: ProgramData, lookups: SheetLookups, language: str) -> str:
    rows = []
    for row in data.coverages:
        kind, code = ("country", row.country_id) if row.country_id else ("region", row.region_id)
        rows.append((quote(lookups.place_name(kind, code or "", language)), row.percentage))
    return write_entries(rows)


def areas(data: ProgramData, lookups: SheetLookups, language: str) -> str:
    rows = []
    for row in data.locations:
        text = quote(f"{row.area_id} {lookups.areas[row.area_id]}") if row.area_id else ""
        if row.name:
            text = f"{text} / {quote(row.name)}".strip()
        if row.latitude is not None and row.longitude is not None:
            text += f" @ {row.latitude:f}, {row.longitude:f}"
        rows.append((text.strip(), row.percentage))
    return write_entries(rows)


def sectors(data: ProgramData, lookups: SheetLookups, language: str) -> str:
    return write_entries((quote(lookups.sector_name(row.sector_id, language)), row.percentage) for row in data.sectors)


def role(role: int) -> Writer:
    def write(data: ProgramData, lookups: SheetLookups, language: str) -> str:
        names = (lookups.organization_name(row.organization_id) for row in data.participations if row.role == role)
        return "; ".join(quote(name) for name in names)

    return write


def reporter(data: ProgramData, lookups: SheetLookups, language: str) -> str:
    return lookups.organization_name(data.reporting_org_id)


def commitments(transactions: Iterable[TransactionData]) -> list[TransactionData]:
    return [row for row in transactions if row.type == Transaction.Type.COMMITMENT]


def commitment(transactions: Iterable[TransactionData]) -> tuple[Decimal, str, Any] | None:
    """What the amount's three columns show: the sum of the commitments, where they are in one currency."""
    rows = commitments(transactions)
    if not rows or len({row.currency for row in rows}) > 1:
        return None
    total = sum((row.value for row in rows), Decimal(0)).quantize(CENT)
    return total, rows[0].currency, rows[0].date


def part_of_commitment(part: int) -> Writer:
    def write(data: ProgramData, lookups: SheetLookups, language: str) -> str:
        found = commitment(data.transactions)
        if found is None or found[part] is None:
            return ""
        value = found[part]
        return numbers.write_number(value) if isinstance(value, Decimal) else str(value)

    return write
