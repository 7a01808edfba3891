"""How every page writes the fields of its forms."""

import html
from typing import Any

from django import template
from django.forms import BoundField, CheckboxInput, Select, Textarea
from django.forms.utils import flatatt
from django.utils.html import escape
from django.utils.safestring import mark_safe

register = template.Library()


@register.filter
def styled(field: BoundField) -> BoundField:
    """A form field with the classes of its kind, and tied to its error message."""
    widget = field.field.widget
    kinds = {Select: "usa-select", Textarea: "usa-textarea", CheckboxInput: ""}
    widget.attrs["class"] = next((css for kind, css in kinds.items() if isinstance(widget, kind)), "usa-input")
    widget.attrs.pop("placeholder", None)
    return field


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
