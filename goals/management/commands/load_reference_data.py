"""Loads goals, countries, regions, areas, sectors and exchange rates."""

from typing import Any

from django.core.management.base import BaseCommand

from goals.reference import load_reference_data


class Command(BaseCommand):
    help = "Loads goals, countries, regions, areas, sectors and exchange rates; can be run again at any time."

    def handle(self, *args: Any, **options: Any) -> None:
        counts = load_reference_data()
        self.stdout.write("Reference data: " + ", ".join(f"{count} {name}" for name, count in counts.items()))
