"""Amounts in US dollars, from the dated rate table; always Decimal, never float."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

from core.money import to_cent
from goals.models import ExchangeRate

# The balboa is at par with the dollar, and the Belize dollar at one half, by law since 1904 and 1978.
FIXED_BY_LAW = {"USD": Decimal(1), "PAB": Decimal(1), "BZD": Decimal("0.5")}
# A rate older than this says little about the day; the amount is then left without a dollar value.
OLDEST_RATE_MONTHS = 24


@dataclass(frozen=True)
class Dollars:
    """An amount in US dollars, and the month whose rate it was converted with (None: fixed by law)."""

    value: Decimal
    rate_month: date | None


class RateTable:
    """All exchange rates, read at the first amount that needs one (one query, some 4,000 rows), then remembered."""

    @cached_property
    def _rates(self) -> dict[str, dict[date, Decimal]]:
        rates: dict[str, dict[date, Decimal]] = {}
        for currency, month, rate in ExchangeRate.objects.values_list("currency", "month", "usd_per_unit"):
            rates.setdefault(currency, {})[month] = rate
        return rates

    def to_usd(self, value: Decimal, currency: str, on: date | None) -> Dollars | None:
        """`value` in `currency` (ISO 4217) as US dollars at the rate of the month of `on`.

        Where that month has no rate, the latest one before it counts, up to 24 months back. None where there
        is no such rate or no date to look it up by. Nothing is nothing in every currency.
        """
        if not value:
            return Dollars(to_cent(value), None)
        fixed = FIXED_BY_LAW.get(currency)
        if fixed is not None:
            return Dollars(to_cent(value * fixed), None)
        rates = self._rates.get(currency)
        if not rates or on is None:
            return None
        month = on.replace(day=1)
        for _ in range(OLDEST_RATE_MONTHS + 1):
            if month in rates:
                return Dollars(to_cent(value * rates[month]), month)
            if month.year == 1 and month.month == 1:
                return None
            month = (
                month.replace(year=month.year - 1, month=12)
                if month.month == 1
                else month.replace(month=month.month - 1)
            )
        return None
