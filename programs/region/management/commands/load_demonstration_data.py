"""Loads the demonstration data once."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from programs.region.demonstration import load_demonstration


class Command(BaseCommand):
    help = "Loads invented programs, organizations and accounts once, on a demonstration site only."

    def handle(self, *args: Any, **options: Any) -> None:
        if not (settings.DEMONSTRATION or settings.DEBUG):
            raise CommandError(
                "Demonstration accounts have a known password: set DEMONSTRATION=true to load them, "
                "never in production."
            )
        loaded = load_demonstration()
        self.stdout.write(f"Demonstration data: {loaded} programs" if loaded else "Demonstration data: loaded before")
