"""The rows of a table, read once and gone through twice: learned from before they are checked."""

import pickle
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import Any

from programs.exchange.spreadsheet.files import Row
from programs.exchange.spreadsheet.problems import FileProblem

# In memory up to so many bytes, then in a file that has no name and goes with the process.
MOST_IN_MEMORY = 4 * 1024 * 1024
ROWS_AT_ONCE = 200


class KeptRows(AbstractContextManager["KeptRows"]):
    """Keeps the rows of a table while they are read for the first time: memory does not grow with them."""

    def __init__(self, rows: Iterator[Row]) -> None:
        self._rows = rows
        self._kept = tempfile.SpooledTemporaryFile(max_size=MOST_IN_MEMORY)  # noqa: SIM115 closed in __exit__
        self._problem: FileProblem | None = None

    def __exit__(self, *_error: Any) -> None:
        self._kept.close()

    def as_far_as_it_goes(self) -> Iterator[Row]:
        """The rows up to where the file cannot be read on: `again` says so."""
        some: list[Row] = []
        try:
            for row in self._rows:
                some.append(row)
                if len(some) >= ROWS_AT_ONCE:
                    self._keep(some)
                    some = []
                yield row
        except FileProblem as problem:
            self._problem = problem
        self._keep(some)

    def _keep(self, rows: list[Row]) -> None:
        pickle.dump(rows, self._kept, pickle.HIGHEST_PROTOCOL)

    def again(self) -> Iterator[Row]:
        """The rows that were read, then those that were not. FileProblem where the file cannot be read on."""
        end = self._kept.tell()
        self._kept.seek(0)
        while self._kept.tell() < end:
            yield from pickle.load(self._kept)  # noqa: S301 written by ourselves into a file of our own
        if self._problem:
            raise self._problem
        yield from self._rows
