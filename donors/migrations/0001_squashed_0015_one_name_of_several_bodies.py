import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import donors.models.api_key


class Migration(migrations.Migration):
    """Makes a new database what 0001 to 0015 make it; one that has run only some of those goes on with the rest of them."""

    replaces = [
        ("donors", "0001_initial"),
        ("donors", "0002_user_digest"),
        ("donors", "0003_invitation"),
        ("donors", "0004_membership_history"),
        ("donors", "0005_membership_history_backfill"),
        ("donors", "0006_organization_contact_email"),
        ("donors", "0007_organization_request"),
        ("donors", "0008_key_scopes_and_use"),
        ("donors", "0009_answers_as_text"),
        ("donors", "0010_machine_accounts"),
        ("donors", "0011_key_scope_in_words"),
        ("donors", "0012_plain_words"),
        ("donors", "0013_names_in_countries"),
        ("donors", "0014_own_names_are_marked"),
        ("donors", "0015_one_name_of_several_bodies"),
    ]

    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("goals", "0003_plain_words"),
        ("pghistory", "0007_auto_20250421_0444"),
    ]

    operations = [
        migrations.CreateModel(
            name="Organization",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=255, verbose_name="name")),
                ("short_name", models.CharField(blank=True, max_length=60, verbose_name="short name")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("10", "Government"),
                            ("11", "Local government"),
                            ("15", "Other public sector"),
                            ("21", "International NGO"),
                            ("22", "National NGO"),
                            ("23", "Regional NGO"),
                            ("24", "Partner country based NGO"),
                            ("30", "Public private partnership"),
                            ("40", "Multilateral"),
                            ("60", "Foundation"),
                            ("70", "Private sector"),
                            ("71", "Private sector in provider country"),
                            ("72", "Private sector in aid recipient country"),
                            ("73", "Private sector in third country"),
                            ("80", "Academic, training and research"),
                            ("90", "Other"),
                        ],
                        default="90",
                        max_length=2,
                        verbose_name="kind",
                    ),
                ),
                ("ref", models.CharField(blank=True, max_length=120, verbose_name="IATI organisation identifier")),
                (
                    "is_coordinating_body",
                    models.BooleanField(
                        default=False,
                        help_text="SICA: its coordinators review overlaps.",
                        verbose_name="coordinating body",
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                (
                    "country",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="organizations",
                        to="goals.country",
                        verbose_name="country",
                    ),
                ),
                (
                    "contact_email",
                    models.EmailField(
                        blank=True,
                        help_text="Shown to signed-in partners who want to discuss an overlap.",
                        max_length=254,
                        verbose_name="contact email",
                    ),
                ),
                (
                    "listed_as",
                    models.CharField(
                        blank=True,
                        db_default="",
                        default="",
                        help_text="Key of the body that it is in the list of known bodies; empty if it is on no list.",
                        max_length=40,
                        verbose_name="known body",
                    ),
                ),
                (
                    "is_listed_by_hand",
                    models.BooleanField(
                        db_default=False,
                        default=False,
                        help_text="Loading the list again leaves the choice as it is.",
                        verbose_name="known body chosen by a person",
                    ),
                ),
                (
                    "compared_as",
                    models.CharField(
                        blank=True,
                        db_default="",
                        default="",
                        editable=False,
                        max_length=40,
                        verbose_name="known body when its programs were last compared",
                    ),
                ),
            ],
            options={
                "verbose_name": "organization",
                "verbose_name_plural": "organizations",
                "ordering": ["name"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True), name="organization_has_a_name"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "10",
                                    "11",
                                    "15",
                                    "21",
                                    "22",
                                    "23",
                                    "24",
                                    "30",
                                    "40",
                                    "60",
                                    "70",
                                    "71",
                                    "72",
                                    "73",
                                    "80",
                                    "90",
                                ],
                            )
                        ),
                        name="organization_kind_is_known",
                    ),
                    models.UniqueConstraint(
                        django.db.models.functions.text.Upper("ref"),
                        condition=models.Q(("ref", ""), _negated=True),
                        name="organization_ref_is_unique",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("is_coordinating_body", True)),
                        fields=("is_coordinating_body",),
                        name="organization_coordinates_alone",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="User",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                (
                    "is_superuser",
                    models.BooleanField(
                        default=False,
                        help_text="Designates that this user has all permissions without explicitly assigning them.",
                        verbose_name="superuser status",
                    ),
                ),
                ("email", models.EmailField(max_length=254, verbose_name="email")),
                ("full_name", models.CharField(blank=True, max_length=150, verbose_name="full name")),
                (
                    "language",
                    models.CharField(
                        blank=True,
                        choices=[("en", "English"), ("es", "Spanish")],
                        max_length=2,
                        verbose_name="language",
                    ),
                ),
                ("is_staff", models.BooleanField(default=False, verbose_name="may use the administration")),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
                ("date_joined", models.DateTimeField(default=django.utils.timezone.now, verbose_name="joined on")),
                (
                    "groups",
                    models.ManyToManyField(
                        blank=True,
                        help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.group",
                        verbose_name="groups",
                    ),
                ),
                (
                    "user_permissions",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Specific permissions for this user.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.permission",
                        verbose_name="user permissions",
                    ),
                ),
                (
                    "digest",
                    models.CharField(
                        choices=[
                            ("off", "Never"),
                            ("daily", "Daily, if there is news"),
                            ("weekly", "Every Monday, if there is news"),
                        ],
                        default="weekly",
                        max_length=6,
                        verbose_name="email frequency",
                    ),
                ),
                (
                    "machine_of",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="machines",
                        to="donors.organization",
                        verbose_name="machine account of",
                    ),
                ),
            ],
            options={
                "verbose_name": "user",
                "verbose_name_plural": "users",
                "ordering": ["email"],
                "constraints": [
                    models.UniqueConstraint(
                        django.db.models.functions.text.Lower("email"), name="user_email_is_unique"
                    ),
                    models.CheckConstraint(condition=models.Q(("email__contains", "@")), name="user_email_has_an_at"),
                    models.CheckConstraint(
                        condition=models.Q(("language__in", ["", "en", "es"])), name="user_language_is_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("digest__in", ["off", "daily", "weekly"])), name="user_digest_is_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("machine_of__isnull", True),
                            models.Q(("digest", "off"), ("is_staff", False), ("is_superuser", False)),
                            _connector="OR",
                        ),
                        name="user_machine_is_nobody_s_boss_and_gets_no_letters",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ApiKey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=80, verbose_name="name")),
                ("prefix", models.CharField(max_length=16, unique=True, verbose_name="prefix")),
                ("digest", models.CharField(max_length=64, unique=True, verbose_name="digest")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("expires_at", models.DateTimeField(blank=True, null=True, verbose_name="expires")),
                ("last_used_at", models.DateTimeField(blank=True, null=True, verbose_name="last used")),
                ("revoked_at", models.DateTimeField(blank=True, null=True, verbose_name="revoked")),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="api_keys",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="user",
                    ),
                ),
                (
                    "scopes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("read", "Read"),
                                ("write", "Enter and change: programs, imports, comments, agreements"),
                                ("review", "Decide on overlaps"),
                                ("export", "Download full exports"),
                            ],
                            max_length=6,
                        ),
                        default=donors.models.api_key.only_reading,
                        size=None,
                        verbose_name="scopes",
                    ),
                ),
            ],
            options={
                "verbose_name": "API key",
                "verbose_name_plural": "API keys",
                "ordering": ["-created_at"],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("name", ""), _negated=True), name="api_key_has_a_name"),
                    models.CheckConstraint(
                        condition=models.Q(("digest__regex", "^[0-9a-f]{64}$")), name="api_key_digest_is_sha256"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("scopes__contained_by", ["read", "write", "review", "export"]), ("scopes__len__gt", 0)
                        ),
                        name="api_key_scopes_are_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("viewer", "viewer"),
                            ("editor", "editor"),
                            ("manager", "manager"),
                            ("coordinator", "coordinator"),
                        ],
                        max_length=12,
                        verbose_name="role",
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="since")),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="memberships",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="user",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="memberships",
                        to="donors.organization",
                        verbose_name="organization",
                    ),
                ),
            ],
            options={
                "verbose_name": "membership",
                "verbose_name_plural": "memberships",
                "ordering": ["organization", "user"],
                "constraints": [
                    models.UniqueConstraint(fields=("user", "organization"), name="membership_once_in_an_organization"),
                    models.CheckConstraint(
                        condition=models.Q(("role__in", ["viewer", "editor", "manager", "coordinator"])),
                        name="membership_role_is_known",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="membership",
            trigger=pgtrigger.compiler.Trigger(
                name="coordinators_in_the_coordinating_body",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (NEW.\"role\" = 'coordinator')",
                    func="\n                    IF NOT EXISTS (SELECT 1 FROM donors_organization\n                                   WHERE id = NEW.organization_id AND is_coordinating_body) THEN\n                        RAISE EXCEPTION 'a coordinator must be a member of the coordinating body'\n                            USING ERRCODE = 'check_violation',\n                                  CONSTRAINT = 'membership_coordinator_in_coordinating_body';\n                    END IF;\n                    RETURN NEW;\n                ",
                    hash="0bca1a735ed340ae2a3e6368379484cd218690bd",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_coordinators_in_the_coordinating_body_93f5b",
                    table="donors_membership",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="membership",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "donors_membershipevent" ("created_at", "id", "organization_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "user_id") VALUES (NEW."created_at", NEW."id", NEW."organization_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."role", NEW."user_id"); RETURN NULL;',
                    hash="fb4d34082e789644f7c5d901c97460a6c0e7dd9d",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_b8b8a",
                    table="donors_membership",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="membership",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "donors_membershipevent" ("created_at", "id", "organization_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "user_id") VALUES (NEW."created_at", NEW."id", NEW."organization_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."role", NEW."user_id"); RETURN NULL;',
                    hash="0d09d6f667b3c4c38ce5dc3fdf34a724abe97001",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_81421",
                    table="donors_membership",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="membership",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "donors_membershipevent" ("created_at", "id", "organization_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "user_id") VALUES (OLD."created_at", OLD."id", OLD."organization_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."role", OLD."user_id"); RETURN NULL;',
                    hash="17543d1a25d757220fb9466a845045a7a385dfc1",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_9bb77",
                    table="donors_membership",
                    when="AFTER",
                ),
            ),
        ),
        migrations.CreateModel(
            name="OrganizationAlias",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.CharField(max_length=255, verbose_name="text")),
                (
                    "normalized",
                    models.CharField(
                        editable=False,
                        help_text="Lower case, without accents or punctuation.",
                        max_length=255,
                        verbose_name="normalized",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("name", "name"),
                            ("acronym", "acronym"),
                            ("former", "former name"),
                            ("translation", "translation"),
                            ("ref", "identifier"),
                        ],
                        default="name",
                        max_length=11,
                        verbose_name="kind",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="aliases",
                        to="donors.organization",
                        verbose_name="organization",
                    ),
                ),
                (
                    "country",
                    models.ForeignKey(
                        blank=True,
                        help_text="Where the name means this organization; empty if it does everywhere.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="goals.country",
                        verbose_name="country",
                    ),
                ),
                (
                    "is_listed",
                    models.BooleanField(
                        db_default=False, default=False, editable=False, verbose_name="from the list of known bodies"
                    ),
                ),
                (
                    "is_own",
                    models.BooleanField(db_default=False, default=False, editable=False, verbose_name="name in lists"),
                ),
            ],
            options={
                "verbose_name": "alias",
                "verbose_name_plural": "aliases",
                "ordering": ["text"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("normalized", ""), _negated=True), name="alias_is_normalized"
                    ),
                    models.UniqueConstraint(
                        fields=("organization", "normalized", "kind"), name="alias_once_an_organization"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("is_own", True)), fields=("normalized",), name="alias_own_name_once"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "ref")), fields=("normalized",), name="alias_identifier_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["name", "acronym", "former", "translation", "ref"])),
                        name="alias_kind_is_known",
                    ),
                ],
                "indexes": [models.Index(fields=["normalized"], name="alias_normalized")],
            },
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("email", models.EmailField(max_length=254, verbose_name="email")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("viewer", "viewer"),
                            ("editor", "editor"),
                            ("manager", "manager"),
                            ("coordinator", "coordinator"),
                        ],
                        max_length=12,
                        verbose_name="role",
                    ),
                ),
                (
                    "language",
                    models.CharField(
                        choices=[("en", "English"), ("es", "Spanish")], max_length=2, verbose_name="language"
                    ),
                ),
                ("version", models.PositiveSmallIntegerField(default=1, verbose_name="version")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("expires_at", models.DateTimeField(verbose_name="expires")),
                ("sent_at", models.DateTimeField(blank=True, null=True, verbose_name="sent")),
                ("accepted_at", models.DateTimeField(blank=True, null=True, verbose_name="accepted")),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True, verbose_name="withdrawn")),
                (
                    "accepted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="invitations_taken",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="accepted by",
                    ),
                ),
                (
                    "invited_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="invitations_made",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="invited by",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="invitations",
                        to="donors.organization",
                        verbose_name="organization",
                    ),
                ),
            ],
            options={
                "verbose_name": "invitation",
                "verbose_name_plural": "invitations",
                "ordering": ["-created_at", "-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("email__contains", "@")), name="invitation_email_has_an_at"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("email", django.db.models.functions.text.Lower("email"))),
                        name="invitation_email_is_lower_case",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("role__in", ["viewer", "editor", "manager", "coordinator"])),
                        name="invitation_role_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("language__in", ["en", "es"])), name="invitation_language_is_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("version__gte", 1)), name="invitation_version_begins_at_1"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("expires_at__gt", models.F("created_at"))),
                        name="invitation_expires_after_it_is_made",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("accepted_at__isnull", True), ("withdrawn_at__isnull", True), _connector="OR"
                        ),
                        name="invitation_accepted_or_withdrawn",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("accepted_by__isnull", True), ("accepted_at__isnull", False), _connector="OR"
                        ),
                        name="invitation_accepted_by_whoever_accepted",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("accepted_at__isnull", True), ("withdrawn_at__isnull", True)),
                        fields=("organization", "email"),
                        name="invitation_open_once",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="invitation",
            trigger=pgtrigger.compiler.Trigger(
                name="coordinators_in_the_coordinating_body",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (NEW.\"role\" = 'coordinator')",
                    func="\n                    IF NOT EXISTS (SELECT 1 FROM donors_organization\n                                   WHERE id = NEW.organization_id AND is_coordinating_body) THEN\n                        RAISE EXCEPTION 'a coordinator must be a member of the coordinating body'\n                            USING ERRCODE = 'check_violation',\n                                  CONSTRAINT = 'invitation_coordinator_in_coordinating_body';\n                    END IF;\n                    RETURN NEW;\n                ",
                    hash="ed99a537905dea76ba54bede8bfd8498d05f474f",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_coordinators_in_the_coordinating_body_038c4",
                    table="donors_invitation",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.CreateModel(
            name="MembershipEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("viewer", "viewer"),
                            ("editor", "editor"),
                            ("manager", "manager"),
                            ("coordinator", "coordinator"),
                        ],
                        max_length=12,
                        verbose_name="role",
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="since")),
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
                        to="donors.membership",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="user",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="membershipevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="aafc17ad3523cfec41593af43647b9b6f5b40db5",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_598dd",
                    table="donors_membershipevent",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.CreateModel(
            name="OrganizationRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=255, verbose_name="name")),
                ("normalized", models.CharField(editable=False, max_length=255, verbose_name="normalized")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("10", "Government"),
                            ("11", "Local government"),
                            ("15", "Other public sector"),
                            ("21", "International NGO"),
                            ("22", "National NGO"),
                            ("23", "Regional NGO"),
                            ("24", "Partner country based NGO"),
                            ("30", "Public private partnership"),
                            ("40", "Multilateral"),
                            ("60", "Foundation"),
                            ("70", "Private sector"),
                            ("71", "Private sector in provider country"),
                            ("72", "Private sector in aid recipient country"),
                            ("73", "Private sector in third country"),
                            ("80", "Academic, training and research"),
                            ("90", "Other"),
                        ],
                        default="90",
                        max_length=2,
                        verbose_name="kind",
                    ),
                ),
                ("place", models.CharField(blank=True, max_length=255, verbose_name="where it is used")),
                ("asked_at", models.DateTimeField(auto_now_add=True, verbose_name="request date")),
                (
                    "answer",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "Awaiting an answer"),
                            ("added", "Added to the list"),
                            ("other", "Another name of one in the list"),
                            ("none", "Not an organization"),
                        ],
                        max_length=5,
                        verbose_name="answer",
                    ),
                ),
                ("answered_at", models.DateTimeField(blank=True, null=True, verbose_name="answered")),
                (
                    "answered_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="answered by",
                    ),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="organization_requests",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="requested by",
                    ),
                ),
                (
                    "asked_for",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="donors.organization",
                        verbose_name="requested for",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="requests",
                        to="donors.organization",
                        verbose_name="organization",
                    ),
                ),
            ],
            options={
                "verbose_name": "request for a new organization",
                "verbose_name_plural": "requests for new organizations",
                "ordering": ["-asked_at", "-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("normalized", ""), _negated=True), name="organization_request_has_a_name"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("answer__in", ["", "added", "other", "none"])),
                        name="organization_request_answer_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answer", ""), ("answered_at__isnull", True)),
                            models.Q(models.Q(("answer", ""), _negated=True), ("answered_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="organization_request_answered_when_answered",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("organization__isnull", True), ("answer__in", ["added", "other"]), _connector="OR"
                        ),
                        name="organization_request_organization_is_an_answer",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("answer", "")),
                        fields=("normalized", "asked_by"),
                        name="organization_request_open_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AnsweredRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=200)),
                ("fingerprint", models.CharField(max_length=64)),
                ("status", models.PositiveSmallIntegerField(null=True)),
                ("headers", models.JSONField(default=dict)),
                ("created_at", models.DateTimeField(auto_now_add=True, db_index=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("body", models.TextField(blank=True)),
            ],
            options={
                "verbose_name": "answered request",
                "verbose_name_plural": "answered requests",
                "constraints": [models.UniqueConstraint(fields=("user", "key"), name="answered_request_once")],
            },
        ),
        migrations.CreateModel(
            name="ApiKeyUse",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField(verbose_name="day")),
                ("method", models.CharField(max_length=7, verbose_name="method")),
                ("path", models.CharField(max_length=200, verbose_name="address")),
                ("status", models.PositiveSmallIntegerField(verbose_name="status")),
                ("calls", models.PositiveIntegerField(default=1, verbose_name="calls")),
                (
                    "key",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="uses", to="donors.apikey"
                    ),
                ),
            ],
            options={
                "verbose_name": "use of an API key",
                "verbose_name_plural": "uses of API keys",
                "ordering": ["-day", "path", "method", "status"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("key", "day", "method", "path", "status"), name="api_key_use_once_a_day"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RemovedName",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("normalized", models.CharField(max_length=255, verbose_name="normalized")),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="removed_names",
                        to="donors.organization",
                        verbose_name="organization",
                    ),
                ),
            ],
            options={
                "verbose_name": "removed name",
                "verbose_name_plural": "removed names",
                "constraints": [
                    models.UniqueConstraint(fields=("organization", "normalized"), name="removed_name_once")
                ],
            },
        ),
    ]
