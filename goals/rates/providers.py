"""The sources that rates are read from, one row each; their addresses are settings, and an empty one switches off."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from urllib.request import Request, urlopen

from django.conf import settings

from goals.rates import ecb, hmrc
from goals.rates.ecb import month_after
from goals.rates.readings import Reading, Unreadable

SECONDS = 30
LARGEST_FILE = 10 * 1024 * 1024


@dataclass(frozen=True)
class Provider:
    """A source: the setting that holds its address, and how its file is read.

    `{year}` and `{month}` in the address are those of a month; without them there is one file for all.
    """

    name: str
    source: str
    setting: str
    read: Callable[[bytes, date], list[Reading]]

    @property
    def address(self) -> str:
        return getattr(settings, self.setting)

    def addresses(self, today: date) -> list[str]:
        """Of the month before, of this and of the next one, whose file may be there already; none where it is off."""
        if not self.address:
            return []
        this = today.replace(day=1)
        months = [month_before(this), this, month_after(this)]
        return list(dict.fromkeys(self.address.format(year=month.year, month=month.month) for month in months))


# In order of preference: of a month that both know, the first one's rate counts.
PROVIDERS = (
    Provider("ecb", ecb.SOURCE, "RATES_ECB_URL", ecb.readings),
    Provider("hmrc", hmrc.SOURCE, "RATES_HMRC_URL", hmrc.readings),
)
BY_SOURCE = {provider.source: rank for rank, provider in enumerate(PROVIDERS)}


def month_before(month: date) -> date:
    return month.replace(year=month.year - 1, month=12) if month.month == 1 else month.replace(month=month.month - 1)


def download(address: str) -> bytes:
    """The file at an http(s) address; OSError where it does not come, Unreadable where it is too large."""
    if not address.startswith(("https://", "http://")):
        raise Unreadable("the address does not begin with https://")
    request = Request(address, headers={"User-Agent": "CARSI-Portal"})  # noqa: S310
    with urlopen(request, timeout=SECONDS) as answer:  # noqa: S310
        content: bytes = answer.read(LARGEST_FILE + 1)
    if len(content) > LARGEST_FILE:
        raise Unreadable(f"it is larger than {LARGEST_FILE // 1024 // 1024} MB")
    return content
