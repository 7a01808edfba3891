from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("overlap", "0005_cases_stakes_and_saved_views")]

    operations = [
        # The stake without its place and time: the first night writes the whole of it (programs/overlap/stake.py).
        migrations.RunSQL(
            'UPDATE overlap_overlap SET "case" = cluster_id, stake = score * coalesce(money_usd, 100000)'
            " WHERE cluster_id IS NOT NULL",
            migrations.RunSQL.noop,
        ),
    ]
