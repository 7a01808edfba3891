from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Pairs whose amounts the sweep has yet to work out."""

    atomic = False

    dependencies = [("overlap", "0016_candidates_listed_with_parts")]

    operations = [
        AddIndexConcurrently(
            model_name="overlap",
            index=models.Index(
                condition=models.Q(("parts__isnull", True)), fields=["id"], name="overlap_without_parts"
            ),
        ),
    ]
