"""Migrating step by step, as a site did that was there from the first release on.

A new database is made by the squashed migrations, which know none of the states between.
"""

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader


class StepByStepLoader(MigrationLoader):
    """Knows the migrations that others have replaced, and not those others."""

    def load_disk(self) -> None:
        super().load_disk()
        self.disk_migrations = {key: step for key, step in self.disk_migrations.items() if not step.replaces}


def step_by_step(database: BaseDatabaseWrapper) -> MigrationExecutor:
    """What migrates the database from any state of its past to any other."""
    executor = MigrationExecutor(database)
    executor.loader = StepByStepLoader(database)
    return executor
