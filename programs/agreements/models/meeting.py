"""A coordination meeting: the cases to go through, and the outcome of each as it falls."""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from donors.models import User
from programs.agreements.models.agreement import Agreement
from programs.agreements.querysets import MeetingQuerySet
from programs.overlap.models import Overlap, Review


class Meeting(models.Model):
    """A meeting of coordinators with partners. `present` is who was there, a line each; closed, it is only read.

    `version` goes up by one with each change of what is said of it; its cases and their outcomes change on their own.
    """

    title = models.CharField(_("title"), max_length=200)
    held_on = models.DateField(_("day"))
    place = models.CharField(_("place"), max_length=200, blank=True)
    present = models.TextField(_("participants"), blank=True)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("prepared by"))
    created_at = models.DateTimeField(_("prepared on"), auto_now_add=True)
    closed_at = models.DateTimeField(_("closed on"), null=True, blank=True)
    version = models.PositiveIntegerField(_("version"), default=1, db_default=1)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        ordering = ["-held_on", "-id"]
        constraints = [models.CheckConstraint(name="meeting_has_a_title", condition=Q(title__regex=r"\S"))]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("agreements:meeting", args=[self.pk])


class Item(models.Model):
    """A case on the list of a meeting: the pairs as they stood when it was put there, whatever becomes of their
    cluster."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="items", verbose_name=_("meeting"))
    position = models.PositiveSmallIntegerField(_("position"))
    overlaps: models.ManyToManyField = models.ManyToManyField(Overlap, related_name="+", verbose_name=_("overlaps"))

    class Meta:
        verbose_name = _("case of a meeting")
        verbose_name_plural = _("cases of meetings")
        ordering = ["meeting", "position"]
        constraints = [
            models.UniqueConstraint(
                name="item_once_in_a_place",
                fields=["meeting", "position"],
                deferrable=models.Deferrable.DEFERRED,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.meeting_id} · {self.position}"


class Outcome(models.Model):
    """What the meeting came to on a case; never changed. The latest counts, the others stay in the minutes."""

    class Choice(models.TextChoices):
        CONFIRM = "confirm", _("Overlap confirmed")
        DISMISS = "dismiss", _("Dismissed")
        AGREEMENT = "agreement", _("Agreement proposed")
        POSTPONE = "postpone", _("Postponed")

    item = models.ForeignKey(Item, models.PROTECT, related_name="outcomes", verbose_name=_("case"))
    choice = models.CharField(_("outcome"), max_length=9, choices=Choice)
    reason = models.CharField(_("reason"), max_length=23, choices=Review.Reason, blank=True)
    agreement = models.ForeignKey(
        Agreement, models.PROTECT, null=True, blank=True, related_name="outcomes", verbose_name=_("agreement")
    )
    note = models.TextField(_("note"), blank=True)
    present = models.TextField(_("participants"), blank=True)
    actor = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("recorded by"))
    created_at = models.DateTimeField(_("recorded on"), auto_now_add=True)

    class Meta:
        verbose_name = _("outcome of a case")
        verbose_name_plural = _("outcomes of cases")
        ordering = ["created_at", "id"]
        constraints = [
            # No other choice either.
            models.CheckConstraint(
                name="outcome_has_what_it_needs",
                condition=(Q(choice="dismiss") & ~Q(reason="") & Q(agreement__isnull=True))
                | Q(choice="agreement", reason="", agreement__isnull=False)
                | Q(choice__in=["confirm", "postpone"], reason="", agreement__isnull=True),
            ),
        ]
        triggers = [pgtrigger.Protect(name="outcome_stays", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.item_id} · {self.get_choice_display()}"
