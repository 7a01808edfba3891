"""A row of cells as a program: each fact read from its columns, compared with what is stored, put onto it.

An empty cell says nothing: what is stored stays. A dash alone takes away what is stored.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, fields, replace
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from programs.exchange.spreadsheet.cell_writing import commitment, commitments
from programs.exchange.spreadsheet.cells import AreaEntry, Reading, clean_text
from programs.exchange.spreadsheet.columns import BY_KEY, GOAL_KEYS, ROLE_KEYS
from programs.exchange.spreadsheet.lists import helped_to_hundred
from programs.exchange.spreadsheet.lookups import SheetLookups
from programs.exchange.spreadsheet.problems import CellError, Problem, shown
from programs.models import Program, Transaction
from programs.services import GoalData, ParticipationData, ProgramData, TransactionData
from programs.services.places import area_of, countries_of, places_outside, spot_of

DASHES = frozenset({"-", "–", "—"})
# Facts that one column says by itself: the column's key is the attribute's name. A dash gives its default.
NOTHING: dict[str, Any] = {one.name: one.default for one in fields(ProgramData) if one.name in BY_KEY}
COMMITMENT_KEYS = ("amount", "currency", "amount_date")
SHARE_LISTS = {"country": ("coverages", "country_share"), "sector": ("sectors", "sector_share")}


@dataclass
class Row:
    """What a row says: fact -> value, with the position of the cell that says it; and what is wrong."""

    facts: dict[str, Any] = field(default_factory=dict)
    cells: dict[str, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    # Keys of columns with a cell that could not be read: what they would say together is not asked.
    unread: set[str] = field(default_factory=set)
    # Where a place is (spot_of) -> how its cell calls it.
    place_names: dict[tuple[object, ...], str] = field(default_factory=dict)

    def says(self, fact: str, value: Any, cell: int) -> None:
        self.facts[fact] = value
        self.cells[fact] = cell


@dataclass(frozen=True)
class _Cell:
    position: int
    text: str
    value: Any  # None where a dash takes away
    taken_away: bool = False


def read_row(cells: Sequence[str], keys: Sequence[str], reading: Reading) -> Row:
    """What the cells say; `keys` are their columns' keys. Never raises: what is wrong is in `problems`."""
    row = Row()
    found: dict[str, list[_Cell]] = {}
    for position, (key, raw) in enumerate(zip(keys, cells, strict=False)):
        text = clean_text(raw)
        column = BY_KEY.get(key)
        if not text or column is None or column.parse is None:
            continue
        if text in DASHES:
            if not column.clears:
                row.problems.append(Problem("cannot_be_empty", {}, position))
            else:
                found.setdefault(key, []).append(_Cell(position, text, None, True))
            continue
        try:
            value = reading.read(column, text)
        except CellError as error:
            row.problems.append(error.at(position))
            row.unread.add(key)
            continue
        found.setdefault(key, []).append(_Cell(position, text, value))
    for key in NOTHING:
        for cell in found.get(key, ()):
            row.says(key, NOTHING[key] if cell.taken_away else cell.value, cell.position)
    for reader in (_read_goals, _read_shares, _read_areas):
        reader(row, found)
    _read_roles(row, found, reading.lookups)
    _read_commitment(row, found)
    _read_reporter(row, found, reading.lookups)
    return row


def _read_goals(row: Row, found: dict[str, list[_Cell]]) -> None:
    cells = {key: found[key][0] for key in GOAL_KEYS if key in found}
    if not cells or row.unread.intersection(GOAL_KEYS):
        return
    first = min(cell.position for cell in cells.values())
    stated = {int(key[-1]): cell.value for key, cell in cells.items() if not cell.taken_away and cell.value > 0}
    try:
        shares = helped_to_hundred(list(stated.values()))
    except CellError as error:
        row.problems.append(error.at(first))
        return
    goals = tuple(GoalData(goal, share) for goal, share in zip(stated, shares, strict=True) if share is not None)
    row.says("goals", goals, first)


def _read_shares(row: Row, found: dict[str, list[_Cell]]) -> None:
    for key, (fact, share_key) in SHARE_LISTS.items():
        cells, shares = found.get(key, []), found.get(share_key, [])
        if not cells or {key, share_key} & row.unread:
            continue
        entries: list[Any] = []
        by_column = _by_order(cells, shares)
        for cell, share in by_column:
            for entry in cell.value or ():
                takes_it = len(cell.value) == 1 and share is not None and entry.percentage is None
                entries.append(replace(entry, percentage=share) if takes_it else entry)
        _says_list(row, fact, entries, cells[0].position, [cell.text for cell in cells])


def _by_order(cells: list[_Cell], shares: list[_Cell]) -> list[tuple[_Cell, Decimal | None]]:
    """Each cell with the percentage whose column stands between it and the next cell's."""
    starts = [cell.position for cell in cells] + [10**6]
    paired = []
    for number, cell in enumerate(cells):
        between = [share for share in shares if starts[number] < share.position < starts[number + 1]]
        paired.append((cell, between[0].value or None if between else None))
    return paired


def _says_list(row: Row, fact: str, entries: list[Any], position: int, texts: list[str]) -> None:
    names = {tuple(value for name, value in vars(entry).items() if name != "percentage") for entry in entries}
    if len(names) < len(entries):
        row.problems.append(Problem("twice", {"text": shown("; ".join(texts))}, position))
        return
    try:
        shares = helped_to_hundred([entry.percentage for entry in entries])
    except CellError as error:
        row.problems.append(error.at(position))
        return
    said = (
        entry if entry.percentage == share else replace(entry, percentage=share)
        for entry, share in zip(entries, shares, strict=True)
    )
    row.says(fact, tuple(said), position)


