"""Files as they come: what they are, checked before they are opened; their tables, row by row, as texts."""

from collections.abc import Collection, Generator, Iterator
from contextlib import closing
from dataclasses import dataclass, field

from programs.exchange.spreadsheet.csv_files import csv_rows
from programs.exchange.spreadsheet.kinds import CSV, XLSX
from programs.exchange.spreadsheet.other_workbooks import other_workbook
from programs.exchange.spreadsheet.problems import FileProblem
from programs.exchange.spreadsheet.workbook_limits import check_parts

MOST_ROWS, MOST_COLUMNS = 100_000, 200
# Sheets of the template that hold no programs.
OTHER_SHEETS = frozenset({"Instructions", "Instrucciones", "Lists", "Listas"})

# The number of a row in the second sheet that is read is its number in the sheet and this once, in the third one twice:
# no sheet has so many rows.
SHEET_STEP = 2_000_000

Row = tuple[int, list[str]]
# First row, first column, last row, last column: rows from 1, columns from 0, both ends in it.
Merged = tuple[int, int, int, int]


class OfMergedCell(str):
    """The text of a merged cell in one of the rows below its first, which it holds for too."""


@dataclass
class Table:
    """A sheet of a workbook, or a CSV file, whose name is "".

    `rows` are those that are not empty: number in the file, cells as texts; they can be read once. A merged cell
    holds for each of its rows. `hidden_rows` (their numbers) are among them.
    """

    name: str
    rows: Iterator[Row]
    is_hidden: bool = False
    merged: Collection[Merged] = ()
    hidden_rows: Collection[int] = field(default_factory=frozenset)


def tables(content: bytes, kind: str) -> Generator[Table, None, None]:
    """The tables of a file, but for the sheets of the template that hold no programs. Read one before asking for the
    next. FileProblem where the file cannot be read on. Memory does not grow with the number of rows."""
    if kind == CSV:
        yield Table("", _not_empty(csv_rows(content)))
        return
    found = False
    for table in _sheets_of_xlsx(content) if kind == XLSX else _sheets_of_others(content):
        if table.name not in OTHER_SHEETS:
            found = True
            table.rows = _not_empty(_filled(table.rows, table.merged))
            yield table
    if not found:
        raise FileProblem("file_no_header")


def read_rows(content: bytes, kind: str, sheet: str = "") -> Iterator[Row]:
    """The rows of one of the `tables`, by default of the first that is not hidden; FileProblem where there is none of
    that name."""
    with closing(tables(content, kind)) as every:
        for table in every:
            if table.name == sheet or (not sheet and not table.is_hidden):
                yield from table.rows
                return
    raise FileProblem("file_no_such_sheet", sheet=sheet)


def _sheets_of_xlsx(content: bytes) -> Iterator[Table]:
    parts = check_parts(content)
    # Loaded where a workbook is read, which most processes never do.
    from programs.exchange.spreadsheet.workbooks import open_workbook, part_of, sheet_rows

    with closing(open_workbook(content)) as workbook:
        for sheet in workbook.worksheets:
            if hasattr(sheet, "reset_dimensions"):  # it is no chart
                shown = parts.get(part_of(sheet))
                rows = sheet_rows(sheet, MOST_COLUMNS)
                is_hidden = sheet.sheet_state != "visible"
                if shown is None:
                    yield Table(sheet.title, rows, is_hidden)
                else:
                    yield Table(sheet.title, rows, is_hidden, shown.merged, shown.hidden_rows)


def _sheets_of_others(content: bytes) -> Iterator[Table]:
    if content.startswith(b"PK"):
        check_parts(content)
    with other_workbook(content) as workbook:
        for position, (name, is_hidden) in enumerate(workbook.sheets):
            merged, rows = workbook.open(position)
            ranges = [(first + 1, left, last + 1, right) for first, left, last, right in merged]
            yield Table(name, enumerate(rows, start=1), is_hidden, ranges)


def _filled(rows: Iterator[Row], merged: Collection[Merged]) -> Iterator[Row]:
    """The rows, with the text of a cell that is merged over several of them in each. A row that has no cell of its own
    stays empty."""
    starting: dict[int, list[Merged]] = {}
    for one in merged:
        if one[2] > one[0]:
            starting.setdefault(one[0], []).append(one)
    going_on: dict[int, tuple[int, str]] = {}  # column -> last row, text
    for number, cells in rows:
        if going_on and any(cells):
            for column, (last, text) in list(going_on.items()):
                if number > last:
                    del going_on[column]
                    continue
                cells += [""] * (column + 1 - len(cells))
                cells[column] = cells[column] or OfMergedCell(text)
        for first, column, last, _right in starting.pop(number, ()):
            if column < len(cells) and cells[column] and last > first:
                going_on[column] = last, cells[column]
        yield number, cells


def _not_empty(rows: Iterator[Row]) -> Iterator[Row]:
    count = 0
    for number, cells in rows:
        while cells and not cells[-1].strip():
            cells.pop()
        if not cells:
            continue
        if len(cells) > MOST_COLUMNS:
            raise FileProblem("file_too_many_columns", most=MOST_COLUMNS)
        count += 1
        if count > MOST_ROWS + 1:
            raise FileProblem("file_too_many_rows", most=f"{MOST_ROWS:,}")
        yield number, cells
