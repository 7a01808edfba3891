"""The parts of a whole by their identifiers, without reading all programs of its organization."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

from programs.models.program import WholeOf

OF_A_HIERARCHY = models.Q(hierarchy__isnull=False)


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("programs", "0017_words_that_find_programs")]

    operations = [
        AddIndexConcurrently(
            "program",
            models.Index(
                models.F("reporting_org"), WholeOf("identifier"), name="program_of_a_whole", condition=OF_A_HIERARCHY
            ),
        )
    ]
