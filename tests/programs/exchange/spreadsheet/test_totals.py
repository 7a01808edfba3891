"""Rows that are totals of others: known as such, or asked about; a program is never taken for one."""

import pytest

from programs.exchange.spreadsheet.row import Row
from programs.exchange.spreadsheet.totals import see_total

KEYS = ["identifier", "title", "country", "amount", "currency", "description", ""]


def seen(*cells: str) -> list[str]:
    row = Row()
    is_total = see_total(row, cells, KEYS)
    codes = [problem.code for problem in row.problems]
    assert is_total == (codes == ["total_row"]) == row.is_total
    return codes


@pytest.mark.parametrize(
    "cells",
    [
        ("", "TOTAL", "", "1000", "USD"),
        ("TOTAL", "", "", "1,550,000.50", "USD"),
        ("", "Subtotal", "Honduras", "1000", ""),
        ("", "Subtotal Honduras", "", "1000", ""),
        ("", "Gran total", "", "US$ 1.2M", ""),
        ("", "Grand Total:", "", "1000", "", "", "150"),
        ("", "Suma", "", "1000", ""),
        ("", "Total general", "", "", ""),
        ("", "Total USD", "", "1000", "USD"),
        ("", "Total de Honduras", "", "(1,000)", ""),
        ("Sub-total", "", "", "1000", "", "", "Total"),
        ("", "", "TOTAL", "1000", "USD"),
        ("", "", "", "1000", "USD", "", "TOTAL"),
    ],
)
def test_a_total_is_known(cells: tuple[str, ...]) -> None:
    assert seen(*cells) == ["total_row"]


@pytest.mark.parametrize(
    "cells",
    [
        ("", "TOTAL", "", "1000", "USD", "Trains police officers"),
        ("", "Total Honduras", "", "1000", "USD"),
        ("", "Total Safety for Youth", "", "1000", "USD"),
    ],
)
def test_what_may_be_either_is_asked_about(cells: tuple[str, ...]) -> None:
    assert seen(*cells) == ["total_or_program"]


@pytest.mark.parametrize(
    "cells",
    [
        ("A-7", "TOTAL", "", "1000", "USD"),
        ("", "Total Safety for Youth", "Honduras", "1000", "USD", "Trains police officers"),
        ("", "Total Safety", "", "", ""),
        ("", "Suma de voluntades por la paz", "", "1000", "USD"),
        ("", "Sumando", "", "1000", "USD"),
        ("", "Patrols", "", "1000", "USD", "", "TOTAL"),
        ("", "Totality", "", "1000", "USD"),
        ("", "", "", "", ""),
    ],
)
def test_a_program_is_none(cells: tuple[str, ...]) -> None:
    assert seen(*cells) == []
