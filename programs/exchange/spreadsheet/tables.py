"""Tables of texts written as files: CSV as a stream, XLSX in constant memory. No cell ever becomes a formula."""

import csv
import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import IO, Any

import xlsxwriter

from programs.exchange.spreadsheet.csv_cells import escape

# The longest text that a cell of a workbook holds; a longer one is left empty, which an import reads as "keep it".
LONGEST_XLSX_CELL = 32_767
WRITER_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
HEADER_FORMAT = {"bold": True, "bg_color": "#0b4650", "font_color": "#ffffff", "text_wrap": True, "valign": "top"}
MARKED_FORMAT = {"bg_color": "#fbe9e7", "font_color": "#a32a21", "text_wrap": True, "valign": "top"}
TYPES = {"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "csv": "text/csv; charset=utf-8"}
Rows = Iterable[Sequence[str]]


class _Echo:
    """A file that gives back what is written to it: csv.writer for streams."""

    def write(self, text: str) -> str:
        return text


def csv_file(rows: Rows, cell: Callable[[str], str] = escape, *, mark: str = "\ufeff") -> Iterator[bytes]:
    """UTF-8 with its mark, so that Excel reads the accents; one piece some hundred rows. `cell` makes a cell safe.

    `mark` is "" for readers who take the mark for a part of the first heading.
    """
    writer = csv.writer(_Echo())
    pieces = [mark]
    for row in rows:
        pieces.append(writer.writerow([cell(text) for text in row]))  # type: ignore[arg-type]
        if len(pieces) >= 200:
            yield "".join(pieces).encode()
            pieces = []
    yield "".join(pieces).encode()


def new_workbook(file: IO[bytes]) -> Any:
    return xlsxwriter.Workbook(file, WRITER_OPTIONS)


def write_sheet(
    workbook: Any,
    sheet: Any,
    rows: Rows,
    *,
    widths: Sequence[int] = (),
    marked: Iterator[Collection[int]] | None = None,
) -> int:
    """Writes rows, the first as headings that stay in sight; `marked` gives each row's cells in red. How many rows."""
    header, red = workbook.add_format(HEADER_FORMAT), workbook.add_format(MARKED_FORMAT)
    sheet.freeze_panes(1, 0)
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    number = -1
    for number, row in enumerate(rows):
        in_red = next(marked, ()) if marked is not None and number else ()
        for column, text in enumerate(row):
            style = header if number == 0 else red if column in in_red else None
            if text and len(text) <= LONGEST_XLSX_CELL:
                sheet.write_string(number, column, text, style)
            elif style:
                sheet.write_blank(number, column, None, style)
    return number + 1


def xlsx_file(rows: Rows, *, title: str = "Programs", widths: Sequence[int] = (), **options: Any) -> IO[bytes]:
    """A workbook of one sheet in a temporary file, at its beginning; closing it deletes it."""
    file = tempfile.SpooledTemporaryFile(max_size=1024 * 1024)  # noqa: SIM115  (the caller closes it)
    with new_workbook(file) as workbook:
        write_sheet(workbook, workbook.add_worksheet(title), rows, widths=widths, **options)
    file.seek(0)
    return file
