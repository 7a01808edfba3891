"""The one way into the table of rates: each change is kept, and what is stored in US dollars is renewed after it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from goals.models import ExchangeRate, HeldRate, Origin, RateChange
from goals.rates.providers import BY_SOURCE
from goals.rates.readings import Reading
from goals.signals import rates_changed

# A rate that differs by more from the last one known is held for a person.
LARGEST_JUMP = Decimal("0.2")


@dataclass
class Stored:
    """What became of readings: new ones and those that differ, those that are held, and how many change nothing."""

    changed: list[Reading] = field(default_factory=list)
    held: list[Reading] = field(default_factory=list)
    same: int = 0


@transaction.atomic
def store(readings: Iterable[Reading], *, origin: str, by: str = "") -> Stored:
    """Puts rates into the table, `by` an email address or "" for a job.

    What was fetched does not replace what a person entered, nor what a better source said of the same month; and it is
    held where it jumps, or was rejected before. What a person enters counts.
    """
    readings = sorted(readings, key=lambda one: (one.currency, one.month))
    table: dict[str, list[ExchangeRate]] = {}
    rows = ExchangeRate.objects.select_for_update().filter(currency__in={one.currency for one in readings})
    for row in rows.order_by("currency", "month"):
        table.setdefault(row.currency, []).append(row)
    stored = Stored()
    for reading in readings:
        there = next((row for row in table.get(reading.currency, ()) if row.month == reading.month), None)
        if there and _says_the_same(there, reading):
            stored.same += 1
            continue
        if origin == Origin.FETCHED:
            if there and not _may_replace(there, reading):
                stored.same += 1
                continue
            before = [row for row in table.get(reading.currency, ()) if row.month < reading.month]
            if before and jumps(before[-1].usd_per_unit, reading.usd_per_unit):
                if _hold(reading, before[-1].usd_per_unit):
                    stored.held.append(reading)
                continue
        row = _write(reading, there, origin, by)
        if there is None:
            table.setdefault(reading.currency, []).append(row)
            table[reading.currency].sort(key=lambda one: one.month)
        stored.changed.append(reading)
    if stored.changed:
        transaction.on_commit(lambda: rates_changed.send(sender=store))
    return stored


def jumps(known: Decimal, rate: Decimal) -> bool:
    """Whether a rate differs by more than a fifth from the last one known, up or down."""
    return abs(rate / known - 1) > LARGEST_JUMP


@transaction.atomic
def decide(held: HeldRate, *, accept: bool, by: str) -> bool:
    """A person's word on a held rate: accepted, it counts as one that the person entered. False if it was decided."""
    row = HeldRate.objects.select_for_update().get(pk=held.pk)
    if row.decision != HeldRate.Decision.OPEN:
        return False
    row.decision = HeldRate.Decision.ACCEPTED if accept else HeldRate.Decision.REJECTED
    row.decided_at, row.decided_by = timezone.now(), by
    row.save(update_fields=["decision", "decided_at", "decided_by"])
    if accept:
        reading = Reading(row.currency, row.month, row.usd_per_unit, row.basis, row.source)
        store([reading], origin=Origin.PERSON, by=by)
    return True


def _says_the_same(there: ExchangeRate, reading: Reading) -> bool:
    known = (there.usd_per_unit, there.basis, there.source)
    return known == (reading.usd_per_unit, reading.basis, reading.source)


def _may_replace(there: ExchangeRate, reading: Reading) -> bool:
    """What was fetched is replaced by what its source says now, or by what a better source says; nothing else is.

    The table of the portal has every month it knows from the best source.
    """
    if there.origin != Origin.FETCHED:
        return False
    worst = len(BY_SOURCE)
    return BY_SOURCE.get(reading.source, worst) <= BY_SOURCE.get(there.source, worst)


def _hold(reading: Reading, known: Decimal) -> bool:
    """Whether it is held from now on: a rate that was held or rejected before is not asked about again."""
    _row, is_new = HeldRate.objects.get_or_create(
        currency=reading.currency,
        month=reading.month,
        usd_per_unit=reading.usd_per_unit,
        source=reading.source,
        defaults={"basis": reading.basis, "known": known},
    )
    return is_new


def _write(reading: Reading, there: ExchangeRate | None, origin: str, by: str) -> ExchangeRate:
    values: dict[str, Any] = {
        "usd_per_unit": reading.usd_per_unit,
        "basis": reading.basis,
        "source": reading.source,
        "origin": origin,
    }
    key: dict[str, Any] = {"currency": reading.currency, "month": reading.month}
    RateChange.objects.create(**key, **values, before=there.usd_per_unit if there else None, by=by)
    row, _made = ExchangeRate.objects.update_or_create(**key, defaults=values)
    return row
