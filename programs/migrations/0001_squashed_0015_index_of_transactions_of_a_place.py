import datetime

import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import programs.models.program


class Migration(migrations.Migration):
    """Makes a new database what 0001 to 0015 make it; one that has run only some of those goes on with the rest of them."""

    replaces = [
        ("programs", "0001_initial"),
        ("programs", "0002_working_copies_moves_reminders"),
        ("programs", "0003_results"),
        ("programs", "0004_orders_and_whom_programs_are_shown_to"),
        ("programs", "0005_points_are_whole"),
        ("programs", "0006_who_sees_what_from_the_index"),
        ("programs", "0007_sharing_changes_and_what_runs_past_its_end"),
        ("programs", "0008_plain_words"),
        ("programs", "0009_confirmed_warnings"),
        ("programs", "0010_history_of_rows_by_statement"),
        ("programs", "0011_sectors_of_other_vocabularies"),
        ("programs", "0012_what_sums_leave_out"),
        ("programs", "0013_index_of_what_sums_leave_out"),
        ("programs", "0014_transactions_of_a_place"),
        ("programs", "0015_index_of_transactions_of_a_place"),
    ]

    initial = True

    dependencies = [
        ("donors", "0015_one_name_of_several_bodies"),
        ("goals", "0003_plain_words"),
        ("pghistory", "0007_auto_20250421_0444"),
    ]

    operations = [
        migrations.CreateModel(
            name="Program",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("identifier", models.CharField(max_length=255, verbose_name="identifier")),
                ("title", models.TextField(blank=True, verbose_name="title")),
                ("description", models.TextField(blank=True, verbose_name="description")),
                (
                    "language",
                    models.CharField(
                        default="en",
                        max_length=3,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-z]{2,3}$", "A language is a code of two or three letters, such as es."
                            )
                        ],
                        verbose_name="language of title and description",
                    ),
                ),
                (
                    "status",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        choices=[
                            (1, "Pipeline"),
                            (2, "Implementation"),
                            (3, "Finalisation"),
                            (4, "Closed"),
                            (5, "Cancelled"),
                            (6, "Suspended"),
                        ],
                        null=True,
                        verbose_name="status",
                    ),
                ),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("submitted", "Submitted"),
                            ("published", "Published"),
                            ("closed", "Closed"),
                            ("archived", "Archived"),
                        ],
                        default="draft",
                        max_length=10,
                        verbose_name="status of the record",
                    ),
                ),
                ("planned_start", models.DateField(blank=True, null=True, verbose_name="planned start")),
                ("planned_end", models.DateField(blank=True, null=True, verbose_name="planned end")),
                ("actual_start", models.DateField(blank=True, null=True, verbose_name="actual start")),
                ("actual_end", models.DateField(blank=True, null=True, verbose_name="actual end")),
                (
                    "period",
                    models.GeneratedField(
                        db_persist=True,
                        expression=programs.models.program.KnownPeriod(),
                        output_field=django.contrib.postgres.fields.ranges.DateRangeField(),
                    ),
                ),
                (
                    "visibility",
                    models.CharField(
                        choices=[
                            ("public", "Public"),
                            ("partners", "Signed-in partners"),
                            ("restricted", "Own organization, coordinators and named organizations"),
                        ],
                        default="partners",
                        max_length=10,
                        verbose_name="visible to",
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("browser", "Entered in the portal"),
                            ("iati", "Imported from IATI"),
                            ("spreadsheet", "Imported from a spreadsheet"),
                            ("api", "Sent through the API"),
                            ("demonstration", "Demonstration data"),
                        ],
                        default="browser",
                        max_length=13,
                        verbose_name="source",
                    ),
                ),
                ("source_name", models.CharField(blank=True, max_length=255, verbose_name="name of the source")),
                (
                    "scope",
                    models.CharField(
                        choices=[
                            ("in_scope", "Within the five goals"),
                            ("out_of_scope", "Outside the five goals"),
                            ("undetermined", "Not determined"),
                        ],
                        default="undetermined",
                        max_length=12,
                        verbose_name="scope",
                    ),
                ),
                (
                    "goals_origin",
                    models.CharField(
                        choices=[("proposed", "Proposed from sectors and text"), ("confirmed", "Set by a person")],
                        default="proposed",
                        max_length=9,
                        verbose_name="origin of the goals",
                    ),
                ),
                (
                    "esca_component",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        choices=[
                            (1, "Combating crime"),
                            (2, "Prevention of violence"),
                            (3, "Rehabilitation, reintegration and prison security"),
                            (4, "Institutional strengthening"),
                        ],
                        null=True,
                        verbose_name="ESCA component",
                    ),
                ),
                ("default_currency", models.CharField(blank=True, max_length=3, verbose_name="default currency")),
                ("activity_scope", models.CharField(blank=True, max_length=1, verbose_name="activity scope")),
                ("collaboration_type", models.CharField(blank=True, max_length=2, verbose_name="collaboration type")),
                ("flow_type", models.CharField(blank=True, max_length=3, verbose_name="flow type")),
                ("finance_type", models.CharField(blank=True, max_length=4, verbose_name="finance type")),
                ("aid_type", models.CharField(blank=True, max_length=4, verbose_name="aid type")),
                ("tied_status", models.CharField(blank=True, max_length=1, verbose_name="tied status")),
                ("hierarchy", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="hierarchy")),
                (
                    "committed_usd",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=20, null=True, verbose_name="committed (US dollars)"
                    ),
                ),
                (
                    "disbursed_usd",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=20,
                        null=True,
                        verbose_name="disbursed and spent (US dollars)",
                    ),
                ),
                (
                    "committed_basis",
                    models.CharField(
                        choices=[
                            ("none", "no funding stated"),
                            ("commitments", "sum of the commitments"),
                            ("budgets", "sum of the budgets, because no commitment is stated"),
                            (
                                "disbursed",
                                "sum of the disbursements, because neither commitments nor budgets are stated",
                            ),
                        ],
                        default="none",
                        max_length=11,
                        verbose_name="basis of the sum",
                    ),
                ),
                (
                    "search",
                    models.GeneratedField(
                        db_persist=True,
                        expression=programs.models.program.SearchText(),
                        output_field=django.contrib.postgres.search.SearchVectorField(),
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, verbose_name="version")),
                ("scanned_version", models.PositiveIntegerField(default=0, verbose_name="version last scanned")),
                ("scanned_at", models.DateTimeField(blank=True, null=True, verbose_name="last scanned")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="updated")),
                (
                    "created_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="created by",
                    ),
                ),
                (
                    "reporting_org",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reported_programs",
                        to="donors.organization",
                        verbose_name="reporting organization",
                    ),
                ),
                (
                    "shared_with",
                    models.ManyToManyField(
                        blank=True,
                        related_name="programs_shared_with_it",
                        to="donors.organization",
                        verbose_name="named organizations",
                    ),
                ),
                (
                    "updated_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="updated by",
                    ),
                ),
                ("is_humanitarian", models.BooleanField(db_default=False, default=False, verbose_name="humanitarian")),
                (
                    "is_secondary_report",
                    models.BooleanField(db_default=False, default=False, verbose_name="secondary report"),
                ),
                (
                    "committed_left_out",
                    models.JSONField(blank=True, db_default={}, default=dict, verbose_name="left out of committed"),
                ),
                (
                    "disbursed_left_out",
                    models.JSONField(blank=True, db_default={}, default=dict, verbose_name="left out of disbursed"),
                ),
            ],
            options={
                "verbose_name": "program",
                "verbose_name_plural": "programs",
                "ordering": ["-updated_at", "-id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("reporting_org", "identifier"), name="program_identifier_once_in_its_organization"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("identifier", ""), _negated=True), name="program_has_an_identifier"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("title", ""), _negated=True),
                            ("source", "iati"),
                            ("stage", "draft"),
                            _connector="OR",
                        ),
                        name="program_has_a_title",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("language__regex", "^[a-z]{2,3}$")), name="program_language_is_a_code"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("status__isnull", True), ("status__in", [1, 2, 3, 4, 5, 6]), _connector="OR"
                        ),
                        name="program_status_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("stage__in", ["draft", "submitted", "published", "closed", "archived"])),
                        name="program_stage_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("visibility__in", ["public", "partners", "restricted"])),
                        name="program_visibility_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("source__in", ["browser", "iati", "spreadsheet", "api", "demonstration"])),
                        name="program_source_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("scope__in", ["in_scope", "out_of_scope", "undetermined"])),
                        name="program_scope_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("goals_origin__in", ["proposed", "confirmed"])),
                        name="program_goals_origin_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("esca_component__isnull", True), ("esca_component__in", [1, 2, 3, 4]), _connector="OR"
                        ),
                        name="program_component_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("source", "iati"), ("planned_end__gte", models.F("planned_start")), _connector="OR"
                        ),
                        name="program_planned_dates_in_order",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("source", "iati"), ("actual_end__gte", models.F("actual_start")), _connector="OR"
                        ),
                        name="program_actual_dates_in_order",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("planned_start__isnull", True),
                            models.Q(
                                ("planned_start__gte", datetime.date(1900, 1, 1)),
                                ("planned_start__lte", datetime.date(2199, 12, 31)),
                            ),
                            _connector="OR",
                        ),
                        name="program_planned_start_is_plausible",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("planned_end__isnull", True),
                            models.Q(
                                ("planned_end__gte", datetime.date(1900, 1, 1)),
                                ("planned_end__lte", datetime.date(2199, 12, 31)),
                            ),
                            _connector="OR",
                        ),
                        name="program_planned_end_is_plausible",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("actual_start__isnull", True),
                            models.Q(
                                ("actual_start__gte", datetime.date(1900, 1, 1)),
                                ("actual_start__lte", datetime.date(2199, 12, 31)),
                            ),
                            _connector="OR",
                        ),
                        name="program_actual_start_is_plausible",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("actual_end__isnull", True),
                            models.Q(
                                ("actual_end__gte", datetime.date(1900, 1, 1)),
                                ("actual_end__lte", datetime.date(2199, 12, 31)),
                            ),
                            _connector="OR",
                        ),
                        name="program_actual_end_is_plausible",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("scanned_version__lte", models.F("version"))),
                        name="program_scanned_version_exists",
                    ),
                ],
                "indexes": [
                    django.contrib.postgres.indexes.GistIndex(fields=["period"], name="program_period"),
                    django.contrib.postgres.indexes.GinIndex(fields=["search"], name="program_search"),
                    models.Index(
                        condition=models.Q(("scanned_version__lt", models.F("version"))),
                        fields=["id"],
                        name="program_unscanned",
                    ),
                    models.Index(fields=["-updated_at", "-id"], name="program_newest_first"),
                    models.Index(fields=["identifier"], name="program_identifier"),
                    models.Index(fields=["stage", "visibility", "scope", "reporting_org", "id"], name="program_shown"),
                    models.Index(
                        django.db.models.functions.text.Left("title", 200), models.F("id"), name="program_by_title"
                    ),
                    models.Index(
                        models.OrderBy(models.F("period__startswith"), descending=True, nulls_last=True),
                        models.OrderBy(models.F("id"), descending=True),
                        name="program_latest_start",
                    ),
                    models.Index(
                        models.OrderBy(models.F("committed_usd"), descending=True, nulls_last=True),
                        models.OrderBy(models.F("id"), descending=True),
                        name="program_most_money",
                    ),
                    models.Index(
                        condition=models.Q(
                            ("stage__in", ["draft", "submitted"]),
                            models.Q(("visibility", "public"), _negated=True),
                            _connector="OR",
                        ),
                        fields=["id"],
                        include=("reporting_org", "stage", "visibility"),
                        name="program_not_for_everybody",
                    ),
                    models.Index(
                        condition=models.Q(
                            ("actual_end__isnull", True),
                            ("stage__in", ["draft", "submitted", "published"]),
                            ("status", 2),
                        ),
                        fields=["planned_end"],
                        name="program_unended",
                    ),
                    models.Index(
                        condition=models.Q(
                            models.Q(("committed_left_out", {}), _negated=True),
                            models.Q(("disbursed_left_out", {}), _negated=True),
                            _connector="OR",
                        ),
                        fields=["id"],
                        name="program_leaves_out",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="program",
            trigger=pgtrigger.compiler.Trigger(
                name="published_shares_add_up",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.\"stage\" = 'draft' AND NOT (NEW.\"stage\" = 'draft'))",
                    constraint="CONSTRAINT",
                    declare="DECLARE rows bigint; stated bigint; total numeric;",
                    func="\n            SELECT count(*), count(percentage), sum(percentage) INTO rows, stated, total\n                FROM programs_coverage WHERE program_id = NEW.id;\n            IF stated > 0 AND (stated < rows OR total <> 100) THEN\n                RAISE EXCEPTION 'percentages of program % in programs_coverage add up to %, not 100', NEW.id, total\n                    USING ERRCODE = 'check_violation', CONSTRAINT = 'programs_coverage_shares_add_up';\n            END IF;\n        \n            SELECT count(*), count(percentage), sum(percentage) INTO rows, stated, total\n                FROM programs_programlocation WHERE program_id = NEW.id;\n            IF stated > 0 AND (stated < rows OR total <> 100) THEN\n                RAISE EXCEPTION 'percentages of program % in programs_programlocation add up to %, not 100', NEW.id, total\n                    USING ERRCODE = 'check_violation', CONSTRAINT = 'programs_programlocation_shares_add_up';\n            END IF;\n        \n            SELECT count(*), count(percentage), sum(percentage) INTO rows, stated, total\n                FROM programs_programgoal WHERE program_id = NEW.id;\n            IF stated > 0 AND (stated < rows OR total <> 100) THEN\n                RAISE EXCEPTION 'percentages of program % in programs_programgoal add up to %, not 100', NEW.id, total\n                    USING ERRCODE = 'check_violation', CONSTRAINT = 'programs_programgoal_shares_add_up';\n            END IF;\n        \n            SELECT count(*), count(percentage), sum(percentage) INTO rows, stated, total\n                FROM programs_programsector WHERE program_id = NEW.id;\n            IF stated > 0 AND (stated < rows OR total <> 100) THEN\n                RAISE EXCEPTION 'percentages of program % in programs_programsector add up to %, not 100', NEW.id, total\n                    USING ERRCODE = 'check_violation', CONSTRAINT = 'programs_programsector_shares_add_up';\n            END IF;\n         RETURN NULL;",
                    hash="82c681f53ed4986ce18c48a017dfa27b763278fa",
                    operation='UPDATE OF "stage"',
                    pgid="pgtrigger_published_shares_add_up_1f5b2",
                    table="programs_program",
                    timing="DEFERRABLE INITIALLY DEFERRED",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="program",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "programs_programevent" ("activity_scope", "actual_end", "actual_start", "aid_type", "collaboration_type", "created_at", "created_by_id", "default_currency", "description", "esca_component", "finance_type", "flow_type", "goals_origin", "hierarchy", "id", "identifier", "is_humanitarian", "is_secondary_report", "language", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "planned_end", "planned_start", "reporting_org_id", "scope", "source", "source_name", "stage", "status", "tied_status", "title", "updated_by_id", "visibility") SELECT new_values."activity_scope", new_values."actual_end", new_values."actual_start", new_values."aid_type", new_values."collaboration_type", new_values."created_at", new_values."created_by_id", new_values."default_currency", new_values."description", new_values."esca_component", new_values."finance_type", new_values."flow_type", new_values."goals_origin", new_values."hierarchy", new_values."id", new_values."identifier", new_values."is_humanitarian", new_values."is_secondary_report", new_values."language", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."planned_end", new_values."planned_start", new_values."reporting_org_id", new_values."scope", new_values."source", new_values."source_name", new_values."stage", new_values."status", new_values."tied_status", new_values."title", new_values."updated_by_id", new_values."visibility" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="5fd656062a2065615e11e0bf3d43d6ba174539e8",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_5a554",
                    referencing="REFERENCING NEW TABLE AS new_values ",
                    table="programs_program",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="program",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."activity_scope" IS DISTINCT FROM (NEW."activity_scope") OR OLD."actual_end" IS DISTINCT FROM (NEW."actual_end") OR OLD."actual_start" IS DISTINCT FROM (NEW."actual_start") OR OLD."aid_type" IS DISTINCT FROM (NEW."aid_type") OR OLD."collaboration_type" IS DISTINCT FROM (NEW."collaboration_type") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."created_by_id" IS DISTINCT FROM (NEW."created_by_id") OR OLD."default_currency" IS DISTINCT FROM (NEW."default_currency") OR OLD."description" IS DISTINCT FROM (NEW."description") OR OLD."esca_component" IS DISTINCT FROM (NEW."esca_component") OR OLD."finance_type" IS DISTINCT FROM (NEW."finance_type") OR OLD."flow_type" IS DISTINCT FROM (NEW."flow_type") OR OLD."goals_origin" IS DISTINCT FROM (NEW."goals_origin") OR OLD."hierarchy" IS DISTINCT FROM (NEW."hierarchy") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."identifier" IS DISTINCT FROM (NEW."identifier") OR OLD."is_humanitarian" IS DISTINCT FROM (NEW."is_humanitarian") OR OLD."is_secondary_report" IS DISTINCT FROM (NEW."is_secondary_report") OR OLD."language" IS DISTINCT FROM (NEW."language") OR OLD."planned_end" IS DISTINCT FROM (NEW."planned_end") OR OLD."planned_start" IS DISTINCT FROM (NEW."planned_start") OR OLD."reporting_org_id" IS DISTINCT FROM (NEW."reporting_org_id") OR OLD."scope" IS DISTINCT FROM (NEW."scope") OR OLD."source" IS DISTINCT FROM (NEW."source") OR OLD."source_name" IS DISTINCT FROM (NEW."source_name") OR OLD."stage" IS DISTINCT FROM (NEW."stage") OR OLD."status" IS DISTINCT FROM (NEW."status") OR OLD."tied_status" IS DISTINCT FROM (NEW."tied_status") OR OLD."title" IS DISTINCT FROM (NEW."title") OR OLD."updated_by_id" IS DISTINCT FROM (NEW."updated_by_id") OR OLD."visibility" IS DISTINCT FROM (NEW."visibility"))',
                    func='INSERT INTO "programs_programevent" ("activity_scope", "actual_end", "actual_start", "aid_type", "collaboration_type", "created_at", "created_by_id", "default_currency", "description", "esca_component", "finance_type", "flow_type", "goals_origin", "hierarchy", "id", "identifier", "is_humanitarian", "is_secondary_report", "language", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "planned_end", "planned_start", "reporting_org_id", "scope", "source", "source_name", "stage", "status", "tied_status", "title", "updated_by_id", "visibility") VALUES (NEW."activity_scope", NEW."actual_end", NEW."actual_start", NEW."aid_type", NEW."collaboration_type", NEW."created_at", NEW."created_by_id", NEW."default_currency", NEW."description", NEW."esca_component", NEW."finance_type", NEW."flow_type", NEW."goals_origin", NEW."hierarchy", NEW."id", NEW."identifier", NEW."is_humanitarian", NEW."is_secondary_report", NEW."language", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."planned_end", NEW."planned_start", NEW."reporting_org_id", NEW."scope", NEW."source", NEW."source_name", NEW."stage", NEW."status", NEW."tied_status", NEW."title", NEW."updated_by_id", NEW."visibility"); RETURN NULL;',
                    hash="605e8191d7db5c8c6f1a2c30a468e0702b37200c",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_7f86c",
                    table="programs_program",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="program",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "programs_programevent" ("activity_scope", "actual_end", "actual_start", "aid_type", "collaboration_type", "created_at", "created_by_id", "default_currency", "description", "esca_component", "finance_type", "flow_type", "goals_origin", "hierarchy", "id", "identifier", "is_humanitarian", "is_secondary_report", "language", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "planned_end", "planned_start", "reporting_org_id", "scope", "source", "source_name", "stage", "status", "tied_status", "title", "updated_by_id", "visibility") SELECT old_values."activity_scope", old_values."actual_end", old_values."actual_start", old_values."aid_type", old_values."collaboration_type", old_values."created_at", old_values."created_by_id", old_values."default_currency", old_values."description", old_values."esca_component", old_values."finance_type", old_values."flow_type", old_values."goals_origin", old_values."hierarchy", old_values."id", old_values."identifier", old_values."is_humanitarian", old_values."is_secondary_report", old_values."language", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."planned_end", old_values."planned_start", old_values."reporting_org_id", old_values."scope", old_values."source", old_values."source_name", old_values."stage", old_values."status", old_values."tied_status", old_values."title", old_values."updated_by_id", old_values."visibility" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="ca37605b8eb1e67630dfe79baee6e55d09577f27",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_7c1d4",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="programs_program",
                    when="AFTER",
                ),
            ),
        ),
        migrations.CreateModel(
            name="Budget",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "type",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "Original"), (2, "Revised")], default=1, verbose_name="type"
                    ),
                ),
                (
                    "status",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "Indicative"), (2, "Committed")], default=1, verbose_name="status"
                    ),
                ),
                ("period_start", models.DateField(blank=True, null=True, verbose_name="from")),
                ("period_end", models.DateField(blank=True, null=True, verbose_name="to")),
                ("value", models.DecimalField(decimal_places=2, max_digits=20, verbose_name="value")),
                ("currency", models.CharField(max_length=3, verbose_name="currency")),
                ("value_date", models.DateField(blank=True, null=True, verbose_name="value date")),
                (
                    "value_usd",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=20, null=True, verbose_name="value in US dollars"
                    ),
                ),
                ("rate_month", models.DateField(blank=True, null=True, verbose_name="month of the exchange rate")),
                (
                    "program",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="budgets",
                        to="programs.program",
                        verbose_name="program",
                    ),
                ),
            ],
            options={
                "verbose_name": "budget",
                "verbose_name_plural": "budgets",
                "ordering": ["period_start", "id"],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("type__in", [1, 2])), name="budget_type_is_known"),
                    models.CheckConstraint(condition=models.Q(("status__in", [1, 2])), name="budget_status_is_known"),
                    models.CheckConstraint(
                        condition=models.Q(("period_end__gte", models.F("period_start"))), name="budget_period_in_order"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("period_start__isnull", True),
                                ("period_start__gte", datetime.date(1900, 1, 1)),
                                _connector="OR",
                            ),
                            models.Q(
                                ("period_end__isnull", True),
                                ("period_end__lte", datetime.date(2199, 12, 31)),
                                _connector="OR",
                            ),
                        ),
                        name="budget_period_is_plausible",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("currency__regex", "^[A-Z]{3}$")), name="budget_currency_is_three_capitals"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("rate_month__isnull", True),
                            models.Q(("rate_month__day", 1), ("value_usd__isnull", False)),
                            _connector="OR",
                        ),
                        name="budget_rate_month_dates_a_value",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("currency", "USD"), _negated=True),
                            ("value_usd", models.F("value")),
                            _connector="OR",
                        ),
                        name="budget_dollars_are_dollars",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("value_date__isnull", True),
                            models.Q(
                                ("value_date__gte", datetime.date(1900, 1, 1)),
                                ("value_date__lte", datetime.date(2199, 12, 31)),
                            ),
                            _connector="OR",
                        ),
                        name="budget_value_date_is_plausible",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="budget",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."currency" IS DISTINCT FROM (NEW."currency") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."period_end" IS DISTINCT FROM (NEW."period_end") OR OLD."period_start" IS DISTINCT FROM (NEW."period_start") OR OLD."program_id" IS DISTINCT FROM (NEW."program_id") OR OLD."status" IS DISTINCT FROM (NEW."status") OR OLD."type" IS DISTINCT FROM (NEW."type") OR OLD."value" IS DISTINCT FROM (NEW."value") OR OLD."value_date" IS DISTINCT FROM (NEW."value_date"))',
                    func='INSERT INTO "programs_budgetevent" ("currency", "id", "period_end", "period_start", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "program_id", "status", "type", "value", "value_date") VALUES (NEW."currency", NEW."id", NEW."period_end", NEW."period_start", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."program_id", NEW."status", NEW."type", NEW."value", NEW."value_date"); RETURN NULL;',
                    hash="cfdcf7b12fe6e172d5212d112016af9b68bec909",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_52643",
                    table="programs_budget",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="budget",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "programs_budgetevent" ("currency", "id", "period_end", "period_start", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "program_id", "status", "type", "value", "value_date") SELECT new_values."currency", new_values."id", new_values."period_end", new_values."period_start", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."program_id", new_values."status", new_values."type", new_values."value", new_values."value_date" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="04fd08fd327764843cdd01f60993de092f5ac893",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_a3ed9",
                    referencing="REFERENCING NEW TABLE AS new_values ",
                    table="programs_budget",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="budget",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "programs_budgetevent" ("currency", "id", "period_end", "period_start", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "program_id", "status", "type", "value", "value_date") SELECT old_values."currency", old_values."id", old_values."period_end", old_values."period_start", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."program_id", old_values."status", old_values."type", old_values."value", old_values."value_date" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="848f3773c3f8ad2719bb59e7176f602073bf87f6",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_ddef2",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="programs_budget",
                    when="AFTER",
                ),
            ),
        ),
        migrations.CreateModel(
            name="PolicyMarker",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "code",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (1, "Gender equality"),
                            (2, "Aid to environment"),
                            (3, "Participatory development and good governance"),
                            (4, "Trade development"),
                            (5, "Convention on Biological Diversity"),
                            (6, "Climate change mitigation"),
                            (7, "Climate change adaptation"),
                            (8, "Convention to Combat Desertification"),
                            (9, "Reproductive, maternal, newborn and child health"),
                            (10, "Disaster risk reduction"),
                            (11, "Disability"),
                            (12, "Nutrition"),
                        ],
                        verbose_name="policy marker",
                    ),
                ),
                (
                    "significance",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (0, "not targeted"),
                            (1, "significant objective"),
                            (2, "principal objective"),
                            (3, "principal objective and in support of an action programme"),
                            (4, "explicit primary objective"),
                        ],
                        verbose_name="significance",
                    ),
                ),
                (
                    "program",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="policy_markers",
                        to="programs.program",
                        verbose_name="program",
                    ),
                ),
            ],
            options={
                "verbose_name": "policy marker",
                "verbose_name_plural": "policy markers",
                "ordering": ["code"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("code__gte", 1), ("code__lte", 12)), name="policy_marker_is_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("significance__gte", 0), ("significance__lte", 4)),
                        name="policy_significance_is_known",
                    ),
                    models.UniqueConstraint(fields=("program", "code"), name="policy_marker_once"),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="policymarker",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "programs_policymarkerevent" ("code", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "program_id", "significance") VALUES (NEW."code", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."program_id", NEW."significance"); RETURN NULL;',
                    hash="b1afce970970fe9f316203f8238140c04717826f",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_4bd4c",
                    table="programs_policymarker",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="policymarker",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "programs_policymarkerevent" ("code", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "program_id", "significance") SELECT new_values."code", new_values."id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."program_id", new_values."significance" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="f39f3c1b040eab19afd3dfb5caae70ef4e9cd0cc",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_a80cd",
                    referencing="REFERENCING NEW TABLE AS new_values ",
                    table="programs_policymarker",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="policymarker",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "programs_policymarkerevent" ("code", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "program_id", "significance") SELECT old_values."code", old_values."id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."program_id", old_values."significance" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="211716161cf69fdaa83030786fe3411e1820c32b",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_99ee0",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="programs_policymarker",
                    when="AFTER",
                ),
            ),
        ),
        migrations.CreateModel(
            name="Coverage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "percentage",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=5, null=True, verbose_name="percentage"
                    ),
                ),
                (
                    "country",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="coverages",
                        to="goals.country",
                        verbose_name="country",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="coverages",
                        to="goals.region",
                        verbose_name="region",
                    ),
                ),
                (
                    "program",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="coverages",
                        to="programs.program",
                        verbose_name="program",
                    ),
                ),
            ],
            options={
                "verbose_name": "country or region covered",
                "verbose_name_plural": "countries and regions covered",
                "ordering": ["id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("country__isnull", False), ("region__isnull", True)),
                            models.Q(("country__isnull", True), ("region__isnull", False)),
                            _connector="OR",
                        ),
                        name="coverage_is_a_country_or_a_region",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("percentage__isnull", True),
                            models.Q(("percentage__gt", 0), ("percentage__lte", 100)),
                            _connector="OR",
                        ),
                        name="coverage_percentage_is_a_share",
                    ),
                    models.UniqueConstraint(fields=("program", "country"), name="coverage_country_once"),
                    models.UniqueConstraint(fields=("program", "region"), name="coverage_region_once"),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="coverage",
            trigger=pgtrigger.compiler.Trigger(
                name="shares_add_up",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    constraint="CONSTRAINT",
                    declare="DECLARE of_program bigint; rows bigint; stated bigint; total numeric;",
                    func="\n            of_program := COALESCE(NEW.program_id, OLD.program_id);\n            SELECT count(*), count(percentage), sum(percentage) INTO rows, stated, total\n                FROM programs_coverage WHERE program_id = of_program;\n            IF stated > 0 AND (stated < rows OR total <> 100)\n                AND EXISTS (SELECT 1 FROM programs_program WHERE id = of_program AND stage <> 'draft')\n            THEN\n                RAISE EXCEPTION 'percentages of program % in programs_coverage add up to %, not 100', of_program, total\n                    USING ERRCODE = 'check_violation', CONSTRAINT = 'programs_coverage_shares_add_up';\n            END IF;\n            RETURN NULL;\n        ",
                    hash="b85b3cf19749528bcf4fc7faa43831997111cee0",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_shares_add_up_eb81a",
                    table="programs_coverage",
                    timing="DEFERRABLE INITIALLY DEFERRED",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="coverage",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "programs_coverageevent" ("country_id", "id", "percentage", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "program_id", "region_id") VALUES (NEW."country_id", NEW."id", NEW."percentage", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."program_id", NEW."region_id"); RETURN NULL;',
                    hash="0ec807ab29d8fb12b02e47309819e804b5615cd3",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_b5dc2",
                    table="programs_coverage",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="coverage",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "programs_coverageevent" ("country_id", "id", "percentage", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "program_id", "region_id") SELECT new_values."country_id", new_values."id", new_values."percentage", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."program_id", new_values."region_id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="1ee7a8a1c0a6f7480607e769928079edd9317d67",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_ecbb7",
                    referencing="REFERENCING NEW TABLE AS new_values ",
                    table="programs_coverage",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="coverage",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "programs_coverageevent" ("country_id", "id", "percentage", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "program_id", "region_id") SELECT old_values."country_id", old_values."id", old_values."percentage", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."program_id", old_values."region_id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="fa228e67e79e2d4a8c2e47e84bfd4b65c8464080",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_292f9",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="programs_coverage",
                    when="AFTER",
                ),
            ),
        ),
        migrations.CreateModel(
            name="Participation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "role",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "Funding"), (2, "Accountable"), (3, "Extending"), (4, "Implementing")],
                        verbose_name="role",
                    ),
                ),
                (
                    "activity_identifier",
                    models.CharField(blank=True, max_length=255, verbose_name="organization's own reference"),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="participations",
                        to="donors.organization",
                        verbose_name="organization",
                    ),
                ),
                (
                    "program",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="participations",
                        to="programs.program",
                        verbose_name="program",
                    ),
                ),
            ],
            options={
                "verbose_name": "participation",
                "verbose_name_plural": "participations",
                "ordering": ["role", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("role__in", [1, 2, 3, 4])), name="participation_role_is_known"
                    ),
                    models.UniqueConstraint(
                        fields=("program", "organization", "role"), name="participation_once_in_a_role"
                    ),
                ],
                "indexes": [
                    models.Index(fields=["organization", "role", "program"], name="participation_of_donors"),
                    models.Index(
                        condition=models.Q(("activity_identifier", ""), _negated=True),
                        fields=["activity_identifier"],
                        name="participation_identifier",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="participation",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "programs_participationevent" ("activity_identifier", "id", "organization_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "program_id", "role") VALUES (NEW."activity_identifier", NEW."id", NEW."organization_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."program_id", NEW."role"); RETURN NULL;',
                    hash="4465292a06ffba58926d7575b277415ef71da012",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_ce143",
                    table="programs_participation",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="participation",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "programs_participationevent" ("activity_identifier", "id", "organization_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "program_id", "role") SELECT new_values."activity_identifier", new_values."id", new_values."organization_id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."program_id", new_values."role" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="989bffdd20a97c5eece61db90ad1b5ad52e0ee52",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_9a819",
                    referencing="REFERENCING NEW TABLE AS new_values ",
                    table="programs_participation",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="participation",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "programs_participationevent" ("activity_identifier", "id", "organization_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "program_id", "role") SELECT old_values."activity_identifier", old_values."id", old_values."organization_id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."program_id", old_values."role" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="43e34bb7e81875a018234720ee31e307a3ed97fa",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_52648",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="programs_participation",
                    when="AFTER",
                ),
            ),
        ),
        migrations.CreateModel(
            name="PolicyMarkerEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "code",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (1, "Gender equality"),
                            (2, "Aid to environment"),
                            (3, "Participatory development and good governance"),
                            (4, "Trade development"),
                            (5, "Convention on Biological Diversity"),
                            (6, "Climate change mitigation"),
                            (7, "Climate change adaptation"),
                            (8, "Convention to Combat Desertification"),
                            (9, "Reproductive, maternal, newborn and child health"),
                            (10, "Disaster risk reduction"),
                            (11, "Disability"),
                            (12, "Nutrition"),
                        ],
                        verbose_name="policy marker",
                    ),
                ),
                (
                    "significance",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (0, "not targeted"),
                            (1, "significant objective"),
                            (2, "principal objective"),
                            (3, "principal objective and in support of an action programme"),
                            (4, "explicit primary objective"),
                        ],
                        verbose_name="significance",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="programs.policymarker",
                    ),
                ),
                (
                    "program",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="programs.program",
                        verbose_name="program",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="policymarkerevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="9e3bea54f44084d0cd8f12cb0e113e38782ee3b1",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_a62a3",
                    table="programs_policymarkerevent",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.CreateModel(
            name="ParticipationEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "role",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "Funding"), (2, "Accountable"), (3, "Extending"), (4, "Implementing")],
                        verbose_name="role",
                    ),
                ),
                (
                    "activity_identifier",
                    models.CharField(blank=True, max_length=255, verbose_name="organization's own reference"),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="donors.organization",
                        verbose_name="organization",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="programs.participation",
                    ),
                ),
                (
                    "program",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="programs.program",
                        verbose_name="program",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="participationevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="7c69f4d15cc977c78c5c5fe1a8b4f86aa95be0c0",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_b0ac6",
                    table="programs_participationevent",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.CreateModel(
            name="CoverageEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "percentage",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=5, null=True, verbose_name="percentage"
                    ),
                ),
                (
                    "country",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="goals.country",
                        verbose_name="country",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="programs.coverage",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="goals.region",
                        verbose_name="region",
                    ),
                ),
                (
                    "program",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="programs.program",
                        verbose_name="program",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="coverageevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="dbe8aa05def39a72949378c30569d1eb9edfd663",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_bb199",
                    table="programs_coverageevent",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.CreateModel(
            name="BudgetEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "type",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "Original"), (2, "Revised")], default=1, verbose_name="type"
                    ),
                ),
                (
                    "status",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "Indicative"), (2, "Committed")], default=1, verbose_name="status"
                    ),
                ),
                ("period_start", models.DateField(blank=True, null=True, verbose_name="from")),
                ("period_end", models.DateField(blank=True, null=True, verbose_name="to")),
                ("value", models.DecimalField(decimal_places=2, max_digits=20, verbose_name="value")),
                ("currency", models.CharField(max_length=3, verbose_name="currency")),
                ("value_date", models.DateField(blank=True, null=True, verbose_name="value date")),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="programs.budget",
                    ),
                ),
                (
                    "program",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="programs.program",
                        verbose_name="program",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="budgetevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="39988968f22b9fe11208d56ad72d396b02172948",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_62f00",
                    table="programs_budgetevent",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.CreateModel(
            name="ProgramEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("identifier", models.CharField(max_length=255, verbose_name="identifier")),
                ("title", models.TextField(blank=True, verbose_name="title")),
                ("description", models.TextField(blank=True, verbose_name="description")),
                (
                    "language",
                    models.CharField(
                        default="en",
                        max_length=3,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-z]{2,3}$", "A language is a code of two or three letters, such as es."
                            )
                        ],
                        verbose_name="language of title and description",
                    ),
                ),
                (
                    "status",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        choices=[
                            (1, "Pipeline"),
                            (2, "Implementation"),
                            (3, "Finalisation"),
                            (4, "Closed"),
                            (5, "Cancelled"),
                            (6, "Suspended"),
                        ],
                        null=True,
                        verbose_name="status",
                    ),
                ),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("submitted", "Submitted"),
                            ("published", "Published"),
                            ("closed", "Closed"),
                            ("archived", "Archived"),
                        ],
                        default="draft",
                        max_length=10,
                        verbose_name="status of the record",
                    ),
                ),
                ("planned_start", models.DateField(blank=True, null=True, verbose_name="planned start")),
                ("planned_end", models.DateField(blank=True, null=True, verbose_name="planned end")),
                ("actual_start", models.DateField(blank=True, null=True, verbose_name="actual start")),
                ("actual_end", models.DateField(blank=True, null=True, verbose_name="actual end")),
                (
                    "visibility",
                    models.CharField(
                        choices=[
                            ("public", "Public"),
                            ("partners", "Signed-in partners"),
                            ("restricted", "Own organization, coordinators and named organizations"),
                        ],
                        default="partners",
                        max_length=10,
                        verbose_name="visible to",
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("browser", "Entered in the portal"),
                            ("iati", "Imported from IATI"),
                            ("spreadsheet", "Imported from a spreadsheet"),
                            ("api", "Sent through the API"),
                            ("demonstration", "Demonstration data"),
                        ],
                        default="browser",
                        max_length=13,
                        verbose_name="source",
                    ),
                ),
                ("source_name", models.CharField(blank=True, max_length=255, verbose_name="name of the source")),
                (
                    "scope",
                    models.CharField(
                        choices=[
                            ("in_scope", "Within the five goals"),
                            ("out_of_scope", "Outside the five goals"),
                            ("undetermined", "Not determined"),
                        ],
                        default="undetermined",
                        max_length=12,
                        verbose_name="scope",
                    ),
                ),
                (
                    "goals_origin",
                    models.CharField(
                        choices=[("proposed", "Proposed from sectors and text"), ("confirmed", "Set by a person")],
                        default="proposed",
                        max_length=9,
                        verbose_name="origin of the goals",
                    ),
                ),
                (
                    "esca_component",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        choices=[
                            (1, "Combating crime"),
                            (2, "Prevention of violence"),
                            (3, "Rehabilitation, reintegration and prison security"),
                            (4, "Institutional strengthening"),
                        ],
                        null=True,
                        verbose_name="ESCA component",
                    ),
                ),
                ("default_currency", models.CharField(blank=True, max_length=3, verbose_name="default currency")),
                ("activity_scope", models.CharField(blank=True, max_length=1, verbose_name="activity scope")),
                ("collaboration_type", models.CharField(blank=True, max_length=2, verbose_name="collaboration type")),
                ("flow_type", models.CharField(blank=True, max_length=3, verbose_name="flow type")),
                ("finance_type", models.CharField(blank=True, max_length=4, verbose_name="finance type")),
                ("aid_type", models.CharField(blank=True, max_length=4, verbose_name="aid type")),
                ("tied_status", models.CharField(blank=True, max_length=1, verbose_name="tied status")),
                ("hierarchy", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="hierarchy")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                (
                    "created_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="created by",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="programs.program",
                    ),
                ),
                (
                    "reporting_org",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="donors.organization",
                        verbose_name="reporting organization",
                    ),
                ),
                (
                    "updated_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="updated by",
                    ),
                ),
                ("is_humanitarian", models.BooleanField(db_default=False, default=False, verbose_name="humanitarian")),
                (
                    "is_secondary_report",
                    models.BooleanField(db_default=False, default=False, verbose_name="secondary report"),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="programevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="1b959981adc0355b7d255711197f23ff38ced4ca",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_e6397",
                    table="programs_programevent",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.CreateModel(
            name="ProgramGoal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("percentage", models.DecimalField(decimal_places=2, max_digits=5, verbose_name="percentage")),
                ("reasons", models.JSONField(blank=True, default=list, verbose_name="reasons")),
                (
                    "goal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="program_goals",
                        to="goals.goal",
                        verbose_name="goal",
                    ),
                ),
                (
                    "program",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="goals",
                        to="programs.program",
                        verbose_name="program",
                    ),
                ),
            ],
            options={
                "verbose_name": "goal of a program",
                "verbose_name_plural": "goals of programs",
                "ordering": ["-percentage", "goal"],
                "constraints": [
                    models.UniqueConstraint(fields=("program", "goal"), name="program_goal_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("percentage__isnull", True),
                            models.Q(("percentage__gt", 0), ("percentage__lte", 100)),
                            _connector="OR",
                        ),
                        name="goal_percentage_is_a_share",
                    ),
                ],
                "indexes": [models.Index(fields=["goal", "program"], name="program_goal_by_goal")],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="programgoal",
            trigger=pgtrigger.compiler.Trigger(
                name="shares_add_up",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    constraint="CONSTRAINT",
                    declare="DECLARE of_program bigint; rows bigint; stated bigint; total numeric;",
                    func="\n            of_program := COALESCE(NEW.program_id, OLD.program_id);\n            SELECT count(*), count(percentage), sum(percentage) INTO rows, stated, total\n                FROM programs_programgoal WHERE program_id = of_program;\n            IF stated > 0 AND (stated < rows OR total <> 100)\n                AND EXISTS (SELECT 1 FROM programs_program WHERE id = of_program AND stage <> 'draft')\n            THEN\n                RAISE EXCEPTION 'percentages of program % in programs_programgoal add up to %, not 100', of_program, total\n                    USING ERRCODE = 'check_violation', CONSTRAINT = 'programs_programgoal_shares_add_up';\n            END IF;\n            RETURN NULL;\n        ",
                    hash="e7e2ce677867ed6d1c04a245327b9bc749a2221a",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_shares_add_up_d2df9",
                    table="programs_programgoal",
                    timing="DEFERRABLE INITIALLY DEFERRED",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="programgoal",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "programs_programgoalevent" ("goal_id", "id", "percentage", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "program_id", "reasons") VALUES (NEW."goal_id", NEW."id", NEW."percentage", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."program_id", NEW."reasons"); RETURN NULL;',
                    hash="581d391eb22054e42bf1fe70be050ff08bbc5648",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_259d3",
                    table="programs_programgoal",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="programgoal",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "programs_programgoalevent" ("goal_id", "id", "percentage", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "program_id", "reasons") SELECT new_values."goal_id", new_values."id", new_values."percentage", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."program_id", new_values."reasons" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="1c6814ad6367abad230472c25f6698c3f1bfb9ae",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_f7e95",
                    referencing="REFERENCING NEW TABLE AS new_values ",
                    table="programs_programgoal",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="programgoal",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "programs_programgoalevent" ("goal_id", "id", "percentage", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "program_id", "reasons") SELECT old_values."goal_id", old_values."id", old_values."percentage", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."program_id", old_values."reasons" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="fd94329dd671a4d8408f4bc2794f1ac5e9fc9c86",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_79807",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="programs_programgoal",
                    when="AFTER",
                ),
            ),
        ),
        migrations.CreateModel(
            name="ProgramGoalEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("percentage", models.DecimalField(decimal_places=2, max_digits=5, verbose_name="percentage")),
                ("reasons", models.JSONField(blank=True, default=list, verbose_name="reasons")),
                (
                    "goal",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="goals.goal",
                        verbose_name="goal",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="programs.programgoal",
                    ),
                ),
                (
                    "program",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="programs.program",
                        verbose_name="program",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="programgoalevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="1de12961b6a9d68cfcd752f8b1a51ff9aa472341",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_a2e0a",
                    table="programs_programgoalevent",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.CreateModel(
            name="ProgramLocation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(blank=True, max_length=255, verbose_name="locality")),
                (
                    "latitude",
                    models.DecimalField(blank=True, decimal_places=6, max_digits=9, null=True, verbose_name="latitude"),
                ),
                (
                    "longitude",
                    models.DecimalField(
                        blank=True, decimal_places=6, max_digits=9, null=True, verbose_name="longitude"
                    ),
                ),
                (
                    "percentage",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=5, null=True, verbose_name="percentage"
                    ),
                ),
                (
                    "area",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="program_locations",
                        to="goals.area",
                        verbose_name="area",
                    ),
                ),
                (
                    "program",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="locations",
                        to="programs.program",
                        verbose_name="program",
                    ),
                ),
            ],
            options={
                "verbose_name": "location of a program",
                "verbose_name_plural": "locations of programs",
                "ordering": ["id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("area__isnull", False),
                            models.Q(("name", ""), _negated=True),
                            ("latitude__isnull", False),
                            _connector="OR",
                        ),
                        name="location_says_where",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("latitude__isnull", True)),
                        fields=("program", "area", "name"),
                        name="location_once",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("percentage__isnull", True),
                            models.Q(("percentage__gt", 0), ("percentage__lte", 100)),
                            _connector="OR",
                        ),
                        name="location_percentage_is_a_share",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("latitude__isnull", True), ("longitude__isnull", True)),
                            models.Q(
                                ("latitude__gte", -90),
                                ("latitude__isnull", False),
                                ("latitude__lte", 90),
                                ("longitude__gte", -180),
                                ("longitude__isnull", False),
                                ("longitude__lte", 180),
                            ),
                            _connector="OR",
                        ),
                        name="location_point_is_whole_and_on_the_globe",
                    ),
                ],
                "indexes": [models.Index(fields=["area", "program"], name="location_in_an_area")],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="programlocation",
            trigger=pgtrigger.compiler.Trigger(
                name="shares_add_up",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    constraint="CONSTRAINT",
                    declare="DECLARE of_program bigint; rows bigint; stated bigint; total numeric;",
                    func="\n            of_program := COALESCE(NEW.program_id, OLD.program_id);\n            SELECT count(*), count(percentage), sum(percentage) INTO rows, stated, total\n                FROM programs_programlocation WHERE program_id = of_program;\n            IF stated > 0 AND (stated < rows OR total <> 100)\n                AND EXISTS (SELECT 1 FROM programs_program WHERE id = of_program AND stage <> 'draft')\n            THEN\n                RAISE EXCEPTION 'percentages of program % in programs_programlocation add up to %, not 100', of_program, total\n                    USING ERRCODE = 'check_violation', CONSTRAINT = 'programs_programlocation_shares_add_up';\n            END IF;\n            RETURN NULL;\n        ",
                    hash="af755f27e8b95f127600d9c102a9ea67b5ab1ed5",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_shares_add_up_98925",
                    table="programs_programlocation",
                    timing="DEFERRABLE INITIALLY DEFERRED",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="programlocation",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "programs_programlocationevent" ("area_id", "id", "latitude", "longitude", "name", "percentage", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "program_id") VALUES (NEW."area_id", NEW."id", NEW."latitude", NEW."longitude", NEW."name", NEW."percentage", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."program_id"); RETURN NULL;',
                    hash="2fea146452f8f929f40a1eaba7a498a739379bf4",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_0c34c",
                    table="programs_programlocation",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="programlocation",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "programs_programlocationevent" ("area_id", "id", "latitude", "longitude", "name", "percentage", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "program_id") SELECT new_values."area_id", new_values."id", new_values."latitude", new_values."longitude", new_values."name", new_values."percentage", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."program_id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="631a8249d397b3b775c22ab7b6c5ab7948935fcf",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_63b21",
                    referencing="REFERENCING NEW TABLE AS new_values ",
                    table="programs_programlocation",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="programlocation",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "programs_programlocationevent" ("area_id", "id", "latitude", "longitude", "name", "percentage", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "program_id") SELECT old_values."area_id", old_values."id", old_values."latitude", old_values."longitude", old_values."name", old_values."percentage", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."program_id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="cd34c1d49bb18b9e4468843be58b4937c8b850e4",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_92fcb",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="programs_programlocation",
                    when="AFTER",
                ),
            ),
        ),
        migrations.CreateModel(
            name="ProgramLocationEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("name", models.CharField(blank=True, max_length=255, verbose_name="locality")),
                (
                    "latitude",
                    models.DecimalField(blank=True, decimal_places=6, max_digits=9, null=True, verbose_name="latitude"),
                ),
                (
                    "longitude",
                    models.DecimalField(
                        blank=True, decimal_places=6, max_digits=9, null=True, verbose_name="longitude"
                    ),
                ),
                (
                    "percentage",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=5, null=True, verbose_name="percentage"
                    ),
                ),
                (
                    "area",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="goals.area",
                        verbose_name="area",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="programs.programlocation",
                    ),
                ),
                (
                    "program",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="programs.program",
                        verbose_name="program",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="programlocationevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="9128482e7f12f0ddb24c3ed6fd751a525c50bec8",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_f80f9",
                    table="programs_programlocationevent",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.CreateModel(
            name="ProgramSector",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "percentage",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=5, null=True, verbose_name="percentage"
                    ),
                ),
                (
                    "program",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sectors",
                        to="programs.program",
                        verbose_name="program",
                    ),
                ),
                (
                    "sector",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="program_sectors",
                        to="goals.sector",
                        verbose_name="sector",
                    ),
                ),
            ],
            options={
                "verbose_name": "sector of a program",
                "verbose_name_plural": "sectors of programs",
                "ordering": ["-percentage", "sector"],
                "constraints": [
                    models.UniqueConstraint(fields=("program", "sector"), name="program_sector_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("percentage__isnull", True),
                            models.Q(("percentage__gt", 0), ("percentage__lte", 100)),
                            _connector="OR",
                        ),
                        name="sector_percentage_is_a_share",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="programsector",
            trigger=pgtrigger.compiler.Trigger(
                name="shares_add_up",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    constraint="CONSTRAINT",
                    declare="DECLARE of_program bigint; rows bigint; stated bigint; total numeric;",
                    func="\n            of_program := COALESCE(NEW.program_id, OLD.program_id);\n            SELECT count(*), count(percentage), sum(percentage) INTO rows, stated, total\n                FROM programs_programsector WHERE program_id = of_program;\n            IF stated > 0 AND (stated < rows OR total <> 100)\n                AND EXISTS (SELECT 1 FROM programs_program WHERE id = of_program AND stage <> 'draft')\n            THEN\n                RAISE EXCEPTION 'percentages of program % in programs_programsector add up to %, not 100', of_program, total\n                    USING ERRCODE = 'check_violation', CONSTRAINT = 'programs_programsector_shares_add_up';\n            END IF;\n            RETURN NULL;\n        ",
                    hash="f779b09aef15d1f7d15ae9c12ebaf10dc04d4e08",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_shares_add_up_fb202",
                    table="programs_programsector",
                    timing="DEFERRABLE INITIALLY DEFERRED",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="programsector",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "programs_programsectorevent" ("id", "percentage", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "program_id", "sector_id") VALUES (NEW."id", NEW."percentage", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."program_id", NEW."sector_id"); RETURN NULL;',
                    hash="d19cd1c08359243d7d28ff2e94bcbb1714a5d84e",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_a0782",
                    table="programs_programsector",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="programsector",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "programs_programsectorevent" ("id", "percentage", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "program_id", "sector_id") SELECT new_values."id", new_values."percentage", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."program_id", new_values."sector_id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="66f1d359806e01b4d1fe9de03aa7a0bc3cc2add6",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_0b929",
                    referencing="REFERENCING NEW TABLE AS new_values ",
                    table="programs_programsector",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="programsector",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "programs_programsectorevent" ("id", "percentage", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "program_id", "sector_id") SELECT old_values."id", old_values."percentage", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."program_id", old_values."sector_id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="37171b1ac0db06e3deb1f10517c0ee918273a5d0",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_1e3fc",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="programs_programsector",
                    when="AFTER",
                ),
            ),
        ),
        migrations.CreateModel(
            name="ProgramSectorEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "percentage",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=5, null=True, verbose_name="percentage"
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="programs.programsector",
                    ),
                ),
                (
                    "program",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="programs.program",
                        verbose_name="program",
                    ),
                ),
                (
                    "sector",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="goals.sector",
                        verbose_name="sector",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="programsectorevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="c7ca48cacb84319a316fbee1108552cce3ceff9f",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_84df8",
                    table="programs_programsectorevent",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.CreateModel(
            name="ProgramTranslation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "language",
                    models.CharField(
                        max_length=3,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-z]{2,3}$", "A language is a code of two or three letters, such as es."
                            )
                        ],
                        verbose_name="language",
                    ),
                ),
                ("title", models.TextField(blank=True, verbose_name="title")),
                ("description", models.TextField(blank=True, verbose_name="description")),
                (
                    "program",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="translations", to="programs.program"
                    ),
                ),
            ],
            options={
                "verbose_name": "translation of a program",
                "verbose_name_plural": "translations of programs",
                "ordering": ["language"],
                "constraints": [
                    models.UniqueConstraint(fields=("program", "language"), name="translation_once_in_a_language"),
                    models.CheckConstraint(
                        condition=models.Q(("language__regex", "^[a-z]{2,3}$")), name="translation_language_is_a_code"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("title", ""), _negated=True),
                            models.Q(("description", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="translation_says_something",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="programtranslation",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "programs_programtranslationevent" ("description", "id", "language", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "program_id", "title") VALUES (NEW."description", NEW."id", NEW."language", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."program_id", NEW."title"); RETURN NULL;',
                    hash="35f79fb4d86cc511a79fb355260d7867132cfe3a",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_7f8b9",
                    table="programs_programtranslation",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="programtranslation",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "programs_programtranslationevent" ("description", "id", "language", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "program_id", "title") SELECT new_values."description", new_values."id", new_values."language", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."program_id", new_values."title" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="ca79d7e8d85a91b9f8161f46fc7b25b772154bc9",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_b5d7a",
                    referencing="REFERENCING NEW TABLE AS new_values ",
                    table="programs_programtranslation",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="programtranslation",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "programs_programtranslationevent" ("description", "id", "language", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "program_id", "title") SELECT old_values."description", old_values."id", old_values."language", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."program_id", old_values."title" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="d079b0e13f6aac55cbce840d0c0c64d74a4ce8a9",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_24fd5",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="programs_programtranslation",
                    when="AFTER",
                ),
            ),
        ),
        migrations.CreateModel(
            name="ProgramTranslationEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "language",
                    models.CharField(
                        max_length=3,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-z]{2,3}$", "A language is a code of two or three letters, such as es."
                            )
                        ],
                        verbose_name="language",
                    ),
                ),
                ("title", models.TextField(blank=True, verbose_name="title")),
                ("description", models.TextField(blank=True, verbose_name="description")),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="programs.programtranslation",
                    ),
                ),
                (
                    "program",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="programs.program",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="programtranslationevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="9d78a79a5ef87aed21b17a4256310c5cfcfb92fc",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_adf41",
                    table="programs_programtranslationevent",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.CreateModel(
            name="RelatedProgram",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "type",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (1, "Parent"),
                            (2, "Child"),
                            (3, "Sibling"),
                            (4, "Co-funded"),
                            (5, "Reported by a third party"),
                        ],
                        verbose_name="type",
                    ),
                ),
                ("identifier", models.CharField(max_length=255, verbose_name="identifier")),
                (
                    "program",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="related_programs",
                        to="programs.program",
                        verbose_name="program",
                    ),
                ),
                (
                    "related",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="linked_from",
                        to="programs.program",
                        verbose_name="program linked",
                    ),
                ),
            ],
            options={
                "verbose_name": "related program",
                "verbose_name_plural": "related programs",
                "ordering": ["type", "identifier"],
                "constraints": [
                    models.UniqueConstraint(fields=("program", "type", "identifier"), name="related_program_once"),
                    models.CheckConstraint(
                        condition=models.Q(("type__in", [1, 2, 3, 4, 5])), name="related_type_is_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("identifier", ""), _negated=True), name="related_has_an_identifier"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("related__isnull", True),
                            models.Q(("related", models.F("program")), _negated=True),
                            _connector="OR",
                        ),
                        name="related_is_another",
                    ),
                ],
                "indexes": [models.Index(fields=["identifier"], name="related_identifier")],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="relatedprogram",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "programs_relatedprogramevent" ("id", "identifier", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "program_id", "related_id", "type") VALUES (NEW."id", NEW."identifier", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."program_id", NEW."related_id", NEW."type"); RETURN NULL;',
                    hash="33efff30e16f277efd71a79f5c9be4562281312f",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_2fb4e",
                    table="programs_relatedprogram",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="relatedprogram",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "programs_relatedprogramevent" ("id", "identifier", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "program_id", "related_id", "type") SELECT new_values."id", new_values."identifier", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."program_id", new_values."related_id", new_values."type" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="0f9f1bbdda71fdd6f47b2a4fc9ce6e600cbee6d5",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_8e4a6",
                    referencing="REFERENCING NEW TABLE AS new_values ",
                    table="programs_relatedprogram",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="relatedprogram",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "programs_relatedprogramevent" ("id", "identifier", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "program_id", "related_id", "type") SELECT old_values."id", old_values."identifier", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."program_id", old_values."related_id", old_values."type" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="2a98b1d3b0154dfeb28c027dac2d9d512433e27e",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_fc637",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="programs_relatedprogram",
                    when="AFTER",
                ),
            ),
        ),
        migrations.CreateModel(
            name="RelatedProgramEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "type",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (1, "Parent"),
                            (2, "Child"),
                            (3, "Sibling"),
                            (4, "Co-funded"),
                            (5, "Reported by a third party"),
                        ],
                        verbose_name="type",
                    ),
                ),
                ("identifier", models.CharField(max_length=255, verbose_name="identifier")),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="programs.relatedprogram",
                    ),
                ),
                (
                    "program",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="programs.program",
                        verbose_name="program",
                    ),
                ),
                (
                    "related",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="programs.program",
                        verbose_name="program linked",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="relatedprogramevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="51ade7c05e30d4dbfedd2fd4d7d1025d6c92a576",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_c7c37",
                    table="programs_relatedprogramevent",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.CreateModel(
            name="Transaction",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "type",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (1, "Incoming funds"),
                            (2, "Commitment"),
                            (3, "Disbursement"),
                            (4, "Expenditure"),
                            (5, "Interest payment"),
                            (6, "Loan repayment"),
                            (7, "Reimbursement"),
                            (8, "Purchase of equity"),
                            (9, "Sale of equity"),
                            (10, "Credit guarantee"),
                            (11, "Incoming commitment"),
                            (12, "Outgoing pledge"),
                            (13, "Incoming pledge"),
                        ],
                        verbose_name="type",
                    ),
                ),
                ("value", models.DecimalField(decimal_places=2, max_digits=20, verbose_name="value")),
                ("currency", models.CharField(max_length=3, verbose_name="currency")),
                ("value_date", models.DateField(blank=True, null=True, verbose_name="value date")),
                ("date", models.DateField(blank=True, null=True, verbose_name="date")),
                (
                    "provider_activity",
                    models.CharField(blank=True, max_length=255, verbose_name="provider's identifier for its activity"),
                ),
                (
                    "receiver_activity",
                    models.CharField(blank=True, max_length=255, verbose_name="receiver's identifier for its activity"),
                ),
                ("description", models.TextField(blank=True, verbose_name="description")),
                ("reference", models.CharField(blank=True, max_length=255, verbose_name="reference")),
                ("finance_type", models.CharField(blank=True, max_length=4, verbose_name="finance type")),
                (
                    "value_usd",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=20, null=True, verbose_name="value in US dollars"
                    ),
                ),
                ("rate_month", models.DateField(blank=True, null=True, verbose_name="month of the exchange rate")),
                (
                    "program",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="transactions",
                        to="programs.program",
                        verbose_name="program",
                    ),
                ),
                (
                    "provider",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="donors.organization",
                        verbose_name="provider",
                    ),
                ),
                (
                    "receiver",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="donors.organization",
                        verbose_name="receiver",
                    ),
                ),
                (
                    "country",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="goals.country",
                        verbose_name="country",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="goals.region",
                        verbose_name="region",
                    ),
                ),
                (
                    "sector",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="goals.sector",
                        verbose_name="sector",
                    ),
                ),
            ],
            options={
                "verbose_name": "transaction",
                "verbose_name_plural": "transactions",
                "ordering": ["date", "value_date", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("type__gte", 1), ("type__lte", 13)), name="transaction_type_is_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("date__isnull", True),
                            models.Q(
                                ("date__gte", datetime.date(1900, 1, 1)), ("date__lte", datetime.date(2199, 12, 31))
                            ),
                            _connector="OR",
                        ),
                        name="transaction_date_is_plausible",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("currency__regex", "^[A-Z]{3}$")),
                        name="transaction_currency_is_three_capitals",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("rate_month__isnull", True),
                            models.Q(("rate_month__day", 1), ("value_usd__isnull", False)),
                            _connector="OR",
                        ),
                        name="transaction_rate_month_dates_a_value",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("currency", "USD"), _negated=True),
                            ("value_usd", models.F("value")),
                            _connector="OR",
                        ),
                        name="transaction_dollars_are_dollars",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("value_date__isnull", True),
                            models.Q(
                                ("value_date__gte", datetime.date(1900, 1, 1)),
                                ("value_date__lte", datetime.date(2199, 12, 31)),
                            ),
                            _connector="OR",
                        ),
                        name="transaction_value_date_is_plausible",
                    ),
                ],
                "indexes": [
                    models.Index(
                        condition=models.Q(("provider_activity", ""), _negated=True),
                        fields=["provider_activity"],
                        name="transaction_provider_activity",
                    ),
                    models.Index(
                        condition=models.Q(("receiver_activity", ""), _negated=True),
                        fields=["receiver_activity"],
                        name="transaction_receiver_activity",
                    ),
                    models.Index(fields=["currency", "value", "date"], name="transaction_same_amount"),
                    models.Index(
                        condition=models.Q(("country__isnull", False), ("region__isnull", False), _connector="OR"),
                        fields=["program"],
                        name="transaction_of_a_place",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="transaction",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "programs_transactionevent" ("country_id", "currency", "date", "description", "finance_type", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "program_id", "provider_activity", "provider_id", "receiver_activity", "receiver_id", "reference", "region_id", "sector_id", "type", "value", "value_date") SELECT new_values."country_id", new_values."currency", new_values."date", new_values."description", new_values."finance_type", new_values."id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."program_id", new_values."provider_activity", new_values."provider_id", new_values."receiver_activity", new_values."receiver_id", new_values."reference", new_values."region_id", new_values."sector_id", new_values."type", new_values."value", new_values."value_date" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="f215e83260023b97fb9349592bc7194e8543205a",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_4f0f1",
                    referencing="REFERENCING NEW TABLE AS new_values ",
                    table="programs_transaction",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="transaction",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."country_id" IS DISTINCT FROM (NEW."country_id") OR OLD."currency" IS DISTINCT FROM (NEW."currency") OR OLD."date" IS DISTINCT FROM (NEW."date") OR OLD."description" IS DISTINCT FROM (NEW."description") OR OLD."finance_type" IS DISTINCT FROM (NEW."finance_type") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."program_id" IS DISTINCT FROM (NEW."program_id") OR OLD."provider_id" IS DISTINCT FROM (NEW."provider_id") OR OLD."provider_activity" IS DISTINCT FROM (NEW."provider_activity") OR OLD."receiver_id" IS DISTINCT FROM (NEW."receiver_id") OR OLD."receiver_activity" IS DISTINCT FROM (NEW."receiver_activity") OR OLD."reference" IS DISTINCT FROM (NEW."reference") OR OLD."region_id" IS DISTINCT FROM (NEW."region_id") OR OLD."sector_id" IS DISTINCT FROM (NEW."sector_id") OR OLD."type" IS DISTINCT FROM (NEW."type") OR OLD."value" IS DISTINCT FROM (NEW."value") OR OLD."value_date" IS DISTINCT FROM (NEW."value_date"))',
                    func='INSERT INTO "programs_transactionevent" ("country_id", "currency", "date", "description", "finance_type", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "program_id", "provider_activity", "provider_id", "receiver_activity", "receiver_id", "reference", "region_id", "sector_id", "type", "value", "value_date") VALUES (NEW."country_id", NEW."currency", NEW."date", NEW."description", NEW."finance_type", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."program_id", NEW."provider_activity", NEW."provider_id", NEW."receiver_activity", NEW."receiver_id", NEW."reference", NEW."region_id", NEW."sector_id", NEW."type", NEW."value", NEW."value_date"); RETURN NULL;',
                    hash="81a5ba2b420d878aeba97e52e915616456c7d65f",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_89bae",
                    table="programs_transaction",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="transaction",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "programs_transactionevent" ("country_id", "currency", "date", "description", "finance_type", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "program_id", "provider_activity", "provider_id", "receiver_activity", "receiver_id", "reference", "region_id", "sector_id", "type", "value", "value_date") SELECT old_values."country_id", old_values."currency", old_values."date", old_values."description", old_values."finance_type", old_values."id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."program_id", old_values."provider_activity", old_values."provider_id", old_values."receiver_activity", old_values."receiver_id", old_values."reference", old_values."region_id", old_values."sector_id", old_values."type", old_values."value", old_values."value_date" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="e4e093f7630f3f795edcb5ed4dcc755f17163e5e",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_d828f",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="programs_transaction",
                    when="AFTER",
                ),
            ),
        ),
        migrations.CreateModel(
            name="TransactionEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "type",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (1, "Incoming funds"),
                            (2, "Commitment"),
                            (3, "Disbursement"),
                            (4, "Expenditure"),
                            (5, "Interest payment"),
                            (6, "Loan repayment"),
                            (7, "Reimbursement"),
                            (8, "Purchase of equity"),
                            (9, "Sale of equity"),
                            (10, "Credit guarantee"),
                            (11, "Incoming commitment"),
                            (12, "Outgoing pledge"),
                            (13, "Incoming pledge"),
                        ],
                        verbose_name="type",
                    ),
                ),
                ("value", models.DecimalField(decimal_places=2, max_digits=20, verbose_name="value")),
                ("currency", models.CharField(max_length=3, verbose_name="currency")),
                ("value_date", models.DateField(blank=True, null=True, verbose_name="value date")),
                ("date", models.DateField(blank=True, null=True, verbose_name="date")),
                (
                    "provider_activity",
                    models.CharField(blank=True, max_length=255, verbose_name="provider's identifier for its activity"),
                ),
                (
                    "receiver_activity",
                    models.CharField(blank=True, max_length=255, verbose_name="receiver's identifier for its activity"),
                ),
                ("description", models.TextField(blank=True, verbose_name="description")),
                ("reference", models.CharField(blank=True, max_length=255, verbose_name="reference")),
                ("finance_type", models.CharField(blank=True, max_length=4, verbose_name="finance type")),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="programs.transaction",
                    ),
                ),
                (
                    "program",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="programs.program",
                        verbose_name="program",
                    ),
                ),
                (
                    "provider",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="donors.organization",
                        verbose_name="provider",
                    ),
                ),
                (
                    "receiver",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="donors.organization",
                        verbose_name="receiver",
                    ),
                ),
                (
                    "country",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="goals.country",
                        verbose_name="country",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="goals.region",
                        verbose_name="region",
                    ),
                ),
                (
                    "sector",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="goals.sector",
                        verbose_name="sector",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="transactionevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="fe1ec3e4d29f3976e8f1bd6aa080a5e84c6c0bb5",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_b3a7f",
                    table="programs_transactionevent",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.CreateModel(
            name="UpdateReminder",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sent_at", models.DateTimeField(verbose_name="last sent")),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="donors.organization",
                        verbose_name="organization",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "verbose_name": "reminder to update",
                "verbose_name_plural": "reminders to update",
                "ordering": ["-sent_at"],
                "constraints": [
                    models.UniqueConstraint(fields=("user", "organization"), name="reminder_once_a_person")
                ],
            },
        ),
        migrations.CreateModel(
            name="WorkingCopy",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("typed", models.JSONField(verbose_name="text entered")),
                ("version", models.PositiveIntegerField(verbose_name="version edited")),
                ("saved_at", models.DateTimeField(auto_now=True, verbose_name="saved")),
                (
                    "program",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="working_copies",
                        to="programs.program",
                        verbose_name="program",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="working_copies",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "verbose_name": "working copy",
                "verbose_name_plural": "working copies",
                "ordering": ["-saved_at"],
                "constraints": [models.UniqueConstraint(fields=("program", "user"), name="working_copy_once_a_person")],
            },
        ),
        migrations.CreateModel(
            name="StageChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("move", models.CharField(max_length=10, verbose_name="step")),
                (
                    "before",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("submitted", "Submitted"),
                            ("published", "Published"),
                            ("closed", "Closed"),
                            ("archived", "Archived"),
                        ],
                        max_length=10,
                        verbose_name="from",
                    ),
                ),
                (
                    "after",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("submitted", "Submitted"),
                            ("published", "Published"),
                            ("closed", "Closed"),
                            ("archived", "Archived"),
                        ],
                        max_length=10,
                        verbose_name="to",
                    ),
                ),
                ("comment", models.TextField(blank=True, verbose_name="comment")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="taken on")),
                (
                    "actor",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="taken by",
                    ),
                ),
                (
                    "program",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="stage_changes",
                        to="programs.program",
                        verbose_name="program",
                    ),
                ),
            ],
            options={
                "verbose_name": "step of a program",
                "verbose_name_plural": "steps of programs",
                "ordering": ["-created_at", "-id"],
                "indexes": [models.Index(fields=["program", "-created_at"], name="stage_change_of_program")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("move", "send_back"), _negated=True),
                            models.Q(("comment", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="move_back_is_explained",
                    )
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="stagechange",
            trigger=pgtrigger.compiler.Trigger(
                name="moves_stay_as_they_were",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='RAISE EXCEPTION \'pgtrigger: Cannot update of "move", "before", "after", "comment", "program_id", "created_at" rows from % table\', TG_TABLE_NAME;',
                    hash="7d4b762c107a3d8707788f881f11354621af27f7",
                    operation='UPDATE OF "move", "before", "after", "comment", "program_id", "created_at"',
                    pgid="pgtrigger_moves_stay_as_they_were_869bf",
                    table="programs_stagechange",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.CreateModel(
            name="ProgramResult",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "type",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "Output"), (2, "Outcome"), (3, "Impact"), (9, "Other")], verbose_name="type"
                    ),
                ),
                ("title", models.TextField(verbose_name="result")),
                ("description", models.TextField(blank=True, verbose_name="description")),
                (
                    "program",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="results",
                        to="programs.program",
                        verbose_name="program",
                    ),
                ),
            ],
            options={
                "verbose_name": "result",
                "verbose_name_plural": "results",
                "ordering": ["id"],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("type__in", [1, 2, 3, 9])), name="result_type_is_known"),
                    models.CheckConstraint(condition=models.Q(("title", ""), _negated=True), name="result_has_a_title"),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="programresult",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "programs_programresultevent" ("description", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "program_id", "title", "type") VALUES (NEW."description", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."program_id", NEW."title", NEW."type"); RETURN NULL;',
                    hash="4f15b5b8f3ed510aa51555fa117039a443122d17",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_33605",
                    table="programs_programresult",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="programresult",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "programs_programresultevent" ("description", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "program_id", "title", "type") SELECT new_values."description", new_values."id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."program_id", new_values."title", new_values."type" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="1b27aee094d7b69590203485543a4318d1796a4b",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_6c317",
                    referencing="REFERENCING NEW TABLE AS new_values ",
                    table="programs_programresult",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="programresult",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "programs_programresultevent" ("description", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "program_id", "title", "type") SELECT old_values."description", old_values."id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."program_id", old_values."title", old_values."type" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="c416aebdc933897fbd67de532161d560fca42f0c",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_3251d",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="programs_programresult",
                    when="AFTER",
                ),
            ),
        ),
        migrations.CreateModel(
            name="ProgramResultEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "type",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "Output"), (2, "Outcome"), (3, "Impact"), (9, "Other")], verbose_name="type"
                    ),
                ),
                ("title", models.TextField(verbose_name="result")),
                ("description", models.TextField(blank=True, verbose_name="description")),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="programs.programresult",
                    ),
                ),
                (
                    "program",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="programs.program",
                        verbose_name="program",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="programresultevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="6897754561f599d88888522944dd7aeccb8d4c32",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_61b8b",
                    table="programs_programresultevent",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.CreateModel(
            name="ResultIndicator",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.TextField(verbose_name="indicator")),
                ("description", models.TextField(blank=True, verbose_name="description")),
                (
                    "measure",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "Unit"), (2, "Percentage"), (3, "Nominal"), (4, "Ordinal"), (5, "Qualitative")],
                        default=1,
                        verbose_name="measure",
                    ),
                ),
                ("ascending", models.BooleanField(default=True, verbose_name="more is better")),
                (
                    "baseline_year",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="baseline year"),
                ),
                (
                    "baseline_value",
                    models.DecimalField(
                        blank=True, decimal_places=4, max_digits=20, null=True, verbose_name="baseline"
                    ),
                ),
                ("baseline_comment", models.TextField(blank=True, verbose_name="comment on the baseline")),
                (
                    "program",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="programs.program",
                        verbose_name="program",
                    ),
                ),
                (
                    "result",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="indicators",
                        to="programs.programresult",
                        verbose_name="result",
                    ),
                ),
            ],
            options={
                "verbose_name": "indicator",
                "verbose_name_plural": "indicators",
                "ordering": ["id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("measure__gte", 1), ("measure__lte", 5)), name="indicator_measure_is_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("title", ""), _negated=True), name="indicator_has_a_title"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("baseline_year__gte", 1900),
                                ("baseline_year__isnull", False),
                                ("baseline_year__lte", 2199),
                            ),
                            models.Q(
                                ("baseline_comment", ""),
                                ("baseline_value__isnull", True),
                                ("baseline_year__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="indicator_baseline_is_dated",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="resultindicator",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "programs_resultindicatorevent" ("ascending", "baseline_comment", "baseline_value", "baseline_year", "description", "id", "measure", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "program_id", "result_id", "title") VALUES (NEW."ascending", NEW."baseline_comment", NEW."baseline_value", NEW."baseline_year", NEW."description", NEW."id", NEW."measure", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."program_id", NEW."result_id", NEW."title"); RETURN NULL;',
                    hash="da42fe4468e3c01df19e0eb1e67444ffad880f08",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_127e9",
                    table="programs_resultindicator",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="resultindicator",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "programs_resultindicatorevent" ("ascending", "baseline_comment", "baseline_value", "baseline_year", "description", "id", "measure", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "program_id", "result_id", "title") SELECT new_values."ascending", new_values."baseline_comment", new_values."baseline_value", new_values."baseline_year", new_values."description", new_values."id", new_values."measure", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."program_id", new_values."result_id", new_values."title" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="7e9a6a5713b018914ddfe0fa87dd97c8f9e1dbf6",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_e4794",
                    referencing="REFERENCING NEW TABLE AS new_values ",
                    table="programs_resultindicator",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="resultindicator",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "programs_resultindicatorevent" ("ascending", "baseline_comment", "baseline_value", "baseline_year", "description", "id", "measure", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "program_id", "result_id", "title") SELECT old_values."ascending", old_values."baseline_comment", old_values."baseline_value", old_values."baseline_year", old_values."description", old_values."id", old_values."measure", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."program_id", old_values."result_id", old_values."title" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="451a9442a454abfa1d208bf66dfffbfceb7cb66e",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_4e4e6",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="programs_resultindicator",
                    when="AFTER",
                ),
            ),
        ),
        migrations.CreateModel(
            name="IndicatorPeriod",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("start", models.DateField(verbose_name="from")),
                ("end", models.DateField(verbose_name="to")),
                (
                    "target",
                    models.DecimalField(blank=True, decimal_places=4, max_digits=20, null=True, verbose_name="target"),
                ),
                (
                    "actual",
                    models.DecimalField(
                        blank=True, decimal_places=4, max_digits=20, null=True, verbose_name="achieved"
                    ),
                ),
                ("target_comment", models.TextField(blank=True, verbose_name="comment on the target")),
                ("actual_comment", models.TextField(blank=True, verbose_name="comment on the achieved value")),
                (
                    "program",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="programs.program",
                        verbose_name="program",
                    ),
                ),
                (
                    "indicator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="periods",
                        to="programs.resultindicator",
                        verbose_name="indicator",
                    ),
                ),
            ],
            options={
                "verbose_name": "period of an indicator",
                "verbose_name_plural": "periods of indicators",
                "ordering": ["start", "end", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("end__gte", models.F("start"))), name="indicator_period_in_order"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("end__lte", datetime.date(2199, 12, 31)), ("start__gte", datetime.date(1900, 1, 1))
                        ),
                        name="indicator_period_is_plausible",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="indicatorperiod",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "programs_indicatorperiodevent" ("actual", "actual_comment", "end", "id", "indicator_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "program_id", "start", "target", "target_comment") VALUES (NEW."actual", NEW."actual_comment", NEW."end", NEW."id", NEW."indicator_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."program_id", NEW."start", NEW."target", NEW."target_comment"); RETURN NULL;',
                    hash="8590f619f145c8d76ecc6f21ee80e72afd7bccc6",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_5a84a",
                    table="programs_indicatorperiod",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="indicatorperiod",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "programs_indicatorperiodevent" ("actual", "actual_comment", "end", "id", "indicator_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "program_id", "start", "target", "target_comment") SELECT new_values."actual", new_values."actual_comment", new_values."end", new_values."id", new_values."indicator_id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."program_id", new_values."start", new_values."target", new_values."target_comment" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="0a1e3d106c8340ba74246b99ee85e3779225b156",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_bfdb0",
                    referencing="REFERENCING NEW TABLE AS new_values ",
                    table="programs_indicatorperiod",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="indicatorperiod",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "programs_indicatorperiodevent" ("actual", "actual_comment", "end", "id", "indicator_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "program_id", "start", "target", "target_comment") SELECT old_values."actual", old_values."actual_comment", old_values."end", old_values."id", old_values."indicator_id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."program_id", old_values."start", old_values."target", old_values."target_comment" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="6077abe9172e5bfd369a86b75f86253df3ed3475",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_3ea5d",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="programs_indicatorperiod",
                    when="AFTER",
                ),
            ),
        ),
        migrations.CreateModel(
            name="IndicatorPeriodEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("start", models.DateField(verbose_name="from")),
                ("end", models.DateField(verbose_name="to")),
                (
                    "target",
                    models.DecimalField(blank=True, decimal_places=4, max_digits=20, null=True, verbose_name="target"),
                ),
                (
                    "actual",
                    models.DecimalField(
                        blank=True, decimal_places=4, max_digits=20, null=True, verbose_name="achieved"
                    ),
                ),
                ("target_comment", models.TextField(blank=True, verbose_name="comment on the target")),
                ("actual_comment", models.TextField(blank=True, verbose_name="comment on the achieved value")),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="programs.indicatorperiod",
                    ),
                ),
                (
                    "program",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="programs.program",
                        verbose_name="program",
                    ),
                ),
                (
                    "indicator",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="programs.resultindicator",
                        verbose_name="indicator",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="indicatorperiodevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="f29925a1159b6594a7dea9b08c87ee0249417ab6",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_ff1e6",
                    table="programs_indicatorperiodevent",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.CreateModel(
            name="ResultIndicatorEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("title", models.TextField(verbose_name="indicator")),
                ("description", models.TextField(blank=True, verbose_name="description")),
                (
                    "measure",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "Unit"), (2, "Percentage"), (3, "Nominal"), (4, "Ordinal"), (5, "Qualitative")],
                        default=1,
                        verbose_name="measure",
                    ),
                ),
                ("ascending", models.BooleanField(default=True, verbose_name="more is better")),
                (
                    "baseline_year",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="baseline year"),
                ),
                (
                    "baseline_value",
                    models.DecimalField(
                        blank=True, decimal_places=4, max_digits=20, null=True, verbose_name="baseline"
                    ),
                ),
                ("baseline_comment", models.TextField(blank=True, verbose_name="comment on the baseline")),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="programs.resultindicator",
                    ),
                ),
                (
                    "program",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="programs.program",
                        verbose_name="program",
                    ),
                ),
                (
                    "result",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="programs.programresult",
                        verbose_name="result",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="resultindicatorevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="86098159837858b8fed6ece79a2b6d4a3cd0e3d4",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_719d9",
                    table="programs_resultindicatorevent",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.CreateModel(
            name="Sustainability",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("funding_ends", models.DateField(blank=True, null=True, verbose_name="funding ends on")),
                ("budget_source", models.TextField(blank=True, verbose_name="budget source")),
                ("confirmed", models.BooleanField(blank=True, null=True, verbose_name="confirmed by them")),
                (
                    "organization",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="donors.organization",
                        verbose_name="continued by",
                    ),
                ),
                (
                    "program",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sustainability",
                        to="programs.program",
                        verbose_name="program",
                    ),
                ),
            ],
            options={
                "verbose_name": "sustainability",
                "verbose_name_plural": "sustainability",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("funding_ends__isnull", True),
                            models.Q(
                                ("funding_ends__gte", datetime.date(1900, 1, 1)),
                                ("funding_ends__lte", datetime.date(2199, 12, 31)),
                            ),
                            _connector="OR",
                        ),
                        name="sustainability_date_is_plausible",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("confirmed", True), _negated=True),
                            ("organization__isnull", False),
                            models.Q(("budget_source", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="sustainability_is_confirmed_of_something",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="sustainability",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "programs_sustainabilityevent" ("budget_source", "confirmed", "funding_ends", "id", "organization_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "program_id") VALUES (NEW."budget_source", NEW."confirmed", NEW."funding_ends", NEW."id", NEW."organization_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."program_id"); RETURN NULL;',
                    hash="df281d1b1a19525d6f739910d2cf93ee71c81921",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_179fe",
                    table="programs_sustainability",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="sustainability",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "programs_sustainabilityevent" ("budget_source", "confirmed", "funding_ends", "id", "organization_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "program_id") SELECT new_values."budget_source", new_values."confirmed", new_values."funding_ends", new_values."id", new_values."organization_id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."program_id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="63a2d8d92983e5f7a0bd3f6fa9f065d0d98985fe",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_126eb",
                    referencing="REFERENCING NEW TABLE AS new_values ",
                    table="programs_sustainability",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="sustainability",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "programs_sustainabilityevent" ("budget_source", "confirmed", "funding_ends", "id", "organization_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "program_id") SELECT old_values."budget_source", old_values."confirmed", old_values."funding_ends", old_values."id", old_values."organization_id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."program_id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="e53e669d64a4fdc76a63c6c08907cf084622fce6",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_e184e",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="programs_sustainability",
                    when="AFTER",
                ),
            ),
        ),
        migrations.CreateModel(
            name="SustainabilityEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("funding_ends", models.DateField(blank=True, null=True, verbose_name="funding ends on")),
                ("budget_source", models.TextField(blank=True, verbose_name="budget source")),
                ("confirmed", models.BooleanField(blank=True, null=True, verbose_name="confirmed by them")),
                (
                    "organization",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="donors.organization",
                        verbose_name="continued by",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="programs.sustainability",
                    ),
                ),
                (
                    "program",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="programs.program",
                        verbose_name="program",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="sustainabilityevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="d2e6f713bd970c674bce67a47225c2af09540843",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_e0518",
                    table="programs_sustainabilityevent",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.CreateModel(
            name="SharingChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "before",
                    models.CharField(
                        choices=[
                            ("public", "Public"),
                            ("partners", "Signed-in partners"),
                            ("restricted", "Own organization, coordinators and named organizations"),
                        ],
                        max_length=10,
                        verbose_name="visible before",
                    ),
                ),
                (
                    "after",
                    models.CharField(
                        choices=[
                            ("public", "Public"),
                            ("partners", "Signed-in partners"),
                            ("restricted", "Own organization, coordinators and named organizations"),
                        ],
                        max_length=10,
                        verbose_name="visible after",
                    ),
                ),
                (
                    "added",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="organizations added",
                    ),
                ),
                (
                    "removed",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="organizations removed",
                    ),
                ),
                ("is_wider", models.BooleanField(verbose_name="visible to more people")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="changed")),
                (
                    "actor",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="changed by",
                    ),
                ),
                (
                    "program",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sharing_changes",
                        to="programs.program",
                        verbose_name="program",
                    ),
                ),
            ],
            options={
                "verbose_name": "change of a program's visibility",
                "verbose_name_plural": "changes of programs' visibility",
                "ordering": ["-created_at", "-id"],
                "indexes": [models.Index(fields=["program", "-created_at"], name="sharing_change_of_program")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("before", models.F("after")), _negated=True),
                            models.Q(("added", []), _negated=True),
                            models.Q(("removed", []), _negated=True),
                            _connector="OR",
                        ),
                        name="sharing_change_changes_something",
                    )
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="sharingchange",
            trigger=pgtrigger.compiler.Trigger(
                name="sharing_stays_as_it_was",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='RAISE EXCEPTION \'pgtrigger: Cannot update of "before", "after", "added", "removed", "is_wider", "program_id", "created_at" rows from % table\', TG_TABLE_NAME;',
                    hash="87ed421b9cad9dcc75e3a9d5344a5769bffa6086",
                    operation='UPDATE OF "before", "after", "added", "removed", "is_wider", "program_id", "created_at"',
                    pgid="pgtrigger_sharing_stays_as_it_was_9b553",
                    table="programs_sharingchange",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.CreateModel(
            name="ConfirmedWarning",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=30, verbose_name="warning")),
                ("key", models.CharField(max_length=60, verbose_name="key")),
                ("params", models.JSONField(blank=True, default=dict, verbose_name="values")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="confirmed on")),
                (
                    "actor",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="confirmed by",
                    ),
                ),
                (
                    "program",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="confirmed_warnings",
                        to="programs.program",
                        verbose_name="program",
                    ),
                ),
            ],
            options={
                "verbose_name": "confirmed warning",
                "verbose_name_plural": "confirmed warnings",
                "ordering": ["-created_at", "-id"],
                "constraints": [models.UniqueConstraint(fields=("program", "key"), name="warning_confirmed_once")],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="confirmedwarning",
            trigger=pgtrigger.compiler.Trigger(
                name="confirmations_stay_as_they_were",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='RAISE EXCEPTION \'pgtrigger: Cannot update of "code", "key", "params", "program_id", "created_at" rows from % table\', TG_TABLE_NAME;',
                    hash="c0bfe460ca05fbd35e9e8e2f5818e267d5928b6a",
                    operation='UPDATE OF "code", "key", "params", "program_id", "created_at"',
                    pgid="pgtrigger_confirmations_stay_as_they_were_757ac",
                    table="programs_confirmedwarning",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.CreateModel(
            name="OtherSector",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("vocabulary", models.CharField(blank=True, max_length=20, verbose_name="vocabulary")),
                ("code", models.CharField(blank=True, max_length=255, verbose_name="code")),
                ("name", models.TextField(blank=True, verbose_name="name")),
                (
                    "percentage",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=5, null=True, verbose_name="percentage"
                    ),
                ),
                (
                    "program",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="other_sectors",
                        to="programs.program",
                        verbose_name="program",
                    ),
                ),
            ],
            options={
                "verbose_name": "sector of another vocabulary",
                "verbose_name_plural": "sectors of other vocabularies",
                "ordering": ["vocabulary", "-percentage", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("percentage__isnull", True),
                            models.Q(("percentage__gt", 0), ("percentage__lte", 100)),
                            _connector="OR",
                        ),
                        name="other_sector_percentage_is_a_share",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("code", ""), _negated=True),
                            models.Q(("name", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="other_sector_says_something",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="othersector",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "programs_othersectorevent" ("code", "id", "name", "percentage", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "program_id", "vocabulary") SELECT new_values."code", new_values."id", new_values."name", new_values."percentage", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."program_id", new_values."vocabulary" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="7c4627567e5d45c197f650c67e08d238d7f31555",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_a2170",
                    referencing="REFERENCING NEW TABLE AS new_values ",
                    table="programs_othersector",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="othersector",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "programs_othersectorevent" ("code", "id", "name", "percentage", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "program_id", "vocabulary") VALUES (NEW."code", NEW."id", NEW."name", NEW."percentage", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."program_id", NEW."vocabulary"); RETURN NULL;',
                    hash="93d4852641073d9c4f0ecae60c66e271b758e12c",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_131be",
                    table="programs_othersector",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="othersector",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "programs_othersectorevent" ("code", "id", "name", "percentage", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "program_id", "vocabulary") SELECT old_values."code", old_values."id", old_values."name", old_values."percentage", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."program_id", old_values."vocabulary" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="8bcf81d3e1dd7e841d1f27cca3aa7265cbb4af39",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_bdd8a",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="programs_othersector",
                    when="AFTER",
                ),
            ),
        ),
        migrations.CreateModel(
            name="OtherSectorEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("vocabulary", models.CharField(blank=True, max_length=20, verbose_name="vocabulary")),
                ("code", models.CharField(blank=True, max_length=255, verbose_name="code")),
                ("name", models.TextField(blank=True, verbose_name="name")),
                (
                    "percentage",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=5, null=True, verbose_name="percentage"
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="programs.othersector",
                    ),
                ),
                (
                    "program",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="programs.program",
                        verbose_name="program",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="othersectorevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="e566a60fa35dd874f634c9645d34bce3dd33900b",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_79ca7",
                    table="programs_othersectorevent",
                    when="BEFORE",
                ),
            ),
        ),
    ]
