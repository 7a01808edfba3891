"""Days and periods as people write them: read as what they say, or refused in words."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programs.exchange.spreadsheet.conventions import learn
from programs.exchange.spreadsheet.days import DAY_FIRST, MONTH_FIRST, parse_date, parse_period
from programs.exchange.spreadsheet.problems import CellError, sentence

DAYS = st.dates(dt.date(1900, 1, 1), dt.date(2199, 12, 31))
LOOKS_LIKE = st.text(alphabet="0123456789.,-/ enerotQSdJa", max_size=20) | st.text(max_size=30)


@pytest.mark.parametrize(
    ("text", "order", "day"),
    [
        ("2024-03-12", "", "2024-03-12"),
        ("2024-03-12 00:00:00", "", "2024-03-12"),
        ("20240312", "", "2024-03-12"),
        ("12/03/2024", DAY_FIRST, "2024-03-12"),
        ("12/03/2024", MONTH_FIRST, "2024-12-03"),
        ("28/03/2024", "", "2024-03-28"),
        ("03-28-2024", "", "2024-03-28"),
        ("5.5.2024", "", "2024-05-05"),
        ("12 de marzo de 2024", "", "2024-03-12"),
        ("15 de enero del 2024", "", "2024-01-15"),
        ("lunes 15 de enero de 2024", "", "2024-01-15"),
        ("12-mar-2024", "", "2024-03-12"),
        ("March 12, 2024", "", "2024-03-12"),
        ("1 setiembre 2024", "", "2024-09-01"),
        ("45363", "", "2024-03-12"),
        ("61", "", "1900-03-01"),
        ("1", "", "1900-01-01"),
    ],
)
def test_days(text: str, order: str, day: str) -> None:
    assert parse_date(text, order).isoformat() == day


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2024", "2024-01-01", "2024-12-31"),
        ("año 2024", "2024-01-01", "2024-12-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("02/2024", "2024-02-01", "2024-02-29"),
        ("Jan-24", "2024-01-01", "2024-01-31"),
        ("ene-24", "2024-01-01", "2024-01-31"),
        ("dic.-98", "1998-12-01", "1998-12-31"),
        ("enero de 2024", "2024-01-01", "2024-01-31"),
        ("June 2024", "2024-06-01", "2024-06-30"),
        ("2024-Q1", "2024-01-01", "2024-03-31"),
        ("Q4 2024", "2024-10-01", "2024-12-31"),
        ("2T 2024", "2024-04-01", "2024-06-30"),
        ("primer trimestre de 2024", "2024-01-01", "2024-03-31"),
        ("IV trimestre 2024", "2024-10-01", "2024-12-31"),
        ("S2 2024", "2024-07-01", "2024-12-31"),
        ("segundo semestre de 2024", "2024-07-01", "2024-12-31"),
        ("first half of 2024", "2024-01-01", "2024-06-30"),
    ],
)
def test_periods(text: str, first: str, last: str) -> None:
    found = parse_period(text)

    assert (found.first.isoformat(), found.last.isoformat()) == (first, last)
    with pytest.raises(CellError):
        parse_date(text)


@pytest.mark.parametrize(
    ("text", "order", "code"),
    [
        ("12/03/2024", "", "date_ambiguous"),
        ("2024", "", "date_year_only"),
        ("12/03/24", DAY_FIRST, "date_short_year"),
        ("31/02/2024", "", "date"),
        ("28/03/2024", MONTH_FIRST, "date"),
        ("1850-01-01", "", "date_out_of_range"),
        ("soon", "", "date"),
        ("Jan 24", "", "date"),
        ("24-Jan", "", "date"),
        ("S3 2024", "", "date"),
        ("FY2024", "", "date"),
        ("2024-2026", "", "date"),
        ("2024-13", "", "date"),
        ("0", "", "date"),
        ("٢٠٢٤", "", "date"),
    ],
)
def test_dates_that_are_refused(text: str, order: str, code: str) -> None:
    with pytest.raises(CellError) as refusal:
        parse_date(text, order)

    assert refusal.value.code == code
    assert "%(" not in sentence(refusal.value.code, refusal.value.params)


@given(LOOKS_LIKE, st.sampled_from(["", DAY_FIRST, MONTH_FIRST]))
def test_the_parser_raises_its_own_error_alone(text: str, order: str) -> None:
    try:
        found = parse_period(text, order)
    except CellError as error:
        assert sentence(error.code, error.params)  # noqa: PT017  (nothing else is raised)
    else:
        assert found.first <= found.last


@given(DAYS, st.sampled_from(["", DAY_FIRST, MONTH_FIRST]))
def test_a_written_day_is_read_back(day: dt.date, order: str) -> None:
    assert parse_date(day.isoformat(), order) == day


@given(DAYS)
def test_a_day_in_words_is_read_back(day: dt.date) -> None:
    assert parse_date(f"{day.day}/{day.month}/{day.year}", DAY_FIRST) == day


@given(st.lists(DAYS, min_size=1, max_size=8), st.booleans())
def test_a_column_of_one_order_is_never_read_in_the_other(days: list[dt.date], is_day_first: bool) -> None:
    pattern = "{0.day:02}/{0.month:02}/{0.year}" if is_day_first else "{0.month:02}/{0.day:02}/{0.year}"
    cells = [pattern.format(day) for day in days]
    learned = learn([(number, [cell]) for number, cell in enumerate(cells)], ["planned_start"], ["Start"], "")
    for day, cell in zip(days, cells, strict=True):
        try:
            assert parse_date(cell, learned.dates.get(0, "")) == day
        except CellError as error:
            assert error.code == "date_ambiguous"  # noqa: PT017  (nothing else is raised)
            assert not any(max(one.day, one.month) > 12 for one in days)


START, END = "Inicio", "Fin"


@pytest.mark.parametrize(
    ("starts", "ends", "said", "orders", "told"),
    [
        (["15/01/2024", "01/02/2024"], [], "", {0: DAY_FIRST}, ["column_day_first"]),
        (["01/28/2024", "01/02/2024"], [], "", {0: MONTH_FIRST}, ["column_month_first"]),
        (["15/01/2024", "28/02/2024"], [], "", {0: DAY_FIRST}, []),
        (["01/02/2024"], ["31/12/2024"], "", {0: DAY_FIRST, 1: DAY_FIRST}, ["column_day_first_as_other"]),
        (["01/02/2024"], ["12/31/2024"], "", {0: MONTH_FIRST, 1: MONTH_FIRST}, ["column_month_first_as_other"]),
        (["15/01/2024", "01/28/2024", "01/02/2024"], [], "", {0: ""}, ["column_dates_contradict"]),
        (["01/28/2024", "01/02/2024"], [], DAY_FIRST, {0: ""}, ["column_dates_contradict"]),
        (["15/01/2024", "01/02/2024"], [], DAY_FIRST, {0: DAY_FIRST}, []),
        (["01/02/2024"], ["2024-01-01"], "", {}, []),
        (["01/02/2024"], [], MONTH_FIRST, {}, []),
    ],
)
def test_the_order_is_learned_from_the_column(
    starts: list[str], ends: list[str], said: str, orders: dict[int, str], told: list[str]
) -> None:
    rows = [[start, end] for start, end in zip(starts, ends + [""] * len(starts), strict=False)]

    learned = learn(enumerate(rows, start=2), ["planned_start", "planned_end"], [START, END], said)

    assert learned.dates == orders
    assert [problem.code for problem in learned.told] == told
    assert all("%(" not in sentence(problem.code, problem.params) for problem in learned.told)
