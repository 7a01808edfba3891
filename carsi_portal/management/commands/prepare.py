"""Brings the database up to date with this release, in one process: each of its own would load the portal first."""

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = (
        "Migrates the database, loads the reference data and the names of known organizations, and on a demonstration"
        " site its data; can be run again at any time."
    )
    requires_system_checks = []  # those of `migrate` follow, and its own tables are not there yet

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("migrate", interactive=False, verbosity=options["verbosity"], skip_checks=False)
        steps = ["load_reference_data", "load_known_organizations"]
        if settings.DEMONSTRATION:
            steps.append("load_demonstration_data")
        for step in steps:
            call_command(step, stdout=self.stdout, stderr=self.stderr)
