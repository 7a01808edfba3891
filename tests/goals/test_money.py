from datetime import date
from decimal import Decimal

import pytest

from goals.models import ExchangeRate
from goals.money import Dollars, RateTable


@pytest.mark.django_db
class TestRateTable:
    def test_uses_the_rate_of_the_month(self) -> None:
        rate = ExchangeRate.objects.get(currency="EUR", month=date(2020, 5, 1)).usd_per_unit

        dollars = RateTable().to_usd(Decimal(1000), "EUR", date(2020, 5, 17))

        assert dollars == Dollars((1000 * rate).quantize(Decimal("0.01")), date(2020, 5, 1))

    def test_goes_back_to_the_latest_month_with_a_rate(self) -> None:
        dollars = RateTable().to_usd(Decimal(1000), "EUR", date(2026, 1, 2))

        assert dollars is not None
        assert dollars.rate_month == date(2025, 4, 1)

    @pytest.mark.parametrize(
        ("currency", "on"),
        [("EUR", date(1999, 1, 1)), ("EUR", date(2030, 1, 1)), ("GTQ", date(2020, 1, 1)), ("EUR", None)],
    )
    def test_an_unknown_rate_is_unknown(self, currency: str, on: date | None) -> None:
        assert RateTable().to_usd(Decimal(1), currency, on) is None

    @pytest.mark.parametrize(("currency", "worth"), [("USD", "10.00"), ("PAB", "10.00"), ("BZD", "5.00")])
    def test_rates_fixed_by_law_need_no_date(self, currency: str, worth: str) -> None:
        assert RateTable().to_usd(Decimal(10), currency, None) == Dollars(Decimal(worth), None)
