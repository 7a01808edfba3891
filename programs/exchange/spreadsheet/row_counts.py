"""How many rows a file has, counted from outside: at upload, so that too many are refused before anything waits."""

import io
import re
import zipfile
from typing import IO

import structlog
from celery.exceptions import SoftTimeLimitExceeded

from programs.exchange.iati.opening import count_of
from programs.exchange.spreadsheet.csv_files import more_rows_than
from programs.exchange.spreadsheet.files import MOST_ROWS
from programs.exchange.spreadsheet.kinds import CSV, IATI, ODS, XLSX, check_kind
from programs.exchange.spreadsheet.problems import FileProblem
from programs.exchange.spreadsheet.workbook_limits import MIB

log = structlog.get_logger(__name__)
# Where a row begins, and what it has where a cell of it holds something, in a sheet of Excel and of OpenDocument.
_ROW = {XLSX: re.compile(rb"<(?:\w+:)?row[ >/]"), ODS: re.compile(rb"<table:table-row[ >/]")}
_VALUE = {XLSX: re.compile(rb"<(?:\w+:)?(?:v|is)>"), ODS: re.compile(rb"office:value-type=|calcext:value-type=")}


def check_content(content: bytes) -> str:
    """The kind of a file that may be stored: its size, also unpacked, and its rows are within the limits.

    For the web process: rows are counted by the beginnings of their elements or lines. What that cannot tell (rows of
    .xls and .xlsb, unusual XML) the worker says.
    """
    kind = check_kind(content)
    if kind == CSV:
        if more_rows_than(content, MOST_ROWS):
            raise FileProblem("file_too_many_rows", most=f"{MOST_ROWS:,}")
    elif about_how_many_rows(content, kind, until=MOST_ROWS) > MOST_ROWS and kind != IATI:
        raise FileProblem("file_too_many_rows", most=f"{MOST_ROWS:,}")
    return kind


def about_how_many_rows(content: bytes, kind: str, *, until: int | None = None) -> int:
    """A count without parsing the file: of its lines, its activities, the rows of its largest sheet that hold
    something (0 for .xls and .xlsb). Counting ends once there are more than `until`."""
    if kind == CSV:
        return content.count(b"\n")
    if kind == IATI:
        return count_of(content, "</iati-activity>")
    if kind not in _ROW:
        return 0
    most = 0
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for part in archive.infolist():
                if part.filename.startswith("xl/worksheets/") or part.filename == "content.xml":
                    with archive.open(part) as file:
                        most = max(most, _rows_of_part(file, kind, until))
    except SoftTimeLimitExceeded:
        raise
    except Exception:  # whatever zipfile and zlib raise: the worker says that the file is broken
        log.warning("import.rows_not_counted", exc_info=True)
    return max(0, most - 1)


def _rows_of_part(file: IO[bytes], kind: str, until: int | None) -> int:
    rows, rest = 0, b""
    while block := file.read(MIB):
        pieces = _ROW[kind].split(rest + block)
        rows += sum(1 for piece in pieces[:-1] if _VALUE[kind].search(piece))
        # The last row goes on in the next block; of a very long one its end is enough.
        rest = pieces[-1][-MIB:]
        if len(pieces) > 1:
            rest = (b"<row " if kind == XLSX else b"<table:table-row ") + rest
        if until is not None and rows > until + 1:
            break
    return rows + bool(_VALUE[kind].search(rest))
