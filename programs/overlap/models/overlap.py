"""Overlaps that the engine flagged, and what people decided on them."""

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from donors.models import User
from programs.models import Program
from programs.overlap.models.cluster import Cluster
from programs.overlap.querysets import OverlapQuerySet, ReviewQuerySet
from programs.overlap.stake import Priority, priority_of


class Overlap(models.Model):
    """A pair of programs that the engine flagged; `left` is the one with the smaller id.

    `score` is the engine's belief that the pair is of its `kind`, 0 to 1. `factors` is a list of objects, one a
    factor, each term kept so that the score can be shown: name, value (0..1), weight and bits (log-odds), evidence.
    `money_usd` is what may be spent or counted twice, in US dollars; null if unknown. `parts` are those of both
    programs that it is the smaller of (amounts.Amount.as_json), null until they are known; `smaller_id` is whose part
    that is.
    A pair that is no longer flagged but was once decided on stays, with `is_flagged` false. `is_sampled`: the engine
    was not sure, and a person answered: confirmed, it is flagged whatever its score; dismissed, it never was.
    """

    class Kind(models.TextChoices):
        DUPLICATE = "duplicate", _("One program recorded twice")
        SAME_MONEY = "same_money", _("The same funds reported twice")
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
    score = models.FloatField(_("probability"))
    factors = models.JSONField(_("factors"), default=list)
    money_usd = models.DecimalField(
        _("possible duplicate amount (US dollars)"), max_digits=20, decimal_places=2, null=True, blank=True
    )
    parts = models.JSONField(_("parts of both programs"), null=True, blank=True)
    smaller_id = models.BigIntegerField(_("program with the smaller part"), null=True, blank=True)
    # Whose money totals leave out, where both report the same (rule 5 of the design).
    second_report = models.ForeignKey(
        Program,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="overlaps_as_second_report",
        verbose_name=_("double-counted record"),
    )
    state = models.CharField(_("status"), max_length=9, choices=State, default=State.OPEN)
    is_flagged = models.BooleanField(_("flagged by the last scan"), default=True)
    is_sampled = models.BooleanField(_("found among uncertain pairs"), default=False, db_default=False)
    model_version = models.CharField(_("version of the engine's model"), max_length=20)
    left_version = models.PositiveIntegerField(_("version of the first program scanned"))
    right_version = models.PositiveIntegerField(_("version of the second program scanned"))
    # The facts that a decision rests on, by name; a change of one of them reopens the decision.
    material = models.JSONField(_("facts that count"), default=dict)
    # Where both work, as narrowly as it is known: pairs of one program that meet in one place are one case.
    sites = ArrayField(models.TextField(), verbose_name=_("places in common"), default=list)
    # Null where the pair is dismissed or no longer flagged.
    cluster = models.ForeignKey(
        Cluster, models.SET_NULL, null=True, blank=True, related_name="overlaps", verbose_name=_("case")
    )
    # The cluster that it is in, or was in last: its case keeps the pair, and with it what was decided.
    case = models.BigIntegerField(_("case"), null=True, blank=True)
    # The priority (stake.py), 0 to 100; renewed each night, since time is a part of it.
    stake = models.FloatField(_("priority, 0 to 100"), default=0, db_default=0)
    assignee = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="assigned_overlaps", verbose_name=_("assigned to")
    )
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
            models.Index(name="overlap_surest_first", fields=["-score", "-id"], condition=Q(is_flagged=True)),
            models.Index(name="overlap_of_right", fields=["right", "left"]),
            # The queue: highest priority first, with all that it groups and counts by, since rows are large; and the
            # pairs of a case.
            models.Index(
                name="overlap_queue_by_stake",
                fields=["state", "-stake"],
                include=["case", "id", "score", "money_usd", "first_flagged_at", "left", "right", "kind", "assignee"],
                condition=Q(is_flagged=True),
            ),
            models.Index(name="overlap_of_case", fields=["case"]),
            models.Index(
                F("money_usd").desc(nulls_last=True),
                F("score").desc(),
                F("id").desc(),
                name="overlap_by_money",
                condition=Q(is_flagged=True, state="open"),
            ),
            models.Index(name="overlap_newest_first", fields=["-updated_at"]),
            # Pairs of an earlier release, until the sweep has come to them.
            models.Index(name="overlap_without_parts", fields=["id"], condition=Q(parts__isnull=True)),
        ]
        triggers = [
            # However a pair goes (with its program, too), its cluster is looked at again: see services.clusters.
            pgtrigger.Trigger(
                name="cluster_lost_a_pair",
                operation=pgtrigger.Delete,
                when=pgtrigger.After,
                condition=pgtrigger.Condition("OLD.cluster_id IS NOT NULL"),
                func="INSERT INTO overlap_clusterdue (cluster_id) VALUES (OLD.cluster_id); RETURN NULL;",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.left} · {self.right}"

    def get_absolute_url(self) -> str:
        return reverse("overlap:detail", args=[self.pk])

    @property
    def points(self) -> int:
        """Its priority, 0 to 100, as pages show it."""
        return round(self.stake)

    @property
    def priority(self) -> Priority:
        """High, medium or low."""
        return priority_of(self.stake)

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
        ONE_FINANCES_THE_OTHER = "one_finances_the_other", _("One funds the other")
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
    # What the engine said when the decision was taken; empty for decisions from before this was kept.
    kind = models.CharField(_("kind"), max_length=10, choices=Overlap.Kind, blank=True, db_default="")
    score = models.FloatField(_("probability"), null=True, blank=True)
    model_version = models.CharField(_("version of the engine's model"), max_length=20, blank=True, db_default="")
    is_sampled = models.BooleanField(_("asked as an uncertain pair"), default=False, db_default=False)
    # The same for all that was decided in one stroke: what is undone together.
    batch = models.UUIDField(_("decided together"), null=True, blank=True, db_index=True)
    created_at = models.DateTimeField(_("decided"), auto_now_add=True)

    objects = ReviewQuerySet.as_manager()

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
