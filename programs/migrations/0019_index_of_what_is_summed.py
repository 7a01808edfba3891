"""What sums over all programs ask of each, in an index of its own."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

ASKED = ["stage", "visibility", "scope", "reporting_org", "status", "planned_end", "actual_end", "period"]


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("programs", "0018_index_of_parts_by_identifier")]

    operations = [
        AddIndexConcurrently(
            "program",
            models.Index(fields=["id"], include=[*ASKED, "committed_usd", "disbursed_usd"], name="program_summed"),
        )
    ]
