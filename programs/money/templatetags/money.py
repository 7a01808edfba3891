"""What a program's page shows of how its money counts: a template may ask upwards where Python may not import."""

from typing import Any

from django import template

from programs.models import Program
from programs.money.explain import how_it_counts

register = template.Library()


@register.inclusion_tag("money/of_program.html", takes_context=True)
def counted_of(context: dict[str, Any], program: Program) -> dict[str, Any]:
    """How the program's money counts in totals, as far as the reader sees it."""
    is_counted = program.stage not in (Program.Stage.DRAFT, Program.Stage.ARCHIVED)
    return {
        "program": program,
        "counts": how_it_counts(program, context["request"].user) if is_counted else None,
    }
