import django.contrib.postgres.fields
import django.contrib.postgres.indexes
from django.db import migrations, models


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
        migrations.AddIndex(
            model_name="candidatekey",
            index=models.Index(
                fields=["key", "least", "series"],
                include=("program", "mask", "starts", "ends", "title_series"),
                name="candidatekey_by_series",
            ),
        ),
        migrations.RemoveIndex(
            model_name="candidatekey",
            name="candidatekey_lookup",
        ),
        migrations.AddIndex(
            model_name="programprofile",
            index=django.contrib.postgres.indexes.GinIndex(fields=["series"], name="profile_of_series"),
        ),
    ]
