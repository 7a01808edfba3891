"""What a program's page shows of priorities: a template may ask upwards where Python may not import."""

from typing import Any

from django import template

from programs.models import Program
from programs.priorities.describe import reasons_of
from programs.priorities.models import PriorityLink
from programs.priorities.permissions import may_settle

register = template.Library()
MOST = 20


@register.inclusion_tag("priorities/of_program.html", takes_context=True)
def priorities_of(context: dict[str, Any], program: Program) -> dict[str, Any]:
    """The priorities that the program answers, or is proposed for."""
    user = context["request"].user
    links = PriorityLink.objects.visible_to(user).filter(program=program).standing().for_list()[:MOST]
    return {
        "request": context["request"],
        "csrf_token": context.get("csrf_token"),
        "rows": [{"link": link, "reasons": reasons_of(link)} for link in links],
        "may_settle": may_settle(user, program),
        "back": program.get_absolute_url(),
    }
