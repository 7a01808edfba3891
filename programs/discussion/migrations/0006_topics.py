import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """A place for what people speak of beside programs and overlaps; agreements move there next."""

    dependencies = [("discussion", "0005_notifications_of_sharing")]

    operations = [
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
        migrations.AddField(
            model_name="comment",
            name="topic",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="comments",
                to="discussion.topic",
                verbose_name="topic",
            ),
        ),
        migrations.AddField(
            model_name="notification",
            name="topic",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="notifications",
                to="discussion.topic",
                verbose_name="topic",
            ),
        ),
        migrations.AddField(
            model_name="notification",
            name="topic_event",
            field=models.PositiveBigIntegerField(blank=True, null=True, verbose_name="what happened to the topic"),
        ),
    ]
