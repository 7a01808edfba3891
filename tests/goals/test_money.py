from datetime import date
from decimal import Decimal

import pytest
from django.utils import translation

from goals.currencies import OFFERED
from goals.models import Basis, ExchangeRate
from goals.money import FIXED_BY_LAW, Dollars, RateTable, month_before, rate_words

ECB = "European Central Bank"


@pytest.mark.django_db
class TestRateTable:
    def test_uses_the_rate_of_the_month(self) -> None:
        rate = ExchangeRate.objects.get(currency="EUR", month=date(2020, 5, 1)).usd_per_unit

        dollars = RateTable().to_usd(Decimal(1000), "EUR", date(2020, 5, 17))

        assert dollars == Dollars((1000 * rate).quantize(Decimal("0.01")), date(2020, 5, 1), Basis.MONTH, "IMF")

    def test_goes_back_to_the_latest_month_with_a_rate(self) -> None:
        ExchangeRate.objects.filter(currency="EUR", month__gt=date(2025, 4, 1)).delete()

        dollars = RateTable().to_usd(Decimal(1000), "EUR", date(2026, 1, 2))

        assert dollars is not None
        assert dollars.rate_month == date(2025, 4, 1)

    @pytest.mark.parametrize(
        ("currency", "on"),
        [("EUR", date(1999, 1, 1)), ("EUR", date(2030, 1, 1)), ("VES", date(2020, 1, 1)), ("EUR", None)],
    )
    def test_an_unknown_rate_is_unknown(self, currency: str, on: date | None) -> None:
        assert RateTable().to_usd(Decimal(1), currency, on) is None

    @pytest.mark.parametrize(("currency", "worth"), [("USD", "10.00"), ("PAB", "10.00"), ("BZD", "5.00")])
    def test_rates_fixed_by_law_need_no_date(self, currency: str, worth: str) -> None:
        assert RateTable().to_usd(Decimal(10), currency, None) == Dollars(Decimal(worth), None)

    @pytest.mark.parametrize("currency", OFFERED)
    @pytest.mark.parametrize("on", [date(2010, 6, 1), date(2014, 1, 31), date(2024, 2, 29), date(2026, 11, 29)])
    def test_every_currency_that_is_offered_has_a_rate(self, currency: str, on: date) -> None:
        dollars = RateTable().to_usd(Decimal(100_000), currency, on)

        assert dollars is not None
        # From the least (the Colombian peso) to the most (the pound).
        assert 10 < dollars.value < 220_000

    def test_a_yearly_average_counts_for_all_months_of_its_year(self) -> None:
        dollars = RateTable().to_usd(Decimal(1_889_510), "HNL", date(2009, 11, 3))

        assert dollars == Dollars(Decimal("100000.00"), date(2009, 1, 1), Basis.YEAR, "IMF")

    def test_the_table_is_read_a_currency_at_a_time(self, django_assert_num_queries) -> None:
        table = RateTable()
        with django_assert_num_queries(1):
            table.read(["EUR", "HNL", "USD"])
        with django_assert_num_queries(0):
            table.to_usd(Decimal(1), "EUR", date(2024, 1, 1))
            table.to_usd(Decimal(1), "HNL", date(2024, 1, 1))
        with django_assert_num_queries(1):
            table.to_usd(Decimal(1), "CRC", date(2024, 1, 1))


@pytest.mark.django_db
def test_sources_agree_on_what_money_was_worth() -> None:
    """No month of a currency differs by more than a quarter from the one before, but where that really happened."""
    known = {
        ("ARS", date(2016, 2, 1)),
        ("ARS", date(2024, 1, 1)),
        ("BOB", date(2026, 8, 1)),
        ("HTG", date(2020, 10, 1)),
        ("ISK", date(2008, 10, 1)),
    }
    found = set()
    before: tuple[str, date, Decimal] = ("", date.min, Decimal(0))
    for currency, month, rate in ExchangeRate.objects.order_by("currency", "month").values_list(
        "currency", "month", "usd_per_unit"
    ):
        follows = (currency, month_before(month)) == before[:2]
        if follows and not Decimal("0.75") < rate / before[2] < Decimal("1.25"):
            found.add((currency, month))
        before = (currency, month, rate)

    assert found <= known
    assert not {currency for currency, _month in found} & set(OFFERED)


@pytest.mark.parametrize(
    ("month", "on", "basis", "english", "spanish"),
    [
        (date(2025, 4, 1), date(2025, 4, 30), Basis.MONTH, "rate of April 2025", "tipo de cambio de abril de 2025"),
        (
            date(2025, 4, 1), date(2025, 5, 1), Basis.SET,
            "estimated with the rate of April 2025", "estimado con el tipo de cambio de abril de 2025",
        ),
        (
            date(2008, 1, 1), date(2008, 12, 31), Basis.YEAR,
            "average of the year 2008 (IMF)", "promedio del año 2008 (IMF)",
        ),
        (
            date(2013, 1, 1), date(2014, 1, 1), Basis.YEAR,
            "estimated with the average of the year 2013 (IMF)", "estimado con el promedio del año 2013 (IMF)",
        ),
        (None, date(2008, 12, 31), "", "", ""),
    ],
)  # fmt: skip
def test_says_which_rate_was_used(month: date | None, on: date, basis: str, english: str, spanish: str) -> None:
    assert rate_words(month, on, basis, "IMF") == english
    with translation.override("es"):
        assert rate_words(month, on, basis, "IMF").lower() == spanish.lower()


def test_what_is_fixed_by_law() -> None:
    assert {"USD": 1, "PAB": 1, "BZD": Decimal("0.5")} == FIXED_BY_LAW
