"""A row of cells read: each fact from its columns, with what is wrong and what is to be said of it.

An empty cell says nothing: what is stored stays. A dash alone takes away what is stored.
"""

from collections.abc import Sequence
from dataclasses import fields, replace
from decimal import Decimal
from typing import Any

from programs.exchange.spreadsheet.cells import Noted, Reading, clean_text
from programs.exchange.spreadsheet.columns import BY_KEY, GOAL_KEYS, ROLE_KEYS
from programs.exchange.spreadsheet.lists import helped_to_hundred
from programs.exchange.spreadsheet.organization_names import implemented_by
from programs.exchange.spreadsheet.problems import CellError, Problem, shown
from programs.exchange.spreadsheet.row import Awaited, Cell, Found, Row
from programs.exchange.spreadsheet.row_money import read_commitment, read_planned
from programs.exchange.spreadsheet.row_places import countries_named, read_areas
from programs.exchange.spreadsheet.totals import see_total
from programs.services import GoalData, ProgramData

DASHES = frozenset({"-", "–", "—"})
# Facts that one column says by itself: the column's key is the attribute's name. A dash gives its default.
NOTHING: dict[str, Any] = {one.name: one.default for one in fields(ProgramData) if one.name in BY_KEY}
READ_COLUMNS = {key: column for key, column in BY_KEY.items() if column.parse is not None}
SHARE_LISTS = {"country": ("coverages", "country_share"), "sector": ("sectors", "sector_share")}


def read_row(cells: Sequence[str], keys: Sequence[str], reading: Reading, number: int = 0) -> Row:
    """What the cells of the row `number` say; `keys` are their columns' keys. Never raises: what is wrong is in
    `problems`."""
    row = Row()
    if see_total(row, cells, keys, is_sum=number in reading.conventions.totals):
        return row
    found = _cells(row, cells, keys, reading)
    for key in NOTHING:
        for cell in found.get(key, ()):
            row.says(key, NOTHING[key] if cell.taken_away else cell.value, cell.position)
    _read_goals(row, found)
    _read_shares(row, found)
    read_areas(row, found, reading.lookups)
    _read_roles(row, found, reading)
    read_commitment(row, found, reading)
    read_planned(row, found, reading)
    _read_reporter(row, found, reading)
    return row


def _cells(row: Row, cells: Sequence[str], keys: Sequence[str], reading: Reading) -> Found:
    """The cells that say something, read one by one."""
    found: Found = {}
    for position, (key, raw) in enumerate(zip(keys, cells, strict=False)):
        if not raw or not (text := clean_text(raw)):
            continue
        column = READ_COLUMNS.get(key)
        if column is None:
            continue
        if text in DASHES:
            if not column.clears:
                row.note("cannot_be_empty", position)
            else:
                found.setdefault(key, []).append(Cell(position, text, None, True))
            continue
        try:
            value = reading.of_column(position).read(column, text)
        except CellError as error:
            row.wrong(error, position)
            row.unread.add(key)
            continue
        if isinstance(value, Noted):
            row.note(value.code, position, **value.params)
            if key == "sector":
                row.clusters.append(text)
            value = value.value
        if value is not None:
            found.setdefault(key, []).append(Cell(position, text, value))
    return found


def _read_goals(row: Row, found: Found) -> None:
    cells = {key: found[key][0] for key in GOAL_KEYS if key in found}
    if not cells or row.unread.intersection(GOAL_KEYS):
        return
    first = min(cell.position for cell in cells.values())
    stated = {int(key[-1]): cell.value for key, cell in cells.items() if not cell.taken_away and cell.value > 0}
    try:
        shares = helped_to_hundred(list(stated.values()))
    except CellError as error:
        row.wrong(error, first)
        return
    goals = tuple(GoalData(goal, share) for goal, share in zip(stated, shares, strict=True) if share is not None)
    row.says("goals", goals, first)


def _read_shares(row: Row, found: Found) -> None:
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
        says_list(row, fact, entries, cells[0].position, [cell.text for cell in cells])


def _by_order(cells: list[Cell], shares: list[Cell]) -> list[tuple[Cell, Decimal | None]]:
    """Each cell with the percentage whose column stands between it and the next cell's."""
    starts = [cell.position for cell in cells] + [10**6]
    paired = []
    for number, cell in enumerate(cells):
        between = [share for share in shares if starts[number] < share.position < starts[number + 1]]
        paired.append((cell, between[0].value or None if between else None))
    return paired


def says_list(row: Row, fact: str, entries: list[Any], position: int, texts: list[str]) -> None:
    """Has the row say a list, each entry once, with percentages that make 100."""
    if len(entries) > 1 and len({_without_share(entry) for entry in entries}) < len(entries):
        row.problems.append(Problem("twice", {"text": shown("; ".join(texts))}, position))
        return
    try:
        shares = helped_to_hundred([entry.percentage for entry in entries])
    except CellError as error:
        row.wrong(error, position)
        return
    said = (
        entry if entry.percentage == share else replace(entry, percentage=share)
        for entry, share in zip(entries, shares, strict=True)
    )
    row.says(fact, tuple(said), position)


def _without_share(entry: Any) -> tuple[Any, ...]:
    return tuple(value for name, value in vars(entry).items() if name != "percentage")


def _read_roles(row: Row, found: Found, reading: Reading) -> None:
    """Who takes part. A name that nobody on the register goes by refuses nothing: it is awaited, and the others of its
    role are taken."""
    countries = countries_named(row)
    implementers: list[tuple[str, Cell]] = []
    for key in ROLE_KEYS:
        names = [(name, cell) for cell in found.get(key, ()) for name in cell.value or ()]
        if key == "implementer":
            said = {name for name, _cell in names}
            names += [(name, cell) for name, cell in implementers if name not in said]
        seen: dict[int, None] = {}
        for name, cell in names:
            if key != "implementer" and (both := _with_implementer(row, name, cell, reading, countries)):
                name, other = both
                implementers.append((other, cell))
            try:
                meant = reading.lookups.organizations_of(name, countries)
            except CellError as error:
                if error.code == "organization":
                    row.awaited.append(Awaited(key, error.params["name"], cell.position))
                else:
                    row.wrong(error, cell.position)
                    row.unread.add(key)
                continue
            if not seen.keys().isdisjoint(meant):
                row.problems.append(Problem("twice", {"text": shown(name)}, cell.position))
            seen |= dict.fromkeys(meant)
        if names and key not in row.unread:
            row.says(key, tuple(seen), names[0][1].position)
        elif key in found and key not in row.unread:
            row.says(key, (), found[key][0].position)


def _with_implementer(
    row: Row, name: str, cell: Cell, reading: Reading, countries: frozenset[str]
) -> tuple[str, str] | None:
    """The two organizations of a name such as `USAID (implemented by Chemonics)`, unless it is one's own name."""
    both = implemented_by(name)
    if both is None or reading.lookups.is_known(name, countries):
        return None
    row.note("organization_implements", cell.position, text=shown(name), first=shown(both[0]), other=shown(both[1]))
    return both


def _read_reporter(row: Row, found: Found, reading: Reading) -> None:
    """Who reports it. A name that nobody on the register goes by is awaited, as those of who takes part."""
    for cell in found.get("reporting_org", ()):
        try:
            reporter = reading.lookups.organization(cell.value, countries_named(row))
            row.says("reporting_org", (reporter, shown(cell.value)), cell.position)
        except CellError as error:
            if error.code == "organization":
                row.awaited.append(Awaited("reporting_org", error.params["name"], cell.position))
            else:
                row.wrong(error, cell.position)
                row.unread.add("reporting_org")
