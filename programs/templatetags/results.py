"""What pages show of a program's results."""

from typing import Any

from django import template
from django.utils.formats import number_format

from programs.models import Program
from programs.progress import shown_outlooks

register = template.Library()


@register.inclusion_tag("programs/results_short.html")
def results_of(program: Program) -> dict[str, Any]:
    """The program's results and who carries it on; anyone who asks has made sure that the reader may see the
    program."""
    return {"outlook": shown_outlooks([program.pk]).get(program.pk)}


@register.filter
def measured(value: Any) -> str:
    """A value of an indicator, without the zeros that the database adds."""
    return "–" if value is None else number_format(f"{value.normalize():f}", force_grouping=True)
