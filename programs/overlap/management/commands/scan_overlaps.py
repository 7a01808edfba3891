"""Scans programs for overlaps by hand."""

import json
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from programs.overlap.models import Overlap
from programs.overlap.services import run_full_scan, sweep


class Command(BaseCommand):
    help = "Scans what changed since its last scan, or with --full every pair of programs again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--full", action="store_true", help="every pair of programs again")
        parser.add_argument("--json", action="store_true", help="print one JSON object on the last line")

    def handle(self, *args: Any, **options: Any) -> None:
        began = time.monotonic()
        found = run_full_scan(self._progress) if options["full"] else sweep(seconds=None)
        seconds = round(time.monotonic() - began, 2)
        flagged = Overlap.objects.flagged()
        counts = {kind: flagged.filter(kind=kind).count() for kind in Overlap.Kind.values}
        self.stdout.write(
            f"{found.programs} programs, {found.pairs} pairs compared in {seconds} s; "
            f"flagged now: {sum(counts.values())} ("
            + ", ".join(f"{count} {kind}" for kind, count in counts.items())
            + ")"
        )
        if options["json"]:
            self.stdout.write(
                json.dumps(
                    {
                        "programs": found.programs,
                        "pairs": found.pairs,
                        "flagged": sum(counts.values()),
                        "kinds": counts,
                        "open": Overlap.objects.open().count(),
                        "seconds": seconds,
                    }
                )
            )

    def _progress(self, done: int, of: int) -> None:
        self.stderr.write(f"\rprograms done: {done} of {of}", ending="" if done < of else "\n")
