"""How every page writes of a program: its years, and the language of its own text."""

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from goals.money import RateTable, rate_words

register = template.Library()


@register.filter
def years(program: Any) -> str:
    """The years of a program: 2024–2027, with a question mark for what is unknown."""
    start, end = program.start, program.end
    if start is None and end is None:
        return _("dates unknown")
    return f"{start.year if start else '?'}–{end.year if end else '?'}"


@register.simple_tag
def language_of(program: Any) -> SafeString:
    """The lang attribute of a program's own text, where it is not the page's language."""
    language = program.language
    if language in ("und", "", (get_language() or "")[:2]) or not program.title:
        return SafeString("")
    return format_html(' lang="{}"', language)


@register.filter
def rate_of(rates: RateTable, row: Any) -> str:
    """Which rate a row of money (of a program, or of an agreement) was converted with; "" where it is fixed by law."""
    rate = rates.rate_of(row.currency, row.rate_month)
    return rate_words(row.rate_month, row.converted_on, rate.basis if rate else "", rate.source if rate else "")
