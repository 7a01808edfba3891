"""Every question asked of the database about programs that answer priorities."""

from typing import TYPE_CHECKING, Self

from django.db import models

from programs.models import Program

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from donors.models import User
    from programs.priorities.models import PriorityLink  # noqa: F401


class PriorityLinkQuerySet(models.QuerySet["PriorityLink"]):
    """Links of programs to priorities; begin with `visible_to`."""

    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """Links whose program `user` may see and that lists show."""
        return self.filter(program__in=Program.objects.visible_to(user).listed().values("pk"))

    def standing(self) -> Self:
        """What nobody has rejected."""
        return self.exclude(state="rejected")

    def for_list(self) -> Self:
        """The confirmed ones first, then the nearest."""
        return self.select_related(
            "program__reporting_org", "priority__goal", "priority__country", "priority__area"
        ).order_by(
            models.Case(models.When(state="confirmed", then=0), models.When(state="proposed", then=1), default=2),
            "-score",
            "pk",
        )
