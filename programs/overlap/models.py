"""Overlaps that the engine flagged, what people decided on them, and the runs that found them."""

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from donors.models import User
from programs.models import Program
from programs.overlap.querysets import OverlapQuerySet, ScanPartQuerySet


class Overlap(models.Model):
    """A pair of programs that the engine flagged; `left` is the one with the smaller id.

    `score` is the engine's belief that the pair is of its `kind`, 0 to 1. `factors` is a list of objects, one a
    factor, each term kept so that the score can be shown: name, value (0..1), weight and bits (log-odds), evidence.
    `money_usd` is what may be spent twice: the smaller commitment of the two, in US dollars; null if unknown.
    A pair that is no longer flagged but was once decided on stays, with `is_flagged` false.
    """

    class Kind(models.TextChoices):
        DUPLICATE = "duplicate", _("One program recorded twice")
        SAME_MONEY = "same_money", _("The same money reported twice")
        OVERLAP = "overlap", _("The same work in the same place and time")

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        CONFIRMED = "confirmed", _("Confirmed")
        DISMISSED = "dismissed", _("Dismissed")

    left = models.ForeignKey(Program, models.CASCADE, related_name="overlaps_as_left", verbose_name=_("first program"))
    right = models.ForeignKey(
        Program, models.CASCADE, related_name="overlaps_as_right", verbose_name=_("second program")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    score = models.FloatField(_("score"))
    factors = models.JSONField(_("factors"), default=list)
    money_usd = models.DecimalField(
        _("money at stake (US dollars)"), max_digits=20, decimal_places=2, null=True, blank=True
    )
    # Whose money totals leave out, where both report the same (rule 5 of the design).
    second_report = models.ForeignKey(
        Program,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="overlaps_as_second_report",
        verbose_name=_("second report of the money"),
    )
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.OPEN)
    is_flagged = models.BooleanField(_("flagged by the last scan"), default=True)
    model_version = models.CharField(_("version of the engine's model"), max_length=20)
    left_version = models.PositiveIntegerField(_("version of the first program scanned"))
    right_version = models.PositiveIntegerField(_("version of the second program scanned"))
    # The facts that a decision rests on, by name; a change of one of them reopens the decision.
    material = models.JSONField(_("material facts"), default=dict)
    first_flagged_at = models.DateTimeField(_("first flagged"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    objects = OverlapQuerySet.as_manager()

    class Meta:
        verbose_name = _("overlap")
        verbose_name_plural = _("overlaps")
        ordering = ["-score", "-id"]
        constraints = [
            models.UniqueConstraint(name="overlap_once_a_pair", fields=["left", "right"]),
            models.CheckConstraint(name="overlap_left_before_right", condition=Q(left__lt=F("right"))),
            models.CheckConstraint(
                name="overlap_kind_is_known", condition=Q(kind__in=["duplicate", "same_money", "overlap"])
            ),
            models.CheckConstraint(name="overlap_score_is_0_to_1", condition=Q(score__gte=0, score__lte=1)),
            models.CheckConstraint(
                name="overlap_state_is_known", condition=Q(state__in=["open", "confirmed", "dismissed"])
            ),
            models.CheckConstraint(
                name="overlap_second_report_is_one_of_the_pair",
                condition=Q(second_report__isnull=True) | Q(second_report=F("left")) | Q(second_report=F("right")),
            ),
            models.CheckConstraint(
                name="overlap_second_report_of_the_same_money",
                condition=Q(second_report__isnull=True) | ~Q(kind="overlap"),
            ),
        ]
        indexes = [
            models.Index(name="overlap_queue", fields=["state", "-score", "-id"], condition=Q(is_flagged=True)),
            models.Index(name="overlap_of_right", fields=["right", "left"]),
        ]

    def __str__(self) -> str:
        return f"{self.left} · {self.right}"

    def get_absolute_url(self) -> str:
        return reverse("overlap:detail", args=[self.pk])

    @property
    def sides(self) -> tuple[Program, Program]:
        """Both programs."""
        return self.left, self.right

    def other(self, program: Program) -> Program:
        """The pair's other program."""
        return self.right if program.pk == self.left_id else self.left


class Review(models.Model):
    """A decision on an overlap, never changed afterwards; without an actor it is the engine's, which only reopens."""

    class Action(models.TextChoices):
        CONFIRM = "confirm", _("Confirmed")
        DISMISS = "dismiss", _("Dismissed")
        REOPEN = "reopen", _("Reopened")

    class Reason(models.TextChoices):
        DIFFERENT_BENEFICIARIES = "different_beneficiaries", _("Different beneficiaries")
        SEQUENTIAL_PHASES = "sequential_phases", _("Sequential phases")
        ONE_FINANCES_THE_OTHER = "one_finances_the_other", _("One finances the other")
        COMPLEMENTARY = "complementary", _("Complementary")
        DATA_ERROR = "data_error", _("Error in the data")
        OTHER = "other", _("Other")

    # With the trigger below: a program with decisions on it cannot be deleted, only archived.
    overlap = models.ForeignKey(Overlap, models.PROTECT, related_name="reviews", verbose_name=_("overlap"))
    action = models.CharField(_("decision"), max_length=7, choices=Action)
    reason = models.CharField(_("reason"), max_length=23, choices=Reason, blank=True)
    note = models.TextField(_("note"), blank=True)
    # By name of the material fact: what it was and what it is, where the engine reopened.
    changes = models.JSONField(_("what changed"), default=dict, blank=True)
    actor = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="reviews", verbose_name=_("decided by")
    )
    left_version = models.PositiveIntegerField(_("version of the first program"))
    right_version = models.PositiveIntegerField(_("version of the second program"))
    created_at = models.DateTimeField(_("decided"), auto_now_add=True)

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        ordering = ["created_at", "id"]
        constraints = [
            models.CheckConstraint(
                name="review_action_is_known", condition=Q(action__in=["confirm", "dismiss", "reopen"])
            ),
            models.CheckConstraint(
                name="review_reason_is_known",
                condition=Q(
                    reason__in=[
                        "",
                        "different_beneficiaries",
                        "sequential_phases",
                        "one_finances_the_other",
                        "complementary",
                        "data_error",
                        "other",
                    ]
                ),
            ),
            models.CheckConstraint(
                name="review_dismissal_has_a_reason", condition=~Q(action="dismiss") | ~Q(reason="")
            ),
            models.CheckConstraint(name="review_other_reason_is_told", condition=~Q(reason="other") | ~Q(note="")),
            models.CheckConstraint(
                name="review_engine_only_reopens", condition=Q(actor__isnull=False) | Q(action="reopen")
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.get_action_display()} · {self.overlap_id}"


class ScanRun(models.Model):
    """A full scan, in parts that can be done by different workers and again after a crash."""

    started_at = models.DateTimeField(_("started"), auto_now_add=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    model_version = models.CharField(_("version of the engine's model"), max_length=20)
    programs = models.PositiveIntegerField(_("programs"), default=0)

    class Meta:
        verbose_name = _("full scan")
        verbose_name_plural = _("full scans")
        ordering = ["-started_at"]
        constraints = [
            models.UniqueConstraint(
                models.F("finished_at"),
                name="scan_one_at_a_time",
                condition=Q(finished_at__isnull=True),
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.started_at:%Y-%m-%d %H:%M}"


class ScanPart(models.Model):
    """The programs of a full scan whose ids lie between `first_id` and `last_id`, both included."""

    run = models.ForeignKey(ScanRun, models.CASCADE, related_name="parts", verbose_name=_("full scan"))
    first_id = models.BigIntegerField(_("from program"))
    last_id = models.BigIntegerField(_("to program"))
    done_at = models.DateTimeField(_("done"), null=True, blank=True)
    programs = models.PositiveIntegerField(_("programs scanned"), default=0)
    pairs = models.PositiveIntegerField(_("pairs compared"), default=0)
    flagged = models.PositiveIntegerField(_("pairs flagged"), default=0)

    objects = ScanPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("part of a full scan")
        verbose_name_plural = _("parts of full scans")
        ordering = ["run", "first_id"]
        constraints = [
            models.UniqueConstraint(name="scan_part_once", fields=["run", "first_id"]),
            models.CheckConstraint(name="scan_part_in_order", condition=Q(first_id__lte=F("last_id"))),
        ]

    def __str__(self) -> str:
        return f"{self.first_id}–{self.last_id}"
