"""What the engine learns from: pairs that it is not sure of, and the calibrations that decisions lead to."""

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from donors.models import User
from programs.models import Program
from programs.overlap.models.overlap import Overlap
from programs.overlap.querysets import CalibrationQuerySet, UncertainPairQuerySet

# Lots are numbers from 0 to this.
LOTS = 2**62


class UncertainPair(models.Model):
    """A candidate pair with a score from .05 up to that of flagged pairs, in the sample that coordinators are asked
    about. Kept as the engine's alone: what was decided on it stands on its Overlap.

    `lot` is a number that the two ids alone give: which pairs are in the sample is chance, and the same in any order
    of scans.
    """

    left = models.ForeignKey(Program, models.CASCADE, related_name="+", db_index=False, verbose_name=_("first program"))
    right = models.ForeignKey(Program, models.CASCADE, related_name="+", verbose_name=_("second program"))
    kind = models.CharField(_("kind"), max_length=10, choices=Overlap.Kind)
    score = models.FloatField(_("probability"))
    lot = models.BigIntegerField(_("lot"), db_index=True)

    objects = UncertainPairQuerySet.as_manager()

    class Meta:
        verbose_name = _("uncertain pair")
        verbose_name_plural = _("uncertain pairs")
        ordering = ["lot", "id"]
        constraints = [
            models.UniqueConstraint(name="uncertain_once_a_pair", fields=["left", "right"]),
            models.CheckConstraint(name="uncertain_left_before_right", condition=Q(left__lt=F("right"))),
            models.CheckConstraint(
                name="uncertain_kind_is_known", condition=Q(kind__in=["duplicate", "same_money", "overlap"])
            ),
            models.CheckConstraint(name="uncertain_score_is_0_to_1", condition=Q(score__gte=0, score__lte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.left} · {self.right}"

    def get_absolute_url(self) -> str:
        return reverse("overlap:uncertain", args=[self.pk])


class SampleLevel(models.Model):
    """How much of what is uncertain the sample holds: one pair in 2 to the power of `level`. At most one row."""

    level = models.PositiveSmallIntegerField(_("level"), default=0)

    class Meta:
        verbose_name = _("size of the sample")
        verbose_name_plural = _("size of the sample")
        constraints = [models.CheckConstraint(name="sample_level_is_one_row", condition=Q(pk=1))]

    def __str__(self) -> str:
        return f"1/{2**self.level}"


class Calibration(models.Model):
    """A change to the engine's probabilities that decisions lead to: two numbers a kind (engine/calibration.py).

    `lines` holds all kinds as they are once it is in effect; `figures` says by kind what it rests on and what it
    changes (services/proposing.py). `before` is the one that was in effect when it was proposed.
    """

    class State(models.TextChoices):
        PROPOSED = "proposed", _("Proposed")
        DECLINED = "declined", _("Declined")
        OUTDATED = "outdated", _("Outdated")
        IN_EFFECT = "in_effect", _("In effect")
        REPLACED = "replaced", _("Replaced by a later one")
        REVERSED = "reversed", _("Reversed")

    base_version = models.CharField(_("version of the engine's model"), max_length=12)
    number = models.PositiveIntegerField(_("number"))
    before = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("in effect before")
    )
    lines = models.JSONField(_("slope and shift by kind"))
    figures = models.JSONField(_("figures by kind"))
    state = models.CharField(_("status"), max_length=9, choices=State, default=State.PROPOSED)
    created_at = models.DateTimeField(_("proposed"), auto_now_add=True)

    objects = CalibrationQuerySet.as_manager()

    class Meta:
        verbose_name = _("calibration")
        verbose_name_plural = _("calibrations")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(name="calibration_number_once", fields=["base_version", "number"]),
            models.UniqueConstraint(
                name="calibration_one_in_effect", fields=["base_version"], condition=Q(state="in_effect")
            ),
            models.UniqueConstraint(name="calibration_one_proposed", fields=["state"], condition=Q(state="proposed")),
            models.CheckConstraint(
                name="calibration_state_is_known",
                condition=Q(state__in=["proposed", "declined", "outdated", "in_effect", "replaced", "reversed"]),
            ),
        ]

    def __str__(self) -> str:
        return self.version

    @property
    def may_count(self) -> bool:
        """Whether it is proposed or in effect, as far as the engine still has the weights that it was made for."""
        return self.state in (self.State.PROPOSED, self.State.IN_EFFECT)

    @property
    def version(self) -> str:
        """The version of the model with it: 2026.7+1."""
        return f"{self.base_version}+{self.number}"


class CalibrationMove(models.Model):
    """What was done with a calibration, by whom, when and why. Never changed afterwards."""

    class Action(models.TextChoices):
        PROPOSE = "propose", _("Proposed")
        ACCEPT = "accept", _("Accepted")
        DECLINE = "decline", _("Declined")
        OUTDATE = "outdate", _("Outdated")
        REVERSE = "reverse", _("Reversed")

    calibration = models.ForeignKey(Calibration, models.PROTECT, related_name="moves", verbose_name=_("calibration"))
    action = models.CharField(_("action"), max_length=7, choices=Action)
    actor = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("by"))
    note = models.TextField(_("reason"), blank=True)
    created_at = models.DateTimeField(_("when"), auto_now_add=True)

    class Meta:
        verbose_name = _("step of a calibration")
        verbose_name_plural = _("steps of calibrations")
        ordering = ["created_at", "id"]
        constraints = [
            models.CheckConstraint(
                name="calibration_move_is_known",
                condition=Q(action__in=["propose", "accept", "decline", "outdate", "reverse"]),
            ),
            models.CheckConstraint(
                name="calibration_people_decide",
                condition=Q(actor__isnull=False) | Q(action__in=["propose", "outdate"]),
            ),
            models.CheckConstraint(
                name="calibration_refusal_says_why", condition=~Q(action__in=["decline", "reverse"]) | ~Q(note="")
            ),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.get_action_display()} · {self.calibration_id}"
