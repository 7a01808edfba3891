"""Whether IATI files come out as they went in."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from programs.exchange.iati.files import NotIati
from programs.exchange.iati.round_trip import Journey, round_trip


class Command(BaseCommand):
    help = (
        "Imports each file, exports it as IATI 2.03, and lists what differs; the database stays as it was. Fails where "
        "a fact that the portal models differs, an element is lost, or the export is not valid."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", metavar="FILE", type=Path)
        parser.add_argument(
            "--from-tables", action="store_true", help="export what the database models, without what was published"
        )

    def handle(self, *args: Any, files: list[Path], **options: Any) -> None:
        failed = []
        for path in files:
            try:
                journey = round_trip(path, with_published=not options["from_tables"])
            except NotIati as refusal:
                raise CommandError(f"{path}: {refusal}") from refusal
            self._tell(journey)
            if journey.facts or journey.elements or journey.schema_problems:
                failed.append(path.name)
        if failed:
            raise CommandError(f"The export differs from the import: {', '.join(failed)}", returncode=1)

    def _tell(self, journey: Journey) -> None:
        given = journey.activities - len(journey.not_taken) - len(journey.not_given)
        self.stdout.write(
            f"{journey.name}: activities {journey.activities}, given out {given}, elements the same {journey.same}, "
            f"kept apart {journey.kept_apart.total()}, facts that differ {journey.facts.total()}, "
            f"elements that differ {journey.elements.total()}, against the schema {len(journey.schema_problems)}"
        )
        for title, lines in (
            ("not taken in", journey.not_taken),
            ("not given out (the standard requires a date)", journey.not_given),
            ("against the schema", journey.schema_problems[:20]),
        ):
            for line in lines:
                self.stdout.write(f"  {title}: {line}")
        for title, counter in (
            ("fact", journey.facts),
            ("element", journey.elements),
            ("kept apart", journey.kept_apart),
            ("rule broken by what was published", journey.rules_before),
            ("rule broken by what is given out", journey.rules),
        ):
            for name, count in counter.most_common():
                self.stdout.write(f"  {title}: {name} {count}")
                if title in ("fact", "element"):
                    self.stdout.write(f"    {journey.examples[name]}")
