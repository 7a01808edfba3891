import django.contrib.postgres.fields
from django.db import migrations, models


# Their indexes follow in 0013, which locks nobody out while it builds them.
class Migration(migrations.Migration):
    dependencies = [
        ("overlap", "0010_clearer_labels"),
        ("programs", "0008_plain_words"),
    ]

    operations = [
        migrations.AddField(
            model_name="candidatekey",
            name="series",
            field=models.BigIntegerField(db_default=0, default=0, verbose_name="series"),
        ),
        migrations.AddField(
            model_name="candidatekey",
            name="title_series",
            field=models.BigIntegerField(db_default=0, default=0, verbose_name="series by the title"),
        ),
        migrations.AddField(
            model_name="programprofile",
            name="series",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.BigIntegerField(), db_default=[], default=list, size=None, verbose_name="series"
            ),
        ),
    ]
