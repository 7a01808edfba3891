from django.db import migrations, models


class Migration(migrations.Migration):
    """Amounts are kept with the parts that they are the smaller of; priorities are 0 to 100 instead of US dollars.

    What is stored is worked out again by the sweep, some pairs at a time.
    """

    dependencies = [("overlap", "0013_indexes_of_series")]

    operations = [
        migrations.AddField(
            model_name="cluster",
            name="stake",
            field=models.FloatField(db_default=0, default=0, verbose_name="priority, 0 to 100"),
        ),
        migrations.AddField(
            model_name="overlap",
            name="parts",
            field=models.JSONField(blank=True, null=True, verbose_name="parts of both programs"),
        ),
        migrations.AddField(
            model_name="overlap",
            name="smaller_id",
            field=models.BigIntegerField(blank=True, null=True, verbose_name="program with the smaller part"),
        ),
        migrations.AlterField(
            model_name="overlap",
            name="stake",
            field=models.FloatField(db_default=0, default=0, verbose_name="priority, 0 to 100"),
        ),
    ]
