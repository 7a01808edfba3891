import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

# Events are written where things happen, by whoever changes them: no service, import or scan can forget one. Nothing is
# written while nobody has a webhook.
PROGRAMS = """
CREATE FUNCTION webhooks_program_event() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    moved boolean := TG_OP = 'INSERT';
    said text;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        moved := OLD.stage IS DISTINCT FROM NEW.stage;
    END IF;
    IF moved AND NEW.stage IN ('published', 'closed', 'archived') THEN
        said := 'program.' || NEW.stage;
    ELSIF NOT moved AND NEW.stage IN ('published', 'closed') AND OLD.version IS DISTINCT FROM NEW.version THEN
        said := 'program.changed';
    END IF;
    IF said IS NOT NULL AND EXISTS (SELECT 1 FROM webhooks_endpoint WHERE ended = '') THEN
        INSERT INTO webhooks_event (kind, subject_id) VALUES (said, NEW.id);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER webhooks_program_event AFTER INSERT OR UPDATE OF stage, version ON programs_program
    FOR EACH ROW EXECUTE FUNCTION webhooks_program_event();
"""

OVERLAPS = """
CREATE FUNCTION webhooks_overlap_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM webhooks_endpoint WHERE ended = '') THEN
        INSERT INTO webhooks_event (kind, subject_id) VALUES ('overlap.flagged', NEW.id);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER webhooks_overlap_flagged AFTER INSERT ON overlap_overlap
    FOR EACH ROW WHEN (NEW.is_flagged) EXECUTE FUNCTION webhooks_overlap_event();
CREATE TRIGGER webhooks_overlap_flagged_again AFTER UPDATE OF is_flagged ON overlap_overlap
    FOR EACH ROW WHEN (NEW.is_flagged AND NOT OLD.is_flagged) EXECUTE FUNCTION webhooks_overlap_event();
"""

REVIEWS = """
CREATE FUNCTION webhooks_review_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM webhooks_endpoint WHERE ended = '') THEN
        INSERT INTO webhooks_event (kind, subject_id) VALUES (
            'overlap.' || CASE NEW.action
                WHEN 'confirm' THEN 'confirmed' WHEN 'dismiss' THEN 'dismissed' ELSE 'reopened' END,
            NEW.overlap_id
        );
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER webhooks_review_event AFTER INSERT ON overlap_review
    FOR EACH ROW EXECUTE FUNCTION webhooks_review_event();
"""

AGREEMENTS = """
CREATE FUNCTION webhooks_agreement_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM webhooks_endpoint WHERE ended = '') THEN
        INSERT INTO webhooks_event (kind, subject_id) VALUES ('agreement.' || NEW.state, NEW.id);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER webhooks_agreement_event AFTER UPDATE OF state ON agreements_agreement
    FOR EACH ROW WHEN (NEW.state <> 'draft' AND NEW.state <> OLD.state) EXECUTE FUNCTION webhooks_agreement_event();
"""

NOT_ANY_MORE = """
DROP TRIGGER webhooks_program_event ON programs_program;
DROP FUNCTION webhooks_program_event();
DROP TRIGGER webhooks_overlap_flagged ON overlap_overlap;
DROP TRIGGER webhooks_overlap_flagged_again ON overlap_overlap;
DROP FUNCTION webhooks_overlap_event();
DROP TRIGGER webhooks_review_event ON overlap_review;
DROP FUNCTION webhooks_review_event();
DROP TRIGGER webhooks_agreement_event ON agreements_agreement;
DROP FUNCTION webhooks_agreement_event();
"""


