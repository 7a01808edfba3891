"""Reads exchange rates from their sources at once."""

from typing import Any

from django.core.management.base import BaseCommand

from goals.rates.fetching import fetch_rates


class Command(BaseCommand):
    help = "Reads exchange rates from their sources, as the nightly job does, and says how that went."

    def handle(self, *args: Any, **options: Any) -> None:
        attempts = fetch_rates()
        for one in attempts:
            said = f"{one.problem}: {one.detail}" if one.problem else f"{one.stored} stored, {one.held} held"
            self.stdout.write(f"{one.provider}: {said}")
        if not attempts:
            self.stdout.write("All sources are switched off (RATES_SOURCES).")
