"""What a row says of a program against what is stored: each fact put onto it. How rows are read is in row_reading."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from goals.vocabularies import CLUSTERS, code_named
from programs.exchange.spreadsheet.cell_writing import commitment, commitments
from programs.exchange.spreadsheet.cells import clean_text
from programs.exchange.spreadsheet.columns import GOAL_KEYS, ROLE_KEYS
from programs.exchange.spreadsheet.planned import Entry, with_entries, with_years, years_of
from programs.exchange.spreadsheet.problems import CellError, Problem, shown
from programs.exchange.spreadsheet.row import Row
from programs.exchange.spreadsheet.row_money import COMMITMENT_KEYS, PLANNED
from programs.exchange.spreadsheet.row_reading import NOTHING
from programs.models import Program, Transaction
from programs.services import (
    BudgetData,
    CoverageData,
    GoalData,
    OtherSectorData,
    ParticipationData,
    PlannedDisbursementData,
    ProgramData,
    TransactionData,
)
from programs.services.places import area_of, countries_of, places_outside, spot_of

# A program while facts are put onto it: the attributes of ProgramData, free to change.
Draft = SimpleNamespace
# Puts a fact onto a draft; whether it was another one there. Raises CellError where it does not fit.
Put = Callable[[Draft, Any], bool]


def _same_list(stated: Iterable[Any], stored: Iterable[Any]) -> bool:
    return sorted(map(repr, stated)) == sorted(map(repr, stored))


def _put_plain(name: str) -> Put:
    def put(draft: Draft, value: Any) -> bool:
        stored = getattr(draft, name)
        if stored == value or (isinstance(stored, str) and clean_text(stored) == value):
            return False
        setattr(draft, name, value)
        return True

    return put


def _put_goals(draft: Draft, value: tuple[GoalData, ...]) -> bool:
    stored = {row.goal_id: row.percentage for row in draft.goals or ()}
    if stored == {row.goal_id: row.percentage for row in value} and draft.goals is not None:
        return False
    draft.goals = value
    return True


def _put_list(name: str) -> Put:
    def put(draft: Draft, value: Any) -> bool:
        stored = getattr(draft, name)
        if len(stored) == len(value) and _same_list(map(_compared, value), map(_compared, stored)):
            return False
        setattr(draft, name, value)
        return True

    return put


def _compared(row: Any) -> tuple[Any, ...]:
    """An entry's values, numbers without their trailing zeros, texts as they are read from a cell."""
    return tuple(
        str(value.normalize()) if isinstance(value, Decimal) else clean_text(value) if isinstance(value, str) else value
        for value in vars(row).values()
    )


def _put_role(role: int) -> Put:
    def put(draft: Draft, value: tuple[int, ...]) -> bool:
        """Organizations that stay keep their own identifier for the program."""
        of_role = {row.organization_id: row for row in draft.participations if row.role == role}
        if set(of_role) == set(value):
            return False
        others = tuple(row for row in draft.participations if row.role != role)
        draft.participations = others + tuple(of_role.get(pk) or ParticipationData(pk, role) for pk in value)
        return True

    return put


def _put_clusters(draft: Draft, names: list[str]) -> bool:
    """Clusters stay beside the sectors, as those of IATI files do; one that the program has already stays as it is."""
    known = {row.code or row.name for row in draft.other_sectors if row.vocabulary == CLUSTERS}
    named = [OtherSectorData(CLUSTERS, code_named(CLUSTERS, name), name) for name in dict.fromkeys(names)]
    new = [row for row in named if (row.code or row.name) not in known]
    draft.other_sectors = (*draft.other_sectors, *new)
    return bool(new)


def _put_countries_of_areas(draft: Draft, value: tuple[str, ...]) -> bool:
    """The countries of a program that has none: those that its areas lie in."""
    if draft.coverages:
        return False
    draft.coverages = tuple(CoverageData(country) for country in value)
    return True


def _put_commitment(draft: Draft, value: tuple[Decimal | None, str | None, Any] | None) -> bool:
    """One commitment of the amount; its provider is the funder, where there is one alone."""
    stored, rows = commitment(draft.transactions), commitments(draft.transactions)
    wanted = None if value is None else _completed(draft, value, stored)
    if (wanted is None and not rows) or (wanted is not None and wanted == stored):
        return False
    if len(rows) > 1:
        raise CellError("several_commitments")
    others = tuple(row for row in draft.transactions if row.type != Transaction.Type.COMMITMENT)
    if wanted is None:
        draft.transactions = others
        return True
    amount, currency, day = wanted
    if rows:
        kept = replace(rows[0], value=amount, currency=currency, date=day, value_date=day)
    else:
        funders = [row.organization_id for row in draft.participations if row.role == ROLE_KEYS["funder"]]
        provider = funders[0] if len(funders) == 1 else None
        kept = TransactionData(Transaction.Type.COMMITMENT, amount, currency, day, day, provider)
    draft.transactions = (kept, *others)
    return True