class Migration(migrations.Migration):
    """Makes a new database what 0001 to 0005 make it; one that has run only some of those goes on with the rest of them."""

    replaces = [
        ("webhooks", "0001_webhooks"),
        ("webhooks", "0002_events_are_written_by_triggers"),
        ("webhooks", "0003_a_delivery_is_queued_once"),
        ("webhooks", "0004_messages_are_given_up_and_cancelled"),
        ("webhooks", "0005_plain_words"),
    ]

    initial = True

    dependencies = [
        ("agreements", "0001_agreements"),
        ("overlap", "0001_initial"),
        ("programs", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Endpoint",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=100, verbose_name="name")),
                ("url", models.URLField(max_length=500, verbose_name="address")),
                (
                    "kinds",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("program.published", "A program is published"),
                                ("program.changed", "A published program has changed"),
                                ("program.closed", "A program is closed"),
                                ("program.archived", "A program is archived"),
                                ("overlap.flagged", "An overlap is flagged"),
                                ("overlap.confirmed", "An overlap is confirmed"),
                                ("overlap.dismissed", "An overlap is dismissed"),
                                ("overlap.reopened", "A decision on an overlap is reopened"),
                                ("agreement.proposed", "An agreement is proposed"),
                                ("agreement.agreed", "A proposal is agreed"),
                                ("agreement.declined", "A proposal is declined"),
                                ("agreement.withdrawn", "A proposal is withdrawn"),
                                ("agreement.kept", "An agreement is kept"),
                                ("agreement.broken", "An agreement is broken"),
                                ("agreement.ended", "An agreement is ended"),
                            ],
                            max_length=20,
                        ),
                        size=None,
                        verbose_name="events",
                    ),
                ),
                ("secret", models.TextField(editable=False, verbose_name="secret")),
                (
                    "ended",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("owner", "Switched off"),
                            ("failing", "Switched off after failing for days"),
                            ("gone", "Switched off: the address reported that it no longer exists"),
                        ],
                        max_length=7,
                        verbose_name="switched off",
                    ),
                ),
                ("failing_since", models.DateTimeField(blank=True, null=True, verbose_name="failing since")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created on")),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="webhooks",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="owner",
                    ),
                ),
            ],
            options={
                "verbose_name": "webhook",
                "verbose_name_plural": "webhooks",
                "ordering": ["name", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kinds", []), _negated=True), name="webhook_hears_of_something"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ended__in", ["", "owner", "failing", "gone"])), name="webhook_end_is_known"
                    ),
                    models.UniqueConstraint(fields=("owner", "url"), name="webhook_address_once_a_person"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Event",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=20, verbose_name="event")),
                ("subject_id", models.BigIntegerField(verbose_name="subject")),
                (
                    "happened_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), verbose_name="happened at"
                    ),
                ),
                ("spread_at", models.DateTimeField(blank=True, null=True, verbose_name="distributed on")),
            ],
            options={
                "verbose_name": "event",
                "verbose_name_plural": "events",
                "indexes": [
                    models.Index(
                        condition=models.Q(("spread_at__isnull", True)), fields=["id"], name="event_to_be_spread"
                    ),
                    models.Index(fields=["happened_at"], name="event_by_time"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Delivery",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=20, verbose_name="event")),
                ("subject_id", models.BigIntegerField(blank=True, null=True, verbose_name="subject")),
                ("body", models.JSONField(verbose_name="what is sent")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("delivered", "Delivered"),
                            ("failed", "Failed"),
                            ("withheld", "Withheld: you can no longer see it"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="waiting",
                        max_length=9,
                        verbose_name="status",
                    ),
                ),
                ("tries", models.PositiveSmallIntegerField(default=0, verbose_name="attempts")),
                ("next_try_at", models.DateTimeField(blank=True, null=True, verbose_name="next attempt")),
                ("claimed_at", models.DateTimeField(blank=True, null=True, verbose_name="taken by a worker")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created on")),
                (
                    "endpoint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deliveries",
                        to="webhooks.endpoint",
                        verbose_name="webhook",
                    ),
                ),
                (
                    "event",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="deliveries",
                        to="webhooks.event",
                        verbose_name="event",
                    ),
                ),
                ("queued_at", models.DateTimeField(blank=True, null=True, verbose_name="sent to a worker on")),
                ("lost", models.PositiveSmallIntegerField(db_default=0, default=0, verbose_name="tries lost")),
            ],
            options={
                "verbose_name": "delivery",
                "verbose_name_plural": "deliveries",
                "ordering": ["-created_at", "-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("next_try_at__isnull", False), ("state", "waiting")),
                            models.Q(models.Q(("state", "waiting"), _negated=True), ("next_try_at__isnull", True)),
                            _connector="OR",
                        ),
                        name="delivery_waiting_has_a_next_try",
                    ),
                    models.UniqueConstraint(fields=("endpoint", "event"), name="delivery_once_an_event"),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["waiting", "delivered", "failed", "withheld", "cancelled"])),
                        name="delivery_state_is_known",
                    ),
                ],
                "indexes": [
                    models.Index(condition=models.Q(("state", "waiting")), fields=["next_try_at"], name="delivery_due"),
                    models.Index(fields=["endpoint", "-created_at"], name="delivery_of_endpoint"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Attempt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("made_at", models.DateTimeField(auto_now_add=True, verbose_name="created on")),
                ("status", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="HTTP status")),
                ("milliseconds", models.PositiveIntegerField(verbose_name="milliseconds")),
                ("answer", models.CharField(blank=True, max_length=500, verbose_name="answer")),
                ("problem", models.CharField(blank=True, max_length=20, verbose_name="problem")),
                (
                    "delivery",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="attempts",
                        to="webhooks.delivery",
                        verbose_name="delivery",
                    ),
                ),
            ],
            options={
                "verbose_name": "attempt",
                "verbose_name_plural": "attempts",
                "ordering": ["id"],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="attempt",
            trigger=pgtrigger.compiler.Trigger(
                name="attempt_stays_as_it_was",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="55df2a45a09322da9c34164b335c844a809ee7bf",
                    operation="UPDATE",
                    pgid="pgtrigger_attempt_stays_as_it_was_be463",
                    table="webhooks_attempt",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.RunSQL(PROGRAMS + OVERLAPS + REVIEWS + AGREEMENTS, NOT_ANY_MORE),
    ]
