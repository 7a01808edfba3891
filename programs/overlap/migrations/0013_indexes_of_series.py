"""Indexes of 0011's columns, built while people and scans go on reading and writing.

A database that ran 0011 as it was first has them already; one where building was broken off has one that is not valid.
"""

from django.contrib.postgres.indexes import GinIndex
from django.db import migrations, models

CREATE_BY_SERIES = """
CREATE INDEX CONCURRENTLY IF NOT EXISTS candidatekey_by_series ON overlap_candidatekey (key, least, series)
INCLUDE (program_id, mask, starts, ends, title_series)
"""
CREATE_LOOKUP = """
CREATE INDEX CONCURRENTLY IF NOT EXISTS candidatekey_lookup ON overlap_candidatekey (key, least)
INCLUDE (program_id, mask, starts, ends)
"""
CREATE_OF_SERIES = """
CREATE INDEX CONCURRENTLY IF NOT EXISTS profile_of_series ON overlap_programprofile USING gin (series)
"""


def drop(name: str) -> str:
    return f"DROP INDEX CONCURRENTLY IF EXISTS {name}"


def drop_if_broken(name: str) -> str:
    return f"""
DO $$ BEGIN
    IF EXISTS (SELECT 1 FROM pg_index WHERE indexrelid = to_regclass('{name}') AND NOT indisvalid) THEN
        DROP INDEX {name};
    END IF;
END $$
"""


class Migration(migrations.Migration):
    # An index cannot be built beside readers and writers within a transaction.
    atomic = False

    dependencies = [
        ("overlap", "0012_decisions_teach_the_engine"),
    ]

    operations = [
        migrations.RunSQL(
            [drop_if_broken("candidatekey_by_series"), CREATE_BY_SERIES],
            [drop("candidatekey_by_series")],
            state_operations=[
                migrations.AddIndex(
                    model_name="candidatekey",
                    index=models.Index(
                        fields=["key", "least", "series"],
                        include=("program", "mask", "starts", "ends", "title_series"),
                        name="candidatekey_by_series",
                    ),
                )
            ],
        ),
        migrations.RunSQL(
            [drop("candidatekey_lookup")],
            [drop_if_broken("candidatekey_lookup"), CREATE_LOOKUP],
            state_operations=[migrations.RemoveIndex(model_name="candidatekey", name="candidatekey_lookup")],
        ),
        migrations.RunSQL(
            [drop_if_broken("profile_of_series"), CREATE_OF_SERIES],
            [drop("profile_of_series")],
            state_operations=[
                migrations.AddIndex(
                    model_name="programprofile", index=GinIndex(fields=["series"], name="profile_of_series")
                )
            ],
        ),
    ]
