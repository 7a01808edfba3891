import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Makes a new database what 0001 to 0002 make it; one that has run only some of those goes on with the rest of them."""

    replaces = [("region", "0001_last_visits"), ("region", "0002_plain_words")]

    initial = True

    dependencies = [
        ("donors", "0007_organization_request"),
    ]

    operations = [
        migrations.CreateModel(
            name="LastVisit",
            fields=[
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="last_visit",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="last seen")),
                ("before", models.DateTimeField(blank=True, null=True, verbose_name="end of the previous visit")),
            ],
            options={
                "verbose_name": "last visit",
                "verbose_name_plural": "last visits",
            },
        ),
    ]
