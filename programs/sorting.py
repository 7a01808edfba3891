"""The order of a list, as its address asks for it (`sort`)."""

from collections.abc import Mapping

from django.http import HttpRequest
from django.utils.translation import gettext as _


def chosen_order(request: HttpRequest, orders: Mapping[str, str]) -> tuple[str, str]:
    """The key of the order asked for, else the first of `orders` (key -> name); and what is wrong, if anything."""
    first = next(iter(orders))
    asked = request.GET.get("sort", "") or first
    if asked in orders:
        return asked, ""
    choices = ", ".join(orders)
    return first, _("Unknown order “%(asked)s”. Choose one of: %(choices)s.") % {
        "asked": asked[:80],
        "choices": choices,
    }
