import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Makes a new database what 0001 to 0013 make it; one that has run only some of those goes on with the rest of them."""

    replaces = [
        ("exchange", "0001_initial"),
        ("exchange", "0002_imports"),
        ("exchange", "0003_nightly_dumps"),
        ("exchange", "0004_when_rows_left_programs"),
        ("exchange", "0005_table_found_and_for_whom_checked"),
        ("exchange", "0006_imports_are_counted_and_stopped"),
        ("exchange", "0007_plain_words"),
        ("exchange", "0008_clearer_labels"),
        ("exchange", "0009_another_heading_row_is_read_by_a_worker"),
        ("exchange", "0010_rows_hold_warnings_to_confirm"),
        ("exchange", "0011_kinds_of_workbooks_and_what_they_hide"),
        ("exchange", "0012_how_a_file_is_written"),
        ("exchange", "0013_files_that_an_activity_is_made_of"),
    ]

    initial = True

    dependencies = [
        ("donors", "0015_one_name_of_several_bodies"),
        ("programs", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="IatiRecord",
            fields=[
                (
                    "program",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="iati_record",
                        serialize=False,
                        to="programs.program",
                        verbose_name="program",
                    ),
                ),
                ("identifier", models.CharField(db_index=True, max_length=255, verbose_name="IATI identifier")),
                ("checksum", models.CharField(max_length=64, verbose_name="checksum")),
                ("standard", models.CharField(blank=True, max_length=10, verbose_name="version of the standard")),
                ("xml", models.TextField(verbose_name="activity as published")),
                ("file_name", models.CharField(max_length=255, verbose_name="file")),
                ("line", models.PositiveIntegerField(verbose_name="line")),
                ("oddities", models.JSONField(blank=True, default=list, verbose_name="warnings")),
                ("imported_at", models.DateTimeField(auto_now=True, verbose_name="imported")),
                (
                    "parts",
                    models.JSONField(
                        blank=True,
                        db_default=models.Value([], models.JSONField()),
                        default=list,
                        verbose_name="files that it is made of",
                    ),
                ),
            ],
            options={
                "verbose_name": "IATI record",
                "verbose_name_plural": "IATI records",
                "ordering": ["identifier"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("checksum__regex", "^[0-9a-f]{64}$")), name="iati_record_checksum_is_sha256"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("identifier", ""), _negated=True), name="iati_record_has_an_identifier"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Import",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("xlsx", "Excel workbook"),
                            ("xls", "Excel 97–2003 workbook"),
                            ("xlsb", "Excel binary workbook"),
                            ("ods", "OpenDocument spreadsheet"),
                            ("csv", "CSV file"),
                            ("iati", "IATI file"),
                        ],
                        max_length=4,
                        verbose_name="kind of file",
                    ),
                ),
                ("file_name", models.CharField(max_length=255, verbose_name="file")),
                (
                    "language",
                    models.CharField(
                        choices=[("en", "English"), ("es", "Spanish")], max_length=2, verbose_name="language"
                    ),
                ),
                (
                    "date_order",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "Reject ambiguous dates"),
                            ("day_first", "Day first: 28/03/2024"),
                            ("month_first", "Month first: 03/28/2024"),
                        ],
                        max_length=11,
                        verbose_name="date format",
                    ),
                ),
                ("headings", models.JSONField(blank=True, default=list, verbose_name="headings")),
                ("columns", models.JSONField(blank=True, default=list, verbose_name="columns")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("reading", "Being read"),
                            ("uploaded", "Columns to confirm"),
                            ("checking", "Being checked"),
                            ("checked", "Checked, not yet applied"),
                            ("applying", "Being applied"),
                            ("applied", "Applied"),
                            ("undoing", "Being undone"),
                            ("undone", "Undone"),
                            ("unreadable", "Cannot be read"),
                            ("stopped", "Stopped before it finished"),
                        ],
                        default="uploaded",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                ("problem", models.JSONField(blank=True, null=True, verbose_name="problem")),
                ("rows_expected", models.PositiveIntegerField(default=0, verbose_name="rows expected")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="uploaded on")),
                ("checked_at", models.DateTimeField(blank=True, null=True, verbose_name="checked")),
                ("applied_at", models.DateTimeField(blank=True, null=True, verbose_name="applied")),
                ("undone_at", models.DateTimeField(blank=True, null=True, verbose_name="undone")),
                (
                    "applied_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="applied by",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="imports",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="uploaded by",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="imports",
                        to="donors.organization",
                        verbose_name="organization",
                    ),
                ),
                (
                    "undone_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="undone by",
                    ),
                ),
                (
                    "checked_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="checked for",
                    ),
                ),
                ("heading_row", models.PositiveIntegerField(blank=True, null=True, verbose_name="row of the headings")),
                (
                    "new_stage",
                    models.CharField(
                        blank=True,
                        choices=[("submitted", "Submitted"), ("published", "Published")],
                        db_default="",
                        default="",
                        max_length=10,
                        verbose_name="status of new records",
                    ),
                ),
                (
                    "sheet",
                    models.CharField(blank=True, db_default="", default="", max_length=100, verbose_name="sheet"),
                ),
                ("attempts", models.PositiveSmallIntegerField(db_default=0, default=0, verbose_name="attempts")),
                ("done_before", models.PositiveIntegerField(db_default=0, default=0, verbose_name="rows done before")),
                ("is_unattended", models.BooleanField(db_default=False, default=False, verbose_name="unattended")),
                ("queued_at", models.DateTimeField(blank=True, null=True, verbose_name="queued")),
                ("run", models.PositiveIntegerField(db_default=0, default=0, verbose_name="run")),
                (
                    "sample",
                    models.JSONField(
                        blank=True,
                        db_default=models.Value([], models.JSONField()),
                        default=list,
                        verbose_name="first rows",
                    ),
                ),
                (
                    "sheets",
                    models.JSONField(
                        blank=True, db_default=models.Value([], models.JSONField()), default=list, verbose_name="sheets"
                    ),
                ),
                (
                    "stopped_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="stopped by",
                    ),
                ),
                (
                    "stopped_in",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("reading", "Being read"),
                            ("uploaded", "Columns to confirm"),
                            ("checking", "Being checked"),
                            ("checked", "Checked, not yet applied"),
                            ("applying", "Being applied"),
                            ("applied", "Applied"),
                            ("undoing", "Being undone"),
                            ("undone", "Undone"),
                            ("unreadable", "Cannot be read"),
                            ("stopped", "Stopped before it finished"),
                        ],
                        db_default="",
                        max_length=10,
                        verbose_name="stopped in",
                    ),
                ),
                (
                    "top",
                    models.JSONField(
                        blank=True,
                        db_default=models.Value([], models.JSONField()),
                        default=list,
                        verbose_name="rows at the top",
                    ),
                ),
                (
                    "wanted_heading_row",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="chosen row of the headings"),
                ),
                (
                    "wanted_sheet",
                    models.CharField(
                        blank=True, db_default="", default="", max_length=100, verbose_name="chosen sheet"
                    ),
                ),
                ("hidden_rows", models.PositiveIntegerField(db_default=0, default=0, verbose_name="hidden rows")),
                (
                    "hidden_sheets",
                    models.JSONField(
                        blank=True,
                        db_default=models.Value([], models.JSONField()),
                        default=list,
                        verbose_name="hidden sheets",
                    ),
                ),
                (
                    "more_sheets",
                    models.JSONField(
                        blank=True,
                        db_default=models.Value([], models.JSONField()),
                        default=list,
                        verbose_name="more sheets to read",
                    ),
                ),
                (
                    "same_sheets",
                    models.JSONField(
                        blank=True,
                        db_default=models.Value([], models.JSONField()),
                        default=list,
                        verbose_name="sheets with the same headings",
                    ),
                ),
                (
                    "without_hidden_rows",
                    models.BooleanField(db_default=False, default=False, verbose_name="without hidden rows"),
                ),
                (
                    "conventions",
                    models.JSONField(
                        blank=True,
                        db_default=models.Value({}, models.JSONField()),
                        default=dict,
                        verbose_name="how it is written",
                    ),
                ),
            ],
            options={
                "verbose_name": "import",
                "verbose_name_plural": "imports",
                "ordering": ["-created_at", "-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("language__in", ["en", "es"])), name="import_language_is_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("date_order__in", ["", "day_first", "month_first"])),
                        name="import_date_order_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("new_stage__in", ["", "submitted", "published"])),
                        name="import_new_stage_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "reading",
                                    "uploaded",
                                    "checking",
                                    "checked",
                                    "applying",
                                    "applied",
                                    "undoing",
                                    "undone",
                                    "unreadable",
                                    "stopped",
                                ],
                            )
                        ),
                        name="import_state_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["unreadable", "stopped"]), _negated=True),
                            ("problem__isnull", False),
                            _connector="OR",
                        ),
                        name="import_says_why_it_is_unreadable",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("state", "stopped"), ("stopped_in__in", ["reading", "checking", "applying", "undoing"])
                            ),
                            models.Q(models.Q(("state", "stopped"), _negated=True), ("stopped_in", "")),
                            _connector="OR",
                        ),
                        name="import_stopped_says_where",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["xlsx", "xls", "xlsb", "ods", "csv", "iati"])),
                        name="import_kind_is_known",
                    ),
                ],
                "indexes": [
                    models.Index(fields=["organization", "-created_at"], name="import_newest_first"),
                    models.Index(
                        condition=models.Q(("state__in", ["reading", "checking", "applying", "undoing"])),
                        fields=["id"],
                        name="import_at_work",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ImportFile",
            fields=[
                (
                    "of_import",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="file",
                        serialize=False,
                        to="exchange.import",
                        verbose_name="import",
                    ),
                ),
                ("content", models.BinaryField(verbose_name="content")),
            ],
            options={
                "verbose_name": "file of an import",
                "verbose_name_plural": "files of imports",
            },
        ),
        migrations.CreateModel(
            name="ImportRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField(verbose_name="row")),
                ("cells", models.JSONField(default=list, verbose_name="cells")),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("created", "New"),
                            ("changed", "Changed"),
                            ("unchanged", "Unchanged"),
                            ("refused", "Rejected"),
                            ("left_out", "Skipped"),
                        ],
                        max_length=9,
                        verbose_name="outcome",
                    ),
                ),
                ("identifier", models.CharField(blank=True, max_length=255, verbose_name="identifier")),
                ("title", models.CharField(blank=True, max_length=255, verbose_name="title")),
                ("changes", models.JSONField(blank=True, default=list, verbose_name="changes")),
                ("problems", models.JSONField(blank=True, default=list, verbose_name="problems")),
                ("candidates", models.JSONField(blank=True, default=list, verbose_name="probable matches")),
                (
                    "choice",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "Not decided"),
                            ("same", "The same program: update it"),
                            ("new", "Another program: add it"),
                        ],
                        max_length=4,
                        verbose_name="choice",
                    ),
                ),
                ("version_seen", models.PositiveIntegerField(blank=True, null=True, verbose_name="version compared")),
                ("is_applied", models.BooleanField(default=False, verbose_name="applied")),
                ("before", models.JSONField(blank=True, null=True, verbose_name="before")),
                ("version_applied", models.PositiveIntegerField(blank=True, null=True, verbose_name="version after")),
                ("is_undone", models.BooleanField(default=False, verbose_name="undone")),
                ("kept_because", models.CharField(blank=True, max_length=20, verbose_name="reason for keeping")),
                (
                    "of_import",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rows",
                        to="exchange.import",
                        verbose_name="import",
                    ),
                ),
                (
                    "program",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="programs.program",
                        verbose_name="program",
                    ),
                ),
                (
                    "applied_stamp",
                    models.DateTimeField(blank=True, null=True, verbose_name="program saved by the import"),
                ),
                ("undone_stamp", models.DateTimeField(blank=True, null=True, verbose_name="program saved by the undo")),
                (
                    "warnings",
                    models.JSONField(
                        blank=True,
                        db_default=models.Value([], models.JSONField()),
                        default=list,
                        verbose_name="warnings",
                    ),
                ),
            ],
            options={
                "verbose_name": "row of an import",
                "verbose_name_plural": "rows of imports",
                "ordering": ["of_import", "number"],
                "constraints": [
                    models.UniqueConstraint(fields=("of_import", "number"), name="import_row_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("program__isnull", False)),
                        fields=("of_import", "program"),
                        name="import_row_alone_on_its_program",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("outcome__in", ["created", "changed", "unchanged", "refused", "left_out"])),
                        name="import_row_outcome_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("choice__in", ["", "same", "new"])), name="import_row_choice_is_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("outcome", "refused"), _negated=True), ("is_applied", False), _connector="OR"
                        ),
                        name="import_row_refused_is_not_applied",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("is_undone", False), ("is_applied", True), _connector="OR"),
                        name="import_row_undone_was_applied",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("is_undone", False), ("kept_because", ""), _connector="OR"),
                        name="import_row_undone_or_kept",
                    ),
                ],
                "indexes": [models.Index(fields=["of_import", "outcome", "number"], name="import_row_by_outcome")],
            },
        ),
        migrations.CreateModel(
            name="ColumnMeaning",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "heading",
                    models.CharField(
                        help_text="Without accents, capitals and punctuation.", max_length=200, verbose_name="heading"
                    ),
                ),
                ("column", models.CharField(blank=True, max_length=20, verbose_name="column")),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="column_meanings",
                        to="donors.organization",
                        verbose_name="organization",
                    ),
                ),
            ],
            options={
                "verbose_name": "meaning of a heading",
                "verbose_name_plural": "meanings of headings",
                "ordering": ["organization", "heading"],
                "constraints": [
                    models.UniqueConstraint(fields=("organization", "heading"), name="heading_means_one_thing")
                ],
            },
        ),
        migrations.CreateModel(
            name="Dump",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField(verbose_name="day")),
                (
                    "form",
                    models.CharField(
                        choices=[("ndjson", "NDJSON"), ("csv", "CSV")], max_length=6, verbose_name="format"
                    ),
                ),
                ("as_of", models.DateTimeField(verbose_name="data as of")),
                ("finished_at", models.DateTimeField(blank=True, null=True, verbose_name="finished")),
                ("size", models.PositiveBigIntegerField(default=0, verbose_name="bytes")),
                ("sha256", models.CharField(blank=True, max_length=64, verbose_name="SHA-256")),
                ("attempts", models.PositiveSmallIntegerField(db_default=0, default=0, verbose_name="attempts")),
            ],
            options={
                "verbose_name": "nightly file",
                "verbose_name_plural": "nightly files",
                "ordering": ["-day", "form"],
                "constraints": [
                    models.UniqueConstraint(fields=("day", "form"), name="dump_once_a_day"),
                    models.CheckConstraint(
                        condition=models.Q(("form__in", ["ndjson", "csv"])), name="dump_form_is_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("finished_at__isnull", True),
                            models.Q(("sha256__regex", "^[0-9a-f]{64}$"), ("size__gt", 0)),
                            _connector="OR",
                        ),
                        name="dump_finished_has_its_sum",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DumpPart",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField(verbose_name="number")),
                ("content", models.BinaryField(verbose_name="content")),
                (
                    "dump",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="parts",
                        to="exchange.dump",
                        verbose_name="nightly file",
                    ),
                ),
            ],
            options={
                "verbose_name": "part of a nightly file",
                "verbose_name_plural": "parts of nightly files",
                "ordering": ["dump", "number"],
                "constraints": [models.UniqueConstraint(fields=("dump", "number"), name="dump_part_once")],
            },
        ),
    ]
