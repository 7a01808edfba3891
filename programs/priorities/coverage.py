"""How priorities are covered: by programs that people confirmed, and apart from them those that the portal proposes."""

from typing import TYPE_CHECKING, TypeVar

from django.db.models import Count, Q, QuerySet

from goals.models import Priority
from programs.priorities.models import PriorityLink

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from donors.models import User

Priorities = TypeVar("Priorities", bound="QuerySet[Priority]")


def with_coverage(priorities: Priorities, user: "User | AnonymousUser") -> Priorities:
    """The priorities with how many programs that `user` may see answer each: `confirmed` by people, and `proposed`, on
    which nobody has decided. No query of its own."""
    visible = Q(links__in=PriorityLink.objects.visible_to(user).values("pk"))
    states = PriorityLink.State
    return priorities.annotate(
        confirmed=Count("links", filter=visible & Q(links__state=states.CONFIRMED)),
        proposed=Count("links", filter=visible & Q(links__state=states.PROPOSED)),
    )
