"""The daily reference rates of the European Central Bank: eurofxref-hist-90d.xml, or eurofxref-hist.xml for all days.

Units of each currency for one euro, by day, as in https://www.ecb.europa.eu/stats/eurofxref/: a gesmes:Envelope that
holds a Cube, which holds a Cube with `time` for each day, which holds a Cube with `currency` and `rate` for each.
"""

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal

from goals.models import Basis
from goals.rates.readings import Reading, Unreadable, currency_of, is_known, number_of, root_of, rounded

SOURCE = "European Central Bank"
CUBE = "{http://www.ecb.int/vocabulary/2002-08-01/eurofxref}Cube"
ENVELOPE = "{http://www.gesmes.org/xml/2002-08-01}Envelope"
# The first month of the file may begin in the midst of it: it is whole if it has one of its first days.
LATEST_FIRST_DAY = 5


def readings(content: bytes, today: date) -> list[Reading]:
    """The averages of the months that have ended, in US dollars; Unreadable where the file is not the ECB's."""
    root = root_of(content)
    days = root.findall(f"{CUBE}/{CUBE}")
    if root.tag != ENVELOPE or not days:
        raise Unreadable("it is not an envelope with rates by day")
    worth: dict[tuple[str, date], list[Decimal]] = defaultdict(list)
    first: dict[date, int] = {}
    for day in days:
        on = _day(day.get("time"))
        month = on.replace(day=1)
        first[month] = min(first.get(month, 31), on.day)
        rates = {currency_of(rate.get("currency")): number_of(rate.get("rate")) for rate in day.findall(CUBE)}
        if "USD" not in rates:
            raise Unreadable(f"{day.get('time')} has no rate of the US dollar")
        worth["EUR", month].append(rates["USD"])
        for currency, rate in rates.items():
            if currency != "USD" and is_known(currency):
                worth[currency, month].append(rates["USD"] / rate)
    return [
        Reading(currency, month, rounded(sum(rates, Decimal(0)) / len(rates)), Basis.MONTH, SOURCE)
        for (currency, month), rates in sorted(worth.items())
        if first[month] <= LATEST_FIRST_DAY and month_after(month) <= today
    ]


def _day(text: str | None) -> date:
    try:
        return date.fromisoformat(text or "")
    except ValueError as error:
        raise Unreadable(f"“{(text or '')[:20]}” is not a day") from error


def month_after(month: date) -> date:
    return (month + timedelta(days=31)).replace(day=1)
