"""The monthly rates of HM Revenue & Customs of the United Kingdom, as XML: units of some 150 currencies for one pound.

A file a month, published some days before it begins (https://www.trade-tariff.service.gov.uk/exchange_rates): an
exchangeRateMonthList with `Period` ("01/Aug/2025 to 31/Aug/2025"), which holds an exchangeRate for each country, with
currencyCode and rateNew. It has the currencies of Central America, which the ECB does not quote.
"""

from datetime import date, datetime
from decimal import Decimal

from goals.models import Basis
from goals.rates.readings import Reading, Unreadable, currency_of, is_known, number_of, root_of, rounded

SOURCE = "HM Revenue & Customs (United Kingdom)"
# Codes that HMRC has of its own, and currencies whose official rate nobody pays.
NOT_TAKEN = frozenset({"CUP", "VES", "VEF", "VED"})


def readings(content: bytes, today: date) -> list[Reading]:
    """The rates of the file's month, in US dollars; Unreadable where the file is not HMRC's."""
    root = root_of(content)
    if root.tag != "exchangeRateMonthList":
        raise Unreadable("it is not an exchangeRateMonthList")
    month = _month(root.get("Period"))
    units: dict[str, Decimal] = {"GBP": Decimal(1)}
    for row in root.findall("exchangeRate"):
        currency, rate = currency_of(row.findtext("currencyCode")), number_of(row.findtext("rateNew"))
        # Several countries have one currency, and one rate.
        if units.setdefault(currency, rate) != rate:
            raise Unreadable(f"it has two rates of {currency}")
    if "USD" not in units:
        raise Unreadable("it has no rate of the US dollar")
    dollars = units.pop("USD")
    return [
        Reading(currency, month, rounded(dollars / rate), Basis.SET, SOURCE)
        for currency, rate in sorted(units.items())
        if is_known(currency) and currency not in NOT_TAKEN
    ]


def _month(period: str | None) -> date:
    try:
        first, last = (datetime.strptime(day, "%d/%b/%Y").date() for day in (period or "").split(" to "))  # noqa: DTZ007
    except ValueError as error:
        raise Unreadable(f"“{(period or '')[:40]}” is not its period") from error
    if first.day != 1 or (first.year, first.month) != (last.year, last.month):
        raise Unreadable(f"“{period}” is not a month")
    return first
