"""The dry run: every row of a spreadsheet looked at, nothing of the programs changed."""

import itertools
from collections.abc import Iterator
from functools import partial

from programs.exchange.models import Import, ImportFile, ImportRow
from programs.exchange.services.evaluate import Evaluated, Evaluator, note_on_row
from programs.exchange.services.moves import chunk
from programs.exchange.spreadsheet.conventions import learn
from programs.exchange.spreadsheet.files import OfMergedCell, Row
from programs.exchange.spreadsheet.headers import count_known
from programs.exchange.spreadsheet.kept_rows import KeptRows
from programs.exchange.spreadsheet.look import rows_of_sheets
from programs.exchange.spreadsheet.row_money import COMMITMENT_KEYS
from programs.services.bulk import insert_all

ROWS_AT_ONCE = 500


def check_chunks(job: Import) -> Iterator[None]:
    """Checks the rows that are not stored yet, some hundreds at a time, each chunk in one transaction.

    Raises FileProblem where the file cannot be read on.
    """
    content = bytes(ImportFile.objects.values_list("content", flat=True).get(pk=job.pk))
    with KeptRows(_rows(job, content)) as rows:
        if not job.rows.exists():
            _learn(job, rows)
            yield
        last = job.rows.order_by("-number").values_list("number", flat=True).first() or 0
        left = (row for row in rows.again() if row[0] > last)
        checker = _Checker(job)
        while some := list(itertools.islice(left, ROWS_AT_ONCE)):
            checker.check([ImportRow(of_import=job, number=number, cells=cells) for number, cells in some])
            yield
    with chunk(job):
        _drop_matches_of_other_rows(job)


def _rows(job: Import, content: bytes) -> Iterator[Row]:
    """The rows of the table that the import reads, with their numbers."""
    return rows_of_sheets(
        content, job.kind, count_known, job.read_sheets, job.heading_row, without_hidden=job.without_hidden_rows
    )


def _named(job: Import, number: int) -> str:
    """A row as a sentence names it: its number, with its sheet where several are read."""
    sheet, row = job.place_of(number)
    return f"{row} ({sheet})" if sheet else str(row)


def _learn(job: Import, rows: KeptRows) -> None:
    """Keeps with the import what all its rows show of how the file is written, before any of them is read."""
    learned = learn(rows.as_far_as_it_goes(), job.columns, job.headings, job.date_order, partial(_named, job))
    with chunk(job):
        job.conventions = learned.as_json()
        job.save(update_fields=["conventions"])


class _Checker:
    """Checks chunks in order; knows which identifiers and programs earlier rows were for."""

    def __init__(self, job: Import) -> None:
        self.job = job
        self.evaluator = Evaluator(job)
        self.rows_by_identifier: dict[str, int] = {}
        self.rows_by_program: dict[int, int] = {}
        stored = job.rows.order_by("-number").values_list("number", "identifier", "program_id")
        for number, identifier, program in stored.iterator():
            if identifier:
                self.rows_by_identifier[identifier] = number
            if program:
                self.rows_by_program[program] = number

    def check(self, rows: list[ImportRow]) -> None:
        with chunk(self.job):
            evaluated = self.evaluator.evaluate(rows, match=True)
            for item in evaluated:
                self._refuse_what_is_out_of_place(item)
                self._refuse_second(item)
            insert_all([note_on_row(item) for item in evaluated])

    def _refuse_what_is_out_of_place(self, item: Evaluated) -> None:
        """Cells beyond the headings of a CSV file: a sign between cells stands within one, unless the row has nothing
        else but its identifier (so the portal's own files say why a program is left out). An amount that is merged
        over several rows: it would count once for each of them."""
        cells, wide = item.row.cells, len(self.job.headings)
        is_a_remark = not any(cell.strip() for cell in cells[1:wide])
        if self.job.kind == Import.Kind.CSV and len(cells) > wide and not is_a_remark:
            item.refuse("row_too_long", cells=len(cells), headings=wide)
        for position, (key, cell) in enumerate(zip(self.job.columns, cells, strict=False)):
            if key == COMMITMENT_KEYS[0] and isinstance(cell, OfMergedCell):
                item.refuse("amount_merged", position)

    def _refuse_second(self, item: Evaluated) -> None:
        """The second row of one identifier is refused, and stands for no program."""
        identifier, number = item.read.facts.get("identifier", ""), item.row.number
        first = self.rows_by_identifier.setdefault(identifier, number) if identifier else number
        if first != number:
            item.refuse("identifier_twice", item.read.cells["identifier"], row=_named(self.job, first))
            item.stored = None
        if item.stored is not None and self.rows_by_program.setdefault(item.stored.id, number) != number:
            item.refuse("match_twice", row=_named(self.job, self.rows_by_program[item.stored.id]))
            item.stored = None


def _drop_matches_of_other_rows(job: Import) -> None:
    """A program that has a row of its own in the file is no other row's probable match."""
    with_row = set(job.rows.filter(program__isnull=False).values_list("program_id", flat=True))
    if not with_row:
        return
    for row in job.rows.asking():
        left = [match for match in row.candidates if match["id"] not in with_row]
        if len(left) < len(row.candidates):
            row.candidates = left
            row.save(update_fields=["candidates"])
