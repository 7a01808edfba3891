"""Writes what coordinators decided as a labelled set, for evaluate_overlaps and fit_overlaps."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from programs.overlap.evaluation.export import export_decisions


class Command(BaseCommand):
    help = (
        "Exports the decisions that stand as labelled pairs: programs.jsonl and pairs.csv, as evaluate_overlaps and"
        " fit_overlaps read them. Restricted programs are left out unless asked for."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="the folder to write both files into")
        parser.add_argument("--with-restricted", action="store_true", help="also pairs with a restricted program")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            found = export_decisions(options["folder"], with_restricted=options["with_restricted"])
        except OSError as error:
            raise CommandError(f"{options['folder']}: {error.strerror or error}") from error
        self.stdout.write(
            f"{found.programs} programs, {found.decided} decided pairs, {found.ignored} undecided pairs to ignore;"
            f" {found.left_out} decisions left out since a program is restricted"
        )
        if not found.decided and found.left_out:
            raise CommandError("Both files are empty: all decisions are on restricted programs (--with-restricted).")
        if not found.decided:
            raise CommandError("There are no decisions to export yet: both files are empty.")
