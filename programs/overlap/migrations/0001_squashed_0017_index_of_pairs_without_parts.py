import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Makes a new database what 0001 to 0017 make it; one that has run only some of those goes on with the rest of them."""

    replaces = [
        ("overlap", "0001_initial"),
        ("overlap", "0002_initial"),
        ("overlap", "0003_parts_are_cut_anew"),
        ("overlap", "0004_profiles_keys_and_clusters"),
        ("overlap", "0005_cases_stakes_and_saved_views"),
        ("overlap", "0006_cases_of_what_is_there"),
        ("overlap", "0007_queue_newest_and_most_money"),
        ("overlap", "0008_scans_are_given_up_and_cancelled"),
        ("overlap", "0009_plain_words"),
        ("overlap", "0010_clearer_labels"),
        ("overlap", "0011_series_of_records"),
        ("overlap", "0012_decisions_teach_the_engine"),
        ("overlap", "0013_indexes_of_series"),
        ("overlap", "0014_parts_of_amounts"),
        ("overlap", "0015_priorities_of_0_to_100"),
        ("overlap", "0016_candidates_listed_with_parts"),
        ("overlap", "0017_index_of_pairs_without_parts"),
    ]

    initial = True

    dependencies = [
        ("programs", "0008_plain_words"),
    ]

    operations = [
        migrations.CreateModel(
            name="ScanRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("started_at", models.DateTimeField(auto_now_add=True, verbose_name="started")),
                ("finished_at", models.DateTimeField(blank=True, null=True, verbose_name="finished")),
                ("model_version", models.CharField(max_length=20, verbose_name="version of the engine's model")),
                ("programs", models.PositiveIntegerField(default=0, verbose_name="programs")),
                ("to_read", models.PositiveIntegerField(default=0, verbose_name="programs to read again")),
                (
                    "cancelled_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="cancelled by",
                    ),
                ),
            ],
            options={
                "verbose_name": "full scan",
                "verbose_name_plural": "full scans",
                "ordering": ["-started_at"],
                "constraints": [
                    models.UniqueConstraint(
                        models.F("finished_at"),
                        condition=models.Q(("finished_at__isnull", True)),
                        name="scan_one_at_a_time",
                        nulls_distinct=False,
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ScanPart",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("done_at", models.DateTimeField(blank=True, null=True, verbose_name="done")),
                ("programs", models.PositiveIntegerField(default=0, verbose_name="programs scanned")),
                ("pairs", models.PositiveIntegerField(default=0, verbose_name="pairs compared")),
                ("flagged", models.PositiveIntegerField(default=0, verbose_name="pairs flagged")),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="parts",
                        to="overlap.scanrun",
                        verbose_name="full scan",
                    ),
                ),
                ("number", models.PositiveIntegerField(verbose_name="number")),
                (
                    "program_ids",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), size=None, verbose_name="programs"
                    ),
                ),
                (
                    "step",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "Reading changed programs"), (2, "Comparing")], verbose_name="step"
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(db_default=0, default=0, verbose_name="attempts")),
                ("is_given_up", models.BooleanField(db_default=False, default=False, verbose_name="given up")),
                ("queued_at", models.DateTimeField(blank=True, null=True, verbose_name="queued")),
                (
                    "left_ids",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(),
                        db_default=[],
                        default=list,
                        size=None,
                        verbose_name="left programs",
                    ),
                ),
                (
                    "listed_before",
                    models.BigIntegerField(blank=True, null=True, verbose_name="listed before transaction"),
                ),
                (
                    "right_ids",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(),
                        db_default=[],
                        default=list,
                        size=None,
                        verbose_name="right programs",
                    ),
                ),
            ],
            options={
                "verbose_name": "part of a full scan",
                "verbose_name_plural": "parts of full scans",
                "ordering": ["run", "step", "number"],
                "constraints": [
                    models.UniqueConstraint(fields=("run", "step", "number"), name="scan_part_once"),
                    models.CheckConstraint(condition=models.Q(("step__in", [1, 2])), name="scan_part_step_is_known"),
                ],
            },
        ),
        migrations.CreateModel(
            name="CandidateKey",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "program_id", "key", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "program",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="candidate_keys",
                        to="programs.program",
                        verbose_name="program",
                    ),
                ),
                ("key", models.BigIntegerField(verbose_name="key")),
                ("family", models.PositiveSmallIntegerField(verbose_name="family")),
                ("least", models.PositiveSmallIntegerField(verbose_name="minimum in common")),
                ("mask", models.BigIntegerField(verbose_name="goals and types of work")),
                ("starts", models.IntegerField(verbose_name="first day")),
                ("ends", models.IntegerField(verbose_name="last day")),
                ("series", models.BigIntegerField(db_default=0, default=0, verbose_name="series")),
                ("title_series", models.BigIntegerField(db_default=0, default=0, verbose_name="series by the title")),
            ],
            options={
                "verbose_name": "candidate key",
                "verbose_name_plural": "candidate keys",
                "indexes": [
                    models.Index(
                        fields=["key", "least", "series"],
                        include=("program", "mask", "starts", "ends", "title_series"),
                        name="candidatekey_by_series",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Cluster",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("score", models.FloatField(verbose_name="highest probability")),
                (
                    "kinds",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=10), size=None, verbose_name="kinds"
                    ),
                ),
                (
                    "money_usd",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=22,
                        null=True,
                        verbose_name="possible duplicate amount (US dollars)",
                    ),
                ),
                ("programs", models.PositiveIntegerField(verbose_name="programs")),
                ("pairs", models.PositiveIntegerField(verbose_name="pairs")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="first detected")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="updated")),
                ("stake", models.FloatField(db_default=0, default=0, verbose_name="priority, 0 to 100")),
            ],
            options={
                "verbose_name": "case",
                "verbose_name_plural": "cases",
                "ordering": ["-score", "-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("pairs__gte", 1), ("programs__gte", 2)), name="cluster_has_a_pair"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("score__gte", 0), ("score__lte", 1)), name="cluster_score_is_0_to_1"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Overlap",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("duplicate", "One program recorded twice"),
                            ("same_money", "The same funds reported twice"),
                            ("overlap", "The same work in the same place and time"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("score", models.FloatField(verbose_name="probability")),
                ("factors", models.JSONField(default=list, verbose_name="factors")),
                (
                    "money_usd",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=20,
                        null=True,
                        verbose_name="possible duplicate amount (US dollars)",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Open"), ("confirmed", "Confirmed"), ("dismissed", "Dismissed")],
                        default="open",
                        max_length=9,
                        verbose_name="status",
                    ),
                ),
                ("is_flagged", models.BooleanField(default=True, verbose_name="flagged by the last scan")),
                ("model_version", models.CharField(max_length=20, verbose_name="version of the engine's model")),
                ("left_version", models.PositiveIntegerField(verbose_name="version of the first program scanned")),
                ("right_version", models.PositiveIntegerField(verbose_name="version of the second program scanned")),
                ("material", models.JSONField(default=dict, verbose_name="facts that count")),
                ("first_flagged_at", models.DateTimeField(auto_now_add=True, verbose_name="first flagged")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="updated")),
                (
                    "left",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="overlaps_as_left",
                        to="programs.program",
                        verbose_name="first program",
                    ),
                ),
                (
                    "right",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="overlaps_as_right",
                        to="programs.program",
                        verbose_name="second program",
                    ),
                ),
                (
                    "second_report",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="overlaps_as_second_report",
                        to="programs.program",
                        verbose_name="double-counted record",
                    ),
                ),
                (
                    "sites",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(), default=list, size=None, verbose_name="places in common"
                    ),
                ),
                (
                    "cluster",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="overlaps",
                        to="overlap.cluster",
                        verbose_name="case",
                    ),
                ),
                (
                    "assignee",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="assigned_overlaps",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="assigned to",
                    ),
                ),
                ("case", models.BigIntegerField(blank=True, null=True, verbose_name="case")),
                ("stake", models.FloatField(db_default=0, default=0, verbose_name="priority, 0 to 100")),
                (
                    "is_sampled",
                    models.BooleanField(db_default=False, default=False, verbose_name="found among uncertain pairs"),
                ),
                ("parts", models.JSONField(blank=True, null=True, verbose_name="parts of both programs")),
                (
                    "smaller_id",
                    models.BigIntegerField(blank=True, null=True, verbose_name="program with the smaller part"),
                ),
            ],
            options={
                "verbose_name": "overlap",
                "verbose_name_plural": "overlaps",
                "ordering": ["-score", "-id"],
                "indexes": [
                    models.Index(fields=["right", "left"], name="overlap_of_right"),
                    models.Index(fields=["case"], name="overlap_of_case"),
                    models.Index(
                        condition=models.Q(("is_flagged", True)), fields=["-score", "-id"], name="overlap_surest_first"
                    ),
                    models.Index(
                        condition=models.Q(("is_flagged", True)),
                        fields=["state", "-stake"],
                        include=(
                            "case",
                            "id",
                            "score",
                            "money_usd",
                            "first_flagged_at",
                            "left",
                            "right",
                            "kind",
                            "assignee",
                        ),
                        name="overlap_queue_by_stake",
                    ),
                    models.Index(
                        models.OrderBy(models.F("money_usd"), descending=True, nulls_last=True),
                        models.OrderBy(models.F("score"), descending=True),
                        models.OrderBy(models.F("id"), descending=True),
                        condition=models.Q(("is_flagged", True), ("state", "open")),
                        name="overlap_by_money",
                    ),
                    models.Index(fields=["-updated_at"], name="overlap_newest_first"),
                    models.Index(
                        condition=models.Q(("parts__isnull", True)), fields=["id"], name="overlap_without_parts"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("left", "right"), name="overlap_once_a_pair"),
                    models.CheckConstraint(
                        condition=models.Q(("left__lt", models.F("right"))), name="overlap_left_before_right"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["duplicate", "same_money", "overlap"])),
                        name="overlap_kind_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("score__gte", 0), ("score__lte", 1)), name="overlap_score_is_0_to_1"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["open", "confirmed", "dismissed"])),
                        name="overlap_state_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("second_report__isnull", True),
                            ("second_report", models.F("left")),
                            ("second_report", models.F("right")),
                            _connector="OR",
                        ),
                        name="overlap_second_report_is_one_of_the_pair",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("second_report__isnull", True),
                            models.Q(("kind", "overlap"), _negated=True),
                            _connector="OR",
                        ),
                        name="overlap_second_report_of_the_same_money",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="overlap",
            trigger=pgtrigger.compiler.Trigger(
                name="cluster_lost_a_pair",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.cluster_id IS NOT NULL)",
                    func="INSERT INTO overlap_clusterdue (cluster_id) VALUES (OLD.cluster_id); RETURN NULL;",
                    hash="4cdad0d074671b6b9cb4b6c01b0a5f5a9f906bba",
                    operation="DELETE",
                    pgid="pgtrigger_cluster_lost_a_pair_72f79",
                    table="overlap_overlap",
                    when="AFTER",
                ),
            ),
        ),
        migrations.CreateModel(
            name="Review",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "action",
                    models.CharField(
                        choices=[("confirm", "Confirmed"), ("dismiss", "Dismissed"), ("reopen", "Reopened")],
                        max_length=7,
                        verbose_name="decision",
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("different_beneficiaries", "Different beneficiaries"),
                            ("sequential_phases", "Sequential phases"),
                            ("one_finances_the_other", "One funds the other"),
                            ("complementary", "Complementary"),
                            ("data_error", "Error in the data"),
                            ("other", "Other"),
                        ],
                        max_length=23,
                        verbose_name="reason",
                    ),
                ),
                ("note", models.TextField(blank=True, verbose_name="note")),
                ("changes", models.JSONField(blank=True, default=dict, verbose_name="what changed")),
                ("left_version", models.PositiveIntegerField(verbose_name="version of the first program")),
                ("right_version", models.PositiveIntegerField(verbose_name="version of the second program")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="decided")),
                (
                    "actor",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reviews",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="decided by",
                    ),
                ),
                (
                    "overlap",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reviews",
                        to="overlap.overlap",
                        verbose_name="overlap",
                    ),
                ),
                ("batch", models.UUIDField(blank=True, db_index=True, null=True, verbose_name="decided together")),
                (
                    "is_sampled",
                    models.BooleanField(db_default=False, default=False, verbose_name="asked as an uncertain pair"),
                ),
                (
                    "kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("duplicate", "One program recorded twice"),
                            ("same_money", "The same funds reported twice"),
                            ("overlap", "The same work in the same place and time"),
                        ],
                        db_default="",
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                (
                    "model_version",
                    models.CharField(
                        blank=True, db_default="", max_length=20, verbose_name="version of the engine's model"
                    ),
                ),
                ("score", models.FloatField(blank=True, null=True, verbose_name="probability")),
            ],
            options={
                "verbose_name": "review",
                "verbose_name_plural": "reviews",
                "ordering": ["created_at", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("action__in", ["confirm", "dismiss", "reopen"])),
                        name="review_action_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "reason__in",
                                [
                                    "",
                                    "different_beneficiaries",
                                    "sequential_phases",
                                    "one_finances_the_other",
                                    "complementary",
                                    "data_error",
                                    "other",
                                ],
                            )
                        ),
                        name="review_reason_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("action", "dismiss"), _negated=True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="review_dismissal_has_a_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("reason", "other"), _negated=True),
                            models.Q(("note", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="review_other_reason_is_told",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("actor__isnull", False), ("action", "reopen"), _connector="OR"),
                        name="review_engine_only_reopens",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="review",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="6aa4bfab852bf52dde9ed854ebfab58be358d813",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_4e539",
                    table="overlap_review",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.CreateModel(
            name="ClusterDue",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("cluster_id", models.BigIntegerField()),
            ],
            options={
                "verbose_name": "case to check again",
                "verbose_name_plural": "cases to check again",
            },
        ),
        migrations.CreateModel(
            name="ProgramProfile",
            fields=[
                (
                    "program",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="profile",
                        serialize=False,
                        to="programs.program",
                        verbose_name="program",
                    ),
                ),
                ("version", models.PositiveIntegerField(verbose_name="version of the program")),
                ("made_by", models.CharField(max_length=20, verbose_name="engine version")),
                ("home", models.TextField(verbose_name="location")),
                ("facts", models.TextField(verbose_name="facts")),
                ("numbers", models.TextField(verbose_name="numbers")),
                ("reading", models.BinaryField(verbose_name="text analysis")),
                (
                    "series",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(),
                        db_default=[],
                        default=list,
                        size=None,
                        verbose_name="series",
                    ),
                ),
            ],
            options={
                "verbose_name": "profile of a program",
                "verbose_name_plural": "profiles of programs",
                "indexes": [django.contrib.postgres.indexes.GinIndex(fields=["series"], name="profile_of_series")],
            },
        ),
        migrations.CreateModel(
            name="Assignment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("case", models.BigIntegerField(db_index=True, verbose_name="case")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="assigned")),
                (
                    "actor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="assigned by",
                    ),
                ),
                (
                    "assignee",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="assigned to",
                    ),
                ),
            ],
            options={
                "verbose_name": "assignment of a case",
                "verbose_name_plural": "assignments of cases",
                "ordering": ["created_at", "id"],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="assignment",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="d30d7d3478c548b40d06ac695f866786a2a7d3d3",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_1a752",
                    table="overlap_assignment",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.CreateModel(
            name="CaseMoved",
            fields=[
                ("case", models.BigIntegerField(primary_key=True, serialize=False, verbose_name="case")),
                ("now", models.BigIntegerField(db_index=True, verbose_name="part of")),
            ],
            options={
                "verbose_name": "case merged into another",
                "verbose_name_plural": "cases merged into others",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("case", models.F("now")), _negated=True), name="case_moved_elsewhere"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SavedView",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=60, verbose_name="name")),
                ("query", models.CharField(blank=True, max_length=1000, verbose_name="filters")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="saved")),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="queue_views",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="owner",
                    ),
                ),
            ],
            options={
                "verbose_name": "saved view of the queue",
                "verbose_name_plural": "saved views of the queue",
                "ordering": ["name", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True), name="saved_view_has_a_name"
                    ),
                    models.UniqueConstraint(fields=("owner", "name"), name="saved_view_name_once_a_person"),
                ],
            },
        ),
        migrations.CreateModel(
            name="BegunScan",
            fields=[
                (
                    "program",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="programs.program",
                        verbose_name="program",
                    ),
                ),
                ("version", models.PositiveIntegerField(verbose_name="version")),
                ("attempts", models.PositiveSmallIntegerField(default=1, verbose_name="attempts")),
            ],
            options={
                "verbose_name": "scan that was begun",
                "verbose_name_plural": "scans that were begun",
            },
        ),
        migrations.CreateModel(
            name="Calibration",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("base_version", models.CharField(max_length=12, verbose_name="version of the engine's model")),
                ("number", models.PositiveIntegerField(verbose_name="number")),
                ("lines", models.JSONField(verbose_name="slope and shift by kind")),
                ("figures", models.JSONField(verbose_name="figures by kind")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "Proposed"),
                            ("declined", "Declined"),
                            ("outdated", "Outdated"),
                            ("in_effect", "In effect"),
                            ("replaced", "Replaced by a later one"),
                            ("reversed", "Reversed"),
                        ],
                        default="proposed",
                        max_length=9,
                        verbose_name="status",
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="proposed")),
                (
                    "before",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="overlap.calibration",
                        verbose_name="in effect before",
                    ),
                ),
            ],
            options={
                "verbose_name": "calibration",
                "verbose_name_plural": "calibrations",
                "ordering": ["-pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("base_version", "number"), name="calibration_number_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "in_effect")),
                        fields=("base_version",),
                        name="calibration_one_in_effect",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "proposed")), fields=("state",), name="calibration_one_proposed"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["proposed", "declined", "outdated", "in_effect", "replaced", "reversed"])
                        ),
                        name="calibration_state_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CalibrationMove",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "action",
                    models.CharField(
                        choices=[
                            ("propose", "Proposed"),
                            ("accept", "Accepted"),
                            ("decline", "Declined"),
                            ("outdate", "Outdated"),
                            ("reverse", "Reversed"),
                        ],
                        max_length=7,
                        verbose_name="action",
                    ),
                ),
                ("note", models.TextField(blank=True, verbose_name="reason")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="when")),
                (
                    "actor",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
                (
                    "calibration",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="moves",
                        to="overlap.calibration",
                        verbose_name="calibration",
                    ),
                ),
            ],
            options={
                "verbose_name": "step of a calibration",
                "verbose_name_plural": "steps of calibrations",
                "ordering": ["created_at", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("action__in", ["propose", "accept", "decline", "outdate", "reverse"])),
                        name="calibration_move_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("actor__isnull", False), ("action__in", ["propose", "outdate"]), _connector="OR"
                        ),
                        name="calibration_people_decide",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("action__in", ["decline", "reverse"]), _negated=True),
                            models.Q(("note", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="calibration_refusal_says_why",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="calibrationmove",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="148d3fd168b85b610d26785ba6e1c0bcb1a35131",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_2996b",
                    table="overlap_calibrationmove",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.CreateModel(
            name="SampleLevel",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("level", models.PositiveSmallIntegerField(default=0, verbose_name="level")),
            ],
            options={
                "verbose_name": "size of the sample",
                "verbose_name_plural": "size of the sample",
                "constraints": [models.CheckConstraint(condition=models.Q(("pk", 1)), name="sample_level_is_one_row")],
            },
        ),
        migrations.CreateModel(
            name="UncertainPair",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("duplicate", "One program recorded twice"),
                            ("same_money", "The same funds reported twice"),
                            ("overlap", "The same work in the same place and time"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("score", models.FloatField(verbose_name="probability")),
                ("lot", models.BigIntegerField(db_index=True, verbose_name="lot")),
                (
                    "left",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="programs.program",
                        verbose_name="first program",
                    ),
                ),
                (
                    "right",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="programs.program",
                        verbose_name="second program",
                    ),
                ),
            ],
            options={
                "verbose_name": "uncertain pair",
                "verbose_name_plural": "uncertain pairs",
                "ordering": ["lot", "id"],
                "constraints": [
                    models.UniqueConstraint(fields=("left", "right"), name="uncertain_once_a_pair"),
                    models.CheckConstraint(
                        condition=models.Q(("left__lt", models.F("right"))), name="uncertain_left_before_right"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["duplicate", "same_money", "overlap"])),
                        name="uncertain_kind_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("score__gte", 0), ("score__lte", 1)), name="uncertain_score_is_0_to_1"
                    ),
                ],
            },
        ),
    ]
