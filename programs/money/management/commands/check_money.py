"""Proves that what goes into the sums of the portal comes out of them, to the cent, for several kinds of readers."""

import time
from typing import Any

from django.core.management import BaseCommand, CommandError

from programs.money.checking import check_kept, check_reader, check_stored, readers


class Command(BaseCommand):
    help = (
        "Checks all money: stored sums against their rows, shares that come to one, families and passed-on money "
        "counted once, and that totals by goal, place and donor agree. Fails and says where they do not."
    )

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument(
            "--organizations", type=int, default=10, help="how many organizations' own views are checked (default 10)"
        )

    def handle(self, *args: Any, organizations: int, **options: Any) -> None:
        began = time.perf_counter()
        problems = check_stored()
        self._say("Stored sums", problems)
        kept = check_kept()
        self._say("What is kept of families", kept)
        problems += kept
        for name, reader in readers(organizations):
            checked = check_reader(name, reader)
            what = f"{checked.reader}: {checked.programs:,} programs, US$ {checked.committed:,.2f} committed"
            self._say(what[0].upper() + what[1:], checked.problems)
            problems += checked.problems
        self.stdout.write(f"{time.perf_counter() - began:.1f} s")
        if problems:
            raise CommandError(f"{len(problems)} sums are wrong.")

    def _say(self, what: str, problems: list[str]) -> None:
        self.stdout.write(f"{what}: {'right' if not problems else 'WRONG'}")
        for problem in problems:
            self.stdout.write(f"  {problem}")
