"""The first look at a spreadsheet: its headings, what they are taken for, its first rows."""

from collections.abc import Iterator

from programs.exchange.models import ColumnMeaning, Import, ImportFile
from programs.exchange.services.moves import chunk
from programs.exchange.spreadsheet import headers
from programs.exchange.spreadsheet.look import Look, look
from programs.exchange.spreadsheet.numbers import DAY_FIRST
from programs.exchange.spreadsheet.row_counts import about_how_many_rows

# What is kept of the first rows, to show what a column holds.
LONGEST_OF_A_SAMPLE = 100


def read_chunks(job: Import) -> Iterator[None]:
    """Reads the top of the file, where a person chose or else where it finds a table, and keeps it with the
    import. FileProblem where the file cannot be read, or has no such sheet or row."""
    content = bytes(ImportFile.objects.values_list("content", flat=True).get(pk=job.pk))
    seen = look(content, job.kind, headers.count_known, sheet=job.wanted_sheet, heading_row=job.wanted_heading_row)
    taken = take_headings(job, seen)
    job.rows_expected = about_how_many_rows(content, job.kind)
    with chunk(job):
        job.save(update_fields=[*taken, "rows_expected"])
    yield


def take_headings(job: Import, seen: Look) -> list[str]:
    """Sets on an unsaved import the headings that were seen, and what each is guessed to be; the fields that it set."""
    job.sheet, job.heading_row, job.headings = seen.sheet, seen.heading_row, seen.headings
    job.sheets, job.hidden_sheets = list(seen.sheets), list(seen.hidden_sheets)
    job.same_sheets, job.more_sheets, job.hidden_rows = list(seen.same_sheets), [], seen.hidden_rows
    job.top = [[number, _short(cells)] for number, cells in seen.top]
    job.sample = [_short(cells) for _number, cells in seen.below]
    job.language = headers.language_of(job.headings, job.language)
    job.date_order = DAY_FIRST if job.language == "es" else ""
    job.columns = headers.guess(job.headings, remembered(job), seen.hashtags)
    return [
        *("sheet", "heading_row", "headings", "sheets", "hidden_sheets", "same_sheets", "more_sheets", "hidden_rows"),
        *("top", "sample", "language", "date_order", "columns"),
    ]


def _short(cells: list[str]) -> list[str]:
    return [cell[:LONGEST_OF_A_SAMPLE] for cell in cells]


def needs_nobody(job: Import) -> bool:
    """Whether it may be checked without a person saying what its columns are, and which of its sheets are read."""
    return (
        job.is_unattended and not job.same_sheets and headers.are_all_known(job.headings, job.columns, remembered(job))
    )


def remembered(job: Import) -> dict[str, str]:
    """Heading -> column, as the organization took them before."""
    return dict(ColumnMeaning.objects.filter(organization=job.organization_id).values_list("heading", "column"))