def _completed(
    draft: Draft, value: tuple[Decimal | None, str | None, Any], stored: tuple[Decimal, str, Any] | None
) -> tuple[Decimal, str, Any]:
    """Amount, currency and day, with what the row leaves out as it is stored; the day else that of the start."""
    amount, currency, day = value
    amount = stored[0] if amount is None and stored else amount
    currency = currency or (stored[1] if stored else None) or draft.default_currency
    if amount is None:
        raise CellError("amount_missing")
    if not currency:
        raise CellError("currency_missing")
    if day is None:
        day = stored[2] if stored else draft.actual_start or draft.planned_start
    return amount, currency, day


def _put_planned(name: str, kind: type[BudgetData | PlannedDisbursementData]) -> Put:
    def put(draft: Draft, value: tuple[Entry, ...]) -> bool:
        rows, changed = with_entries(getattr(draft, name), value, kind)
        setattr(draft, name, rows)
        return changed

    return put


def _put_years(name: str, kind: type[BudgetData | PlannedDisbursementData]) -> Put:
    def put(draft: Draft, value: tuple[tuple[int, Decimal | None, str | None], ...]) -> bool:
        """In the currency that the row says; else that of the commitments, or the program's own."""
        stored = commitment(draft.transactions)
        otherwise = (stored[1] if stored else None) or draft.default_currency
        if not otherwise and any(amount is not None and not currency for _year, amount, currency in value):
            raise CellError("currency_missing")
        wanted = years_of((year, amount, currency or otherwise) for year, amount, currency in value)
        rows, changed = with_years(getattr(draft, name), wanted, kind)
        setattr(draft, name, rows)
        return changed

    return put


_KINDS: dict[str, type[BudgetData | PlannedDisbursementData]] = {
    "budgets": BudgetData,
    "planned_disbursements": PlannedDisbursementData,
}
# Fact -> how it is put onto a program, and its columns.
# In this order: the amount's provider is a funder, its day the start.
FACTS: dict[str, tuple[Put, tuple[str, ...]]] = {
    **{name: (_put_plain(name), (name,)) for name in NOTHING},
    "goals": (_put_goals, GOAL_KEYS),
    "coverages": (_put_list("coverages"), ("country",)),
    "countries_implied": (_put_countries_of_areas, ("country",)),
    "locations": (_put_list("locations"), ("area",)),
    "sectors": (_put_list("sectors"), ("sector",)),
    **{key: (_put_role(role), (key,)) for key, role in ROLE_KEYS.items()},
    "commitment": (_put_commitment, COMMITMENT_KEYS),
    **{fact: (_put_planned(fact, _KINDS[fact]), (key,)) for key, fact in PLANNED.items()},
    # Shown in the columns that an export has of them.
    "budgets_of_years": (_put_years("budgets", BudgetData), ("budget_years",)),
    "planned_of_years": (_put_years("planned_disbursements", PlannedDisbursementData), ("planned_payments",)),
}
IN_ORDER = (("planned_start", "planned_end"), ("actual_start", "actual_end"))


def put_onto(base: ProgramData, row: Row, *, is_new: bool = True) -> tuple[ProgramData, list[str]]:
    """`base` with what the row says, and the facts that changed; adds to the row's problems what does not fit it."""
    draft, changed = Draft(**vars(base)), []
    if _put_clusters(draft, row.clusters):
        changed.append("sectors")
    for fact, (put, _columns) in FACTS.items():
        if fact not in row.facts:
            continue
        try:
            if put(draft, row.facts[fact] if is_new else _with_stored(row, fact, base)) and fact not in changed:
                changed.append(fact)
        except CellError as error:
            row.wrong(error, row.cells[fact])
    data = ProgramData(**vars(draft)) if changed else base
    _check(data, base, row)
    return data, changed


def _with_stored(row: Row, fact: str, base: ProgramData) -> Any:
    """What a row says of a stored program: of a role with a name that nobody goes by yet, nobody is taken away."""
    if fact not in {one.role for one in row.awaited}:
        return row.facts[fact]
    stored = (one.organization_id for one in base.participations if one.role == ROLE_KEYS[fact])
    return tuple(dict.fromkeys([*stored, *row.facts[fact]]))


def _check(data: ProgramData, base: ProgramData, row: Row) -> None:
    """What no single cell can know. The services refuse the same; here it is said of a cell."""
    before = places_outside(base.coverages, base.locations)
    outside = places_outside(data.coverages, data.locations, tolerated=before)
    if outside and not row.is_refused:
        called = dict.fromkeys(row.place_names.get(spot_of(place), area_of(place) or "") for place in outside)
        params = {
            "text": shown(", ".join(called)),
            "countries": ", ".join(sorted(countries_of(data.coverages) or ())),
        }
        cell = row.cells.get("locations", row.cells.get("coverages"))
        row.problems.append(Problem("area_outside", params, cell))
    if not data.title and not row.is_refused:
        row.problems.append(Problem("title_missing", {}, row.cells.get("title")))
    for first, last in IN_ORDER:
        start, end = getattr(data, first), getattr(data, last)
        if start and end and end < start and data.source != Program.Source.IATI:
            cell = row.cells.get(last, row.cells.get(first))
            row.problems.append(Problem("dates_in_order", {"start": str(start), "end": str(end)}, cell))
