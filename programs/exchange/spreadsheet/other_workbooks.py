"""Workbooks that openpyxl does not read (XLS, ODS, XLSB), read by python-calamine in a process of its own.

Beside openpyxl it is fast, and it loses what a sheet shows: the sign of a cell formatted as a percentage (0.25 for
25%), the name of an error (#DIV/0!), which rows are hidden; and it holds a whole sheet in memory. So .xlsx files are
read by openpyxl.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import structlog

from programs.exchange.spreadsheet import other_workbooks_process
from programs.exchange.spreadsheet.numbers import write_number
from programs.exchange.spreadsheet.problems import FileProblem

log = structlog.get_logger(__name__)
ROWS_AT_ONCE = 500


class OtherWorkbook:
    """An open workbook: the process that reads it."""

    def __init__(self, process: "subprocess.Popen[bytes]", content: bytes) -> None:
        self._process = process
        self._send(b"%d\n" % len(content) + content)
        said = self._answer()
        if "problem" in said:
            raise FileProblem(said["problem"])
        # (its name, whether it is hidden)
        self.sheets: list[tuple[str, bool]] = [(name, is_hidden) for name, is_hidden in said["sheets"]]

    def open(self, sheet: int) -> tuple[list[tuple[int, int, int, int]], Iterator[list[str]]]:
        """The merged ranges of a sheet, by its position (rows and columns from 0, both ends in it), and its rows from
        the first on, empty ones too. Read a sheet before opening another one."""
        self._ask(sheet, 0)
        merged = [tuple(corners) for corners in self._answer()["merged"]]
        self._answer()
        return merged, self._rows(sheet)

    def _rows(self, sheet: int) -> Iterator[list[str]]:
        while True:
            self._ask(sheet, ROWS_AT_ONCE)
            rows = self._answer()
            if not rows:
                return
            for row in rows:
                yield [cell if isinstance(cell, str) else _number(cell) for cell in row]

    def _ask(self, sheet: int, count: int) -> None:
        self._send(json.dumps({"sheet": sheet, "count": count}).encode() + b"\n")

    def _send(self, what: bytes) -> None:
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(what)
            self._process.stdin.flush()
        except OSError as error:  # it ended before: by a limit, or by what the file made it stumble over
            raise FileProblem("file_broken_or_too_spread") from error

    def _answer(self) -> Any:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line.endswith(b"\n"):
            log.warning("import.file_unreadable", ended_by=self._process.wait())
            raise FileProblem("file_broken_or_too_spread")
        return json.loads(line)


def _number(value: float) -> str:
    from decimal import Decimal

    number = Decimal(repr(value))
    return write_number(number) if number.is_finite() else str(value)


@contextmanager
def other_workbook(content: bytes) -> Iterator[OtherWorkbook]:
    """Opens the workbook; its process ends with the block. FileProblem where it cannot be read."""
    process = subprocess.Popen(
        [sys.executable, "-I", str(Path(other_workbooks_process.__file__))],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield OtherWorkbook(process, content)
    finally:
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                _close(pipe)


def _close(pipe: Any) -> None:
    try:
        pipe.close()
    except OSError:
        return  # what was left to write, it cannot be written any more
