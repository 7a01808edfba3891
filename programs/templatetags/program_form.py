"""What the templates of the program form ask for."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.forms import BoundField
from django.template.loader import get_template
from django.templatetags.static import static

from programs.forms import ProgramEditor
from programs.forms.editor import LIST_OF
from programs.views.live import proposal_for_page

register = template.Library()

# Fields of a row that are shown by a template of their own.
SHOWN_ELSEWHERE = ("is_new", "kind")


@register.filter
def words(text: str) -> list[str]:
    return text.split()


@register.simple_tag
def script(name: str) -> str:
    """The address of a component's script."""
    return static(f"js/program-form/{name}.js")


@register.filter
def value_of(raw: Mapping[str, str], name: str) -> str:
    return raw.get(name, "")


@register.filter
def shown_fields(form: Any) -> list[BoundField]:
    """The fields of a row that it shows."""
    return [field for field in form.visible_fields() if field.name not in SHOWN_ELSEWHERE]


@register.filter
def anchor_of(field: str) -> str:
    """Where in the form an attribute of ProgramData is entered."""
    return f"list-{LIST_OF[field]}" if field in LIST_OF else "list-goals" if field == "goals" else f"id_{field}"


@register.simple_tag
def proposal_panel(editor: ProgramEditor) -> str:
    """The goals that the form as it is speaks for."""
    context = proposal_for_page(editor) if editor.organization else {"proposed": [], "scope": ""}
    return get_template("programs/form/proposed_goals.html").render(context)
