from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("donors", "0008_key_scopes_and_use")]

    operations = [
        # They are kept for a day: none is worth a conversion.
        migrations.RunSQL("DELETE FROM donors_answeredrequest", migrations.RunSQL.noop),
        migrations.RemoveField("answeredrequest", "body"),
        migrations.AddField(
            "answeredrequest", "body", models.TextField(blank=True, default=""), preserve_default=False
        ),
    ]
