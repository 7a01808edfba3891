"""Runs the engine on a labelled set, in a database of its own, and prints how well it did."""

import json
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from programs.overlap.evaluation.labelled import BadFile, read_labelled_set
from programs.overlap.evaluation.metrics import confusion, figures
from programs.overlap.evaluation.report import told
from programs.overlap.evaluation.scratch import analyze, blank_texts, load, scratch_database
from programs.overlap.evaluation.trial import trial_of


class Command(BaseCommand):
    help = "Measures the overlap engine on a labelled set, in a scratch database; the portal's data is not touched."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("programs", type=Path, help="one program per line, as JSON")
        parser.add_argument("pairs", type=Path, help="CSV with left, right, kind; further columns: category, work")
        parser.add_argument("--quick", action="store_true", help="do without the second run, with texts blanked")
        parser.add_argument("--json", action="store_true", help="print one JSON object on the last line")

    def handle(self, *args: Any, **options: Any) -> None:
        began = time.monotonic()
        try:
            labelled = read_labelled_set(options["programs"], options["pairs"])
            with scratch_database():
                ids = load(labelled.programs)
                analyze()
                outcome = trial_of(labelled, ids).outcome()
                blanked = None
                if not options["quick"]:
                    blank_texts()
                    blanked = figures(trial_of(labelled, ids).outcome())
        except BadFile as error:
            raise CommandError(str(error)) from error
        found = figures(outcome)
        seconds = round(time.monotonic() - began, 1)
        self.stdout.write("\nTexts as they are:\n" + "\n".join(told(found)))
        self.stdout.write("\nConfusion between kinds (rows: the label; none: wrongly flagged):")
        for label, stated in confusion(outcome).items():
            self.stdout.write(f"  {label:11}" + "  ".join(f"{kind} {count}" for kind, count in stated.items()))
        if blanked:
            lines = told(blanked | {"categories": {}})
            self.stdout.write("\nTexts with title and description blanked:\n" + "\n".join(lines))
        self.stdout.write(f"\n{len(ids)} programs, {len(outcome.labels)} candidate pairs, {seconds} s")
        if options["json"]:
            numbers = {"seconds": seconds, "programs": len(ids), "pairs": len(outcome.labels)}
            if blanked:
                found["text_blanked"] = blanked["all"]
            self.stdout.write(json.dumps(found | numbers))
