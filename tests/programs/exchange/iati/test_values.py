"""Values as publishers write them."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programs.exchange.iati import values


class TestDates:
    @pytest.mark.parametrize(
        "text", ["2024-02-09", "2024-02-09Z", " 2024-02-09T00:00:00+06:00", "2024/2/9", "2024.02.09", "20240209"]
    )
    def test_year_first_in_any_dress_is_one_day(self, text: str) -> None:
        assert values.parse_date(text) == date(2024, 2, 9)

    @pytest.mark.parametrize(
        "text", ["09/02/2024", "2024", "2024-02", "2024-02-30", "0001-01-01", "2300-01-01", "", None]
    )
    def test_what_could_mean_two_days_or_none_is_unknown(self, text: str | None) -> None:
        assert values.parse_date(text) is None

    @given(st.dates(date(1900, 1, 1), date(2199, 12, 31)))
    def test_iso_dates_come_back_as_they_are(self, day: date) -> None:
        assert values.parse_date(day.isoformat()) == day


class TestAmounts:
    @pytest.mark.parametrize(
        ("text", "amount", "currency"),
        [
            ("1000000", "1000000", ""),
            ("1,234,567.89", "1234567.89", ""),
            ("1.234.567,89", "1234567.89", ""),
            ("1 234 567", "1234567", ""),
            ("1'234'567", "1234567", ""),
            ("(500)", "-500", ""),
            ("−500.5", "-500.5", ""),
            ("US$ 1,250,000.00", "1250000", "USD"),
            ("EUR 10,5", "10.5", "EUR"),
            ("€ 3.000,00", "3000", "EUR"),
            ("$ 70", "70", ""),
            ("1.2E6", "1200000", ""),
        ],
    )
    def test_notations(self, text: str, amount: str, currency: str) -> None:
        assert values.parse_amount(text) == (Decimal(amount), currency)

    @pytest.mark.parametrize(
        "text", ["1.5 million", "n/a", "", None, "12-13", "1,2,3", "1e99", "NaN", "Infinity", "USD EUR 5"]
    )
    def test_what_is_no_sum_is_unknown(self, text: str | None) -> None:
        assert values.parse_amount(text) == (None, "")

    @given(st.decimals(min_value=-(10**14), max_value=10**14, places=2))
    def test_every_plain_number_is_itself(self, number: Decimal) -> None:
        assert values.parse_amount(str(number)) == (number, "")

    @given(st.integers(-(10**14), 10**14))
    def test_thousands_by_comma_change_nothing(self, number: int) -> None:
        assert values.parse_amount(f"{number:,}.00") == (Decimal(number), "")


class TestPercentages:
    @pytest.mark.parametrize(("text", "share"), [("40", "40"), ("33,33", "33.33"), ("12.5 %", "12.5"), ("0", "0")])
    def test_notations(self, text: str, share: str) -> None:
        assert values.parse_percentage(text) == Decimal(share)

    @pytest.mark.parametrize("text", ["-1", "half", "", None, "1e9"])
    def test_what_is_no_share_is_unknown(self, text: str | None) -> None:
        assert values.parse_percentage(text) is None


@pytest.mark.parametrize(
    ("text", "language"),
    [("en-GB", "en"), ("ES", "es"), ("spa", "es"), ("es_419", "es"), ("", "und"), ("english!", "und")],
)
def test_languages(text: str, language: str) -> None:
    assert values.parse_language(text) == language


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("<p>Border&nbsp;posts</p>", "Border posts"),
        ("&lt;b&gt;Border&lt;/b&gt; posts", "Border posts"),
        ("children <5 years", "children <5 years"),
        ("Law &amp; order", "Law & order"),
    ],
)
def test_markup_is_taken_out_and_words_stay(text: str, shown: str) -> None:
    assert values.without_markup(text) == shown


@given(st.text())
def test_no_text_makes_a_parser_raise(text: str) -> None:
    values.parse_date(text)
    values.parse_amount(text)
    values.parse_percentage(text)
    values.without_markup(text)
    assert len(values.parse_language(text)) in (2, 3)
    assert values.parse_currency(text) == "" or len(values.parse_currency(text)) == 3
    assert "\x00" not in values.clean(text)
    assert values.clean(text) == values.clean(values.clean(text))
