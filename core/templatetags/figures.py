"""How every page writes money, dates, shares and scores."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from django import template
from django.utils.formats import date_format, number_format
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core.money import LeftOut, left_out_of
from core.numbers import highest_shown

register = template.Library()


@register.filter
def amount(value: Decimal | int) -> str:
    """A sum in the reader's notation, without cents where there are none."""
    value = Decimal(value)
    places = 0 if value == value.to_integral_value() else 2
    return number_format(value, decimal_pos=places, force_grouping=True)


def left_out_words(left_out: LeftOut) -> str:
    """What a sum leaves out, in words: "HNL 25,000,000, no rate known"."""
    amounts = " + ".join(f"{currency} {amount(value)}" for currency, value in sorted(left_out.items()))
    return _("%(amounts)s, no rate known") % {"amounts": amounts}


def with_left_out(write: Callable[[Decimal], str], value: Decimal) -> str:
    """A sum as `write` writes it, with what it leaves out: "US$ 1,105 plus HNL 25,000,000, no rate known".

    What is left out is marked as such (HTML), so that it may be small, and break where the figure may not.
    """
    left_out = left_out_of(value)
    plain = Decimal(value)
    if not left_out:
        return write(plain)
    words = left_out_words(left_out)
    if not plain:
        return format_html('<span class="left-out">{}</span>', words)
    plus = _("plus %(left_out)s") % {"left_out": words}
    return format_html('{} <span class="left-out">{}</span>', write(plain), plus)


@register.filter
def usd(value: Decimal | None) -> str:
    """US dollars, whole: US$ 1,234,567; with what the sum leaves out."""
    return with_left_out(_usd, value if value is not None else Decimal(0))


def _usd(value: Decimal) -> str:
    return "US$ " + number_format(value.quantize(Decimal(1)), force_grouping=True)


@register.filter
def usd_or_unknown(value: Decimal | None) -> str:
    return _("unknown") if value is None else usd(value)


@register.filter
def usd_or_none_stated(value: Decimal | None) -> str:
    """A sum of programs of which none may have stated its money: then no invented zero."""
    return usd(value) if value else _("no amount")


@register.filter
def usd_short(value: Decimal) -> str:
    """US dollars in few characters, in millions or thousands as both languages abbreviate them; with what the sum
    leaves out."""
    return with_left_out(_usd_short, value)


def _usd_short(value: Decimal) -> str:
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
