"""Which row of a table names its columns: below titles, dates and empty rows, above hashtags and the first record.

Pure functions over the first rows of a table; how the rows are read from a file is in `files`.
"""

import re
from collections.abc import Callable, Collection, Sequence

Row = tuple[int, list[str]]
# Says how many cells of a row are headings that are known.
CountKnown = Callable[[Sequence[str]], int]

# Headings are looked for among so many rows that are not empty.
MOST_ROWS_ABOVE = 25
# So many known headings are no chance: a title that happens to be "Programs" is one.
LEAST_KNOWN = 2
LONGEST_HEADING = 200
# Between the heading of a group and that of its column.
OF_A_GROUP = " / "
# hxlstandard.org/standard/1-1final/tagging: a hashtag, then attributes.
_HASHTAG = re.compile(r"#[A-Za-z][A-Za-z0-9_]*(\s*\+[A-Za-z][A-Za-z0-9_]*)*")


def tidy(cells: Sequence[str]) -> list[str]:
    """Headings as they are kept: on one line, and not longer than LONGEST_HEADING."""
    return [" ".join(cell.split())[:LONGEST_HEADING] for cell in cells]


def find(rows: Sequence[Row], count_known: CountKnown) -> int:
    """The position among `rows` (those of a table that are not empty, from its top) of the row of headings.

    It is the row with the most headings that are known. Where hardly any is known it is the first that has at least
    half as many cells as the widest one: a title fills one or two. 0 where there is nothing to choose from.
    """
    top = rows[:MOST_ROWS_ABOVE]
    known = [count_known(tidy(cells)) for _number, cells in top]
    if known and max(known) >= LEAST_KNOWN:
        return known.index(max(known))
    filled = [sum(bool(cell.strip()) for cell in cells) for _number, cells in top]
    enough = max(2, (max(filled, default=0) + 1) // 2)
    return next((position for position, count in enumerate(filled) if count >= enough), 0)


def groups_of(merged: Collection[tuple[int, int, int, int]], number: int, width: int) -> list[tuple[int, int]]:
    """First and last column of the cells of row `number` that are merged over several columns, but not over the whole
    table: headings of groups, with the headings of their columns below them."""
    spans = sorted((left, right) for first, left, last, right in merged if first <= number <= last and right > left)
    return [(left, right) for left, right in spans if right - left + 1 < width]


def with_groups(headings: Sequence[str], above: Sequence[str], groups: Sequence[tuple[int, int]]) -> list[str]:
    """Headings with those of their groups before them: “Budget / Amount”. A column without one of its own has that of
    its group."""
    named = list(headings)
    for left, right in groups:
        group = above[left] if left < len(above) else ""
        for column in range(left, min(right + 1, len(named))):
            if group and group != named[column]:
                own = f"{group}{OF_A_GROUP}{named[column]}" if named[column] else group
                named[column] = own[:LONGEST_HEADING]
    return named


def are_hashtags(cells: Sequence[str]) -> bool:
    """Whether a row is one of hashtags of the Humanitarian Exchange Language, which stands below the headings."""
    stated = [cell.strip() for cell in cells if cell.strip()]
    return bool(stated) and all(_HASHTAG.fullmatch(cell) for cell in stated)
