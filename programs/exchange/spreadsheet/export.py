"""Programs as a table that an import takes back unchanged; a fixed number of queries for some hundred programs."""

import itertools
from collections.abc import Iterator

from core.streams import Writing
from programs.exchange.models import Import, ImportRow
from programs.exchange.spreadsheet.columns import BY_KEY, EXPORTED
from programs.exchange.spreadsheet.lookups import SheetLookups
from programs.exchange.spreadsheet.problems import is_note, sentence
from programs.querysets import ProgramQuerySet
from programs.services import ProgramData, stored_programs

PROGRAMS_AT_ONCE = 200
WIDTHS = {"title": 50, "description": 60, "country": 30, "area": 40, "sector": 40}


def table(programs: ProgramQuerySet, language: str) -> Iterator[list[str]]:
    """Headings, then a row a program, in the order of their ids; memory does not grow with them.

    Of a program that cannot be written the row has the identifier alone and, behind the last column, a sentence that
    says so: an import leaves such a program as it is.
    """
    yield [column.headers[language] for column in EXPORTED]
    lookups = SheetLookups()
    with Writing("table") as writing:
        stream = programs.order_by("pk").iterator(chunk_size=PROGRAMS_AT_ONCE)
        while chunk := list(itertools.islice(stream, PROGRAMS_AT_ONCE)):
            for stored in stored_programs(chunk):
                row = writing.attempt(stored.id, stored.data.identifier, _row, stored.data, lookups, language)
                yield row or [
                    stored.data.identifier, *[""] * (len(EXPORTED) - 1), writing.left_out[-1].sentence(language)
                ]  # fmt: skip


def _row(data: ProgramData, lookups: SheetLookups, language: str) -> list[str]:
    return [column.write(data, lookups, language) for column in EXPORTED if column.write]


def widths() -> list[int]:
    return [WIDTHS.get(column.key, 18) for column in EXPORTED]


def with_problems(job: Import, language: str) -> Iterator[list[str]]:
    """An import's own file with a column more: what to correct in each row, in `language`."""
    yield [*job.headings, BY_KEY["problems"].headers[language]]
    width = len(job.headings)
    with Writing("to-correct", of="row") as writing:
        yield from _rows_with_problems(job, width, writing)


def _rows_with_problems(job: Import, width: int, writing: Writing) -> Iterator[list[str]]:
    for row in _rows(job):
        writing.at = row.pk
        sentences = []
        for problem in row.problems:
            if is_note(problem["code"]):
                continue
            cell = problem["cell"]
            heading = job.headings[cell] if cell is not None and cell < width else ""
            text = sentence(problem["code"], problem["params"])
            sentences.append(f"{heading}: {text}" if heading else text)
        yield [*(row.cells + [""] * width)[:width], "\n".join(sentences)]


def cells_with_problems(job: Import) -> Iterator[list[int]]:
    """Of the same rows, the positions of the cells to correct, and of the column that says so."""
    for row in _rows(job):
        wrong = [problem for problem in row.problems if not is_note(problem["code"])]
        cells = [problem["cell"] for problem in wrong if problem["cell"] is not None]
        yield [*cells, len(job.headings)] if wrong else []


def _rows(job: Import) -> Iterator[ImportRow]:
    return job.rows.order_by("number").iterator(chunk_size=500)
