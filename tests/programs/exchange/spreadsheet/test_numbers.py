"""Percentages and lists as people write them: right, or refused in words, and never anything else."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programs.exchange.spreadsheet.csv_cells import escape, unescape
from programs.exchange.spreadsheet.lists import entries, helped_to_hundred, quote, split_outside_quotes, unquote
from programs.exchange.spreadsheet.numbers import parse_percentage
from programs.exchange.spreadsheet.problems import CellError, sentence

LOOKS_LIKE = st.text(alphabet="0123456789.,-+' /%ene ra", max_size=20) | st.text(max_size=30)


@given(LOOKS_LIKE)
def test_parsers_raise_their_own_error_alone(text: str) -> None:
    for parse in (parse_percentage, lambda said: list(entries(said))):
        try:
            parse(text)
        except CellError as error:
            assert sentence(error.code, error.params)  # noqa: PT017  (nothing else is raised)


@given(st.text(min_size=1, max_size=30).map(str.strip).filter(bool))
def test_a_quoted_name_is_read_back(name: str) -> None:
    assert [unquote(part) for part in split_outside_quotes(quote(name), ";\n")] == [name]


@given(st.text(max_size=30))
def test_a_csv_cell_comes_back_and_is_no_formula(cell: str) -> None:
    assert unescape(escape(cell)) == cell
    assert not escape(cell).startswith(("=", "+", "-", "@", "\t", "\r"))


@pytest.mark.parametrize(
    ("shares", "helped"),
    [
        ([None, None], [None, None]),
        (["60", "40"], ["60.00", "40.00"]),
        (["33.3", "33.3", "33.3"], ["33.34", "33.33", "33.33"]),
        (["0.6", "0.4"], ["60.00", "40.00"]),
        (["70", None], ["70.00", "30.00"]),
    ],
)
def test_percentages_are_helped_to_100(shares: list[str | None], helped: list[str | None]) -> None:
    stated = [None if share is None else Decimal(share) for share in shares]

    assert helped_to_hundred(stated) == [None if share is None else Decimal(share) for share in helped]


@pytest.mark.parametrize("shares", [["60", "30"], ["60", None, None], ["100", None], ["90", "20"]])
def test_percentages_that_do_not_make_100_are_refused(shares: list[str | None]) -> None:
    with pytest.raises(CellError):
        helped_to_hundred([None if share is None else Decimal(share) for share in shares])
