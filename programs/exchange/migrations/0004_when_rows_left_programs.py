from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("exchange", "0003_nightly_dumps")]

    operations = [
        migrations.AddField(
            model_name="importrow",
            name="applied_stamp",
            field=models.DateTimeField(blank=True, null=True, verbose_name="program saved by the import"),
        ),
        migrations.AddField(
            model_name="importrow",
            name="undone_stamp",
            field=models.DateTimeField(blank=True, null=True, verbose_name="program saved by the undo"),
        ),
    ]
