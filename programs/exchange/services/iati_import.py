"""IATI files through the same pages: checked by importing them and taking it back, then applied row by row."""

import itertools
from collections import ChainMap
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any, TypeVar

from django.db import DatabaseError, transaction
from django.db.models import Q

from programs.exchange.failures import is_of_locks
from programs.exchange.iati.activity import Activity
from programs.exchange.iati.files import read_activities, require_activities
from programs.exchange.iati.importer import IatiImporter, Seen
from programs.exchange.iati.opening import NotIati
from programs.exchange.models import Import, ImportFile, ImportRow
from programs.exchange.services.evaluate import all_keys, differences, values_of, warning_on_row
from programs.exchange.services.moves import chunk
from programs.exchange.services.snapshot import as_json, published_state
from programs.exchange.spreadsheet.files import MOST_ROWS
from programs.exchange.spreadsheet.lookups import SheetLookups
from programs.exchange.spreadsheet.problems import ODDITY, FileProblem, Problem, in_both, shown
from programs.models import Program
from programs.services import StoredProgram, stored_programs
from programs.services.plausibility import EVERYTHING

T = TypeVar("T")
ACTIVITIES_AT_ONCE = 50
# How many occurrences of one kind of note are named.
MOST_DETAILS = 10
# So often a chunk is tried that another import's locks stand in the way of.
MOST_TRIES = 5
Outcome = ImportRow.Outcome
# The importer's report -> outcome of the row.
OUTCOMES = {"created": Outcome.CREATED, "updated": Outcome.CHANGED, "unchanged": Outcome.UNCHANGED,
            "skipped": Outcome.LEFT_OUT}  # fmt: skip


@contextmanager
def _activities(job: Import, *, is_checked: bool = True) -> Iterator[Iterator[tuple[int, Activity]]]:
    """The file's activities, numbered from 1; the whole file is looked through first, unless it was before."""
    content = bytes(ImportFile.objects.values_list("content", flat=True).get(pk=job.pk))
    try:
        if not is_checked:
            require_activities(content, most_activities=MOST_ROWS)
        yield enumerate(read_activities(content), start=1)
    except NotIati as refusal:
        raise FileProblem("file_iati", text=in_both(refusal)) from refusal


def check_chunks(job: Import) -> Iterator[None]:
    """Checks the activities that have no row yet: imports a chunk, notes what came of it, and takes it back."""
    last = job.rows.order_by("-number").values_list("number", flat=True).first() or 0
    seen: Seen = {}
    with _activities(job, is_checked=bool(last)) as numbered:
        while some := list(itertools.islice(numbered, ACTIVITIES_AT_ONCE)):
            left = [pair for pair in some if pair[0] > last]
            if left:
                rows = _tried_again(partial(_dry_run, job, left, seen))
                with chunk(job):
                    ImportRow.objects.bulk_create(rows)
                yield


def _tried_again(work: Callable[[], T]) -> T:
    """Does a transaction's work, again where another import had locked in another order what it needs."""
    for attempt in range(1, MOST_TRIES + 1):
        try:
            return work()
        except DatabaseError as error:
            if attempt == MOST_TRIES or not is_of_locks(error):
                raise
    raise AssertionError  # pragma: no cover


def _dry_run(job: Import, chunk: list[tuple[int, Activity]], seen: Seen) -> list[ImportRow]:
    # What an attempt noted that failed must not make the next one take its activities for read.
    noted: Seen = {}
    with transaction.atomic():
        taker = _Reader(job, ChainMap(noted, seen))
        taker.importer.accept = EVERYTHING  # the check shows them all
        rows = [taker.take(ImportRow(of_import=job, number=number), activity) for number, activity in chunk]
        transaction.set_rollback(True)
    seen.update(noted)
    # A program that only the taken back import made is none, be it the first row that names it or a later one.
    named = {row.program_id for row in rows if row.program_id}
    there = set(Program.objects.filter(pk__in=named).values_list("pk", flat=True))
    for row in rows:
        row.before = row.version_applied = row.applied_stamp = None
        if row.program_id not in there:
            row.program_id = row.version_seen = None
    return _one_row_a_program(job, rows)


def _one_row_a_program(job: Import, rows: list[ImportRow]) -> list[ImportRow]:
    taken = set(job.rows.filter(program__isnull=False).values_list("program_id", flat=True))
    for row in rows:
        if row.program_id in taken:
            row.program_id = row.version_seen = None
        elif row.program_id:
            taken.add(row.program_id)
    return rows


def apply_chunks(job: Import) -> Iterator[None]:
    """Imports the activities that are not applied yet; a chunk and the note on its rows are one transaction."""
    with _activities(job) as numbered:
        taker = _Reader(job, {}, keeps_before=True)
        while some := list(itertools.islice(numbered, ACTIVITIES_AT_ONCE)):
            _tried_again(partial(_apply_some, job, taker, dict(some)))
            yield


