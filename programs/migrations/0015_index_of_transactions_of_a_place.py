"""The few transactions that say themselves where their money goes, found without reading the others."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

OF_A_PLACE = models.Q(country__isnull=False) | models.Q(region__isnull=False)


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("programs", "0014_transactions_of_a_place")]

    operations = [
        AddIndexConcurrently(
            "transaction", models.Index(fields=["program"], name="transaction_of_a_place", condition=OF_A_PLACE)
        )
    ]
