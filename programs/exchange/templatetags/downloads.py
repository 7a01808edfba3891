"""What pages of lower layers show of exports: a template may ask upwards where Python may not import."""

from typing import Any

from django import template
from django.urls import reverse

from programs.exchange.downloads import FORMATS, SPREADSHEETS

register = template.Library()


@register.inclusion_tag("exchange/export_links.html", takes_context=True)
def export_links(context: dict[str, Any]) -> dict[str, Any]:
    """A link for each format, with the filters that the page was asked with."""
    pages = [("exchange:programs", SPREADSHEETS), ("exchange:download", FORMATS)]
    return {
        "query": context["request"].GET.urlencode(),
        "links": [
            {"address": reverse(name, args=[one.ending]), "label": one.label}
            for name, formats in pages
            for one in formats
        ],
    }
