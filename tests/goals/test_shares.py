from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.numbers import to_hundred

weights = st.lists(st.decimals(min_value=0, max_value=10_000, places=4), min_size=1, max_size=40).filter(any)


@given(weights)
def test_shares_add_up_to_exactly_100(parts: list[Decimal]) -> None:
    assert sum(to_hundred(parts)) == Decimal("100.00")


@given(weights)
def test_no_share_is_off_by_more_than_a_hundredth(parts: list[Decimal]) -> None:
    total = sum(parts)

    assert all(
        abs(share - part * 100 / total) <= Decimal("0.01") for share, part in zip(to_hundred(parts), parts, strict=True)
    )


@pytest.mark.parametrize("parts", [[0, 0], [-1, 2]])
def test_nothing_to_share_is_an_error(parts: list[int]) -> None:
    with pytest.raises(ValueError, match="weights"):
        to_hundred(parts)
