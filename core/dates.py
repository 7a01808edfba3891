"""Which days the portal takes, and the sentences about them."""

from datetime import date

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

# Before and after these a date is a typing error, and beyond them Python and PostgreSQL disagree on dates.
FIRST_DATE, LAST_DATE = date(1900, 1, 1), date(2199, 12, 31)
OUT_OF_RANGE = _("Dates must be between 1900 and 2199.")
END_BEFORE_START = _("The end is before the start. Correct one of them.")


def is_plausible(day: date) -> bool:
    """Whether a day lies from 1900 to 2199."""
    return FIRST_DATE <= day <= LAST_DATE


def end_before_start(start: date, end: date) -> str:
    """The sentence that refuses two dates, naming both."""
    return gettext("The end (%(end)s) is before the start (%(start)s). Correct one of them.") % {
        "end": end,
        "start": start,
    }
