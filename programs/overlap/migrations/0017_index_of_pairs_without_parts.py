from django.db import migrations, models

CREATE = """
CREATE INDEX CONCURRENTLY IF NOT EXISTS overlap_without_parts ON overlap_overlap (id) WHERE parts IS NULL
"""
DROP = "DROP INDEX CONCURRENTLY IF EXISTS overlap_without_parts"


class Migration(migrations.Migration):
    """Pairs whose amounts the sweep has yet to work out. A database that ran 0014 as it was first has the index."""

    atomic = False

    dependencies = [("overlap", "0016_candidates_listed_with_parts")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AddIndex(
                    model_name="overlap",
                    index=models.Index(
                        condition=models.Q(("parts__isnull", True)), fields=["id"], name="overlap_without_parts"
                    ),
                )
            ],
            database_operations=[migrations.RunSQL(CREATE, DROP)],
        )
    ]
