"""Numbers, dates and lists as people write them: right, or refused in words, and never anything else."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programs.exchange.spreadsheet.csv_cells import escape, unescape
from programs.exchange.spreadsheet.lists import entries, helped_to_hundred, quote, split_outside_quotes, unquote
from programs.exchange.spreadsheet.numbers import parse_amount, parse_date, parse_percentage, write_number
from programs.exchange.spreadsheet.problems import CellError, sentence

DAYS = st.dates(dt.date(1900, 1, 1), dt.date(2199, 12, 31))
AMOUNTS = st.decimals(min_value=-(10**15), max_value=10**15, places=2, allow_nan=False)
LOOKS_LIKE = st.text(alphabet="0123456789.,-+' /%ene ra", max_size=20) | st.text(max_size=30)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1234.56", "1234.56"),
        ("1,234.56", "1234.56"),
        ("1.234,56", "1234.56"),
        ("1 234,56", "1234.56"),
        ("1'234'567.8", "1234567.80"),
        ("1,234,567", "1234567"),
        ("1.234.567", "1234567"),
        ("1,234", "1234"),
        ("1.234", "1234"),
        ("0.125", "0.12"),
        ("1234.567", "1234.57"),
        ("12,5", "12.50"),
        (",5", "0.50"),
        ("-1.000,00", "-1000"),
    ],
)
def test_amounts_of_both_languages(text: str, value: str) -> None:
    assert parse_amount(text) == Decimal(value)


@pytest.mark.parametrize(
    "text", ["", "abc", "1.2.3", "1,23,456.7", "US$ 5", "1.234,56.7", "--5", "١٢", "1e5", "9" * 19]
)
def test_what_is_no_amount(text: str) -> None:
    with pytest.raises(CellError):
        parse_amount(text)


@pytest.mark.parametrize(
    ("text", "order", "day"),
    [
        ("2024-03-12", "", "2024-03-12"),
        ("2024-03-12 00:00:00", "", "2024-03-12"),
        ("12/03/2024", "day_first", "2024-03-12"),
        ("12/03/2024", "month_first", "2024-12-03"),
        ("28/03/2024", "", "2024-03-28"),
        ("03-28-2024", "", "2024-03-28"),
        ("5.5.2024", "", "2024-05-05"),
        ("12 de marzo de 2024", "", "2024-03-12"),
        ("12-mar-2024", "", "2024-03-12"),
        ("March 12, 2024", "", "2024-03-12"),
        ("1 setiembre 2024", "", "2024-09-01"),
        ("45363", "", "2024-03-12"),
        ("61", "", "1900-03-01"),
        ("1", "", "1900-01-01"),
    ],
)
def test_dates(text: str, order: str, day: str) -> None:
    assert parse_date(text, order).isoformat() == day


@pytest.mark.parametrize(
    ("text", "order", "code"),
    [
        ("12/03/2024", "", "date_ambiguous"),
        ("2024", "", "date_year_only"),
        ("12/03/24", "day_first", "date_short_year"),
        ("31/02/2024", "", "date"),
        ("28/03/2024", "month_first", "date"),
        ("1850-01-01", "", "date_out_of_range"),
        ("soon", "", "date"),
        ("0", "", "date"),
        ("٢٠٢٤", "", "date"),
    ],
)
def test_dates_that_are_refused(text: str, order: str, code: str) -> None:
    with pytest.raises(CellError) as refusal:
        parse_date(text, order)

    assert refusal.value.code == code
    assert "%(" not in sentence(refusal.value.code, refusal.value.params)


@given(LOOKS_LIKE, st.sampled_from(["", "day_first", "month_first"]))
def test_parsers_raise_their_own_error_alone(text: str, order: str) -> None:
    for parse in (
        parse_amount,
        parse_percentage,
        lambda said: parse_date(said, order),
        lambda said: list(entries(said)),
    ):
        try:
            parse(text)
        except CellError as error:
            assert sentence(error.code, error.params)  # noqa: PT017  (nothing else is raised)


@given(AMOUNTS)
def test_a_written_amount_is_read_back(value: Decimal) -> None:
    assert parse_amount(write_number(value)) == value


@given(DAYS, st.sampled_from(["", "day_first", "month_first"]))
def test_a_written_day_is_read_back(day: dt.date, order: str) -> None:
    assert parse_date(day.isoformat(), order) == day


@given(DAYS)
def test_a_day_in_words_is_read_back(day: dt.date) -> None:
    assert parse_date(f"{day.day}/{day.month}/{day.year}", "day_first") == day


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
