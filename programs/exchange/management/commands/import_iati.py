"""Imports IATI activity files."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from goals.reference import refresh_statistics
from programs.exchange.iati.importer import IatiImporter
from programs.exchange.iati.oddities import ODDITIES
from programs.exchange.iati.report import Report
from programs.models import Program
from programs.services.plausibility import EVERYTHING, RULES
from programs.services.scan_requests import request_sweep

# So many activities for other regions are named one by one: files of the whole world have thousands.
LEFT_OUT_SHOWN = 50


class Command(BaseCommand):
    help = "Imports IATI activity files (2.01 to 2.03, 1.0x): activities in the seven countries, or all with --all."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", metavar="FILE", type=Path)
        parser.add_argument("--all", action="store_true", help="also activities outside the seven countries")
        parser.add_argument(
            "--visibility",
            choices=Program.Visibility.values,
            default=Program.Visibility.PARTNERS.value,
            help="who can see new programs (default: partners); existing programs keep their visibility",
        )
        parser.add_argument(
            "--accept",
            action="append",
            default=[],
            choices=[*RULES, "all"],
            metavar="WARNING",
            help="confirm unlikely values with this code, or all of them (can be given several times)",
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object on the last line")

    def handle(self, *args: Any, files: list[Path], **options: Any) -> None:
        accept = EVERYTHING if "all" in options["accept"] else frozenset(options["accept"])
        importer = IatiImporter(include_all=options["all"], visibility=options["visibility"], accept=accept)
        report = importer.import_files(files)
        refresh_statistics()
        request_sweep()
        self._tell(report)
        if options["json"]:
            self.stdout.write(json.dumps(as_json(report), ensure_ascii=False))
        if report.refused_files:
            raise CommandError("\n".join(f"{name}: {reason}" for name, reason in report.refused_files), returncode=1)

    def _tell(self, report: Report) -> None:
        for name in ("activities", "created", "updated", "unchanged", "out_of_scope", "skipped"):
            self.stdout.write(f"{name:<14}{getattr(report, name):>8}")
        self.stdout.write(f"{'rejected':<14}{len(report.rejected):>8}")
        for rejection in report.rejected:
            self.stdout.write(f"  {rejection.file}:{rejection.line} {rejection.identifier or '—'}: {rejection.reason}")
        if report.asked:
            self.stdout.write(_("Not imported yet: unlikely values. Correct the file, or confirm them with --accept:"))
        for one in report.asked:
            self.stdout.write(f"  {one.file}:{one.line} {one.identifier}")
            for warning in one.warnings:
                self.stdout.write(f"    {warning.code}: {warning.sentence}")
        if report.oddities:
            self.stdout.write(_("What differs from the standard, and what was left out:"))
        for code, count in report.oddities.most_common():
            self.stdout.write(f"  {count:>6} {code:<26}{ODDITIES[code]}")
        for note in report.notes:
            self.stdout.write(f"  {note.file}:{note.line} {note.identifier}: {note.reason} {note.detail}".rstrip())
        for activity in report.left_out[:LEFT_OUT_SHOWN]:
            self.stdout.write(f"  {activity.file}:{activity.line} {activity.identifier}: {activity.reason}")
        if report.skipped > LEFT_OUT_SHOWN:
            self.stdout.write(
                _("… and %(more)s others; --json names them.") % {"more": report.skipped - LEFT_OUT_SHOWN}
            )


def as_json(report: Report) -> dict[str, Any]:
    """The report as the one object of --json."""
    return {
        "activities": report.activities,
        "created": report.created,
        "updated": report.updated,
        "unchanged": report.unchanged,
        "out_of_scope": report.out_of_scope,
        "skipped": report.skipped,
        "asked": [
            {
                "identifier": row.identifier,
                "line": row.line,
                "file": row.file,
                "warnings": [{"code": one.code, "sentence": one.sentence} for one in row.warnings],
            }
            for row in report.asked
        ],
        "rejected": [
            {"identifier": row.identifier, "line": row.line, "reason": str(row.reason), "file": row.file}
            for row in report.rejected
        ],
        "left_out": [
            {"identifier": row.identifier, "line": row.line, "reason": str(row.reason), "file": row.file}
            for row in report.left_out
        ],
        "notes": [
            {
                "identifier": note.identifier,
                "line": note.line,
                "code": note.code,
                "reason": note.reason,
                "detail": note.detail,
                "file": note.file,
            }
            for note in report.notes
        ],
        "refused_files": [{"file": name, "reason": reason} for name, reason in report.refused_files],
    }
