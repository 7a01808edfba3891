"""The money of the made-up programs: what was promised, what was paid by AS_OF, and what of it others passed on."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from donors.models import Organization
from programs.exchange.demonstration.rows import AS_OF, Row
from programs.models import Transaction
from programs.services import BudgetData, PlannedDisbursementData, TransactionData

Type = Transaction.Type
# Programs begin slowly and taper off; a year's share of the amount is its weight among the years' weights.
WEIGHTS = (2, 4, 4, 3, 2, 1, 1, 1)
PAID_AFTER, BOOKED_AFTER = dt.timedelta(days=30), dt.timedelta(days=45)


def transactions_of(row: Row, organizations: dict[str, Organization], every: list[Row]) -> Iterator[TransactionData]:
    """A commitment at the start and yearly payments; the receiver's report has them as income, and what it pays on."""
    if row.is_from_inventory or not row.has_begun:
        return
    provider = organizations[row.funders[0]].pk
    if row.is_reported_by_funder:
        receiver = organizations[row.implementers[0]].pk
        yield TransactionData(Type.COMMITMENT, row.amount, row.currency, row.start, row.start, provider, receiver)
        yield from _instalments(row, Type.DISBURSEMENT, PAID_AFTER, provider, receiver)
        return
    receiver = organizations[row.reporter].pk
    source = _identifier_of_source(row, every)
    for income in _instalments(row, Type.INCOMING_FUNDS, BOOKED_AFTER, provider, receiver):
        yield replace(income, provider_activity=source)
    for partner in _passed_on_to(row, every):
        yield from _instalments(partner, Type.DISBURSEMENT, PAID_AFTER, receiver, organizations[partner.reporter].pk)


def budgets_of(row: Row) -> tuple[BudgetData, ...]:
    """The whole sum, from those who have no commitment of their own: receivers, SICA, and those who still prepare."""
    if row.is_reported_by_funder and row.has_begun:
        return ()
    return (BudgetData(row.amount, row.currency, row.start, row.end, value_date=min(row.start, AS_OF)),)


def planned_of(row: Row, organizations: dict[str, Organization]) -> tuple[PlannedDisbursementData, ...]:
    """What funders still have to pay of a program that has begun: a payment a year."""
    if row.is_from_inventory or not row.has_begun or not row.is_reported_by_funder:
        return ()
    provider, receiver = organizations[row.funders[0]].pk, organizations[row.implementers[0]].pk
    return tuple(
        PlannedDisbursementData(
            value, row.currency, dt.date(day.year, 1, 1), dt.date(day.year, 12, 31), value_date=AS_OF,
            provider_id=provider, receiver_id=receiver,
        )
        for value, day in _parts(row, PAID_AFTER)
        if day > AS_OF
    )  # fmt: skip


def _instalments(row: Row, kind: int, delay: dt.timedelta, provider: int, receiver: int) -> Iterator[TransactionData]:
    """One payment a year, as far as it has happened."""
    for value, day in _parts(row, delay):
        if day <= AS_OF:
            yield TransactionData(kind, value, row.currency, day, day, provider, receiver)


def _parts(row: Row, delay: dt.timedelta) -> Iterator[tuple[Decimal, dt.date]]:
    """The amount of each year and its day; the last one is what is left."""
    weights = [WEIGHTS[min(year, len(WEIGHTS) - 1)] for year in range(row.years)]
    left = row.amount
    for year, weight in enumerate(weights):
        is_last = year == row.years - 1
        value = left if is_last else (row.amount * weight / sum(weights)).quantize(Decimal(1))
        left -= value
        yield value, row.start.replace(year=row.start.year + year, day=1) + delay


def _shares_money(row: Row, other: Row) -> bool:
    return any(group.startswith("sm") and group in other.intended for group in row.intended)


def _passed_on_to(row: Row, every: list[Row]) -> list[Row]:
    """Reports of bodies that are paid from this program by its reporter."""
    return [other for other in every if row.reporter in other.funders and _shares_money(row, other)]


def _identifier_of_source(row: Row, every: list[Row]) -> str:
    """Half of the receivers know the provider's identifier, as in life; amounts and days must do for the others."""
    for group in row.intended:
        if group.startswith("sm") and int(group.removeprefix("sm")) % 2:
            for other in every:
                if group in other.intended and other.reporter in row.funders:
                    return other.identifier
    return ""
