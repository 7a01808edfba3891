from django.db import migrations


class Migration(migrations.Migration):
    """Parts of full scans become lists of programs: unfinished scans begin anew, and all programs are due once."""

    dependencies = [("overlap", "0002_initial"), ("programs", "0001_initial")]

    operations = [
        migrations.RunSQL("DELETE FROM overlap_scanpart", migrations.RunSQL.noop),
        migrations.RunSQL("DELETE FROM overlap_scanrun WHERE finished_at IS NULL", migrations.RunSQL.noop),
        migrations.RunSQL("UPDATE programs_program SET scanned_version = 0", migrations.RunSQL.noop),
    ]
