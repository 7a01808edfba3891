from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("donors", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="digest",
            field=models.CharField(
                choices=[
                    ("off", "Never"),
                    ("daily", "Every day, if there is news"),
                    ("weekly", "Every Monday, if there is news"),
                ],
                default="weekly",
                max_length=6,
                verbose_name="summary by email",
            ),
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.CheckConstraint(
                condition=models.Q(("digest__in", ["off", "daily", "weekly"])), name="user_digest_is_known"
            ),
        ),
    ]
