"""Workbooks of Excel (.xlsx, .xlsm): opened by openpyxl, their rows read one by one in constant memory.

openpyxl says which sheets there are, their texts and formats. The rows themselves are read here, straight from the XML
of a sheet: openpyxl makes an object of each cell, which takes four times as long.
"""

import datetime as dt
import io
from collections.abc import Iterator
from decimal import Decimal
from typing import Any
from xml.parsers import expat

import openpyxl
import structlog
from celery.exceptions import SoftTimeLimitExceeded
from openpyxl.utils import column_index_from_string
from openpyxl.utils.datetime import from_excel, from_ISO8601

from programs.exchange.spreadsheet.numbers import write_number
from programs.exchange.spreadsheet.problems import FileProblem

log = structlog.get_logger(__name__)
BLOCK = 256 * 1024


def open_workbook(content: bytes) -> Any:
    """The workbook; its parts were checked before. FileProblem where it cannot be opened."""
    options: dict[str, bool] = {"read_only": True, "data_only": True, "keep_links": False}
    try:
        return openpyxl.load_workbook(io.BytesIO(content), **options)
    except SoftTimeLimitExceeded:
        raise
    except Exception as error:  # openpyxl raises whatever a broken part makes it stumble over
        log.warning("import.file_unreadable", exc_info=True)
        raise FileProblem("file_broken") from error


def part_of(sheet: Any) -> str:
    """The name of the part of the zip that holds the sheet."""
    return str(sheet._worksheet_path)


def sheet_rows(sheet: Any, most_columns: int) -> Iterator[tuple[int, list[str]]]:
    """The rows of a sheet that have a cell: number, texts of the cells up to the column after `most_columns`, so that
    too many are seen. What the sheet says of its own size is not relied on."""
    try:
        with sheet.parent._archive.open(part_of(sheet)) as file:
            reader = _SheetReader(sheet, most_columns + 1)
            while block := file.read(BLOCK):
                reader.parser.Parse(block, False)
                yield from reader.taken()
            reader.parser.Parse(b"", True)
            yield from reader.taken()
    except (FileProblem, SoftTimeLimitExceeded):
        raise
    except Exception as error:  # whatever zipfile, zlib and expat raise, and values that are none
        log.warning("import.file_unreadable", exc_info=True)
        raise FileProblem("file_broken") from error


class _SheetReader:
    """Collects the rows of a sheet while expat reads it. ECMA-376 part 1, 18.3.1: row, c, v, is, t."""

    def __init__(self, sheet: Any, most_columns: int) -> None:
        self.most_columns = most_columns
        workbook = sheet.parent
        self.texts = sheet._shared_strings
        self.epoch = workbook.epoch
        self.days, self.durations = workbook._date_formats, workbook._timedelta_formats
        self.percents = {
            number
            for number, style in enumerate(workbook._cell_styles)
            if "%" in _format_of(style.numFmtId, workbook._number_formats)
        }
        self.rows: list[tuple[int, list[str]]] = []
        self.number = 0
        self.cells: list[str] = []
        self.column = 0
        self.columns: dict[str, int] = {}
        self.type = self.style = ""
        self.text: list[str] = []
        self.is_text = self.is_phonetic = False
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end

    def taken(self) -> list[tuple[int, list[str]]]:
        """The rows that were read since this was last asked."""
        rows, self.rows = self.rows, []
        return rows

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if ":" in name:
            name = name.rpartition(":")[2]
        if name == "c":
            self.type, self.style = attributes.get("t", "n"), attributes.get("s", "")
            where = attributes.get("r")
            self.column = self._column(where) if where else self.column + 1
            self.text = []
        elif name == "v" or (name == "t" and not self.is_phonetic):
            self.parser.CharacterDataHandler = self.text.append
        elif name == "row":
            number = int(attributes.get("r", self.number + 1))
            if number <= self.number:
                raise ValueError(f"row {number} after row {self.number}")
            self.number, self.cells, self.column = number, [], 0
        elif name == "rPh":
            self.is_phonetic = True

    def _end(self, name: str) -> None:
        if ":" in name:
            name = name.rpartition(":")[2]
        if name in ("v", "t"):
            self.parser.CharacterDataHandler = None
        elif name == "c":
            if self.text and self.column <= self.most_columns:
                value = self._value("".join(self.text))
                if value:
                    self.cells += [""] * (self.column - len(self.cells) - 1)
                    self.cells.append(value)
        elif name == "row":
            if self.cells:
                self.rows.append((self.number, self.cells))
        elif name == "rPh":
            self.is_phonetic = False

    def _column(self, where: str) -> int:
        """The number of the column, from 1, of a cell called such as AB12."""
        letters = where.rstrip("0123456789")
        if letters not in self.columns:
            self.columns[letters] = column_index_from_string(letters)
        return self.columns[letters]

    def _value(self, text: str) -> str:
        """What a cell holds as text that is read the same in both languages."""
        if self.type == "s":
            return str(self.texts[int(text)])
        if self.type == "n":
            return self._number(text)
        if self.type == "b":
            return "TRUE" if text.strip() in ("1", "true") else "FALSE"
        return _day(from_ISO8601(text)) if self.type == "d" else text

    def _number(self, text: str) -> str:
        style = int(self.style or 0)
        if style in self.days:
            try:
                return _day(from_excel(float(text), self.epoch, timedelta=style in self.durations))
            except (OverflowError, ValueError):
                return "#VALUE!"
        # Excel writes a number with 17 digits, of which the last ones are noise.
        is_whole = text.isascii() and text.isdecimal() and len(text) < 16
        number = Decimal(text) if is_whole else Decimal(repr(float(text)))
        if not number.is_finite():
            return text
        return write_number(number * 100) + "%" if style in self.percents else write_number(number)


def _format_of(number: int, own: Any) -> str:
    """The format of that number: one of Excel's, or of the workbook's own from 164 on."""
    from openpyxl.styles.numbers import BUILTIN_FORMATS

    return BUILTIN_FORMATS.get(number) or (own[number - 164] if 0 <= number - 164 < len(own) else "")


def _day(value: Any) -> str:
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ", "seconds")
    return value.isoformat() if isinstance(value, dt.date) else str(value)
