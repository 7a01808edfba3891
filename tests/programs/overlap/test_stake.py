from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from programs.overlap.stake import (
    HIGH_FROM,
    MEDIUM_FROM,
    UNKNOWN_AMOUNT,
    Stake,
    amount_factor,
    place_factor,
    priority_of,
    stake_of,
    time_factor,
)

TODAY = date(2026, 11, 25)


def test_it_is_the_product_of_its_factors() -> None:
    stake = stake_of(0.5, Decimal(1_000_000), ["HN-CR"], (None, None), (None, None), TODAY)

    assert (stake.place, stake.time) == (0.9, 0.5)
    assert stake.total == pytest.approx(100 * 0.5 * (2 / 3) * 0.9 * 0.5)


def test_an_amount_that_nobody_knows_stands_in_the_middle_and_is_no_amount() -> None:
    unknown = Stake(1.0, None, 1.0, 1.0)

    assert (unknown.total, unknown.money_usd) == (100 * UNKNOWN_AMOUNT, None)
    assert amount_factor(Decimal(100_000)) < UNKNOWN_AMOUNT < amount_factor(Decimal(1_000_000))


@pytest.mark.parametrize(
    ("usd", "factor"),
    [(0, 0), (10_000, 0), (100_000, 1 / 3), (1_000_000, 2 / 3), (10_000_000, 1), (900_000_000, 1)],
)
def test_each_tenfold_of_an_amount_is_the_same_step(usd: int, factor: float) -> None:
    assert amount_factor(Decimal(usd)) == pytest.approx(factor)


@pytest.mark.parametrize(
    ("points", "priority"),
    [(100, "high"), (HIGH_FROM, "high"), (HIGH_FROM - 0.5, "medium"), (MEDIUM_FROM - 1, "low"), (0, "low")],
)
def test_the_priority_is_that_of_the_points_a_page_shows(points: float, priority: str) -> None:
    assert priority_of(points) == priority


@pytest.mark.parametrize(
    ("sites", "factor"),
    [(["HN/choloma"], 1), (["HN-CR"], 0.9), (["HN"], 0.7), (["498"], 0.5), (["*"], 0.4), ([], 0.4)],
)
def test_the_more_precise_the_place_the_more_it_counts(sites: list[str], factor: float) -> None:
    assert place_factor(sites) == factor


@pytest.mark.parametrize(
    ("one", "other", "factor"),
    [
        ((date(2020, 1, 1), date(2026, 11, 24)), (None, None), 0.1),
        ((date(2027, 6, 1), None), (date(2020, 1, 1), None), 1.0),
        ((date(2035, 1, 1), None), (None, None), 0.5),
        ((date(2020, 1, 1), None), (None, None), 0.5),
        ((date(2020, 1, 1), date(2035, 1, 1)), (date(2020, 1, 1), date(2030, 1, 1)), 1.0),
        ((date(2020, 1, 1), TODAY), (None, None), 0.25),
    ],
    ids=["over", "begins within a year", "begins far away", "end unknown", "years left", "last day"],
)
def test_what_can_still_be_changed(one: tuple, other: tuple, factor: float) -> None:
    assert time_factor(one, other, TODAY) == pytest.approx(factor)
    assert time_factor(other, one, TODAY) == pytest.approx(factor)


days = st.one_of(st.none(), st.dates(date(2000, 1, 1), date(2060, 1, 1)))


@settings(max_examples=50)
@given(st.tuples(days, days), st.tuples(days, days))
def test_time_counts_between_a_tenth_and_all(one: tuple, other: tuple) -> None:
    assert 0.1 <= time_factor(one, other, TODAY) <= 1
