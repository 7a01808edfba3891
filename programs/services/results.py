"""A program's results and what comes after its funding: compared with what is stored, only the difference written."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields, replace
from decimal import Decimal
from itertools import zip_longest
from typing import Any

import pghistory
from django.db import transaction
from django.utils import timezone

from core.errors import EditConflict
from programs.models import IndicatorPeriod, Program, ProgramResult, ResultIndicator, Sustainability
from programs.services.locked import locked_program
from programs.services.permissions import Actor, require
from programs.services.scan_requests import request_scan

FOURTH_PLACE = Decimal("0.0001")
# As many indicators of a program, and periods of an indicator, as their page takes.
MOST_INDICATORS, MOST_PERIODS = 100, 40


@dataclass(frozen=True)
class PeriodData:
    start: dt.date
    end: dt.date
    target: Decimal | None = None
    actual: Decimal | None = None
    target_comment: str = ""
    actual_comment: str = ""


@dataclass(frozen=True)
class IndicatorData:
    """`measure` is a code of IATI's IndicatorMeasure; a baseline has a year, or is not there at all."""

    title: str
    description: str = ""
    measure: int = 1
    ascending: bool = True
    baseline_year: int | None = None
    baseline_value: Decimal | None = None
    baseline_comment: str = ""
    periods: tuple[PeriodData, ...] = ()


@dataclass(frozen=True)
class ResultData:
    """`type` is a code of IATI's ResultType."""

    type: int
    title: str
    description: str = ""
    indicators: tuple[IndicatorData, ...] = ()


@dataclass(frozen=True)
class SustainabilityData:
    funding_ends: dt.date | None = None
    organization_id: int | None = None
    budget_source: str = ""
    confirmed: bool | None = None


@dataclass(frozen=True)
class Outlook:
    """The results of a program, and what comes after its funding."""

    results: tuple[ResultData, ...] = ()
    sustainability: SustainabilityData = field(default_factory=SustainabilityData)


@dataclass(frozen=True)
class OutlookChange:
    """What is said of the results, and of what comes after the funding; None leaves what is stored."""

    results: tuple[ResultData, ...] | None = None
    sustainability: SustainabilityData | None = None

    @property
    def says_something(self) -> bool:
        return self.results is not None or self.sustainability is not None


def stored_outlooks(programs: Iterable[int]) -> dict[int, Outlook]:
    """Program's id -> what is stored of it; four queries, however many. Programs with nothing are not in it."""
    ids = list(programs)
    results = _by(ProgramResult, "program_id", ids)
    indicators = _by(ResultIndicator, "result_id", ids)
    periods = _by(IndicatorPeriod, "indicator_id", ids, "start", "end", "pk")
    after = {row.program_id: row for row in Sustainability.objects.filter(program__in=ids)}
    found = {}
    for program in ids:
        if program not in results and program not in after:
            continue
        told = tuple(
            ResultData(
                **_values(ResultData, result),
                indicators=tuple(
                    IndicatorData(
                        **_values(IndicatorData, indicator),
                        periods=tuple(PeriodData(**_values(PeriodData, row)) for row in periods.get(indicator.pk, ())),
                    )
                    for indicator in indicators.get(result.pk, ())
                ),
            )
            for result in results.get(program, ())
        )
        row = after.get(program)
        found[program] = Outlook(
            told, SustainabilityData(**_values(SustainabilityData, row)) if row else SustainabilityData()
        )
    return found


@transaction.atomic
def save_outlook(
    program: Program,
    *,
    actor: Actor,
    results: Sequence[ResultData] | None = None,
    sustainability: SustainabilityData | None = None,
    version: int | None = None,
    is_signed: bool = False,
) -> bool:
    """Makes the stored results, and what comes after the funding, equal to what is given; None leaves them.

    True where anything changed; the program's version then goes up by one, unless the save that this belongs to has
    raised it already (`is_signed`). `version` is the one that the person saw: ChangedMeanwhile where it is another by
    now. NotAllowed for who may not save the program; IntegrityError where a constraint refuses what is left.
    """
    require(actor, "save", program.reporting_org_id)
    locked = locked_program(program)
    if version is not None and locked.version != version:
        raise EditConflict(locked.version)
    stored = stored_outlooks([locked.pk]).get(locked.pk, Outlook())
    with pghistory.context(user=actor.pk if actor else None):
        changed = results is not None and _replace_results(locked, stored.results, [_in_places(r) for r in results])
        if sustainability is not None and sustainability != stored.sustainability:
            changed = True
            if sustainability == SustainabilityData():
                Sustainability.objects.filter(program=locked).delete()
            else:
                Sustainability.objects.update_or_create(program=locked, defaults=vars(sustainability))
        if changed and not is_signed:
            locked.version += 1
            locked.updated_by, locked.updated_at = actor, timezone.now()
            locked.save(update_fields=["version", "updated_by", "updated_at"])
            request_scan(locked.pk)
    program.version, program.updated_at = locked.version, locked.updated_at
    return changed


def _replace_results(program: Program, stored: Sequence[ResultData], wanted: Sequence[ResultData]) -> bool:
    """Keeps the stored results up to the first that differs from the wanted ones, and writes the others again, so that
    they have the order that was said; whether any differs."""
    pairs = enumerate(zip_longest(stored, wanted))
    same = next((place for place, (there, stated) in pairs if there != stated), None)
    if same is None:
        return False
    if len(stored) > same:
        rows = ProgramResult.objects.filter(program=program).order_by("pk").values_list("pk", flat=True)
        ProgramResult.objects.filter(pk__in=list(rows[same:])).delete()
    _insert(program, wanted[same:])
    return True


def _insert(program: Program, results: Sequence[ResultData]) -> None:
    """Three queries, however many results."""
    rows = ProgramResult.objects.bulk_create(
        ProgramResult(program=program, **_values(ResultData, result)) for result in results
    )
    indicators = [
        (indicator, ResultIndicator(program=program, result=row, **_values(IndicatorData, indicator)))
        for row, result in zip(rows, results, strict=True)
        for indicator in result.indicators
    ]
    ResultIndicator.objects.bulk_create(made for _indicator, made in indicators)
    IndicatorPeriod.objects.bulk_create(
        IndicatorPeriod(program=program, indicator=made, **_values(PeriodData, period))
        for indicator, made in indicators
        for period in indicator.periods
    )


def _by(model: Any, parent: str, programs: list[int], *order: str) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for row in model.objects.filter(program__in=programs).order_by(*order or ["pk"]):
        found.setdefault(getattr(row, parent), []).append(row)
    return found


def _values(kind: type, row: Any) -> dict[str, Any]:
    """The values of a row's own columns."""
    return {name: getattr(row, name) for one in fields(kind) if (name := one.name) not in ("indicators", "periods")}


def _in_places(result: ResultData) -> ResultData:
    """A result in the precision that the database keeps and with its periods in order, so that it compares with what is
    stored."""
    return replace(
        result,
        indicators=tuple(
            replace(
                indicator,
                baseline_value=_rounded(indicator.baseline_value),
                periods=tuple(
                    replace(period, target=_rounded(period.target), actual=_rounded(period.actual))
                    for period in sorted(indicator.periods, key=lambda period: (period.start, period.end))
                ),
            )
            for indicator in result.indicators
        ),
    )


def _rounded(value: Decimal | None) -> Decimal | None:
    return None if value is None else value.quantize(FOURTH_PLACE)
