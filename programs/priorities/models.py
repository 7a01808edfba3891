"""Which programs answer which priority: proposed by the engine, settled by people."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from donors.models import User
from goals.models import Priority
from programs.models import Program
from programs.models.history import keeps_history
from programs.priorities.querysets import PriorityLinkQuerySet


@keeps_history(exclude=["score", "reasons"])
class PriorityLink(models.Model):
    """A program that answers a priority. The engine's proposal has a `score` (0 to 1) and its `reasons`.

    What a person decided stays, whatever the engine proposes later.
    """

    class State(models.TextChoices):
        PROPOSED = "proposed", _("Proposed")
        CONFIRMED = "confirmed", _("Confirmed")
        REJECTED = "rejected", _("Rejected")

    priority = models.ForeignKey(Priority, models.CASCADE, related_name="links", verbose_name=_("priority"))
    program = models.ForeignKey(Program, models.CASCADE, related_name="priority_links", verbose_name=_("program"))
    state = models.CharField(_("status"), max_length=9, choices=State, default=State.PROPOSED)
    score = models.FloatField(_("probability"))
    reasons = models.JSONField(_("reasons"), default=list)
    decided_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)

    objects = PriorityLinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("program that responds to a priority")
        verbose_name_plural = _("programs that respond to priorities")
        ordering = ["-score", "id"]
        constraints = [
            models.UniqueConstraint(name="priority_link_once", fields=["priority", "program"]),
            models.CheckConstraint(
                name="priority_link_state_is_known", condition=Q(state__in=["proposed", "confirmed", "rejected"])
            ),
            models.CheckConstraint(name="priority_link_score_is_a_share", condition=Q(score__gte=0, score__lte=1)),
            models.CheckConstraint(
                name="priority_link_decision_is_dated",
                condition=Q(state="proposed", decided_at__isnull=True)
                | ~Q(state="proposed") & Q(decided_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.program} → {self.priority}"
