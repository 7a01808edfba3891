from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Comments and notifications know programs, overlaps and topics; agreements are topics."""

    dependencies = [
        ("agreements", "0004_each_agreement_is_a_topic"),
        ("discussion", "0007_constraints_leave_room_for_topics"),
        ("donors", "0011_key_scope_in_words"),
        ("overlap", "0007_queue_newest_and_most_money"),
        ("programs", "0007_sharing_changes_and_what_runs_past_its_end"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="comment",
            name="comment_of_agreement",
        ),
        migrations.RemoveField(
            model_name="comment",
            name="agreement",
        ),
        migrations.RemoveField(
            model_name="notification",
            name="agreement",
        ),
        migrations.RemoveField(
            model_name="notification",
            name="step",
        ),
        migrations.RunSQL(
            "UPDATE discussion_notification SET kind = 'topic' WHERE kind = 'agreement'",
            "UPDATE discussion_notification SET kind = 'agreement' WHERE kind = 'topic'",
        ),
        migrations.AlterField(
            model_name="notification",
            name="kind",
            field=models.CharField(
                choices=[
                    ("mention", "You were mentioned"),
                    ("comment", "A comment on your organization's program"),
                    ("flagged", "Your organization's program was flagged"),
                    ("decision", "A decision on an overlap of your organization's program"),
                    ("reopened", "A decision was reopened"),
                    ("asked", "An organization was asked for"),
                    ("answered", "An organization that you asked for"),
                    ("shared", "A program of your organization was shown to more people"),
                    ("topic", "Something that concerns your organization"),
                ],
                max_length=9,
                verbose_name="kind",
            ),
        ),
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(
                condition=models.Q(("topic__isnull", False)), fields=["topic", "id"], name="comment_of_topic"
            ),
        ),
        migrations.AddConstraint(
            model_name="comment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("overlap__isnull", True), ("program__isnull", False), ("topic__isnull", True)),
                    models.Q(("overlap__isnull", False), ("program__isnull", True), ("topic__isnull", True)),
                    models.Q(("overlap__isnull", True), ("program__isnull", True), ("topic__isnull", False)),
                    _connector="OR",
                ),
                name="comment_on_one_thing",
            ),
        ),
        migrations.AddConstraint(
            model_name="notification",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("overlap__isnull", True),
                        ("program__isnull", False),
                        ("request__isnull", True),
                        ("topic__isnull", True),
                    ),
                    models.Q(
                        ("overlap__isnull", False),
                        ("program__isnull", True),
                        ("request__isnull", True),
                        ("topic__isnull", True),
                    ),
                    models.Q(
                        ("overlap__isnull", True),
                        ("program__isnull", True),
                        ("request__isnull", False),
                        ("topic__isnull", True),
                    ),
                    models.Q(
                        ("overlap__isnull", True),
                        ("program__isnull", True),
                        ("request__isnull", True),
                        ("topic__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="notification_of_one_thing",
            ),
        ),
        migrations.AddConstraint(
            model_name="notification",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("kind", "mention"),
                        models.Q(
                            ("program__isnull", False),
                            ("overlap__isnull", False),
                            ("topic__isnull", False),
                            _connector="OR",
                        ),
                        ("comment__isnull", False),
                        ("review__isnull", True),
                        ("sharing__isnull", True),
                        ("topic_event__isnull", True),
                    ),
                    models.Q(
                        ("kind", "comment"),
                        models.Q(
                            ("program__isnull", False),
                            ("overlap__isnull", False),
                            ("topic__isnull", False),
                            _connector="OR",
                        ),
                        ("comment__isnull", False),
                        ("review__isnull", True),
                        ("sharing__isnull", True),
                        ("topic_event__isnull", True),
                    ),
                    models.Q(
                        ("kind", "flagged"),
                        ("overlap__isnull", False),
                        ("comment__isnull", True),
                        ("review__isnull", True),
                        ("sharing__isnull", True),
                        ("topic_event__isnull", True),
                    ),
                    models.Q(
                        ("kind", "decision"),
                        ("overlap__isnull", False),
                        ("comment__isnull", True),
                        ("review__isnull", False),
                        ("sharing__isnull", True),
                        ("topic_event__isnull", True),
                    ),
                    models.Q(
                        ("kind", "reopened"),
                        ("overlap__isnull", False),
                        ("comment__isnull", True),
                        ("review__isnull", False),
                        ("sharing__isnull", True),
                        ("topic_event__isnull", True),
                    ),
                    models.Q(
                        ("kind", "asked"),
                        ("request__isnull", False),
                        ("comment__isnull", True),
                        ("review__isnull", True),
                        ("sharing__isnull", True),
                        ("topic_event__isnull", True),
                    ),
                    models.Q(
                        ("kind", "answered"),
                        ("request__isnull", False),
                        ("comment__isnull", True),
                        ("review__isnull", True),
                        ("sharing__isnull", True),
                        ("topic_event__isnull", True),
                    ),
                    models.Q(
                        ("kind", "shared"),
                        ("program__isnull", False),
                        ("comment__isnull", True),
                        ("review__isnull", True),
                        ("sharing__isnull", False),
                        ("topic_event__isnull", True),
                    ),
                    models.Q(
                        ("kind", "topic"),
                        ("topic__isnull", False),
                        ("comment__isnull", True),
                        ("review__isnull", True),
                        ("sharing__isnull", True),
                        ("topic_event__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="notification_has_the_event_of_its_kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="notification",
            constraint=models.UniqueConstraint(
                fields=(
                    "recipient",
                    "kind",
                    "program",
                    "overlap",
                    "request",
                    "topic",
                    "comment",
                    "review",
                    "sharing",
                    "topic_event",
                ),
                name="notification_once_an_event",
                nulls_distinct=False,
            ),
        ),
    ]
