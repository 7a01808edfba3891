import django.contrib.postgres.constraints
import django.db.models.constraints
import django.db.models.deletion
import django.db.models.functions.comparison
import django.db.models.functions.text
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
from django.contrib.postgres.operations import BtreeGistExtension, TrigramExtension, UnaccentExtension
from django.db import migrations, models

import goals.models.priorities


class Migration(migrations.Migration):
    """Makes a new database what 0001 to 0004 make it; one that has run only some of those goes on with the rest of them."""

    replaces = [
        ("goals", "0001_initial"),
        ("goals", "0002_priorities_keep_their_history"),
        ("goals", "0003_plain_words"),
        ("goals", "0004_rates_with_their_sources"),
    ]

    initial = True

    dependencies = [
        ("pghistory", "0007_auto_20250421_0444"),
    ]

    operations = [
        # Ranks and periods in one exclusion constraint; names by likeness; names without accents.
        BtreeGistExtension(),
        TrigramExtension(),
        UnaccentExtension(),
        # unaccent() is only "stable", since its dictionary might change; ours does not, and generated columns and
        # indexes need an immutable function.
        migrations.RunSQL(
            sql="""
                CREATE FUNCTION portal_unaccent(text) RETURNS text
                LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
                AS $$ SELECT public.unaccent('public.unaccent'::regdictionary, $1) $$
            """,
            reverse_sql="DROP FUNCTION portal_unaccent(text)",
        ),
        migrations.CreateModel(
            name="Country",
            fields=[
                ("code", models.CharField(max_length=2, primary_key=True, serialize=False, verbose_name="code")),
                ("name_en", models.CharField(max_length=100, verbose_name="name in English")),
                ("name_es", models.CharField(max_length=100, verbose_name="name in Spanish")),
                (
                    "in_carsi",
                    models.BooleanField(db_index=True, default=False, verbose_name="one of the seven countries"),
                ),
            ],
            options={
                "verbose_name": "country",
                "verbose_name_plural": "countries",
                "ordering": ["name_en"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("code__regex", "^[A-Z]{2}$")), name="country_code_is_two_capitals"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("in_carsi", False),
                            ("code__in", ["BZ", "CR", "GT", "HN", "NI", "PA", "SV"]),
                            _connector="OR",
                        ),
                        name="country_in_carsi_is_one_of_seven",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Area",
            fields=[
                ("code", models.CharField(max_length=12, primary_key=True, serialize=False, verbose_name="code")),
                (
                    "level",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "department, province or district"), (2, "municipality")],
                        default=1,
                        verbose_name="level",
                    ),
                ),
                (
                    "type",
                    models.CharField(
                        help_text="The ISO 3166-2 term: department, …", max_length=60, verbose_name="type"
                    ),
                ),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("latitude", models.DecimalField(decimal_places=6, max_digits=9, verbose_name="latitude")),
                ("longitude", models.DecimalField(decimal_places=6, max_digits=9, verbose_name="longitude")),
                ("outline", models.JSONField(blank=True, null=True, verbose_name="outline")),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="goals.area",
                        verbose_name="part of",
                    ),
                ),
                (
                    "country",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="areas",
                        to="goals.country",
                        verbose_name="country",
                    ),
                ),
            ],
            options={
                "verbose_name": "area",
                "verbose_name_plural": "areas",
                "ordering": ["code"],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("level__in", [1, 2])), name="area_level_is_1_or_2"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "code__startswith",
                                django.db.models.functions.text.Concat("country_id", models.Value("-")),
                            )
                        ),
                        name="area_code_begins_with_its_country",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("level", 1), ("parent__isnull", False), _connector="OR"),
                        name="area_of_level_2_is_part_of_one",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("latitude__gte", -90),
                            ("latitude__lte", 90),
                            ("longitude__gte", -180),
                            ("longitude__lte", 180),
                        ),
                        name="area_point_is_on_the_globe",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ExchangeRate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("currency", models.CharField(max_length=3, verbose_name="currency")),
                ("month", models.DateField(help_text="The first day of the month.", verbose_name="month")),
                (
                    "usd_per_unit",
                    models.DecimalField(decimal_places=12, max_digits=20, verbose_name="US dollars per unit"),
                ),
                (
                    "basis",
                    models.CharField(
                        choices=[
                            ("month", "average of the month"),
                            ("set", "rate set for the month"),
                            ("year", "average of the year"),
                        ],
                        db_default="month",
                        default="month",
                        max_length=5,
                        verbose_name="what it is",
                    ),
                ),
                (
                    "origin",
                    models.CharField(
                        choices=[
                            ("file", "table of the portal"),
                            ("fetched", "read from its source"),
                            ("person", "entered by a person"),
                        ],
                        db_default="file",
                        default="file",
                        max_length=7,
                        verbose_name="origin",
                    ),
                ),
                ("source", models.CharField(db_default="IMF", default="IMF", max_length=100, verbose_name="source")),
            ],
            options={
                "verbose_name": "exchange rate",
                "verbose_name_plural": "exchange rates",
                "ordering": ["currency", "month"],
                "constraints": [
                    models.UniqueConstraint(fields=("currency", "month"), name="rate_once_a_month"),
                    models.CheckConstraint(condition=models.Q(("usd_per_unit__gt", 0)), name="rate_is_positive"),
                    models.CheckConstraint(
                        condition=models.Q(("currency__regex", "^[A-Z]{3}$")), name="rate_currency_is_three_capitals"
                    ),
                    models.CheckConstraint(condition=models.Q(("month__day", 1)), name="rate_month_is_its_first_day"),
                    models.CheckConstraint(
                        condition=models.Q(("basis__in", ["month", "set", "year"])), name="rate_basis_is_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("origin__in", ["file", "fetched", "person"])), name="rate_origin_is_known"
                    ),
                    models.CheckConstraint(condition=models.Q(("source", ""), _negated=True), name="rate_has_a_source"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Goal",
            fields=[
                ("number", models.PositiveSmallIntegerField(primary_key=True, serialize=False, verbose_name="number")),
                ("name_en", models.TextField(verbose_name="name in English")),
                ("name_es", models.TextField(verbose_name="name in Spanish")),
                ("short_en", models.CharField(max_length=80, verbose_name="short name in English")),
                ("short_es", models.CharField(max_length=80, verbose_name="short name in Spanish")),
            ],
            options={
                "verbose_name": "goal",
                "verbose_name_plural": "goals",
                "ordering": ["number"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("number__gte", 1), ("number__lte", 5)), name="goal_number_is_1_to_5"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Priority",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title_en", models.CharField(max_length=255, verbose_name="title in English")),
                ("title_es", models.CharField(max_length=255, verbose_name="title in Spanish")),
                ("rank", models.PositiveSmallIntegerField(verbose_name="rank")),
                ("period_start", models.DateField(verbose_name="from")),
                ("period_end", models.DateField(verbose_name="to")),
                ("source", models.CharField(blank=True, max_length=255, verbose_name="source")),
                (
                    "area",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="priorities",
                        to="goals.area",
                        verbose_name="area",
                    ),
                ),
                (
                    "country",
                    models.ForeignKey(
                        blank=True,
                        help_text="Leave empty for a priority of the whole region.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="priorities",
                        to="goals.country",
                        verbose_name="country",
                    ),
                ),
                (
                    "goal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="priorities",
                        to="goals.goal",
                        verbose_name="goal",
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, verbose_name="version")),
            ],
            options={
                "verbose_name": "priority",
                "verbose_name_plural": "priorities",
                "ordering": ["country", "goal", "rank"],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("rank__gte", 1)), name="priority_rank_begins_at_1"),
                    models.CheckConstraint(
                        condition=models.Q(("period_start__lte", models.F("period_end"))),
                        name="priority_period_in_order",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("area__isnull", True), ("country__isnull", False), _connector="OR"),
                        name="priority_area_has_its_country",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        deferrable=django.db.models.constraints.Deferrable["IMMEDIATE"],
                        expressions=[
                            (django.db.models.functions.comparison.Coalesce("country_id", models.Value("")), "="),
                            (django.db.models.functions.comparison.Coalesce("area_id", models.Value("")), "="),
                            ("goal", "="),
                            ("rank", "="),
                            (goals.models.priorities.DateRange("period_start", "period_end", models.Value("[]")), "&&"),
                        ],
                        name="priority_rank_once_in_a_period",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="priority",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "goals_priorityevent" ("area_id", "country_id", "goal_id", "id", "period_end", "period_start", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "rank", "source", "title_en", "title_es") VALUES (NEW."area_id", NEW."country_id", NEW."goal_id", NEW."id", NEW."period_end", NEW."period_start", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."rank", NEW."source", NEW."title_en", NEW."title_es"); RETURN NULL;',
                    hash="52ba4e1031cec8cbf27de38020d49f44a868a9d7",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_524f5",
                    table="goals_priority",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="priority",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."area_id" IS DISTINCT FROM (NEW."area_id") OR OLD."country_id" IS DISTINCT FROM (NEW."country_id") OR OLD."goal_id" IS DISTINCT FROM (NEW."goal_id") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."period_end" IS DISTINCT FROM (NEW."period_end") OR OLD."period_start" IS DISTINCT FROM (NEW."period_start") OR OLD."rank" IS DISTINCT FROM (NEW."rank") OR OLD."source" IS DISTINCT FROM (NEW."source") OR OLD."title_en" IS DISTINCT FROM (NEW."title_en") OR OLD."title_es" IS DISTINCT FROM (NEW."title_es"))',
                    func='INSERT INTO "goals_priorityevent" ("area_id", "country_id", "goal_id", "id", "period_end", "period_start", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "rank", "source", "title_en", "title_es") VALUES (NEW."area_id", NEW."country_id", NEW."goal_id", NEW."id", NEW."period_end", NEW."period_start", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."rank", NEW."source", NEW."title_en", NEW."title_es"); RETURN NULL;',
                    hash="580a34288fdea79fa566489394b9ebfc53b45b6a",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_8646b",
                    table="goals_priority",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="priority",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "goals_priorityevent" ("area_id", "country_id", "goal_id", "id", "period_end", "period_start", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "rank", "source", "title_en", "title_es") VALUES (OLD."area_id", OLD."country_id", OLD."goal_id", OLD."id", OLD."period_end", OLD."period_start", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."rank", OLD."source", OLD."title_en", OLD."title_es"); RETURN NULL;',
                    hash="b6f422ee3625a93a71438d54057919b28739027c",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_a8ea8",
                    table="goals_priority",
                    when="AFTER",
                ),
            ),
        ),
        migrations.CreateModel(
            name="Region",
            fields=[
                ("code", models.CharField(max_length=5, primary_key=True, serialize=False, verbose_name="code")),
                ("name_en", models.CharField(max_length=100, verbose_name="name in English")),
                ("name_es", models.CharField(max_length=100, verbose_name="name in Spanish")),
                ("is_central_america", models.BooleanField(default=False, verbose_name="Central America as a whole")),
            ],
            options={
                "verbose_name": "region",
                "verbose_name_plural": "regions",
                "ordering": ["code"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("code__regex", "^[0-9]+$")), name="region_code_is_digits"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Sector",
            fields=[
                ("code", models.CharField(max_length=5, primary_key=True, serialize=False, verbose_name="code")),
                ("name_en", models.CharField(max_length=255, verbose_name="name in English")),
                ("name_es", models.CharField(blank=True, max_length=255, verbose_name="name in Spanish")),
                (
                    "category",
                    models.CharField(help_text="The three-digit DAC category.", max_length=3, verbose_name="category"),
                ),
                ("description_en", models.TextField(blank=True, verbose_name="description in English")),
                ("is_withdrawn", models.BooleanField(default=False, verbose_name="withdrawn from the list")),
            ],
            options={
                "verbose_name": "sector",
                "verbose_name_plural": "sectors",
                "ordering": ["code"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("code__regex", "^[0-9]{5}$")), name="sector_code_is_five_digits"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("category__regex", "^[0-9]{3}$")), name="sector_category_is_three_digits"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PriorityEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("title_en", models.CharField(max_length=255, verbose_name="title in English")),
                ("title_es", models.CharField(max_length=255, verbose_name="title in Spanish")),
                ("rank", models.PositiveSmallIntegerField(verbose_name="rank")),
                ("period_start", models.DateField(verbose_name="from")),
                ("period_end", models.DateField(verbose_name="to")),
                ("source", models.CharField(blank=True, max_length=255, verbose_name="source")),
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
                    "country",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        help_text="Leave empty for a priority of the whole region.",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="goals.country",
                        verbose_name="country",
                    ),
                ),
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
                        to="goals.priority",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="priorityevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="4909ba35a3a3cfc7ffa97dda9925400010a9e99b",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_5db08",
                    table="goals_priorityevent",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.CreateModel(
            name="HeldRate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("currency", models.CharField(max_length=3, verbose_name="currency")),
                ("month", models.DateField(help_text="The first day of the month.", verbose_name="month")),
                (
                    "usd_per_unit",
                    models.DecimalField(decimal_places=12, max_digits=20, verbose_name="US dollars per unit"),
                ),
                (
                    "basis",
                    models.CharField(
                        choices=[
                            ("month", "average of the month"),
                            ("set", "rate set for the month"),
                            ("year", "average of the year"),
                        ],
                        db_default="month",
                        default="month",
                        max_length=5,
                        verbose_name="what it is",
                    ),
                ),
                ("source", models.CharField(db_default="IMF", default="IMF", max_length=100, verbose_name="source")),
                ("known", models.DecimalField(decimal_places=12, max_digits=20, verbose_name="US dollars per unit")),
                ("held_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="held since")),
                (
                    "decision",
                    models.CharField(
                        choices=[("open", "not decided"), ("accepted", "rate accepted"), ("rejected", "rate rejected")],
                        default="open",
                        max_length=8,
                        verbose_name="decision",
                    ),
                ),
                ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="decided")),
                ("decided_by", models.CharField(blank=True, max_length=320, verbose_name="decided by")),
            ],
            options={
                "verbose_name": "held exchange rate",
                "verbose_name_plural": "held exchange rates",
                "ordering": ["-month", "currency"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("currency", "month", "usd_per_unit", "source"), name="held_rate_is_asked_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("known__gt", 0), ("usd_per_unit__gt", 0)), name="held_rate_is_positive"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at__isnull", True), ("decision", "open")),
                            models.Q(("decided_at__isnull", False), ("decision__in", ["accepted", "rejected"])),
                            _connector="OR",
                        ),
                        name="held_rate_is_decided_by_somebody",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RateChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("currency", models.CharField(max_length=3, verbose_name="currency")),
                ("month", models.DateField(help_text="The first day of the month.", verbose_name="month")),
                (
                    "usd_per_unit",
                    models.DecimalField(decimal_places=12, max_digits=20, verbose_name="US dollars per unit"),
                ),
                (
                    "basis",
                    models.CharField(
                        choices=[
                            ("month", "average of the month"),
                            ("set", "rate set for the month"),
                            ("year", "average of the year"),
                        ],
                        db_default="month",
                        default="month",
                        max_length=5,
                        verbose_name="what it is",
                    ),
                ),
                ("source", models.CharField(db_default="IMF", default="IMF", max_length=100, verbose_name="source")),
                (
                    "before",
                    models.DecimalField(
                        blank=True, decimal_places=12, max_digits=20, null=True, verbose_name="US dollars per unit"
                    ),
                ),
                (
                    "origin",
                    models.CharField(
                        choices=[
                            ("file", "table of the portal"),
                            ("fetched", "read from its source"),
                            ("person", "entered by a person"),
                        ],
                        max_length=7,
                        verbose_name="origin",
                    ),
                ),
                ("by", models.CharField(blank=True, max_length=320, verbose_name="by")),
                ("at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="when")),
            ],
            options={
                "verbose_name": "change of an exchange rate",
                "verbose_name_plural": "changes of exchange rates",
                "ordering": ["-id"],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="ratechange",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="382db54f13177b7edb584d2f0c7d9679bb61944a",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_2122e",
                    table="goals_ratechange",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.CreateModel(
            name="RateFetch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("provider", models.CharField(max_length=20, verbose_name="source")),
                ("began_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="began")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="ended")),
                ("problem", models.CharField(blank=True, max_length=20, verbose_name="problem")),
                ("detail", models.CharField(blank=True, max_length=300, verbose_name="detail")),
                ("stored", models.PositiveIntegerField(default=0, verbose_name="rates stored")),
                ("held", models.PositiveIntegerField(default=0, verbose_name="rates held")),
            ],
            options={
                "verbose_name": "attempt to read rates",
                "verbose_name_plural": "attempts to read rates",
                "ordering": ["-id"],
            },
        ),
    ]
