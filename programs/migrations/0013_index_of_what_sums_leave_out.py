"""The few programs whose sums leave something out, found without reading the others."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

LEAVES_OUT = ~models.Q(committed_left_out={}) | ~models.Q(disbursed_left_out={})


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("programs", "0012_what_sums_leave_out")]

    operations = [
        AddIndexConcurrently("program", models.Index(fields=["id"], name="program_leaves_out", condition=LEAVES_OUT))
    ]