def _apply_some(job: Import, taker: "_Reader", activities: dict[int, Activity]) -> None:
    try:
        with chunk(job):
            rows = job.rows.to_apply().select_for_update().filter(number__in=activities).order_by("number")
            for row in rows:
                expected = (row.outcome, row.version_seen)
                _apply_one(taker, row, activities[row.number], expected)
    except DatabaseError:
        # What it made and read in the chunk is taken back.
        taker.start_again()
        raise


def _apply_one(taker: "_Reader", row: ImportRow, activity: Activity, expected: tuple[str, int | None]) -> None:
    taker.importer.accept = {warning["key"] for warning in row.warnings}
    with transaction.atomic():
        taker.take(row, activity)
        if (row.outcome, row.version_seen) != expected and row.outcome != Outcome.REFUSED:
            transaction.set_rollback(True)
            row.outcome, row.problems = Outcome.REFUSED, [Problem("changed_meanwhile").as_json()]
    if row.outcome == Outcome.REFUSED:
        row.program_id = row.before = None  # its program may be that of another row
        # Organizations that it made may be taken back too: the next activity must not name them.
        taker.importer.read_organizations()
    row.is_applied = row.outcome in (Outcome.CREATED, Outcome.CHANGED)
    row.save()


class _Reader:
    """Takes activities for one organization through the importer, and notes on their rows what came of it."""

    def __init__(self, job: Import, seen: Seen, *, keeps_before: bool = False) -> None:
        self.job = job
        self.keeps_before = keeps_before
        self.lookups = SheetLookups()
        self.importer = IatiImporter(
            actor=job.applied_by or job.checked_by or job.created_by,
            new_stage=job.new_stage or None,
            only=job.organization_id,
        )
        self.importer.seen = seen

    def start_again(self) -> None:
        self.importer.seen.clear()
        self.importer.read_organizations()

    def take(self, row: ImportRow, activity: Activity) -> ImportRow:
        row.identifier = activity.identifier[:255]
        row.title = shown(next((text for _language, text in activity.titles), ""))[:255]
        row.cells = [activity.identifier, row.title, str(activity.line)]
        row.changes, row.problems, row.warnings = [], [], []
        before = self._stored(activity.identifier)
        kept = as_json(before, published=published_state(before.id)) if before and self.keeps_before else None
        row.version_seen = before.version if before else None
        if self._import(row, activity):
            row.version_seen = None
            return row
        after = self._stored(activity.identifier)
        row.program_id = after.id if after else None
        row.version_applied, row.applied_stamp = (after.version, after.updated_at) if after else (None, None)
        row.before = kept if row.outcome == Outcome.CHANGED else None
        if before and after and row.outcome == Outcome.CHANGED:
            row.changes = differences(before.data, after.data, all_keys(), self.lookups, self.job.language)
        elif after and row.outcome == Outcome.CREATED:
            row.changes = values_of(after.data, self.lookups, self.job.language)
        return row

    def _import(self, row: ImportRow, activity: Activity) -> bool:
        """Takes the activity, and notes on the row what came of it; whether it is another organization's."""
        report = self.importer.report
        counts = {name: getattr(report, name) for name in OUTCOMES}
        refused, asked = len(report.rejected), len(report.asked)
        activity = self.importer.take(activity, self.job.file_name)
        problems: list[dict[str, Any]] = []
        row.outcome = next(
            (outcome for name, outcome in OUTCOMES.items() if getattr(report, name) > counts[name]), Outcome.LEFT_OUT
        )
        if len(report.rejected) > refused:
            row.outcome = Outcome.REFUSED
            if report.rejected[-1].is_anothers:
                # The identifier tells two organizations of one name apart.
                said = activity.reporting_org
                stated = f"{said.name} ({said.ref})" if said.name and said.ref else said.name or said.ref
                about = {"text": shown(stated), "organization": self.job.organization.name}
                row.problems = [Problem("other_organization", about).as_json()]
                return True
            problems = [Problem("rule", {"text": in_both(report.rejected[-1].reason)}).as_json()]
        elif len(report.asked) > asked:
            # Of a value that the check did not show.
            row.outcome, problems = Outcome.REFUSED, [Problem("changed_meanwhile").as_json()]
        elif row.outcome == Outcome.LEFT_OUT:
            problems = [Problem("iati_left_out").as_json()]
        row.problems = problems + _notes(activity)
        row.warnings = [warning_on_row(warning, {}) for warning in self.importer.confirmed]
        return False

    def _stored(self, identifier: str) -> StoredProgram | None:
        found = Program.objects.filter(Q(reporting_org=self.job.organization_id), identifier=identifier)
        return next(iter(stored_programs(found)), None)


def _notes(activity: Activity) -> list[dict[str, Any]]:
    """What was noted of an activity: one problem for each kind, which says how often and names the first ones."""
    details: dict[str, list[str]] = {}
    for oddity in activity.oddities:
        details.setdefault(oddity.code, []).append(oddity.detail)
    notes = []
    for code, texts in details.items():
        stated = [text for text in texts[:MOST_DETAILS] if text]
        more = f" … ({len(texts)})" if len(texts) > MOST_DETAILS else ""
        notes.append(Problem(f"{ODDITY}{code}", {"text": "; ".join(stated) + more}).as_json())
    return notes
