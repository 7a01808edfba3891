"""How every page writes money, dates, shares and links to itself."""

import html
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django import template
from django.forms import BoundField, CheckboxInput, Select, Textarea
from django.forms.utils import flatatt
from django.utils.formats import date_format, number_format
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

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
    """A score as whole percent; 99 at most, since nothing is certain."""
    return f"{min(99, round(value * 100))} %"


@register.filter
def plain_number(value: float) -> str:
    """A number as HTML attributes want it, whatever the reader's language."""
    return f"{value:.3f}"


@register.filter
def date_or_unknown(value: date | None) -> str:
    return _("unknown") if value is None else date_format(value, "DATE_FORMAT")


@register.filter
def title_or_untitled(program: Any) -> str:
    """A program's title; what was published without one is named by its identifier."""
    return program.title or _("(untitled) %(identifier)s") % {"identifier": program.identifier}


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
def styled(field: BoundField) -> BoundField:
    """A form field with the classes of its kind, and tied to its error message."""
    widget = field.field.widget
    kinds = {Select: "usa-select", Textarea: "usa-textarea", CheckboxInput: ""}
    widget.attrs["class"] = next((css for kind, css in kinds.items() if isinstance(widget, kind)), "usa-input")
    widget.attrs.pop("placeholder", None)
    return field


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


@register.filter
def changes_in_words(changes: dict[str, list[Any]]) -> list[str]:
    """What reopened a decision: material facts of either program, before and after."""
    names = {
        "goals": _("goals"),
        "countries": _("countries"),
        "areas": _("areas"),
        "localities": _("localities"),
        "start": _("start"),
        "end": _("end"),
        "money": _("money (US dollars)"),
        "funders": _("funders"),
        "implementers": _("implementers"),
        "title": _("title"),
        "text": _("description"),
    }
    sentences = []
    for key, (before, after) in changes.items():
        side, name = key.split(".", 1)
        which = _("first program") if side == "left" else _("second program")
        if name in ("text", "funders", "implementers"):
            sentences.append(_("%(program)s: %(fact)s changed") % {"program": which, "fact": names[name]})
        else:
            sentences.append(f"{which}: {names[name]}: {_value(before)} → {_value(after)}")
    return sentences


def _value(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(str(item) for item in value) or "–"
    return "–" if value in (None, "") else str(value)


@register.simple_tag
def select_options(widget: dict[str, Any]) -> str:
    """The options of a select's widget. Not a template: lists of hundreds of organizations are on many pages."""
    groups = []
    for name, options, _index in widget["optgroups"]:
        rows = "\n".join(
            f'<option value="{html.escape(str(option["value"]))}"{_attributes(option["attrs"])}>'
            f"{html.escape(str(option['label']))}</option>"
            for option in options
        )
        groups.append(f'<optgroup label="{escape(name)}">\n{rows}\n</optgroup>' if name else rows)
    return mark_safe("\n".join(groups))  # noqa: S308  (each part is escaped above)


def _attributes(attrs: dict[str, Any]) -> str:
    return flatatt(attrs) if attrs else ""
