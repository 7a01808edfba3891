from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Counted",
            fields=[
                ("program_id", models.BigIntegerField(primary_key=True, serialize=False, verbose_name="program")),
                ("family", models.BigIntegerField(db_index=True, verbose_name="family")),
                (
                    "committed",
                    models.DecimalField(
                        decimal_places=2, max_digits=20, null=True, verbose_name="committed that counts"
                    ),
                ),
                (
                    "disbursed",
                    models.DecimalField(
                        decimal_places=2, max_digits=20, null=True, verbose_name="disbursed that counts"
                    ),
                ),
                ("first", models.BigIntegerField(null=True, verbose_name="program counted instead")),
                ("funders", models.JSONField(default=dict, verbose_name="funders by way of others")),
                ("left_out", models.JSONField(default=dict, verbose_name="amounts without a rate that count")),
                ("plans", models.JSONField(default=list, verbose_name="planned amounts that count")),
            ],
            options={
                "verbose_name": "what a program of a family counts",
                "verbose_name_plural": "what programs of families count",
            },
        ),
        migrations.CreateModel(
            name="Due",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("program_id", models.BigIntegerField(verbose_name="program")),
            ],
            options={
                "verbose_name": "program whose family has changed",
                "verbose_name_plural": "programs whose family has changed",
            },
        ),
    ]
