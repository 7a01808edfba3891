"""Loads exchange rates from a CSV file."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from goals.models import Origin
from goals.rates.storing import store
from goals.rates.uploads import COLUMNS, read_upload


class Command(BaseCommand):
    help = f"Loads exchange rates from a CSV file with the columns {', '.join(COLUMNS)} and, if need be, basis."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--by", default="command", help="whose name the history keeps (default: command)")

    def handle(self, *args: Any, file: Path, by: str, **options: Any) -> None:
        try:
            upload = read_upload(file.read_bytes())
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        if upload.problems:
            raise CommandError("\n".join(["Nothing was loaded.", *upload.problems]))
        stored = store(upload.readings, origin=Origin.PERSON, by=by)
        self.stdout.write(f"{len(stored.changed)} rates loaded, {stored.same} were there already.")
