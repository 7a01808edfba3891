"""What belongs to cases rather than to pairs: who they are assigned to, where merged ones went, and people's own
views."""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from donors.models import User


class CaseMoved(models.Model):
    """A case whose cluster became part of another one: its address leads there."""

    case = models.BigIntegerField(_("case"), primary_key=True)
    now = models.BigIntegerField(_("part of"), db_index=True)

    class Meta:
        verbose_name = _("case merged into another")
        verbose_name_plural = _("cases merged into others")
        constraints = [models.CheckConstraint(name="case_moved_elsewhere", condition=~Q(case=models.F("now")))]

    def __str__(self) -> str:
        return f"#{self.case} → #{self.now}"


class Assignment(models.Model):
    """Who was given a case, by whom and when; without an assignee it was given back. Never changed afterwards."""

    case = models.BigIntegerField(_("case"), db_index=True)
    assignee = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("assigned to")
    )
    actor = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("assigned by"))
    created_at = models.DateTimeField(_("assigned"), auto_now_add=True)

    class Meta:
        verbose_name = _("assignment of a case")
        verbose_name_plural = _("assignments of cases")
        ordering = ["created_at", "id"]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"#{self.case} · {self.assignee_id}"


class SavedView(models.Model):
    """A person's filters of the queue under a name; `query` is the part of the address after the question mark."""

    owner = models.ForeignKey(User, models.CASCADE, related_name="queue_views", verbose_name=_("owner"))
    name = models.CharField(_("name"), max_length=60)
    query = models.CharField(_("filters"), max_length=1000, blank=True)
    created_at = models.DateTimeField(_("saved"), auto_now_add=True)

    class Meta:
        verbose_name = _("saved view of the queue")
        verbose_name_plural = _("saved views of the queue")
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(name="saved_view_name_once_a_person", fields=["owner", "name"]),
            models.CheckConstraint(name="saved_view_has_a_name", condition=~Q(name="")),
        ]

    def __str__(self) -> str:
        return self.name
