"""Files as they come: what they are, checked before they are opened; their rows as texts, one by one."""

import csv
import datetime as dt
import io
import re
import zipfile
from collections import Counter
from collections.abc import Generator, Iterator
from contextlib import closing
from decimal import Decimal
from typing import Any

import openpyxl
import structlog
from celery.exceptions import SoftTimeLimitExceeded

from programs.exchange.iati.opening import count_of, looks_like_xml
from programs.exchange.spreadsheet.csv_cells import unescape
from programs.exchange.spreadsheet.numbers import write_number
from programs.exchange.spreadsheet.problems import FileProblem
from programs.exchange.spreadsheet.workbook_limits import MIB, check_directory, check_parts

log = structlog.get_logger(__name__)

XLSX, CSV, IATI = "xlsx", "csv", "iati"
MOST_BYTES = {XLSX: 5 * MIB, CSV: 20 * MIB, IATI: 20 * MIB}
LARGEST = max(MOST_BYTES.values())
MOST_ROWS, MOST_COLUMNS = 20_000, 200
# Formatted but empty rows that a sheet may have beyond its last one before reading stops.
MOST_EMPTY_ROWS = 5000
LONGEST_CELL = 1_000_000
# Bytes that no text has; a stray one or two may be in anybody's export.
_NO_TEXT = frozenset(range(32)) - frozenset(b"\t\n\v\f\r")
MOST_SIGNS_OF_NO_TEXT = 10
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
# Sheets of the template that hold no programs.
OTHER_SHEETS = frozenset({"Instructions", "Instrucciones", "Lists", "Listas"})

# Signs that may stand between cells, and by how many lines it is judged which one does.
DELIMITERS = ";,\t"
LINES_FOR_DELIMITER = 25

Row = tuple[int, list[str]]
csv.field_size_limit(LONGEST_CELL)


def kind_of(content: bytes) -> str:
    """What the file is by its first bytes, whatever its name; FileProblem where it is none of them."""
    if not content.strip():
        raise FileProblem("file_empty")
    if content.startswith(b"PK"):
        return XLSX
    if content.startswith(_OLD_EXCEL):
        raise FileProblem("file_old_excel")
    if looks_like_xml(content):
        return IATI
    start = content[:1000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"%pdf", b"<!doctype", b"\x89png", b"\xff\xd8", b"gif8", b"rar!", b"7z\xbc", b"\x1f\x8b")):
        raise FileProblem("file_kind")
    if _utf_16(content) is None and sum(byte in _NO_TEXT for byte in content[:1000]) > MOST_SIGNS_OF_NO_TEXT:
        raise FileProblem("file_kind")
    return CSV


def check_size(size: int, most: int) -> None:
    if size > most:
        raise FileProblem("file_too_large", size=f"{size / MIB:.1f}", most=most // MIB)


def check_content(content: bytes) -> str:
    """The kind of a file that may be stored: its size, also unpacked, is within the limits. Unpacks nothing."""
    kind = kind_of(content)
    check_size(len(content), MOST_BYTES[kind])
    if kind == XLSX:
        check_directory(content)
    return kind


def tables(content: bytes, kind: str) -> Generator[tuple[str, Iterator[Row]], None, None]:
    """(name of the sheet, its rows that are not empty: number in the file, cells as texts), the name "" in a CSV file.

    Hidden sheets, and those of the template that hold no programs, are passed over where others are left. Read a
    table before asking for the next one. FileProblem where the file cannot be read on. Memory does not grow with the
    number of rows.
    """
    if kind == CSV:
        yield "", _not_empty(_csv_rows(content))
        return
    with closing(_workbook(content)) as workbook:
        sheets = [sheet for sheet in workbook.worksheets if hasattr(sheet, "reset_dimensions")]
        sheets = [sheet for sheet in sheets if sheet.title not in OTHER_SHEETS]
        if not sheets:
            raise FileProblem("file_no_header")
        for sheet in [sheet for sheet in sheets if sheet.sheet_state == "visible"] or sheets:
            yield sheet.title, _not_empty(_sheet_rows(sheet))


def read_rows(content: bytes, kind: str, sheet: str = "") -> Iterator[Row]:
    """The rows of one of the `tables`, by default the first; FileProblem where there is none of that name."""
    with closing(tables(content, kind)) as every:
        for name, rows in every:
            if name == sheet or not sheet:
                yield from rows
                return
    raise FileProblem("file_no_such_sheet", sheet=sheet)


def _not_empty(rows: Iterator[Row]) -> Iterator[Row]:
    count = 0
    for number, cells in rows:
        while cells and not cells[-1].strip():
            cells.pop()
        if not cells:
            continue
        if len(cells) > MOST_COLUMNS:
            raise FileProblem("file_too_many_columns", most=MOST_COLUMNS)
        count += 1
        if count > MOST_ROWS + 1:
            raise FileProblem("file_too_many_rows", most=MOST_ROWS)
        yield number, cells


def _workbook(content: bytes) -> Any:
    """The workbook, opened after its parts were checked."""
    check_parts(content)
    options: dict[str, bool] = {"read_only": True, "data_only": True, "keep_links": False}
    try:
        return openpyxl.load_workbook(io.BytesIO(content), **options)
    except SoftTimeLimitExceeded:
        raise
    except Exception as error:  # openpyxl raises whatever a broken part makes it stumble over
        log.warning("import.file_unreadable", exc_info=True)
        raise FileProblem("file_broken") from error


def _sheet_rows(sheet: Any) -> Iterator[Row]:
    try:
        sheet.reset_dimensions()  # what the sheet says of its own size is not to be relied on
        empty = 0
        # One column more than may be, so that too many are seen; no row becomes longer than that.
        for number, row in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS + 1), start=1):
            cells = [_text(cell) if cell.value is not None else "" for cell in row]
            empty = 0 if any(cells) else empty + 1
            if empty > MOST_EMPTY_ROWS:
                return
            if not empty:
                yield number, cells
    except SoftTimeLimitExceeded:
        raise
    except Exception as error:  # as above
        log.warning("import.file_unreadable", exc_info=True)
        raise FileProblem("file_broken") from error


