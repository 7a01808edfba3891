"""Gives the organizations of the portal the names that the list of known bodies has of them."""

from typing import Any

from django.core.management.base import BaseCommand

from donors.services import load_listed_organizations


class Command(BaseCommand):
    help = "Gives organizations the names and identifiers of the list of known bodies; can be run again at any time."

    def handle(self, *args: Any, **options: Any) -> None:
        counts = load_listed_organizations()
        self.stdout.write("Known organizations: {known} of {organizations}; {names} names added.".format_map(counts))
