from django.db import migrations


class Migration(migrations.Migration):
    """Priorities were US dollars. Until the sweep has come to a pair, it has the priority of its probability and of an
    amount that nobody knows."""

    dependencies = [("overlap", "0014_parts_of_amounts")]

    operations = [migrations.RunSQL("UPDATE overlap_overlap SET stake = score * 25", migrations.RunSQL.noop)]
