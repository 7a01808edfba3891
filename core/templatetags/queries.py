"""Links from a page to itself: with another filter, page or order."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import template

register = template.Library()


@register.simple_tag(takes_context=True)
def with_query(context: dict[str, Any], **changes: Any) -> str:
    """This page's address with some parameters changed, or taken out where None."""
    query = context["request"].GET.copy()
    for name, value in changes.items():
        if value is None:
            query.pop(name, None)
        else:
            query[name] = value
    return "?" + query.urlencode()


@dataclass(frozen=True)
class Chosen:
    """A filter that was set, in words, and this page's address without it."""

    label: str
    value: str
    without: str


@register.simple_tag(takes_context=True)
def chosen_filters(context: dict[str, Any], filters: Any) -> list[Chosen]:
    return list(_chosen(context["request"].GET, filters))


def _chosen(query: Any, filters: Any) -> Iterator[Chosen]:
    if not filters.is_valid():
        return
    for name, value in filters.form.cleaned_data.items():
        if value in (None, "") or not query.get(name):
            continue
        field = filters.form.fields[name]
        choices = () if hasattr(field, "queryset") else getattr(field, "choices", ())
        words = next((label for key, label in choices if str(key) == str(value)), value)
        without = query.copy()
        without.pop(name, None)
        without.pop("page", None)
        yield Chosen(str(field.label), str(words), "?" + without.urlencode())
