"""Amounts in US dollars, from the dated rate table; always Decimal, never float."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple, Protocol

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.money import to_cent
from goals.models import Basis, ExchangeRate

# The balboa is at par with the dollar, and the Belize dollar at one half, by law since 1904 and 1978.
FIXED_BY_LAW = {"USD": Decimal(1), "PAB": Decimal(1), "BZD": Decimal("0.5")}
# A rate older than this says little about the day; the amount is then left without a dollar value.
OLDEST_RATE_MONTHS = 24


class Rate(NamedTuple):
    """US dollars for one unit, what that is (Basis), and whose figure it is."""

    usd_per_unit: Decimal
    basis: str
    source: str


@dataclass(frozen=True)
class Dollars:
    """An amount in US dollars, and the month whose rate it was converted with (None: fixed by law)."""

    value: Decimal
    rate_month: date | None
    basis: str = ""
    source: str = ""


class RateTable:
    """Exchange rates; those of a currency are read at its first amount (one query, some 260 rows), then remembered."""

    def __init__(self) -> None:
        self._rates: dict[str, dict[date, Rate]] = {}

    def read(self, currencies: Iterable[str]) -> None:
        """Reads the rates of these at once: one query, none where all are there."""
        missing = set(currencies) - self._rates.keys() - FIXED_BY_LAW.keys()
        if not missing:
            return
        self._rates.update({currency: {} for currency in missing})
        rows = ExchangeRate.objects.filter(currency__in=missing)
        for currency, month, *rate in rows.values_list("currency", "month", "usd_per_unit", "basis", "source"):
            self._rates[currency][month] = Rate(*rate)

    def rate_of(self, currency: str, month: date | None) -> Rate | None:
        """The rate that the table holds for that month itself; None where it is fixed by law or there is none."""
        if month is None or currency in FIXED_BY_LAW:
            return None
        self.read([currency])
        return self._rates[currency].get(month)

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
        if on is None:
            return None
        self.read([currency])
        rates = self._rates[currency]
        if not rates:
            return None
        month = on.replace(day=1)
        for _back in range(OLDEST_RATE_MONTHS + 1):
            if rate := rates.get(month):
                return Dollars(to_cent(value * rate.usd_per_unit), month, rate.basis, rate.source)
            if month.year == 1 and month.month == 1:
                return None
            month = month_before(month)
        return None


class Converted(Protocol):
    """A row that holds an amount and the month of the rate it was converted with."""

    currency: str
    rate_month: date | None


def rates_used(rows: Iterable[Converted]) -> RateTable:
    """A table that knows the rates of these rows; one query, none where no rate was needed."""
    table = RateTable()
    table.read(row.currency for row in rows if row.rate_month)
    return table


def month_before(month: date) -> date:
    return month.replace(year=month.year - 1, month=12) if month.month == 1 else month.replace(month=month.month - 1)


def rate_words(rate_month: date | None, on: date | None, basis: str = "", source: str = "") -> str:
    """Which rate an amount of the day `on` was converted with, in the reader's language; "" where it is fixed by law.

    "rate of May 2020"; "average of the year 2008 (IMF)"; "estimated with the rate of April 2025" where no rate of the
    day's own month is known.
    """
    if rate_month is None:
        return ""
    if basis == Basis.YEAR:
        words = {"year": rate_month.year, "source": source}
        if on and on.year > rate_month.year:
            return _("estimated with the average of the year %(year)s (%(source)s)") % words
        return _("average of the year %(year)s (%(source)s)") % words
    month = date_format(rate_month, "YEAR_MONTH_FORMAT")
    if on and on.replace(day=1) > rate_month:
        return _("estimated with the rate of %(month)s") % {"month": month}
    return _("rate of %(month)s") % {"month": month}
