"""The first look at a spreadsheet: its headings, what they are taken for, its first rows."""

from collections.abc import Iterator

from programs.exchange.models import ColumnMeaning, Import, ImportFile
from programs.exchange.services.moves import chunk
from programs.exchange.spreadsheet import files, headers
from programs.exchange.spreadsheet.numbers import DAY_FIRST

# What is kept of the first rows, to show what a column holds.
LONGEST_OF_A_SAMPLE = 100


def read_chunks(job: Import) -> Iterator[None]:
    """Reads the head of the file and keeps it with the import. FileProblem where the file cannot be read."""
    content = bytes(ImportFile.objects.values_list("content", flat=True).get(pk=job.pk))
    headings, rows = files.head(content, job.kind)
    job.headings = headings
    job.sample = [[cell[:LONGEST_OF_A_SAMPLE] for cell in cells] for _number, cells in rows]
    job.sheets = files.sheet_names(content) if job.kind == files.XLSX else []
    job.language = headers.language_of(headings, job.language)
    job.date_order = DAY_FIRST if job.language == "es" else ""
    job.columns = headers.guess(headings, remembered(job))
    job.rows_expected = files.about_how_many_rows(content, job.kind)
    with chunk(job):
        job.save(update_fields=["headings", "sample", "sheets", "language", "date_order", "columns", "rows_expected"])
    yield


def needs_nobody(job: Import) -> bool:
    """Whether it may be checked without a person saying what its columns are."""
    return job.is_unattended and headers.are_all_known(job.headings, job.columns, remembered(job))


def remembered(job: Import) -> dict[str, str]:
    """Heading -> column, as the organization took them before."""
    return dict(ColumnMeaning.objects.filter(organization=job.organization_id).values_list("heading", "column"))
