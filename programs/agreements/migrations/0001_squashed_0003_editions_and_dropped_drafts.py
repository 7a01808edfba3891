import django.db.models.constraints
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Makes a new database what 0001 to 0003 make it; one that has run only some of those goes on with the rest of them."""

    replaces = [
        ("agreements", "0001_agreements"),
        ("agreements", "0002_money_in_its_own_currency"),
        ("agreements", "0003_editions_and_dropped_drafts"),
    ]

    initial = True

    dependencies = [
        ("donors", "0010_machine_accounts"),
        ("goals", "0001_initial"),
        ("overlap", "0004_profiles_keys_and_clusters"),
        ("programs", "0002_working_copies_moves_reminders"),
    ]

    operations = [
        migrations.CreateModel(
            name="Agreement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=200, verbose_name="title")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("lead", "One takes the lead"),
                            ("area", "Divide by area"),
                            ("sequence", "One after the other in time"),
                            ("merge", "Merge the programs"),
                            ("pool", "Pool the money"),
                            ("joint_mission", "A joint mission"),
                            ("share_results", "Share results"),
                        ],
                        max_length=13,
                        verbose_name="kind",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("proposed", "Proposed"),
                            ("agreed", "Agreed"),
                            ("kept", "Kept"),
                            ("broken", "Broken"),
                            ("ended", "Ended"),
                            ("declined", "Declined"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="draft",
                        max_length=9,
                        verbose_name="state",
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, verbose_name="current version")),
                ("tells_parties", models.BooleanField(default=False, verbose_name="tells the parties of its programs")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="drafted")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="last moved")),
                ("proposed_at", models.DateTimeField(blank=True, null=True, verbose_name="proposed")),
                ("agreed_at", models.DateTimeField(blank=True, null=True, verbose_name="agreed")),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="agreements_drafted",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="drafted by",
                    ),
                ),
                (
                    "overlaps",
                    models.ManyToManyField(related_name="agreements", to="overlap.overlap", verbose_name="overlaps"),
                ),
                (
                    "programs",
                    models.ManyToManyField(related_name="agreements", to="programs.program", verbose_name="programs"),
                ),
                ("edition", models.PositiveIntegerField(db_default=1, default=1, verbose_name="edition")),
            ],
            options={
                "verbose_name": "agreement",
                "verbose_name_plural": "agreements",
                "ordering": ["-updated_at", "-id"],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("title__regex", "\\S")), name="agreement_has_a_title"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                ["lead", "area", "sequence", "merge", "pool", "joint_mission", "share_results"],
                            )
                        ),
                        name="agreement_kind_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("version__gte", 1)), name="agreement_version_begins_at_1"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("agreed_at__isnull", True), ("proposed_at__isnull", True), ("state", "draft")),
                            models.Q(("agreed_at__isnull", True), ("state", "withdrawn")),
                            models.Q(
                                ("agreed_at__isnull", True),
                                ("proposed_at__isnull", False),
                                ("state__in", ["proposed", "declined"]),
                            ),
                            models.Q(
                                ("agreed_at__isnull", False),
                                ("proposed_at__isnull", False),
                                ("state__in", ["agreed", "kept", "broken", "ended"]),
                            ),
                            _connector="OR",
                        ),
                        name="agreement_is_dated_as_it_stands",
                    ),
                ],
                "indexes": [models.Index(fields=["state", "-updated_at"], name="agreement_of_state")],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="agreement",
            trigger=pgtrigger.compiler.Trigger(
                name="agreement_moves_as_the_table_says",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n                    IF TG_OP = 'INSERT' THEN\n                        \n        IF NEW.state <> 'draft' THEN\n            RAISE EXCEPTION 'it begins as a draft' USING ERRCODE = 'check_violation', CONSTRAINT = 'agreement_begins_as_a_draft';\n        END IF;\n    \n                    ELSIF NEW.state <> OLD.state THEN\n                        \n        IF (OLD.state, NEW.state) NOT IN (('agreed', 'broken'), ('agreed', 'ended'), ('agreed', 'kept'), ('declined', 'proposed'), ('declined', 'withdrawn'), ('draft', 'proposed'), ('draft', 'withdrawn'), ('kept', 'agreed'), ('kept', 'broken'), ('kept', 'ended'), ('proposed', 'agreed'), ('proposed', 'declined'), ('proposed', 'withdrawn')) THEN\n            RAISE EXCEPTION 'this state does not lead to that one' USING ERRCODE = 'check_violation', CONSTRAINT = 'agreement_moves_as_the_table_says';\n        END IF;\n    \n                        IF NEW.state = 'agreed' AND OLD.state = 'proposed' THEN\n                            \n        IF \n    EXISTS (SELECT 1 FROM agreements_party p WHERE p.agreement_id = NEW.id AND p.must_accept AND NOT EXISTS (\n        SELECT 1 FROM agreements_answer a JOIN agreements_version v ON v.id = a.version_id\n        WHERE v.agreement_id = NEW.id AND v.number = NEW.version AND a.organization_id = p.organization_id\n            AND a.answer = 'accept'))\n THEN\n            RAISE EXCEPTION 'not all have accepted' USING ERRCODE = 'check_violation', CONSTRAINT = 'agreement_is_accepted_by_all';\n        END IF;\n    \n                        END IF;\n                    END IF;\n                    RETURN NEW;\n                ",
                    hash="ebecabe36f1343a49585617f62cca3d78aa498c3",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_agreement_moves_as_the_table_says_59499",
                    table="agreements_agreement",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.CreateModel(
            name="Meeting",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=200, verbose_name="title")),
                ("held_on", models.DateField(verbose_name="day")),
                ("place", models.CharField(blank=True, max_length=200, verbose_name="place")),
                ("present", models.TextField(blank=True, verbose_name="who is present")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="prepared")),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="closed")),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="prepared by",
                    ),
                ),
                ("version", models.PositiveIntegerField(db_default=1, default=1, verbose_name="version")),
            ],
            options={
                "verbose_name": "meeting",
                "verbose_name_plural": "meetings",
                "ordering": ["-held_on", "-id"],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("title__regex", "\\S")), name="meeting_has_a_title")
                ],
            },
        ),
        migrations.CreateModel(
            name="Item",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField(verbose_name="position")),
                ("overlaps", models.ManyToManyField(related_name="+", to="overlap.overlap", verbose_name="overlaps")),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="items",
                        to="agreements.meeting",
                        verbose_name="meeting",
                    ),
                ),
            ],
            options={
                "verbose_name": "case of a meeting",
                "verbose_name_plural": "cases of meetings",
                "ordering": ["meeting", "position"],
                "constraints": [
                    models.UniqueConstraint(
                        deferrable=django.db.models.constraints.Deferrable["DEFERRED"],
                        fields=("meeting", "position"),
                        name="item_once_in_a_place",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Outcome",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "choice",
                    models.CharField(
                        choices=[
                            ("confirm", "Overlap confirmed"),
                            ("dismiss", "Dismissed"),
                            ("agreement", "Agreement proposed"),
                            ("postpone", "Postponed"),
                        ],
                        max_length=9,
                        verbose_name="outcome",
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("different_beneficiaries", "Different beneficiaries"),
                            ("sequential_phases", "Sequential phases"),
                            ("one_finances_the_other", "One finances the other"),
                            ("complementary", "Complementary"),
                            ("data_error", "Error in the data"),
                            ("other", "Other"),
                        ],
                        max_length=23,
                        verbose_name="reason",
                    ),
                ),
                ("note", models.TextField(blank=True, verbose_name="note")),
                ("present", models.TextField(blank=True, verbose_name="who was present")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="recorded")),
                (
                    "actor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="recorded by",
                    ),
                ),
                (
                    "agreement",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="outcomes",
                        to="agreements.agreement",
                        verbose_name="agreement",
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="outcomes",
                        to="agreements.item",
                        verbose_name="case",
                    ),
                ),
            ],
            options={
                "verbose_name": "outcome of a case",
                "verbose_name_plural": "outcomes of cases",
                "ordering": ["created_at", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("choice", "dismiss"),
                                models.Q(("reason", ""), _negated=True),
                                ("agreement__isnull", True),
                            ),
                            models.Q(("agreement__isnull", False), ("choice", "agreement"), ("reason", "")),
                            models.Q(
                                ("agreement__isnull", True), ("choice__in", ["confirm", "postpone"]), ("reason", "")
                            ),
                            _connector="OR",
                        ),
                        name="outcome_has_what_it_needs",
                    )
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="outcome",
            trigger=pgtrigger.compiler.Trigger(
                name="outcome_stays",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="c66e5474511d62e43d9ad08a29c5bd2704d511a4",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_outcome_stays_dbf0e",
                    table="agreements_outcome",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.CreateModel(
            name="Party",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("must_accept", models.BooleanField(default=True, verbose_name="must accept")),
                (
                    "agreement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="parties",
                        to="agreements.agreement",
                        verbose_name="agreement",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="agreement_parties",
                        to="donors.organization",
                        verbose_name="organization",
                    ),
                ),
            ],
            options={
                "verbose_name": "party",
                "verbose_name_plural": "parties",
                "ordering": ["-must_accept", "organization__name"],
                "constraints": [models.UniqueConstraint(fields=("agreement", "organization"), name="party_once")],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="party",
            trigger=pgtrigger.compiler.Trigger(
                name="parties_are_chosen_in_a_draft",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n                    \n        IF EXISTS (SELECT 1 FROM agreements_agreement WHERE state <> 'draft' AND id = CASE TG_OP WHEN 'DELETE' THEN OLD.agreement_id ELSE NEW.agreement_id END) THEN\n            RAISE EXCEPTION 'the parties of a proposal stay' USING ERRCODE = 'check_violation', CONSTRAINT = 'parties_are_chosen_in_a_draft';\n        END IF;\n    \n                    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;\n                    RETURN NEW;\n                ",
                    hash="5949ab2a294c7eddcda8e6fb28eb0c1a1e02e37d",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_parties_are_chosen_in_a_draft_18e2b",
                    table="agreements_party",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.CreateModel(
            name="Version",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField(default=1, verbose_name="number")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("lead", "One takes the lead"),
                            ("area", "Divide by area"),
                            ("sequence", "One after the other in time"),
                            ("merge", "Merge the programs"),
                            ("pool", "Pool the money"),
                            ("joint_mission", "A joint mission"),
                            ("share_results", "Share results"),
                        ],
                        max_length=13,
                        verbose_name="kind",
                    ),
                ),
                ("text", models.TextField(blank=True, verbose_name="terms")),
                ("note", models.TextField(blank=True, verbose_name="why")),
                ("is_sealed", models.BooleanField(default=False, verbose_name="sealed")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="written")),
                (
                    "agreement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="versions",
                        to="agreements.agreement",
                        verbose_name="agreement",
                    ),
                ),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="author",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="donors.organization",
                        verbose_name="proposed by",
                    ),
                ),
            ],
            options={
                "verbose_name": "version of an agreement",
                "verbose_name_plural": "versions of agreements",
                "ordering": ["number"],
                "constraints": [
                    models.UniqueConstraint(fields=("agreement", "number"), name="version_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                ["lead", "area", "sequence", "merge", "pool", "joint_mission", "share_results"],
                            )
                        ),
                        name="version_kind_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("is_sealed", False), ("text__regex", "\\S"), _connector="OR"),
                        name="version_sealed_says_something",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="version",
            trigger=pgtrigger.compiler.Trigger(
                name="sealed_version_stays",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."is_sealed")',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="574b69e59a528866940417a103d59635e26a08a4",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_sealed_version_stays_9587a",
                    table="agreements_version",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.CreateModel(
            name="Commitment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField(verbose_name="number")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("move_dates", "Move the dates of a program"),
                            ("leave_area", "Leave an area"),
                            ("take_over_area", "Take over an area"),
                            ("close", "Close a program"),
                            ("reduce_money", "Reduce the money of a program"),
                            ("other", "Something else, in words"),
                        ],
                        max_length=14,
                        verbose_name="kind",
                    ),
                ),
                ("new_start", models.DateField(blank=True, null=True, verbose_name="new start")),
                ("new_end", models.DateField(blank=True, null=True, verbose_name="new end")),
                ("text", models.TextField(blank=True, verbose_name="in words")),
                (
                    "amount",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=20, null=True, verbose_name="money freed"
                    ),
                ),
                ("currency", models.CharField(blank=True, max_length=3, verbose_name="currency")),
                (
                    "amount_usd",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=20, null=True, verbose_name="money freed (US dollars)"
                    ),
                ),
                ("rate_month", models.DateField(blank=True, null=True, verbose_name="month of the exchange rate")),
                ("due_on", models.DateField(verbose_name="due")),
                ("follow_up", models.CharField(max_length=150, verbose_name="who follows it up")),
                (
                    "baseline_usd",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=20,
                        null=True,
                        verbose_name="committed when agreed (US dollars)",
                    ),
                ),
                ("kept_at", models.DateTimeField(blank=True, null=True, verbose_name="kept")),
                ("seen_at", models.DateTimeField(blank=True, null=True, verbose_name="seen by a coordinator")),
                (
                    "area",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="goals.area",
                        verbose_name="area",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="commitments",
                        to="donors.organization",
                        verbose_name="responsible organization",
                    ),
                ),
                (
                    "program",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="commitments",
                        to="programs.program",
                        verbose_name="program",
                    ),
                ),
                (
                    "to_program",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="programs.program",
                        verbose_name="the money goes to",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="commitments",
                        to="agreements.version",
                        verbose_name="version",
                    ),
                ),
                (
                    "baseline",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=22,
                        null=True,
                        verbose_name="committed when agreed (in the currency of the amount)",
                    ),
                ),
            ],
            options={
                "verbose_name": "commitment",
                "verbose_name_plural": "commitments",
                "ordering": ["version", "number"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("kind", "move_dates"),
                                ("program__isnull", False),
                                models.Q(("new_start__isnull", False), ("new_end__isnull", False), _connector="OR"),
                            ),
                            models.Q(
                                ("area__isnull", False),
                                ("kind__in", ["leave_area", "take_over_area"]),
                                ("program__isnull", False),
                            ),
                            models.Q(("kind", "close"), ("program__isnull", False)),
                            models.Q(("amount__isnull", False), ("kind", "reduce_money"), ("program__isnull", False)),
                            models.Q(("kind", "other"), ("text__regex", "\\S")),
                            _connector="OR",
                        ),
                        name="commitment_has_what_its_kind_needs",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("amount__isnull", True),
                                ("amount_usd__isnull", True),
                                ("currency", ""),
                                ("to_program__isnull", True),
                            ),
                            models.Q(("amount__gt", 0), ("currency__regex", "^[A-Z]{3}$")),
                            _connector="OR",
                        ),
                        name="commitment_money_has_its_currency",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("currency", "USD"), _negated=True),
                            ("amount_usd", models.F("amount")),
                            _connector="OR",
                        ),
                        name="commitment_dollars_are_dollars",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("to_program__isnull", True),
                            ("program__isnull", True),
                            models.Q(("to_program", models.F("program")), _negated=True),
                            _connector="OR",
                        ),
                        name="commitment_money_goes_elsewhere",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("new_end__gte", models.F("new_start"))), name="commitment_dates_in_order"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("follow_up__regex", "\\S")), name="commitment_names_its_follow_up"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("seen_at__isnull", True), ("kept_at__isnull", False), _connector="OR"),
                        name="commitment_seen_was_kept",
                    ),
                    models.UniqueConstraint(fields=("version", "number"), name="commitment_once"),
                ],
                "indexes": [
                    models.Index(
                        condition=models.Q(("program__isnull", False)), fields=["program"], name="commitment_of_program"
                    )
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="commitment",
            trigger=pgtrigger.compiler.Trigger(
                name="commitment_of_a_sealed_version_stays",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n                    IF TG_OP = 'UPDATE' THEN\n                        IF (to_jsonb(NEW) - ARRAY['kept_at', 'seen_at', 'baseline_usd', 'baseline'])\n                            = (to_jsonb(OLD) - ARRAY['kept_at', 'seen_at', 'baseline_usd', 'baseline']) THEN\n                            RETURN NEW;\n                        END IF;\n                    END IF;\n                    \n        IF EXISTS (SELECT 1 FROM agreements_version WHERE is_sealed AND id = CASE TG_OP WHEN 'DELETE' THEN OLD.version_id ELSE NEW.version_id END) THEN\n            RAISE EXCEPTION 'what was proposed stays' USING ERRCODE = 'check_violation', CONSTRAINT = 'commitment_of_a_sealed_version_stays';\n        END IF;\n    \n                    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;\n                    RETURN NEW;\n                ",
                    hash="df0bbbcf74cf8b78678e64af0bb3818c69515998",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_commitment_of_a_sealed_version_stays_18183",
                    table="agreements_commitment",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.CreateModel(
            name="Step",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("drafted", "Drafted"),
                            ("proposed", "Proposed"),
                            ("accepted", "Accepted"),
                            ("countered", "Other terms proposed"),
                            ("revised", "New terms proposed"),
                            ("declined", "Declined"),
                            ("agreed", "Agreed"),
                            ("commitment_kept", "Commitment kept"),
                            ("commitment_lost", "No longer as agreed"),
                            ("said_kept", "Said to be kept"),
                            ("taken_back", "Taken back"),
                            ("seen", "Seen"),
                            ("kept", "Kept"),
                            ("fell_back", "No longer kept"),
                            ("broken", "Broken"),
                            ("ended", "Ended"),
                            ("withdrawn", "Withdrawn"),
                            ("dropped", "Draft dropped"),
                            ("answer_awaited", "Answer awaited"),
                            ("due_soon", "Due soon"),
                            ("overdue", "Overdue"),
                        ],
                        max_length=15,
                        verbose_name="kind",
                    ),
                ),
                ("version", models.PositiveIntegerField(verbose_name="version")),
                ("note", models.TextField(blank=True, verbose_name="note")),
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
                    "agreement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="steps",
                        to="agreements.agreement",
                        verbose_name="agreement",
                    ),
                ),
                (
                    "commitment",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="agreements.commitment",
                        verbose_name="commitment",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="donors.organization",
                        verbose_name="organization",
                    ),
                ),
            ],
            options={
                "verbose_name": "step of an agreement",
                "verbose_name_plural": "steps of agreements",
                "ordering": ["created_at", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("kind__in", ["answer_awaited", "due_soon", "overdue"])),
                        fields=("agreement", "kind", "version", "organization", "commitment"),
                        name="step_reminds_once",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "accepted",
                                    "agreed",
                                    "answer_awaited",
                                    "broken",
                                    "commitment_kept",
                                    "commitment_lost",
                                    "countered",
                                    "declined",
                                    "drafted",
                                    "dropped",
                                    "due_soon",
                                    "ended",
                                    "fell_back",
                                    "kept",
                                    "overdue",
                                    "proposed",
                                    "revised",
                                    "said_kept",
                                    "seen",
                                    "taken_back",
                                    "withdrawn",
                                ],
                            )
                        ),
                        name="step_is_known",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="step",
            trigger=pgtrigger.compiler.Trigger(
                name="step_stays",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="bbb991bcd58f33b616171b79db83c0b5474ffcf0",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_step_stays_cd897",
                    table="agreements_step",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.CreateModel(
            name="Answer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "answer",
                    models.CharField(
                        choices=[("accept", "Accepted"), ("counter", "Proposed other terms"), ("decline", "Declined")],
                        max_length=7,
                        verbose_name="answer",
                    ),
                ),
                ("note", models.TextField(blank=True, verbose_name="note")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="answered")),
                (
                    "actor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="answered by",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="agreement_answers",
                        to="donors.organization",
                        verbose_name="organization",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answers",
                        to="agreements.version",
                        verbose_name="version",
                    ),
                ),
            ],
            options={
                "verbose_name": "answer",
                "verbose_name_plural": "answers",
                "ordering": ["created_at", "id"],
                "constraints": [
                    models.UniqueConstraint(fields=("version", "organization"), name="answer_once_a_version"),
                    models.CheckConstraint(
                        condition=models.Q(("answer__in", ["accept", "counter", "decline"])), name="answer_is_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answer", "decline"), _negated=True), ("note__regex", "\\S"), _connector="OR"
                        ),
                        name="answer_declining_says_why",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="answer",
            trigger=pgtrigger.compiler.Trigger(
                name="answer_stays",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="3947a15eb2b1eb0fd66b136c252dd13beb370f32",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_answer_stays_e21f9",
                    table="agreements_answer",
                    when="BEFORE",
                ),
            ),
        ),
    ]
