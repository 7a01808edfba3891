"""Full scans and their parts."""

from datetime import timedelta

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from donors.models import User
from programs.models import Program
from programs.overlap.querysets import BegunScanQuerySet, ScanPartQuerySet, ScanRunQuerySet


class ScanRun(models.Model):
    """A full scan, in parts that can be done by different workers and again after a crash."""

    started_at = models.DateTimeField(_("started"), auto_now_add=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    model_version = models.CharField(_("version of the engine's model"), max_length=20)
    programs = models.PositiveIntegerField(_("programs"), default=0)
    cancelled_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("cancelled by")
    )
    to_read = models.PositiveIntegerField(_("programs to read again"), default=0)

    objects = ScanRunQuerySet.as_manager()
    # Of `with_progress` alone.
    done: int
    compared: int
    pairs_compared: int
    pairs_flagged: int
    given_up: int

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

    @property
    def total(self) -> int:
        """How many programs are to be read or compared in all."""
        return self.programs + self.to_read

    @property
    def duration(self) -> timedelta | None:
        """How long it took; None while it runs."""
        return self.finished_at - self.started_at if self.finished_at else None


class ScanPart(models.Model):
    """Some programs of a full scan. First profiles are made where they are due, then all programs are compared.

    `attempts` counts how often a worker began it; after the last one it is given up, and the scan ends without it.
    """

    class Step(models.IntegerChoices):
        READ = 1, _("Reading changed programs")
        COMPARE = 2, _("Comparing")

    run = models.ForeignKey(ScanRun, models.CASCADE, related_name="parts", verbose_name=_("full scan"))
    step = models.PositiveSmallIntegerField(_("step"), choices=Step)
    number = models.PositiveIntegerField(_("number"))
    program_ids = ArrayField(models.BigIntegerField(), verbose_name=_("programs"))
    done_at = models.DateTimeField(_("done"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0, db_default=0)
    is_given_up = models.BooleanField(_("given up"), default=False, db_default=False)
    queued_at = models.DateTimeField(_("queued"), null=True, blank=True)
    programs = models.PositiveIntegerField(_("programs scanned"), default=0)
    pairs = models.PositiveIntegerField(_("pairs compared"), default=0)
    flagged = models.PositiveIntegerField(_("pairs flagged"), default=0)
    # Its candidates as they were listed before the programs were compared, until it is done (listed_candidates.py).
    left_ids = ArrayField(models.BigIntegerField(), verbose_name=_("left programs"), default=list, db_default=[])
    right_ids = ArrayField(models.BigIntegerField(), verbose_name=_("right programs"), default=list, db_default=[])
    listed_before = models.BigIntegerField(_("listed before transaction"), null=True, blank=True)

    objects = ScanPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("part of a full scan")
        verbose_name_plural = _("parts of full scans")
        ordering = ["run", "step", "number"]
        constraints = [
            models.UniqueConstraint(name="scan_part_once", fields=["run", "step", "number"]),
            models.CheckConstraint(name="scan_part_step_is_known", condition=Q(step__in=[1, 2])),
        ]

    def __str__(self) -> str:
        return f"{self.get_step_display()} {self.number}"


class BegunScan(models.Model):
    """A program that a sweep began to scan, in which version and how often; the end of the scan takes the row away.

    What a worker died at is so known, tried by itself, and after the last attempt left alone until it is changed.
    """

    program = models.OneToOneField(
        Program, models.CASCADE, primary_key=True, related_name="+", verbose_name=_("program")
    )
    version = models.PositiveIntegerField(_("version"))
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=1)

    objects = BegunScanQuerySet.as_manager()

    class Meta:
        verbose_name = _("scan that was begun")
        verbose_name_plural = _("scans that were begun")

    def __str__(self) -> str:
        return f"{self.program_id}: {self.attempts}"
