import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Makes a new database what 0001 to 0003 make it; one that has run only some of those goes on with the rest of them."""

    replaces = [
        ("reports", "0001_overlap_reports"),
        ("reports", "0002_reports_are_cancelled"),
        ("reports", "0003_plain_words"),
    ]

    initial = True

    dependencies = [
        ("donors", "0011_key_scope_in_words"),
        ("goals", "0002_priorities_keep_their_history"),
    ]

    operations = [
        migrations.CreateModel(
            name="MonthlyReport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("country", models.CharField(blank=True, max_length=8, verbose_name="country")),
                (
                    "kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("duplicate", "One program recorded twice"),
                            ("same_money", "The same funds reported twice"),
                            ("overlap", "The same work in the same place and time"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        blank=True,
                        choices=[("open", "Open"), ("confirmed", "Confirmed"), ("dismissed", "Dismissed")],
                        max_length=9,
                        verbose_name="status",
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="since")),
                (
                    "donor",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="donors.organization",
                        verbose_name="donor",
                    ),
                ),
                (
                    "goal",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="goals.goal",
                        verbose_name="goal",
                    ),
                ),
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="monthly_report",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "verbose_name": "monthly report",
                "verbose_name_plural": "monthly reports",
            },
        ),
        migrations.CreateModel(
            name="OverlapReport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("country", models.CharField(blank=True, max_length=8, verbose_name="country")),
                (
                    "kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("duplicate", "One program recorded twice"),
                            ("same_money", "The same funds reported twice"),
                            ("overlap", "The same work in the same place and time"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        blank=True,
                        choices=[("open", "Open"), ("confirmed", "Confirmed"), ("dismissed", "Dismissed")],
                        max_length=9,
                        verbose_name="status",
                    ),
                ),
                (
                    "seen_as",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (1, "what members of their organizations can see"),
                            (2, "what SICA's coordinators can see"),
                            (3, "everything"),
                        ],
                        verbose_name="seen as",
                    ),
                ),
                (
                    "organizations",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="organizations",
                    ),
                ),
                ("period_start", models.DateField(verbose_name="from")),
                ("period_end", models.DateField(verbose_name="to")),
                ("month", models.DateField(blank=True, null=True, verbose_name="month")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("waiting", "In preparation"),
                            ("made", "Ready"),
                            ("failed", "Could not be created"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="waiting",
                        max_length=9,
                        verbose_name="status",
                    ),
                ),
                ("engine_version", models.CharField(blank=True, max_length=20, verbose_name="engine version")),
                ("summary", models.JSONField(blank=True, null=True, verbose_name="summary")),
                ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="attempts")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="requested on")),
                ("made_at", models.DateTimeField(blank=True, null=True, verbose_name="created on")),
                (
                    "letter_claimed_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="email taken by a worker"),
                ),
                (
                    "letter_attempts",
                    models.PositiveSmallIntegerField(default=0, verbose_name="attempts to send the email"),
                ),
                ("letter_sent_at", models.DateTimeField(blank=True, null=True, verbose_name="email sent")),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="overlap_reports",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="requested by",
                    ),
                ),
                (
                    "donor",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="donors.organization",
                        verbose_name="donor",
                    ),
                ),
                (
                    "goal",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="goals.goal",
                        verbose_name="goal",
                    ),
                ),
                ("queued_at", models.DateTimeField(blank=True, null=True, verbose_name="queued")),
            ],
            options={
                "verbose_name": "overlap report",
                "verbose_name_plural": "overlap reports",
                "ordering": ["-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("period_start__lte", models.F("period_end"))), name="report_period_in_order"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("seen_as__in", [1, 2, 3])), name="report_seen_as_is_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "made"), _negated=True),
                            models.Q(("made_at__isnull", False), ("summary__isnull", False)),
                            _connector="OR",
                        ),
                        name="report_made_has_its_data",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("month__isnull", True), ("month__day", 1), _connector="OR"),
                        name="report_month_is_its_first_day",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("month__isnull", False)),
                        fields=("asked_by", "month"),
                        name="report_once_a_month",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["waiting", "made", "failed", "cancelled"])),
                        name="report_status_is_known",
                    ),
                ],
                "indexes": [
                    models.Index(condition=models.Q(("status", "waiting")), fields=["id"], name="report_waiting"),
                    models.Index(
                        condition=models.Q(
                            ("letter_sent_at__isnull", True), ("month__isnull", False), ("status", "made")
                        ),
                        fields=["id"],
                        name="report_letter_unsent",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReportFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "format",
                    models.CharField(choices=[("xlsx", "XLSX"), ("pdf", "PDF")], max_length=4, verbose_name="format"),
                ),
                (
                    "language",
                    models.CharField(
                        choices=[("en", "English"), ("es", "Spanish")], max_length=2, verbose_name="language"
                    ),
                ),
                ("content", models.BinaryField(verbose_name="content")),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="files",
                        to="reports.overlapreport",
                        verbose_name="report",
                    ),
                ),
            ],
            options={
                "verbose_name": "document of a report",
                "verbose_name_plural": "documents of reports",
                "constraints": [
                    models.UniqueConstraint(fields=("report", "format", "language"), name="report_file_once"),
                    models.CheckConstraint(
                        condition=models.Q(("format__in", ["xlsx", "pdf"]), ("language__in", ["en", "es"])),
                        name="report_file_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReportRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "part",
                    models.CharField(
                        choices=[
                            ("cases", "cases"),
                            ("pairs", "pairs"),
                            ("programs", "programs"),
                            ("agreements", "agreements"),
                            ("cells", "goals and countries"),
                        ],
                        max_length=10,
                        verbose_name="part",
                    ),
                ),
                ("number", models.PositiveIntegerField(verbose_name="number")),
                ("weight", models.FloatField(default=0, verbose_name="weight")),
                ("data", models.JSONField(verbose_name="data")),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rows",
                        to="reports.overlapreport",
                        verbose_name="report",
                    ),
                ),
            ],
            options={
                "verbose_name": "row of a report",
                "verbose_name_plural": "rows of reports",
                "ordering": ["report", "part", "-weight", "number"],
                "constraints": [
                    models.UniqueConstraint(fields=("report", "part", "number"), name="report_row_once"),
                    models.CheckConstraint(
                        condition=models.Q(("part__in", ["cases", "pairs", "programs", "agreements", "cells"])),
                        name="report_row_part_is_known",
                    ),
                ],
                "indexes": [models.Index(fields=["report", "part", "-weight", "number"], name="report_rows_in_order")],
            },
        ),
    ]