def _read_areas(row: Row, found: dict[str, list[_Cell]]) -> None:
    cells = found.get("area", [])
    if not cells:
        return
    countries = {entry.country_id for entry in row.facts.get("coverages", ())}
    locations = []
    for cell in cells:
        for entry in cell.value or ():
            try:
                location = _location(entry, countries)
                locations.append(location)
                row.place_names[spot_of(location)] = entry.text
            except CellError as error:
                row.problems.append(error.at(cell.position))
                return
    _says_list(row, "locations", locations, cells[0].position, [cell.text for cell in cells])


def _location(entry: AreaEntry, countries: set[str | None]) -> Any:
    """The location with its area: where several countries have one of that name, that of the program's country."""
    areas = entry.areas
    if len(areas) > 1:
        areas = tuple(code for code in areas if code.split("-")[0] in countries)
    if entry.areas and len(areas) != 1:
        raise CellError("area_ambiguous", text=entry.text, codes=", ".join(entry.areas))
    return replace(entry.location, area_id=areas[0] if areas else None)


def _countries(row: Row) -> frozenset[str]:
    """The countries that the row names: there its names of organizations are looked for."""
    return frozenset(entry.country_id for entry in row.facts.get("coverages", ()) if entry.country_id)


def _read_roles(row: Row, found: dict[str, list[_Cell]], lookups: SheetLookups) -> None:
    countries = _countries(row)
    for key in ROLE_KEYS:
        seen: dict[int, None] = {}
        for cell in found.get(key, ()):
            for name in cell.value or ():
                try:
                    meant = lookups.organizations_of(name, countries)
                except CellError as error:
                    row.problems.append(error.at(cell.position))
                    row.unread.add(key)
                    continue
                if not seen.keys().isdisjoint(meant):
                    row.problems.append(Problem("twice", {"text": shown(name)}, cell.position))
                seen |= dict.fromkeys(meant)
        if key in found and key not in row.unread:
            row.says(key, tuple(seen), found[key][0].position)


def _read_commitment(row: Row, found: dict[str, list[_Cell]]) -> None:
    amount, currency, day = (next(iter(found.get(key, ())), None) for key in COMMITMENT_KEYS)
    first = amount or currency or day
    if first is None or row.unread.intersection(COMMITMENT_KEYS):
        return
    if amount is not None and amount.taken_away:
        row.says("commitment", None, amount.position)
    else:
        row.says("commitment", tuple(cell.value if cell else None for cell in (amount, currency, day)), first.position)


def _read_reporter(row: Row, found: dict[str, list[_Cell]], lookups: SheetLookups) -> None:
    for cell in found.get("reporting_org", ()):
        try:
            reporter = lookups.organization(cell.value, _countries(row))
            row.says("reporting_org", (reporter, shown(cell.value)), cell.position)
        except CellError as error:
            row.problems.append(error.at(cell.position))
            row.unread.add("reporting_org")


# --- Facts against what is stored -------------------------------------------------------------------------


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


# Fact -> how it is put onto a program, and its columns.
# In this order: the amount's provider is a funder, its day the start.
FACTS: dict[str, tuple[Put, tuple[str, ...]]] = {
    **{name: (_put_plain(name), (name,)) for name in NOTHING},
    "goals": (_put_goals, GOAL_KEYS),
    "coverages": (_put_list("coverages"), ("country",)),
    "locations": (_put_list("locations"), ("area",)),
    "sectors": (_put_list("sectors"), ("sector",)),
    **{key: (_put_role(role), (key,)) for key, role in ROLE_KEYS.items()},
    "commitment": (_put_commitment, COMMITMENT_KEYS),
}
IN_ORDER = (("planned_start", "planned_end"), ("actual_start", "actual_end"))


def put_onto(base: ProgramData, row: Row) -> tuple[ProgramData, list[str]]:
    """`base` with what the row says, and the facts that changed; adds to the row's problems what does not fit it."""
    draft, changed = Draft(**vars(base)), []
    for fact, (put, _columns) in FACTS.items():
        if fact not in row.facts:
            continue
        try:
            if put(draft, row.facts[fact]):
                changed.append(fact)
        except CellError as error:
            row.problems.append(error.at(row.cells[fact]))
    data = ProgramData(**vars(draft)) if changed else base
    _check(data, base, row)
    return data, changed


def _check(data: ProgramData, base: ProgramData, row: Row) -> None:
    """What no single cell can know. The services refuse the same; here it is said of a cell."""
    before = places_outside(base.coverages, base.locations)
    outside = places_outside(data.coverages, data.locations, tolerated=before)
    if outside and not row.problems:
        called = dict.fromkeys(row.place_names.get(spot_of(place), area_of(place) or "") for place in outside)
        params = {
            "text": shown(", ".join(called)),
            "countries": ", ".join(sorted(countries_of(data.coverages) or ())),
        }
        cell = row.cells.get("locations", row.cells.get("coverages"))
        row.problems.append(Problem("area_outside", params, cell))
    if not data.title and not row.problems:
        row.problems.append(Problem("title_missing", {}, row.cells.get("title")))
    for first, last in IN_ORDER:
        start, end = getattr(data, first), getattr(data, last)
        if start and end and end < start and data.source != Program.Source.IATI:
            cell = row.cells.get(last, row.cells.get(first))
            row.problems.append(Problem("dates_in_order", {"start": str(start), "end": str(end)}, cell))
