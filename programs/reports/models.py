"""Overlap reports: what was asked for, the data as they were, the documents; and who gets one each month."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from donors.models import Organization, User
from goals.models import Goal
from programs.overlap.models import Overlap
from programs.reports.querysets import OverlapReportQuerySet, ReportRowQuerySet


class Selection(models.Model):
    """Which overlaps: blank and null are all. `country` is a code, "regional" or "region", as in the lists."""

    goal = models.ForeignKey(Goal, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("goal"))
    country = models.CharField(_("country"), max_length=8, blank=True)
    donor = models.ForeignKey(
        Organization, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("donor")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Overlap.Kind, blank=True)
    state = models.CharField(_("status"), max_length=9, choices=Overlap.State, blank=True)

    class Meta:
        abstract = True


class OverlapReport(Selection):
    """A report that a person asked for, or that they get each month.

    It holds what its asker might see when it was made: `seen_as`, and for a member the organizations that let them see
    it. `month` is the first day of the month that a monthly one is of. `attempts` counts how often its making began.
    """

    class SeenAs(models.IntegerChoices):
        MEMBER = 1, _("what members of their organizations can see")
        COORDINATOR = 2, _("what SICA's coordinators can see")
        ADMINISTRATOR = 3, _("everything")

    class Status(models.TextChoices):
        WAITING = "waiting", _("In preparation")
        MADE = "made", _("Ready")
        FAILED = "failed", _("Could not be created")
        CANCELLED = "cancelled", _("Cancelled")

    asked_by = models.ForeignKey(User, models.CASCADE, related_name="overlap_reports", verbose_name=_("requested by"))
    seen_as = models.PositiveSmallIntegerField(_("seen as"), choices=SeenAs)
    organizations = ArrayField(models.BigIntegerField(), default=list, blank=True, verbose_name=_("organizations"))
    period_start = models.DateField(_("from"))
    period_end = models.DateField(_("to"))
    month = models.DateField(_("month"), null=True, blank=True)
    status = models.CharField(_("status"), max_length=9, choices=Status, default=Status.WAITING)
    engine_version = models.CharField(_("engine version"), max_length=20, blank=True)
    # Figures and names; null until the data are kept. What is many, is in the rows.
    summary = models.JSONField(_("summary"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    queued_at = models.DateTimeField(_("queued"), null=True, blank=True)
    created_at = models.DateTimeField(_("requested on"), auto_now_add=True)
    made_at = models.DateTimeField(_("created on"), null=True, blank=True)
    letter_claimed_at = models.DateTimeField(_("email taken by a worker"), null=True, blank=True)
    letter_attempts = models.PositiveSmallIntegerField(_("attempts to send the email"), default=0)
    letter_sent_at = models.DateTimeField(_("email sent"), null=True, blank=True)

    objects = OverlapReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("overlap report")
        verbose_name_plural = _("overlap reports")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(name="report_period_in_order", condition=Q(period_start__lte=F("period_end"))),
            models.CheckConstraint(name="report_seen_as_is_known", condition=Q(seen_as__in=[1, 2, 3])),
            models.CheckConstraint(
                name="report_status_is_known", condition=Q(status__in=["waiting", "made", "failed", "cancelled"])
            ),
            models.CheckConstraint(
                name="report_made_has_its_data",
                condition=~Q(status="made") | Q(made_at__isnull=False, summary__isnull=False),
            ),
            models.CheckConstraint(
                name="report_month_is_its_first_day", condition=Q(month__isnull=True) | Q(month__day=1)
            ),
            # However often the month is looked at, a person gets one.
            models.UniqueConstraint(
                name="report_once_a_month", fields=["asked_by", "month"], condition=Q(month__isnull=False)
            ),
        ]
        indexes = [
            models.Index(name="report_waiting", fields=["id"], condition=Q(status="waiting")),
            models.Index(
                name="report_letter_unsent",
                fields=["id"],
                condition=Q(status="made", month__isnull=False, letter_sent_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.period_start} – {self.period_end}"

    def get_absolute_url(self) -> str:
        return reverse("reports:report", args=[self.pk])


class ReportRow(models.Model):
    """A row of a report's data as it was. `weight` orders the rows of a part, most first."""

    class Part(models.TextChoices):
        CASES = "cases", _("cases")
        PAIRS = "pairs", _("pairs")
        PROGRAMS = "programs", _("programs")
        AGREEMENTS = "agreements", _("agreements")
        CELLS = "cells", _("goals and countries")

    report = models.ForeignKey(OverlapReport, models.CASCADE, related_name="rows", verbose_name=_("report"))
    part = models.CharField(_("part"), max_length=10, choices=Part)
    number = models.PositiveIntegerField(_("number"))
    weight = models.FloatField(_("weight"), default=0)
    data = models.JSONField(_("data"))

    objects = ReportRowQuerySet.as_manager()

    class Meta:
        verbose_name = _("row of a report")
        verbose_name_plural = _("rows of reports")
        ordering = ["report", "part", "-weight", "number"]
        constraints = [
            models.UniqueConstraint(name="report_row_once", fields=["report", "part", "number"]),
            models.CheckConstraint(
                name="report_row_part_is_known",
                condition=Q(part__in=["cases", "pairs", "programs", "agreements", "cells"]),
            ),
        ]
        indexes = [models.Index(name="report_rows_in_order", fields=["report", "part", "-weight", "number"])]

    def __str__(self) -> str:
        return f"{self.report_id} {self.part} {self.number}"


class ReportFile(models.Model):
    """A document made from the rows. In the database, so that every web process and worker has it, and backups too."""

    report = models.ForeignKey(OverlapReport, models.CASCADE, related_name="files", verbose_name=_("report"))
    format = models.CharField(_("format"), max_length=4, choices=[("xlsx", "XLSX"), ("pdf", "PDF")])
    language = models.CharField(_("language"), max_length=2, choices=[("en", _("English")), ("es", _("Spanish"))])
    content = models.BinaryField(_("content"))

    class Meta:
        verbose_name = _("document of a report")
        verbose_name_plural = _("documents of reports")
        constraints = [
            models.UniqueConstraint(name="report_file_once", fields=["report", "format", "language"]),
            models.CheckConstraint(
                name="report_file_is_known", condition=Q(format__in=["xlsx", "pdf"], language__in=["en", "es"])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report_id}.{self.language}.{self.format}"


class MonthlyReport(Selection):
    """That a person gets the report of each month by mail, of that selection. Ending it deletes the row."""

    person = models.OneToOneField(User, models.CASCADE, related_name="monthly_report", verbose_name=_("person"))
    created_at = models.DateTimeField(_("since"), auto_now_add=True)

    class Meta:
        verbose_name = _("monthly report")
        verbose_name_plural = _("monthly reports")

    def __str__(self) -> str:
        return str(self.person_id)
