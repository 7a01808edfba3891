"""How the table of rates stands: what administrators are shown, and what the system check says."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Max, Min
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from goals.currencies import OFFERED
from goals.models import ExchangeRate, RateFetch
from goals.money import FIXED_BY_LAW
from goals.rates.providers import PROVIDERS, Provider

# A rate of the month before last is as new as sources are.
NEW_MONTHS = 2


def months_between(earlier: date, later: date) -> int:
    return (later.year - earlier.year) * 12 + later.month - earlier.month


@dataclass(frozen=True)
class OfCurrency:
    """What the table holds of a currency."""

    currency: str
    first: date
    latest: date
    age: int

    @property
    def is_old(self) -> bool:
        return self.age > NEW_MONTHS


@dataclass(frozen=True)
class OfSource:
    """A source and how the last attempt to read it went; None: it was never tried."""

    provider: Provider
    attempt: RateFetch | None

    @property
    def words(self) -> str:
        """In a sentence, for people."""
        if not self.provider.address:
            return _("This source is switched off.")
        if self.attempt is None:
            return _("This source has not been read yet.")
        if self.attempt.problem == "unreachable":
            return _("The source could not be reached (%(why)s). The rates known so far are used.") % {
                "why": self.attempt.detail
            }
        if self.attempt.problem:
            return _("The source sent a file that is not as expected: %(why)s.") % {"why": self.attempt.detail}
        if self.attempt.ended_at is None:
            return _("The source is being read, or the job was interrupted.")
        stored = ngettext("%(n)s rate was stored", "%(n)s rates were stored", self.attempt.stored)
        held = ngettext("%(n)s was held", "%(n)s were held", self.attempt.held)
        return f"{stored % {'n': self.attempt.stored}}, {held % {'n': self.attempt.held}}."


def of_currencies() -> list[OfCurrency]:
    """Each currency of the table; one query."""
    today = timezone.localdate()
    rows = ExchangeRate.objects.order_by("currency").values("currency")
    found = rows.annotate(first=Min("month"), latest=Max("month"))
    return [OfCurrency(**row, age=max(0, months_between(row["latest"], today))) for row in found]


def of_sources() -> list[OfSource]:
    """Each source; a query for each."""
    return [OfSource(one, RateFetch.objects.filter(provider=one.name).first()) for one in PROVIDERS]


def without_rates(found: list[OfCurrency]) -> list[str]:
    """Currencies that are offered in forms and have no rate."""
    known = {one.currency for one in found} | FIXED_BY_LAW.keys()
    return [currency for currency in OFFERED if currency not in known]


def ages() -> dict[str, int]:
    """How many months old the latest rate of each currency is that is offered."""
    return {one.currency: one.age for one in of_currencies() if one.currency in OFFERED}
