import django.db.models.deletion
import django.db.models.functions.text
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("donors", "0002_user_digest"),
    ]

    operations = [
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
                ],
            },
        ),
        migrations.AddField(
            model_name="invitation",
            name="accepted_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="invitations_taken",
                to=settings.AUTH_USER_MODEL,
                verbose_name="accepted by",
            ),
        ),
        migrations.AddField(
            model_name="invitation",
            name="invited_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="invitations_made",
                to=settings.AUTH_USER_MODEL,
                verbose_name="invited by",
            ),
        ),
        migrations.AddField(
            model_name="invitation",
            name="organization",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="invitations",
                to="donors.organization",
                verbose_name="organization",
            ),
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.CheckConstraint(
                condition=models.Q(("accepted_by__isnull", True), ("accepted_at__isnull", False), _connector="OR"),
                name="invitation_accepted_by_whoever_accepted",
            ),
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("accepted_at__isnull", True), ("withdrawn_at__isnull", True)),
                fields=("organization", "email"),
                name="invitation_open_once",
            ),
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
    ]
