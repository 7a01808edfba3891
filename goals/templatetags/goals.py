"""How pages write exchange rates."""

from decimal import Decimal

from django import template
from django.utils.formats import number_format

register = template.Library()
MOST_PLACES = 12


@register.filter
def normalized(rate: Decimal) -> str:
    """A rate with the decimals that it has, and no zeros at its end, in the reader's notation."""
    plain = f"{rate.normalize():f}"
    places = len(plain.partition(".")[2])
    return number_format(rate, decimal_pos=min(places, MOST_PLACES), force_grouping=True)