def _text(cell: Any) -> str:
    """A cell's value as text that is read the same in both languages."""
    value = cell.value
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ", "seconds")
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, int | float):
        return _number(value, cell.number_format)
    return str(value)


def _number(value: float, number_format: str | None) -> str:
    number = Decimal(repr(value))
    if not number.is_finite():
        return str(value)
    if number_format and "%" in number_format:
        return write_number(number * 100) + "%"
    return write_number(number)


def _csv_rows(content: bytes) -> Iterator[Row]:
    text = _decoded(content)
    delimiter, start = _delimiter(text)
    reader = csv.reader(io.StringIO(text[start:], newline=""), delimiter=delimiter)
    skipped = 1 if start else 0
    try:
        for number, row in enumerate(reader, start=1 + skipped):
            yield number, [unescape(cell.replace("\x00", "")) for cell in row]
    except csv.Error as error:
        raise FileProblem("file_csv", line=reader.line_num + skipped) from error


def _decoded(content: bytes) -> str:
    """UTF-16 and UTF-8 by their marks, else UTF-8, else the code page of Windows."""
    try:
        if code := _utf_16(content):
            return content.decode(code)
        try:
            return content.decode("utf-8-sig")
        except UnicodeDecodeError:
            return content.decode("cp1252")
    except UnicodeDecodeError as error:
        raise FileProblem("file_encoding") from error


def _utf_16(content: bytes) -> str | None:
    """Which UTF-16 the text is in, by its mark or by the zeros beside its first letters; None where it is none."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    if len(content) >= 4 and content[1] == content[3] == 0:
        return "utf-16-le"
    return "utf-16-be" if len(content) >= 4 and content[0] == content[2] == 0 else None


def _delimiter(text: str) -> tuple[str, int]:
    """The sign between cells, and where the table starts: behind Excel's own line `sep=;`, if there is one."""
    if found := re.match(r"sep=([;,\t])\r?\n", text, re.IGNORECASE):
        return found[1], found.end()
    counts = _signs_of_lines(text[:100_000])
    return max(DELIMITERS, key=lambda sign: (_constancy(counts[sign]), sign == ";")), 0


def _signs_of_lines(text: str) -> dict[str, list[int]]:
    """How often each sign stands in each of the first lines, outside of quotes; lines without any are not counted."""
    counts: dict[str, list[int]] = {sign: [] for sign in DELIMITERS}
    here, quoted = dict.fromkeys(DELIMITERS, 0), False
    for character in f"{text}\n":
        if character == '"':
            quoted = not quoted
        elif character in "\r\n" and not quoted:
            if any(here.values()):
                for sign, count in here.items():
                    counts[sign].append(count)
            here = dict.fromkeys(DELIMITERS, 0)
            if len(counts[";"]) == LINES_FOR_DELIMITER:
                break
        elif character in here and not quoted:
            here[character] += 1
    return counts


def _constancy(counts: list[int]) -> tuple[int, int]:
    """In how many lines a sign stands equally often, and how often: between cells it does in nearly all of them, in
    titles and texts now so, now so."""
    found = Counter(count for count in counts if count)
    if not found:
        return 0, 0
    often, lines = max(found.items(), key=lambda item: (item[1], item[0]))
    return lines, often


def about_how_many_rows(content: bytes, kind: str) -> int:
    """A count without reading the file, for a progress bar: of its lines, the rows of its largest sheet, activities."""
    if kind == CSV:
        return content.count(b"\n")
    if kind == IATI:
        return count_of(content, "</iati-activity>")
    most = 0
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for part in archive.infolist():
            if part.filename.startswith("xl/worksheets/"):
                with archive.open(part) as file:
                    count = 0
                    while block := file.read(MIB):
                        count += block.count(b"<row ")
                    most = max(most, count)
    return max(0, most - 1)
