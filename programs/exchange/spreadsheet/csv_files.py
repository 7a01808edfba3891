"""CSV files of every kind: in which characters they are written, what stands between their cells, and their rows."""

import codecs
import csv
import io
import itertools
import re
from collections import Counter
from collections.abc import Iterator

from programs.exchange.spreadsheet.csv_cells import unescape
from programs.exchange.spreadsheet.kinds import utf_16
from programs.exchange.spreadsheet.problems import FileProblem, shown
from programs.exchange.spreadsheet.workbook_limits import MIB

LONGEST_CELL = 1_000_000
# Signs that may stand between cells, and by how many lines it is judged which one does.
DELIMITERS = ";,\t|"
LINES_FOR_DELIMITER = 25
# So many lines in one cell are no text of a program: a quote was opened there and never closed.
MOST_LINES_IN_A_CELL = 200
# The beginning by which sign and encoding are judged.
BEGINNING = 100_000
# The small letters with accents and the eñe between letters, in Windows' code page and in that of old Macs: the bytes
# of the one are dashes and signs in the other.
_WINDOWS_LETTERS = re.compile(rb"[A-Za-z][\xe1\xe9\xed\xf3\xfa\xf1][a-z]")
_MAC_LETTERS = re.compile(rb"[A-Za-z][\x87\x8e\x97\x9c\x96][a-z]")

Row = tuple[int, list[str]]
csv.field_size_limit(LONGEST_CELL)


def csv_rows(content: bytes) -> Iterator[Row]:
    """(number of the row, its cells); FileProblem, with the line, where it cannot be read on.

    The file is decoded as it is read: memory does not grow with the rows.
    """
    code = _encoding(content)
    delimiter, skipped = _delimiter(content[:BEGINNING].decode(code, "ignore"))
    text = io.TextIOWrapper(io.BytesIO(content), encoding=code, newline="")
    lines = _Lines(itertools.islice(text, skipped, None), skipped)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    number = skipped
    began = skipped + 1
    try:
        while True:
            began = lines.count + 1
            row = next(reader, None)
            if row is None:
                return
            number += 1
            if any(cell.count("\n") > MOST_LINES_IN_A_CELL for cell in row if len(cell) > MOST_LINES_IN_A_CELL):
                raise FileProblem("file_csv_quote", line=began, text=lines.quoted(began))
            yield number, [unescape(cell.replace("\x00", "")) for cell in row]
    except csv.Error as error:
        raise _problem(str(error), began, lines) from error


class _Lines:
    """Lines as csv.reader takes them; knows how many it gave, and the last ones that hold a quote."""

    def __init__(self, lines: Iterator[str], skipped: int) -> None:
        self._lines, self.count = lines, skipped
        self.with_quote: list[tuple[int, str]] = []

    def __iter__(self) -> Iterator[str]:
        for line in self._lines:
            self.count += 1
            if '"' in line:
                if len(self.with_quote) >= 100:
                    del self.with_quote[1:50]
                self.with_quote.append((self.count, line))
            yield line

    def quoted(self, began: int) -> str:
        """The first line with a quote from line `began` on, shortened."""
        return shown(next((line.strip() for number, line in self.with_quote if number >= began), ""))


def _problem(error: str, began: int, lines: _Lines) -> FileProblem:
    """What csv.Error says, in words; `began` is the line in which the row begins."""
    is_open = lines.count > began or "unexpected end of data" in error
    if is_open and any(number >= began for number, _line in lines.with_quote):
        return FileProblem("file_csv_quote", line=began, text=lines.quoted(began))
    if "expected after" in error:
        return FileProblem("file_csv_after_quote", line=lines.count, text=lines.quoted(began))
    return FileProblem("file_csv", line=began)


def more_rows_than(content: bytes, most: int) -> bool:
    """Whether a file has more rows with something in them than `most`, its headings not counted. The rows themselves
    are read only where its line breaks leave it open."""
    if content.count(b"\n") + content.count(b"\r") <= most:
        return False
    rows = 0
    for _number, cells in csv_rows(content):
        rows += any(cell.strip() for cell in cells)
        if rows > most + 1:
            return True
    return False


def _encoding(content: bytes) -> str:
    """UTF-16 and UTF-8 by their marks, else UTF-8, else the code page of Windows or of old Macs. FileProblem where it
    is none of these."""
    if code := utf_16(content):
        return _readable(content, code)
    try:
        return _readable(content, "utf-8-sig")
    except FileProblem:
        is_mac = _MAC_LETTERS.search(content) and not _WINDOWS_LETTERS.search(content)
        return _readable(content, "mac_roman" if is_mac else "cp1252")


def _readable(content: bytes, code: str) -> str:
    """The code, where all of the content is written in it. It is tried in parts, so as not to hold the text."""
    decoder = codecs.getincrementaldecoder(code)()
    try:
        for start in range(0, len(content), MIB):
            decoder.decode(content[start : start + MIB])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        raise FileProblem("file_encoding") from error
    return code


def _delimiter(text: str) -> tuple[str, int]:
    """The sign between cells by the beginning of a text, and how many lines stand before the table: Excel's own line
    `sep=;`, if there is one."""
    if found := re.match(r"sep=([;,\t|])\r?\n", text, re.IGNORECASE):
        return found[1], 1
    counts = _signs_of_lines(text)
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
