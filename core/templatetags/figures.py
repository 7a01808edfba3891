"""How every page writes money, dates, shares and scores."""

from datetime import date
from decimal import Decimal

from django import template
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core.numbers import highest_shown

register = template.Library()


@register.filter
def amount(value: Decimal | int) -> str:
    """A sum in the reader's notation, without cents where there are none."""
    value = Decimal(value)
    places = 0 if value == value.to_integral_value() else 2
    return number_format(value, decimal_pos=places, force_grouping=True)


@register.filter
def usd(value: Decimal | None) -> str:
    """US dollars, whole: US$ 1,234,567."""
    return "US$ " + number_format((value or Decimal(0)).quantize(Decimal(1)), force_grouping=True)


@register.filter
def usd_or_unknown(value: Decimal | None) -> str:
    return _("unknown") if value is None else usd(value)


@register.filter
def usd_or_none_stated(value: Decimal | None) -> str:
    """A sum of programs of which none may have stated its money: then no invented zero."""
    return usd(value) if value else _("no amount")


@register.filter
def usd_short(value: Decimal) -> str:
    """US dollars in few characters, in millions or thousands as both languages abbreviate them."""
    if value >= 999_500:
        places = 1 if value < 99_950_000 else 0
        # Rounded here, since number_format cuts off what it does not show.
        millions = number_format(round(value / 1_000_000, places), decimal_pos=places, force_grouping=True)
        return _("US$ %(millions)s M") % {"millions": millions}
    if value >= 1000:
        return _("US$ %(thousands)s k") % {"thousands": number_format(round(value / 1000), decimal_pos=0)}
    return usd_or_none_stated(value)


@register.filter
def percent(value: Decimal) -> str:
    text = number_format(value, decimal_pos=2).rstrip("0").rstrip(".,")
    return f"{text} %"


@register.filter
def score(value: float) -> str:
    """A probability as whole per cent; above the highest that evidence bears out, "over 95 %"."""
    highest = highest_shown()
    percent = round(value * 100)
    return f"{percent} %" if percent <= highest else _("over %(percent)s %%") % {"percent": highest}


@register.filter
def plain_number(value: float) -> str:
    """A number as HTML attributes want it, whatever the reader's language."""
    return f"{value:.3f}"


@register.filter
def date_or_unknown(value: date | None) -> str:
    return pgettext("date", "unknown") if value is None else date_format(value, "DATE_FORMAT")
