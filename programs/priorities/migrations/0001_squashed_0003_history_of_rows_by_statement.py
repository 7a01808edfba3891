import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Makes a new database what 0001 to 0003 make it; one that has run only some of those goes on with the rest of them."""

    replaces = [
        ("priorities", "0001_initial"),
        ("priorities", "0002_plain_words"),
        ("priorities", "0003_history_of_rows_by_statement"),
    ]

    initial = True

    dependencies = [
        ("goals", "0002_priorities_keep_their_history"),
        ("pghistory", "0007_auto_20250421_0444"),
        ("programs", "0002_working_copies_moves_reminders"),
    ]

    operations = [
        migrations.CreateModel(
            name="PriorityLink",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[("proposed", "Proposed"), ("confirmed", "Confirmed"), ("rejected", "Rejected")],
                        default="proposed",
                        max_length=9,
                        verbose_name="status",
                    ),
                ),
                ("score", models.FloatField(verbose_name="probability")),
                ("reasons", models.JSONField(default=list, verbose_name="reasons")),
                ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="decided")),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="decided by",
                    ),
                ),
                (
                    "priority",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="links",
                        to="goals.priority",
                        verbose_name="priority",
                    ),
                ),
                (
                    "program",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="priority_links",
                        to="programs.program",
                        verbose_name="program",
                    ),
                ),
            ],
            options={
                "verbose_name": "program that responds to a priority",
                "verbose_name_plural": "programs that respond to priorities",
                "ordering": ["-score", "id"],
                "constraints": [
                    models.UniqueConstraint(fields=("priority", "program"), name="priority_link_once"),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["proposed", "confirmed", "rejected"])),
                        name="priority_link_state_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("score__gte", 0), ("score__lte", 1)), name="priority_link_score_is_a_share"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at__isnull", True), ("state", "proposed")),
                            models.Q(models.Q(("state", "proposed"), _negated=True), ("decided_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="priority_link_decision_is_dated",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="prioritylink",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."decided_at" IS DISTINCT FROM (NEW."decided_at") OR OLD."decided_by_id" IS DISTINCT FROM (NEW."decided_by_id") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."priority_id" IS DISTINCT FROM (NEW."priority_id") OR OLD."program_id" IS DISTINCT FROM (NEW."program_id") OR OLD."state" IS DISTINCT FROM (NEW."state"))',
                    func='INSERT INTO "priorities_prioritylinkevent" ("decided_at", "decided_by_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "priority_id", "program_id", "state") VALUES (NEW."decided_at", NEW."decided_by_id", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."priority_id", NEW."program_id", NEW."state"); RETURN NULL;',
                    hash="8a44ccaf982948bafede54b1f61ae59ca6d737c2",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_ef266",
                    table="priorities_prioritylink",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="prioritylink",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "priorities_prioritylinkevent" ("decided_at", "decided_by_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "priority_id", "program_id", "state") SELECT new_values."decided_at", new_values."decided_by_id", new_values."id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."priority_id", new_values."program_id", new_values."state" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="fc2ebb5bd263164435386895cda9aad2ca9e2a4c",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_89197",
                    referencing="REFERENCING NEW TABLE AS new_values ",
                    table="priorities_prioritylink",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="prioritylink",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "priorities_prioritylinkevent" ("decided_at", "decided_by_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "priority_id", "program_id", "state") SELECT old_values."decided_at", old_values."decided_by_id", old_values."id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."priority_id", old_values."program_id", old_values."state" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="e32496a48bc151e0c22a1ed43d537931ddb572b0",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_3ac43",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="priorities_prioritylink",
                    when="AFTER",
                ),
            ),
        ),
        migrations.CreateModel(
            name="PriorityLinkEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[("proposed", "Proposed"), ("confirmed", "Confirmed"), ("rejected", "Rejected")],
                        default="proposed",
                        max_length=9,
                        verbose_name="status",
                    ),
                ),
                ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="decided")),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="decided by",
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
                        to="priorities.prioritylink",
                    ),
                ),
                (
                    "priority",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="goals.priority",
                        verbose_name="priority",
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
            model_name="prioritylinkevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="ac93e881b70b0f0d6b8ec8842a53e8fd57088e2e",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_1a61a",
                    table="priorities_prioritylinkevent",
                    when="BEFORE",
                ),
            ),
        ),
    ]
