"""A look at the top of a file: which sheet holds its table, which row names the columns, and what stands below."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass

from programs.exchange.spreadsheet import heading_row as headings_among
from programs.exchange.spreadsheet.files import MOST_ROWS, SHEET_STEP, Row, Table, tables
from programs.exchange.spreadsheet.heading_row import LEAST_KNOWN, MOST_ROWS_ABOVE, CountKnown
from programs.exchange.spreadsheet.problems import FileProblem

# So many rows below the headings are shown as examples.
ROWS_SHOWN = 5


@dataclass(frozen=True)
class Look:
    """What is seen of a file. `sheets` are those that may be chosen, [""] in a CSV file, `hidden_sheets` those of them
    that are hidden, `same_sheets` the visible ones with the same headings as this one; `top` the first rows of the
    sheet that are not empty; `hashtags` those of HXL below the headings, if there are any; `below` the first rows of
    the table; `hidden_rows` how many rows below the headings are hidden, here and in `same_sheets`."""

    sheet: str
    sheets: tuple[str, ...]
    heading_row: int
    headings: list[str]
    hashtags: list[str]
    top: list[Row]
    below: list[Row]
    hidden_sheets: tuple[str, ...] = ()
    same_sheets: tuple[str, ...] = ()
    hidden_rows: int = 0


@dataclass(frozen=True)
class _Seen:
    """The top of a table."""

    table: Table
    top: list[Row]


def look(
    content: bytes, kind: str, count_known: CountKnown, *, sheet: str = "", heading_row: int | None = None
) -> Look:
    """Finds the table of a file and its headings; `sheet` and `heading_row` (its number) are what a person chose.

    Of several sheets it takes the first with the most known headings; hidden ones only where no other is there or
    where one was chosen. Raises FileProblem where nothing can be read, where there is no such sheet or row, and where
    nothing stands below the headings.
    """
    seen: list[_Seen] = []
    every: list[Table] = []
    problem: FileProblem | None = None
    with closing(tables(content, kind)) as opened:
        for table in opened:
            every.append(table)
            if table.is_hidden and table.name != sheet and any(not one.is_hidden for one in every):
                continue
            try:
                seen.append(_Seen(table, _top(table.rows, heading_row or 0 if table.name == sheet or not sheet else 0)))
            except FileProblem as error:
                if table.name == sheet or not sheet:
                    problem = problem or error
    visible = [one for one in seen if not one.table.is_hidden]
    among = [one for one in seen if one.table.name == sheet] if sheet else visible or seen
    if problem and not any(one.top for one in among):
        raise problem
    if sheet and not among:
        raise FileProblem("file_no_such_sheet", sheet=sheet)
    if not among:
        raise FileProblem("file_no_header")
    best = max(among, key=lambda one: _weight(one, count_known))
    return _looked(best, visible, every, count_known, heading_row)


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


def _weight(seen: _Seen, count_known: CountKnown) -> int:
    """How much speaks for the sheet: known headings count most, then that it has a table at all."""
    if not seen.top:
        return 0
    position = _position(seen, count_known)
    known = count_known(headings_among.tidy(seen.top[position][1]))
    has_rows = len(seen.top) > position + 1 and len(seen.top[position][1]) > 1
    return (known if known >= LEAST_KNOWN else 0) * 2 + has_rows


def _position(seen: _Seen, count_known: CountKnown) -> int:
    """Where among the rows at the top the headings are: below those of groups, if it has such."""
    top = seen.top
    position = headings_among.find(top, count_known)
    if position + 2 < len(top) and _groups(seen, position):
        own, below = (count_known(headings_among.tidy(top[at][1])) for at in (position, position + 1))
        is_next = top[position + 1][0] == top[position][0] + 1
        if is_next and below >= own and _are_words(top[position + 1][1]):
            return position + 1
    return position


def _are_words(cells: Sequence[str]) -> bool:
    """Whether cells may be headings: none begins with a digit but a year."""
    stated = [cell.strip() for cell in cells if cell.strip()]
    return all(not cell[0].isdigit() or (len(cell) == 4 and cell.isdecimal()) for cell in stated)


def _groups(seen: _Seen, position: int) -> list[tuple[int, int]]:
    number, _cells = seen.top[position]
    width = max(len(cells) for _number, cells in seen.top[position : position + 2])
    return headings_among.groups_of(seen.table.merged, number, width)


def _headings(seen: _Seen, position: int) -> list[str]:
    """The headings of a row, with those of the groups in the row above."""
    number, cells = seen.top[position]
    headings = headings_among.tidy(cells)
    if position and seen.top[position - 1][0] == number - 1:
        above = headings_among.tidy(seen.top[position - 1][1])
        groups = _groups(seen, position - 1)
        if groups:
            width = max(len(headings), *(right + 1 for _left, right in groups))
            headings += [""] * (width - len(headings))
            headings = headings_among.with_groups(headings, above, groups)
    return headings


def _looked(
    seen: _Seen, visible: list[_Seen], every: list[Table], count_known: CountKnown, heading_row: int | None
) -> Look:
    top = seen.top
    if not top:
        raise FileProblem("file_no_header")
    if heading_row:
        position = next((position for position, (number, _) in enumerate(top) if number == heading_row), None)
        if position is None:
            raise FileProblem("file_no_such_row", row=heading_row)
    else:
        position = _position(seen, count_known)
    number = top[position][0]
    headings = _headings(seen, position)
    below = top[position + 1 :]
    hashtags = below.pop(0)[1] if below and headings_among.are_hashtags(below[0][1]) else []
    if not below:
        raise FileProblem("file_no_rows")
    same = [one for one in visible if one is not seen and _plain(_headings_of(one, count_known)) == _plain(headings)]
    return Look(
        sheet=seen.table.name,
        sheets=tuple(table.name for table in every),
        heading_row=number,
        headings=headings,
        hashtags=[tag.strip() for tag in hashtags],
        top=top[:MOST_ROWS_ABOVE],
        below=below[:ROWS_SHOWN],
        hidden_sheets=tuple(table.name for table in every if table.is_hidden),
        same_sheets=tuple(one.table.name for one in same),
        hidden_rows=sum(1 for row in seen.table.hidden_rows if row > number)
        + sum(1 for one in same for row in one.table.hidden_rows if row > _number(one, count_known)),
    )


def _headings_of(seen: _Seen, count_known: CountKnown) -> list[str]:
    return _headings(seen, _position(seen, count_known)) if len(seen.top) > 1 else []


def _number(seen: _Seen, count_known: CountKnown) -> int:
    """The number of its row of headings."""
    return seen.top[_position(seen, count_known)][0]


def _plain(headings: Sequence[str]) -> list[str]:
    return [heading.casefold() for heading in headings]


def rows_below(
    content: bytes, kind: str, sheet: str, heading_row: int | None, *, without_hidden: bool = False
) -> Iterator[Row]:
    """The rows of the table: what stands below the row of headings (None: the first one), and below its hashtags."""
    with closing(tables(content, kind)) as every:
        for table in every:
            if table.name == sheet or (not sheet and not table.is_hidden):
                yield from _below(table, heading_row, without_hidden=without_hidden)
                return
    raise FileProblem("file_no_such_sheet", sheet=sheet)


def _below(table: Table, heading_row: int | None, *, without_hidden: bool) -> Iterator[Row]:
    is_first = True
    for number, cells in table.rows:
        if heading_row is None:
            heading_row = number
        if number <= heading_row:
            continue
        if is_first and headings_among.are_hashtags(cells):
            is_first = False
            continue
        is_first = False
        if not (without_hidden and number in table.hidden_rows):
            yield number, cells


def rows_of_sheets(
    content: bytes,
    kind: str,
    count_known: CountKnown,
    sheets: Sequence[str],
    heading_row: int | None,
    *,
    without_hidden: bool = False,
) -> Iterator[Row]:
    """The rows of several sheets one after the other, numbered with SHEET_STEP; `heading_row` is that of the first, the
    others find their own. FileProblem where there is no such sheet, or all together have too many rows."""
    count = 0
    for position, sheet in enumerate(sheets):
        row = look(content, kind, count_known, sheet=sheet).heading_row if position else heading_row
        for number, cells in rows_below(content, kind, sheet, row, without_hidden=without_hidden):
            count += 1
            if count > MOST_ROWS:
                raise FileProblem("file_too_many_rows", most=f"{MOST_ROWS:,}")
            yield number + position * SHEET_STEP, cells
