import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("donors", "0012_plain_words"),
        ("goals", "0003_plain_words"),
    ]

    operations = [
        migrations.AddField(
            model_name="organization",
            name="listed_as",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="Key of the body that it is in the list of known bodies; empty if it is on no list.",
                max_length=40,
                verbose_name="known body",
            ),
        ),
        migrations.AddField(
            model_name="organization",
            name="is_listed_by_hand",
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text="Loading the list again leaves the choice as it is.",
                verbose_name="known body chosen by a person",
            ),
        ),
        migrations.AddField(
            model_name="organization",
            name="compared_as",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                editable=False,
                max_length=40,
                verbose_name="known body when its programs were last compared",
            ),
        ),
        migrations.AddField(
            model_name="organizationalias",
            name="country",
            field=models.ForeignKey(
                blank=True,
                help_text="Where the name means this organization; empty if it does everywhere.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="goals.country",
                verbose_name="country",
            ),
        ),
        migrations.AddField(
            model_name="organizationalias",
            name="is_listed",
            field=models.BooleanField(
                db_default=False, default=False, editable=False, verbose_name="from the list of known bodies"
            ),
        ),
        migrations.AddField(
            model_name="organizationalias",
            name="is_own",
            field=models.BooleanField(db_default=False, default=False, editable=False, verbose_name="name in lists"),
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
                    models.UniqueConstraint(fields=("organization", "normalized"), name="removed_name_once"),
                ],
            },
        ),
    ]
