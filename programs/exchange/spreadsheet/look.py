"""A look at the top of a file: which sheet holds its table, which row names the columns, and what stands below."""

import itertools
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass

from programs.exchange.spreadsheet import heading_row as headings_among
from programs.exchange.spreadsheet.files import Row, read_rows, tables
from programs.exchange.spreadsheet.heading_row import LEAST_KNOWN, MOST_ROWS_ABOVE, CountKnown
from programs.exchange.spreadsheet.problems import FileProblem

# So many rows below the headings are shown as examples.
ROWS_SHOWN = 5


@dataclass(frozen=True)
class Look:
    """What is seen of a file. `sheets` are those that may be chosen, [""] in a CSV file; `top` the first rows of the
    sheet that are not empty; `hashtags` those of HXL below the headings, if there are any; `below` the first rows of
    the table."""

    sheet: str
    sheets: tuple[str, ...]
    heading_row: int
    headings: list[str]
    hashtags: list[str]
    top: list[Row]
    below: list[Row]


def look(
    content: bytes, kind: str, count_known: CountKnown, *, sheet: str = "", heading_row: int | None = None
) -> Look:
    """Finds the table of a file and its headings; `sheet` and `heading_row` (its number) are what a person chose.

    Of several sheets it takes the first with the most known headings. Raises FileProblem where nothing can be read,
    where there is no such sheet or row, and where nothing stands below the headings.
    """
    found: list[tuple[int, str, list[Row]]] = []
    sheets: list[str] = []
    problem: FileProblem | None = None
    with closing(tables(content, kind)) as every:
        for name, rows in every:
            sheets.append(name)
            if sheet and name != sheet:
                continue
            try:
                top = _top(rows, heading_row or 0)
            except FileProblem as error:
                problem = problem or error
                continue
            found.append((_weight(top, count_known), name, top))
    if problem and not any(top for _weight, _name, top in found):
        raise problem
    if sheet and not found:
        raise FileProblem("file_no_such_sheet", sheet=sheet)
    _best, name, top = max(found, key=lambda one: one[0], default=(0, "", []))
    return _looked(name, tuple(sheets), top, count_known, heading_row)


def _top(rows: Iterator[Row], until: int) -> list[Row]:
    """The first rows, as far as headings are looked for, and further where a row of a greater number is wanted.

    Where the file cannot be read on, those before: checking it says so, with its rows.
    """
    top: list[Row] = []
    try:
        for row in rows:
            top.append(row)
            if len(top) >= MOST_ROWS_ABOVE + ROWS_SHOWN and row[0] > until + ROWS_SHOWN:
                break
    except FileProblem:
        if len(top) < ROWS_SHOWN:
            raise
    return top


def _weight(top: list[Row], count_known: CountKnown) -> int:
    """How much speaks for the sheet: known headings count most, then that it has a table at all."""
    if not top:
        return 0
    position = headings_among.find(top, count_known)
    known = count_known(headings_among.tidy(top[position][1]))
    has_rows = len(top) > position + 1 and len(top[position][1]) > 1
    return (known if known >= LEAST_KNOWN else 0) * 2 + has_rows


def _looked(
    sheet: str, sheets: tuple[str, ...], top: list[Row], count_known: CountKnown, heading_row: int | None
) -> Look:
    if not top:
        raise FileProblem("file_no_header")
    if heading_row:
        position = next((position for position, (number, _) in enumerate(top) if number == heading_row), None)
        if position is None:
            raise FileProblem("file_no_such_row", row=heading_row)
    else:
        position = headings_among.find(top, count_known)
    number, cells = top[position]
    below = top[position + 1 :]
    hashtags = below.pop(0)[1] if below and headings_among.are_hashtags(below[0][1]) else []
    if not below:
        raise FileProblem("file_no_rows")
    return Look(
        sheet=sheet,
        sheets=sheets,
        heading_row=number,
        headings=headings_among.tidy(cells),
        hashtags=[tag.strip() for tag in hashtags],
        top=top[:MOST_ROWS_ABOVE],
        below=below[:ROWS_SHOWN],
    )


def rows_below(content: bytes, kind: str, sheet: str, heading_row: int | None) -> Iterator[Row]:
    """The rows of the table: what stands below the row of headings (None: the first one), and below its hashtags."""
    rows = read_rows(content, kind, sheet)
    if heading_row is None:
        next(rows, None)
    below = itertools.dropwhile(lambda row: row[0] <= (heading_row or 0), rows)
    for position, row in enumerate(below):
        if position or not headings_among.are_hashtags(row[1]):
            yield row
