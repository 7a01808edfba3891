"""What a workbook may hold, checked on its zip before a part of it is read.

`check_directory` costs next to nothing and is for the web process. `check_parts` unpacks and scans every part; the
worker runs it each time before a workbook is opened.
"""

import io
import zipfile
from dataclasses import dataclass, field
from typing import IO
from xml.parsers import expat

import structlog
from celery.exceptions import SoftTimeLimitExceeded

from programs.exchange.spreadsheet.problems import FileProblem

log = structlog.get_logger(__name__)

MIB = 1024 * 1024
MOST_UNPACKED, MOST_SHEET, MOST_PARTS = 250 * MIB, 200 * MIB, 1000
MOST_STRINGS = 600_000
# Rows and cells of one sheet, and whatever any other part (styles, relations) lists: openpyxl makes an object of each.
MOST_CELLS, MOST_ELEMENTS = 5_000_000, 300_000
# A table has one for each merged cell.
MOST_MERGED = 100_000
# As many as Excel knows; openpyxl holds a row in memory.
MOST_IN_A_ROW = 16_384
MOST_ATTRIBUTES, MOST_DEPTH = 100, 100


def check_directory(content: bytes) -> None:
    """FileProblem by what the zip says of its parts; zipfile reads no part beyond the size declared here."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
    except Exception as error:  # whatever zipfile raises for broken or hostile archives
        log.warning("import.file_unreadable", exc_info=True)
        raise FileProblem("file_broken") from error
    if len(parts) > MOST_PARTS:
        raise FileProblem("file_too_many_parts", most=MOST_PARTS)
    if sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise FileProblem("file_unpacked_too_large", most=MOST_UNPACKED // MIB)
    if any(part.flag_bits & 1 for part in parts):
        raise FileProblem("file_password")
    if any(part.file_size > MOST_SHEET for part in parts):
        raise FileProblem("file_sheet_too_large", most=MOST_SHEET // MIB)


@dataclass
class Shown:
    """What a sheet shows beside its cells: rows with something in them that are hidden (their numbers), and merged
    cells: (first row, first column, last row, last column), rows from 1 and columns from 0."""

    hidden_rows: set[int] = field(default_factory=set)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)


@dataclass(frozen=True)
class Most:
    """How many texts a workbook may hold, how many rows and cells a sheet, how much else a part."""

    strings: int = MOST_STRINGS
    cells: int = MOST_CELLS
    elements: int = MOST_ELEMENTS


def check_parts(content: bytes, most: Most = Most()) -> dict[str, Shown]:
    """FileProblem where a part holds more than is read in some seconds, or is no XML of a workbook. Gives, by the
    names of their parts, what the sheets show beside their cells."""
    check_directory(content)
    shown: dict[str, Shown] = {}
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for part in archive.infolist():
                with archive.open(part) as file:
                    try:
                        shown[part.filename] = _Part(part.file_size, most).read(file)
                    except expat.ExpatError:
                        if part.filename.lower().endswith((".xml", ".rels")):
                            raise
    except (FileProblem, SoftTimeLimitExceeded):
        raise
    except Exception as error:  # whatever zipfile, zlib and expat raise
        log.warning("import.file_unreadable", exc_info=True)
        raise FileProblem("file_broken") from error
    return shown


class _Part:
    """Counts what a part holds while expat reads it. What it is, its first element says, whatever its name."""

    def __init__(self, size: int, limits: Most) -> None:
        self.size, self.limits = size, limits
        self.most, self.code = limits.elements, "file_too_many_elements"
        self.depth = self.elements = self.strings = self.in_row = 0
        self.is_strings = self.is_sheet = False
        self.shown = Shown()
        self.row, self.is_hidden = 0, False

    def read(self, file: IO[bytes]) -> Shown:
        parser = expat.ParserCreate()
        parser.ordered_attributes = True
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.StartDoctypeDeclHandler = self._declared
        while block := file.read(MIB):
            parser.Parse(block, False)
        parser.Parse(b"", True)
        return self.shown

    def _start(self, name: str, attributes: list[str]) -> None:
        self.depth, self.elements = self.depth + 1, self.elements + 1
        if self.elements == 1:
            self._begin(name.rpartition(":")[2])
        if len(attributes) > 2 * MOST_ATTRIBUTES:
            raise FileProblem("file_too_many_attributes", most=MOST_ATTRIBUTES)
        if self.depth > MOST_DEPTH:
            raise FileProblem("file_too_deep", most=MOST_DEPTH)
        if self.is_strings and self.depth == 2:
            self.strings += 1
            if self.strings > self.limits.strings:
                raise FileProblem("file_too_many_strings", most=self.limits.strings)
        elif self.is_sheet and self.depth >= 3:
            if self.depth == 3:
                self.in_row, self.is_hidden = 0, False
                self._see(name.rpartition(":")[2], attributes)
            elif self.depth == 4:
                self.in_row += 1
                if self.in_row > MOST_IN_A_ROW:
                    raise FileProblem("file_too_many_columns", most=MOST_IN_A_ROW)
            elif self.is_hidden:
                self.shown.hidden_rows.add(self.row)
        if self.elements > self.most:
            raise FileProblem(self.code, most=self.most)

    def _begin(self, root: str) -> None:
        self.is_strings = root == "sst"
        if self.is_strings:
            self.most = self.limits.cells
        elif root == "worksheet":
            self.is_sheet = True
            self.most, self.code = self.limits.cells, "file_too_many_cells"
            if self.size > MOST_SHEET:
                raise FileProblem("file_sheet_too_large", most=MOST_SHEET // MIB)

    def _see(self, name: str, attributes: list[str]) -> None:
        """Whether a row is hidden, which cells are merged."""
        stated = dict(zip(attributes[::2], attributes[1::2], strict=True))
        if name == "row":
            self.row = int(stated.get("r", self.row + 1))
            self.is_hidden = stated.get("hidden") in ("1", "true")
        elif name == "mergeCell" and len(self.shown.merged) < MOST_MERGED:
            from openpyxl.utils import range_boundaries  # not loaded where no workbook is read

            first_column, first, last_column, last = range_boundaries(stated.get("ref", ""))
            self.shown.merged.append((first, first_column - 1, last, last_column - 1))

    def _end(self, _name: str) -> None:
        self.depth -= 1

    def _declared(self, *_what: object) -> None:
        # No workbook declares a document type; entities are how a small one becomes a large one in memory.
        raise FileProblem("file_broken")
