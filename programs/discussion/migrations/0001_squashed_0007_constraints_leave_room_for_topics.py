import uuid

import django.db.models.deletion
import django.db.models.functions.text
import django.db.models.lookups
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Makes a new database what 0001 to 0007 make it; one that has run only some of those goes on with the rest of them."""

    replaces = [
        ("discussion", "0001_initial"),
        ("discussion", "0002_notifications_of_requests"),
        ("discussion", "0003_notifications_of_agreements"),
        ("discussion", "0004_comments_on_agreements"),
        ("discussion", "0005_notifications_of_sharing"),
        ("discussion", "0006_topics"),
        ("discussion", "0007_constraints_leave_room_for_topics"),
    ]

    initial = True

    dependencies = [
        ("agreements", "0003_editions_and_dropped_drafts"),
        ("donors", "0011_key_scope_in_words"),
        ("overlap", "0007_queue_newest_and_most_money"),
        ("programs", "0007_sharing_changes_and_what_runs_past_its_end"),
    ]

    operations = [
        migrations.CreateModel(
            name="Reached",
            fields=[
                (
                    "source",
                    models.CharField(
                        choices=[("overlap", "flagged overlaps"), ("review", "decisions")],
                        max_length=7,
                        primary_key=True,
                        serialize=False,
                        verbose_name="source",
                    ),
                ),
                ("last_id", models.BigIntegerField(default=0, verbose_name="last one told")),
            ],
            options={
                "verbose_name": "progress of notifications",
                "verbose_name_plural": "progress of notifications",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("source__in", ["overlap", "review"])), name="reached_source_is_known"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Letter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("due_on", models.DateField(verbose_name="due")),
                ("claimed_at", models.DateTimeField(blank=True, null=True, verbose_name="claimed")),
                ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="attempts")),
                ("sent_at", models.DateTimeField(blank=True, null=True, verbose_name="sent")),
                (
                    "recipient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="letters",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="recipient",
                    ),
                ),
            ],
            options={
                "verbose_name": "letter",
                "verbose_name_plural": "letters",
                "ordering": ["-due_on", "-id"],
                "constraints": [
                    models.UniqueConstraint(fields=("recipient", "due_on"), name="letter_once_a_day"),
                    models.UniqueConstraint(
                        condition=models.Q(("sent_at__isnull", True)),
                        fields=("recipient",),
                        name="letter_unsent_is_one",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("sent_at__isnull", True), ("claimed_at__isnull", False), _connector="OR"),
                        name="letter_sent_was_claimed",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Topic",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=20, verbose_name="kind")),
            ],
            options={
                "verbose_name": "topic",
                "verbose_name_plural": "topics",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("kind__regex", "^[a-z_]+$")), name="topic_has_a_kind")
                ],
            },
        ),
        migrations.CreateModel(
            name="Comment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.TextField(verbose_name="text")),
                ("key", models.UUIDField(default=uuid.uuid4, editable=False, verbose_name="key of the form")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="written")),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True, verbose_name="withdrawn")),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="comments",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="author",
                    ),
                ),
                (
                    "overlap",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="comments",
                        to="overlap.overlap",
                        verbose_name="overlap",
                    ),
                ),
                (
                    "program",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="comments",
                        to="programs.program",
                        verbose_name="program",
                    ),
                ),
                (
                    "agreement",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="comments",
                        to="agreements.agreement",
                        verbose_name="agreement",
                    ),
                ),
                (
                    "topic",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="comments",
                        to="discussion.topic",
                        verbose_name="topic",
                    ),
                ),
            ],
            options={
                "verbose_name": "comment",
                "verbose_name_plural": "comments",
                "ordering": ["created_at", "id"],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("text__regex", "\\S")), name="comment_says_something"),
                    models.CheckConstraint(
                        condition=models.Q(
                            django.db.models.lookups.LessThanOrEqual(
                                django.db.models.functions.text.Length("text"), 5000
                            )
                        ),
                        name="comment_text_is_not_too_long",
                    ),
                    models.UniqueConstraint(fields=("author", "key"), name="comment_once_a_form"),
                ],
                "indexes": [
                    models.Index(
                        condition=models.Q(("program__isnull", False)),
                        fields=["program", "id"],
                        name="comment_of_program",
                    ),
                    models.Index(
                        condition=models.Q(("overlap__isnull", False)),
                        fields=["overlap", "id"],
                        name="comment_of_overlap",
                    ),
                    models.Index(
                        condition=models.Q(("agreement__isnull", False)),
                        fields=["agreement", "id"],
                        name="comment_of_agreement",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="comment",
            trigger=pgtrigger.compiler.Trigger(
                name="comment_stays",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="818743812c635ee4d1341cee906121552b7fcbec",
                    operation="DELETE",
                    pgid="pgtrigger_comment_stays_6188a",
                    table="discussion_comment",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="comment",
            trigger=pgtrigger.compiler.Trigger(
                name="comment_is_only_withdrawn",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n                    IF OLD.withdrawn_at IS NOT NULL OR NEW.withdrawn_at IS NULL\n                        OR (to_jsonb(NEW) - 'withdrawn_at') <> (to_jsonb(OLD) - 'withdrawn_at') THEN\n                        RAISE EXCEPTION 'a comment is never changed, only withdrawn'\n                            USING ERRCODE = 'check_violation', CONSTRAINT = 'comment_is_only_withdrawn';\n                    END IF;\n                    RETURN NEW;\n                ",
                    hash="ae33f2eab18562ffe153e69b6387a83c03d6824b",
                    operation="UPDATE",
                    pgid="pgtrigger_comment_is_only_withdrawn_aa741",
                    table="discussion_comment",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.CreateModel(
            name="Mention",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "comment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="mentions",
                        to="discussion.comment",
                        verbose_name="comment",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="mentions",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "verbose_name": "mention",
                "verbose_name_plural": "mentions",
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(fields=("comment", "person"), name="mention_once_in_a_comment")
                ],
            },
        ),
        migrations.CreateModel(
            name="Notification",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("mention", "You were mentioned"),
                            ("comment", "A comment on your organization's program"),
                            ("flagged", "Your organization's program was flagged"),
                            ("decision", "A decision on an overlap of your organization's program"),
                            ("reopened", "A decision was reopened"),
                            ("asked", "An organization was asked for"),
                            ("answered", "An organization that you asked for"),
                            ("agreement", "A step of an agreement of your organization"),
                            ("shared", "A program of your organization was shown to more people"),
                        ],
                        max_length=9,
                        verbose_name="kind",
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("read_at", models.DateTimeField(blank=True, null=True, verbose_name="read")),
                ("mailed_at", models.DateTimeField(blank=True, null=True, verbose_name="mailed")),
                (
                    "comment",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notifications",
                        to="discussion.comment",
                        verbose_name="comment",
                    ),
                ),
                (
                    "overlap",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notifications",
                        to="overlap.overlap",
                        verbose_name="overlap",
                    ),
                ),
                (
                    "program",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notifications",
                        to="programs.program",
                        verbose_name="program",
                    ),
                ),
                (
                    "recipient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notifications",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="recipient",
                    ),
                ),
                (
                    "review",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notifications",
                        to="overlap.review",
                        verbose_name="review",
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notifications",
                        to="donors.organizationrequest",
                        verbose_name="request for an organization",
                    ),
                ),
                (
                    "agreement",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notifications",
                        to="agreements.agreement",
                        verbose_name="agreement",
                    ),
                ),
                (
                    "step",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notifications",
                        to="agreements.step",
                        verbose_name="step of the agreement",
                    ),
                ),
                (
                    "sharing",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notifications",
                        to="programs.sharingchange",
                        verbose_name="change of who may see it",
                    ),
                ),
                (
                    "topic",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notifications",
                        to="discussion.topic",
                        verbose_name="topic",
                    ),
                ),
                (
                    "topic_event",
                    models.PositiveBigIntegerField(blank=True, null=True, verbose_name="what happened to the topic"),
                ),
            ],
            options={
                "verbose_name": "notification",
                "verbose_name_plural": "notifications",
                "ordering": ["-id"],
                "indexes": [
                    models.Index(fields=["recipient", "-id"], name="notification_newest_first"),
                    models.Index(
                        condition=models.Q(("read_at__isnull", True)), fields=["recipient"], name="notification_unread"
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="comment",
            name="mentioned",
            field=models.ManyToManyField(
                related_name="mentioned_in",
                through="discussion.Mention",
                to=settings.AUTH_USER_MODEL,
                verbose_name="mentioned",
            ),
        ),
    ]
