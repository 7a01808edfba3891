"""What counts once, kept between one reader and the next.

The database notes each program of which something changed that the rules look at (`Due`). `renew` calculates their
families again and keeps what a reader of all of them counts (`Counted`). Who reads takes what is kept of families that
nothing changed in and that they see whole, and calculates the others: what is due is never late, only slower.
"""

import json
from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.exceptions import EmptyResultSet
from django.db import transaction

from core.locks import Locked, wait_for
from programs.models import Program
from programs.money.calculated import Calculated, calculated
from programs.money.links import ADMINISTRATOR, neighbours
from programs.money.models import Counted, Due
from programs.money.once import Once
from programs.money.sql import ask
from programs.querysets import among

if TYPE_CHECKING:
    from programs.money.once import Reader

# Of each row that matters: whether its family is seen whole and unchanged; if so it differs from what its program
# states. `%s` are programs that are due, the statement in braces those that are hidden from the reader.
_KEPT = """
WITH touched AS MATERIALIZED (
    SELECT DISTINCT family FROM money_counted
    WHERE program_id = ANY(%s) OR program_id IN (SELECT program_id FROM ({hidden}) h(program_id))
)
SELECT program_id, family IN (SELECT family FROM touched) AS is_touched, committed, disbursed, first,
    CASE WHEN funders <> '{{}}' THEN funders END, CASE WHEN left_out <> '{{}}' THEN left_out END,
    CASE WHEN plans <> '[]' THEN plans END
FROM money_counted
WHERE family IN (SELECT family FROM touched)
    OR committed IS NOT NULL OR disbursed IS NOT NULL OR first IS NOT NULL
    OR funders <> '{{}}' OR left_out <> '{{}}' OR plans <> '[]'
"""
_ROWS_AT_ONCE = 2000


def once_for(reader: "Reader") -> Once:
    """What counts once for `reader`: two statements, and six more where a family is not seen whole or has changed."""
    due = neighbours(Due.objects.values_list("program_id", flat=True).distinct())
    kept, others = _kept(reader, due)
    return kept + calculated(reader, others).once if others else kept


def _kept(reader: "Reader", due: Iterable[int]) -> tuple[Once, list[int]]:
    """What is kept of families that the reader sees whole and that have nothing due, and all programs of the others."""
    try:
        hidden, params = Program.objects.hidden_from(reader).order_by().values("pk").query.sql_with_params()
    except EmptyResultSet:
        hidden, params = "SELECT 0", ()
    rows = ask(_KEPT.format(hidden=hidden), sorted(due), *params)
    others = sorted({*due, *(row[0] for row in rows if row[1])})
    return _read(row for row in rows if not row[1]), others


def renew() -> int:
    """Calculates the families of all that is due. How many programs were due."""
    with transaction.atomic():
        wait_for(Locked.COUNTED)
        # What comes after these were read stays due, and is calculated once more.
        due = dict(Due.objects.values_list("pk", "program_id"))
        programs = neighbours(due.values())
        families = Counted.objects.filter(program_id__in=among(programs)).values("family")
        programs.update(Counted.objects.filter(family__in=families).values_list("program_id", flat=True))
        _write(sorted(programs))
        Due.objects.filter(pk__in=among(due)).delete()
    return len(set(due.values()))


def renew_all() -> None:
    """Calculates all families, whether or not something is due."""
    with transaction.atomic():
        wait_for(Locked.COUNTED)
        due = list(Due.objects.values_list("pk", flat=True))
        _write(None)
        Due.objects.filter(pk__in=among(due)).delete()


def _write(programs: list[int] | None) -> None:
    """Calculates these programs, families as wholes (None: all), and keeps what they count."""
    kept = Counted.objects.all() if programs is None else Counted.objects.filter(program_id__in=among(programs))
    kept.delete()
    if programs is None or programs:
        Counted.objects.bulk_create(rows_of(calculated(ADMINISTRATOR, programs)), _ROWS_AT_ONCE)


def rows_of(found: Calculated) -> list[Counted]:
    """What is kept of what was calculated for a reader who sees everything."""
    once = found.once
    left_out: dict[int, dict[str, list[str | None]]] = {}
    for code, sums in once.currencies.items():
        for number, amounts in enumerate(sums):
            for program, amount in amounts.items():
                left_out.setdefault(program, {}).setdefault(code, [None, None])[number] = str(amount)
    plans: dict[int, list[tuple[int, str, str]]] = {}
    for (program, year, currency), amount in sorted(once.plans.items()):
        plans.setdefault(program, []).append((year, currency, str(amount)))
    return [
        Counted(
            program_id=program,
            family=family,
            committed=once.committed.get(program),
            disbursed=once.disbursed.get(program),
            first=once.twice.get(program),
            funders={str(one): str(share) for one, share in once.funders.get(program, {}).items()},
            left_out=left_out.get(program, {}),
            plans=[list(row) for row in plans.get(program, [])],
        )
        for program, family in sorted(found.families.items())
    ]


def _read(rows: Iterable[tuple[Any, ...]]) -> Once:
    """The rows of _KEPT as what they were calculated as."""
    committed, disbursed, twice, shares = {}, {}, {}, {}
    currencies: dict[str, tuple[dict[int, Decimal], dict[int, Decimal]]] = {}
    plans: dict[tuple[int, int, str], Decimal] = {}
    for program, _touched, counts, moved, first, funders, left_out, planned in rows:
        if counts is not None:
            committed[program] = counts
        if moved is not None:
            disbursed[program] = moved
        if first is not None:
            twice[program] = first
        if funders:
            shares[program] = {int(one): Decimal(share) for one, share in _from_json(funders).items()}
        for code, amounts in _from_json(left_out).items() if left_out else ():
            for kept, amount in zip(currencies.setdefault(code, ({}, {})), amounts, strict=True):
                if amount is not None:
                    kept[program] = Decimal(amount)
        for year, currency, amount in _from_json(planned) if planned else ():
            plans[program, year, currency] = Decimal(amount)
    return Once(committed, disbursed, twice, shares, currencies, plans)


def _from_json(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value
