"""Rows that are read once and gone through twice."""

from collections.abc import Iterator

import pytest

from programs.exchange.spreadsheet.files import OfMergedCell, Row
from programs.exchange.spreadsheet.kept_rows import MOST_IN_MEMORY, ROWS_AT_ONCE, KeptRows
from programs.exchange.spreadsheet.problems import FileProblem


def table(rows: int, *, breaks: bool = False) -> Iterator[Row]:
    for number in range(1, rows + 1):
        yield number, [f"P-{number}", "", "Patrullas “Ñ”"]
    if breaks:
        raise FileProblem("file_broken")


@pytest.mark.parametrize("rows", [0, 1, ROWS_AT_ONCE - 1, ROWS_AT_ONCE, 2 * ROWS_AT_ONCE + 3])
def test_the_same_rows_come_again(rows: int) -> None:
    with KeptRows(table(rows)) as kept:
        assert list(kept.as_far_as_it_goes()) == list(table(rows))
        assert list(kept.again()) == list(table(rows))


def test_rows_that_nobody_read_before_are_read_then() -> None:
    with KeptRows(table(5)) as kept:
        assert list(kept.again()) == list(table(5))


def test_where_the_file_breaks_is_said_after_the_rows_before_it() -> None:
    with KeptRows(table(ROWS_AT_ONCE + 1, breaks=True)) as kept:
        assert len(list(kept.as_far_as_it_goes())) == ROWS_AT_ONCE + 1
        again = kept.again()
        assert [next(again) for _ in range(ROWS_AT_ONCE + 1)] == list(table(ROWS_AT_ONCE + 1))
        with pytest.raises(FileProblem):
            next(again)


def test_many_rows_lie_on_the_disk() -> None:
    rows = [(number, [f"{number:04d}" * (MOST_IN_MEMORY // ROWS_AT_ONCE)]) for number in range(ROWS_AT_ONCE + 1)]
    with KeptRows(iter(rows)) as kept:
        list(kept.as_far_as_it_goes())
        assert kept._kept._rolled  # type: ignore[attr-defined]
        assert list(kept.again()) == rows


def test_a_cell_of_a_merged_one_stays_one() -> None:
    with KeptRows(iter([(1, ["P-1", OfMergedCell("100")])])) as kept:
        list(kept.as_far_as_it_goes())
        [(_number, cells)] = kept.again()

    assert [type(cell) for cell in cells] == [str, OfMergedCell]
