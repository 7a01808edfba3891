"""Encrypts again what a former SECRET_KEY encrypted, so that SECRET_KEY_FALLBACKS can be emptied."""

from argparse import ArgumentParser
from typing import Any

import structlog
from django.core.management.base import BaseCommand, CommandError

from core.ciphers import Counted, rotate

log = structlog.get_logger(__name__)


class Command(BaseCommand):
    help = (
        "Encrypts second factors and webhook secrets again with the current SECRET_KEY. With --check it changes "
        "nothing, and fails where something can be read with a key of SECRET_KEY_FALLBACKS alone."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="change nothing; fail if a former key is still needed")

    def handle(self, *args: Any, **options: Any) -> None:
        found = rotate(write=not options["check"])
        for counted in found:
            self.stdout.write(_sentence(counted, options["check"]))
            if counted.unreadable:
                self.stderr.write(
                    f"{counted.unreadable} of them cannot be read with any key. Add the key that they were made with "
                    "to SECRET_KEY_FALLBACKS, or ask their owners to create new ones."
                )
        depending = sum(counted.fallback for counted in found)
        if options["check"] and depending:
            raise CommandError(
                f"{depending} need a key of SECRET_KEY_FALLBACKS. Run manage.py rotate_secrets before you empty it."
            )
        if not options["check"]:
            log.info("secrets.rotated", number=sum(counted.rotated for counted in found))


def _sentence(counted: Counted, check: bool) -> str:
    name = str(counted.column.model._meta.verbose_name_plural).capitalize()
    did = f"{counted.fallback} need a former key" if check else f"{counted.rotated} encrypted again"
    return f"{name}: {counted.current} under the current key, {did}."
