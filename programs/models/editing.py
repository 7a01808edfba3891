"""What stands beside a program while people work on it: text not yet saved, moves in its life, reminders."""

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from donors.models import Organization, User
from programs.models.program import Program


class WorkingCopy(models.Model):
    """What a person has typed into a program's form and not yet saved; theirs alone.

    `typed` is the form as it was sent, field by field; `version` the program's version that it began from. Kept by
    autosave: where a program is past its draft (others see it, so only a person's own hand changes it), and where a
    draft's form holds what cannot be stored yet, such as an amount without its currency.
    """

    program = models.ForeignKey(Program, models.CASCADE, related_name="working_copies", verbose_name=_("program"))
    user = models.ForeignKey(User, models.CASCADE, related_name="working_copies", verbose_name=_("person"))
    typed = models.JSONField(_("text entered"))
    version = models.PositiveIntegerField(_("version edited"))
    saved_at = models.DateTimeField(_("saved"), auto_now=True)

    class Meta:
        verbose_name = _("working copy")
        verbose_name_plural = _("working copies")
        ordering = ["-saved_at"]
        constraints = [models.UniqueConstraint(name="working_copy_once_a_person", fields=["program", "user"])]

    def __str__(self) -> str:
        return f"{self.program} · {self.user}"


class StageChange(models.Model):
    """A move in the life of a program: who took it, and what they said. Never changed afterwards."""

    program = models.ForeignKey(Program, models.CASCADE, related_name="stage_changes", verbose_name=_("program"))
    move = models.CharField(_("step"), max_length=10)
    before = models.CharField(_("from"), max_length=10, choices=Program.Stage)
    after = models.CharField(_("to"), max_length=10, choices=Program.Stage)
    comment = models.TextField(_("comment"), blank=True)
    actor = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("taken by")
    )
    created_at = models.DateTimeField(_("taken on"), auto_now_add=True)

    class Meta:
        verbose_name = _("step of a program")
        verbose_name_plural = _("steps of programs")
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(name="move_back_is_explained", condition=~Q(move="send_back") | ~Q(comment="")),
        ]
        indexes = [models.Index(name="stage_change_of_program", fields=["program", "-created_at"])]
        triggers = [
            # A person's removal may still empty `actor`.
            pgtrigger.Protect(
                name="moves_stay_as_they_were",
                operation=pgtrigger.UpdateOf("move", "before", "after", "comment", "program_id", "created_at"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_before_display()} → {self.get_after_display()}"


class SharingChange(models.Model):
    """A change to who may see a program that others saw already. Never changed afterwards.

    `added` and `removed` are the names of organizations that it is shared with, as they were called then; `is_wider`
    says whether more people may see it since.
    """

    program = models.ForeignKey(Program, models.CASCADE, related_name="sharing_changes", verbose_name=_("program"))
    before = models.CharField(_("visible before"), max_length=10, choices=Program.Visibility)
    after = models.CharField(_("visible after"), max_length=10, choices=Program.Visibility)
    added = ArrayField(models.TextField(), verbose_name=_("organizations added"), default=list, blank=True)
    removed = ArrayField(models.TextField(), verbose_name=_("organizations removed"), default=list, blank=True)
    is_wider = models.BooleanField(_("visible to more people"))
    actor = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("changed by")
    )
    created_at = models.DateTimeField(_("changed"), auto_now_add=True)

    class Meta:
        verbose_name = _("change of a program's visibility")
        verbose_name_plural = _("changes of programs' visibility")
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(
                name="sharing_change_changes_something",
                condition=~Q(before=F("after")) | ~Q(added=[]) | ~Q(removed=[]),
            ),
        ]
        indexes = [models.Index(name="sharing_change_of_program", fields=["program", "-created_at"])]
        triggers = [
            # A person's removal may still empty `actor`.
            pgtrigger.Protect(
                name="sharing_stays_as_it_was",
                operation=pgtrigger.UpdateOf(
                    "before", "after", "added", "removed", "is_wider", "program_id", "created_at"
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_before_display()} → {self.get_after_display()}"


class ConfirmedWarning(models.Model):
    """An unlikely value of a program that somebody confirmed: of which rule, with which values. Never changed
    afterwards; `actor` is None where the portal's operator confirmed it on the command line."""

    program = models.ForeignKey(Program, models.CASCADE, related_name="confirmed_warnings", verbose_name=_("program"))
    code = models.CharField(_("warning"), max_length=30)
    # As services.plausibility tells one value from another.
    key = models.CharField(_("key"), max_length=60)
    params = models.JSONField(_("values"), default=dict, blank=True)
    actor = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("confirmed by")
    )
    created_at = models.DateTimeField(_("confirmed on"), auto_now_add=True)

    class Meta:
        verbose_name = _("confirmed warning")
        verbose_name_plural = _("confirmed warnings")
        ordering = ["-created_at", "-id"]
        constraints = [models.UniqueConstraint(name="warning_confirmed_once", fields=["program", "key"])]
        triggers = [
            # A person's removal may still empty `actor`.
            pgtrigger.Protect(
                name="confirmations_stay_as_they_were",
                operation=pgtrigger.UpdateOf("code", "key", "params", "program_id", "created_at"),
            ),
        ]

    def __str__(self) -> str:
        return self.key


class UpdateReminder(models.Model):
    """When a person was last reminded of an organization's programs that need an update; at most once a month."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+", verbose_name=_("person"))
    organization = models.ForeignKey(Organization, models.CASCADE, related_name="+", verbose_name=_("organization"))
    sent_at = models.DateTimeField(_("last sent"))

    class Meta:
        verbose_name = _("reminder to update")
        verbose_name_plural = _("reminders to update")
        ordering = ["-sent_at"]
        constraints = [models.UniqueConstraint(name="reminder_once_a_person", fields=["user", "organization"])]

    def __str__(self) -> str:
        return f"{self.user} · {self.organization}"
