"""A pull into a file that goes on where it was stopped, whatever stopped it.

Beside FILE stand FILE.part (the rows so far) and FILE.state (how many bytes of it count, and the next page). A page's
rows are on the disk before the state that counts them; bytes beyond the count are cut off when it goes on. FILE itself
appears whole, at the end.
"""

import contextlib
import csv
import io
import json
import os
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from types import ModuleType
from typing import BinaryIO, Self

from carsi.errors import WrongUse
from carsi.portal import Page, Row

fcntl: ModuleType | None
try:
    import fcntl
except ImportError:  # Windows
    fcntl = None

FORMATS = ("ndjson", "csv")
VERSION = 1
# A cell that begins so is a formula for a spreadsheet program; the portal's own files escape it in the same way.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class State:
    """How far a pull is: `size` bytes of the file count. `asked` is the address of the first page, and `next` that of
    the next one; None after the last."""

    asked: str
    next: str | None
    format: str = "ndjson"
    size: int = 0
    rows: int = 0
    columns: tuple[str, ...] = ()

    def encode(self) -> bytes:
        return json.dumps({"version": VERSION, **asdict(self)}).encode() + b"\n"

    @classmethod
    def decode(cls, text: bytes) -> Self:
        """What `encode` wrote; ValueError for anything else."""
        stated = json.loads(text)
        if not isinstance(stated, dict) or stated.pop("version", None) != VERSION:
            raise ValueError("not a state of this version")
        try:
            state = cls(**{**stated, "columns": tuple(stated["columns"])})
        except (TypeError, KeyError) as error:
            raise ValueError("not the fields of a state") from error
        sizes, texts = (state.size, state.rows), (state.asked, state.format, *state.columns)
        if not all(type(size) is int and size >= 0 for size in sizes) or state.format not in FORMATS:
            raise ValueError("not the values of a state")
        if not all(isinstance(text, str) for text in texts) or not isinstance(state.next, str | None):
            raise ValueError("not the values of a state")
        return state


class Target:
    """The file that a pull writes, with what stands beside it."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.part = file.with_name(file.name + ".part")
        self.state = file.with_name(file.name + ".state")

    def save(
        self,
        first: str,
        form: str,
        pages: Callable[[str | None], Iterator[Page]],
        *,
        restart: bool = False,
        tell: Callable[[str], None] = lambda sentence: None,
    ) -> State:
        """Pulls the list that begins at the address `first`, or goes on with it; the state at the end.

        `restart` drops what an earlier run left. WrongUse where another pull into this file is unfinished or under way.
        """
        with _only_one(self.part):
            if restart:
                self.state.unlink(missing_ok=True)
                _sync_folder(self.file.parent)
            state = self._begin(first, form)
            if state.rows:
                tell(f"goes on after {state.rows} rows")
            if not self._is_finished(state):
                with self.part.open("r+b") as part:
                    part.truncate(state.size)
                    part.seek(state.size)
                    for page in pages(state.next):
                        state = self._add(part, state, page)
                    _sync(part)
                os.replace(self.part, self.file)
                _sync_folder(self.file.parent)
            else:
                self.part.unlink(missing_ok=True)
            self.state.unlink(missing_ok=True)
            _sync_folder(self.file.parent)
            return state

    def _begin(self, first: str, form: str) -> State:
        if not self.state.exists():
            state = State(asked=first, next=first, format=form)
            write_whole(self.state, state.encode())
            return state
        try:
            state = State.decode(self.state.read_bytes())
        except ValueError as error:
            raise WrongUse(f"{self.state} is no state of a pull: --restart begins again.") from error
        if (state.asked, state.format) != (first, form):
            raise WrongUse(f"{self.part} holds another pull ({state.asked}): --restart drops it and begins this one.")
        if not self._is_finished(state) and self.part.stat().st_size < state.size:
            raise WrongUse(f"{self.part} is shorter than it was: --restart begins again.")
        return state

    def _is_finished(self, state: State) -> bool:
        """Whether all that a stopped run left undone is to drop the state: the rows already have their name."""
        return (
            state.next is None
            and self.part.stat().st_size == 0 < state.size
            and self.file.exists()
            and self.file.stat().st_size == state.size
        )

    def _add(self, part: BinaryIO, state: State, page: Page) -> State:
        text, columns = written(page.rows, state.format, state.columns)
        part.write(text)
        _sync(part)
        state = replace(
            state, next=page.next, size=state.size + len(text), rows=state.rows + len(page.rows), columns=columns
        )
        write_whole(self.state, state.encode())
        return state


def written(rows: list[Row], form: str, columns: tuple[str, ...]) -> tuple[bytes, tuple[str, ...]]:
    """Rows as text, and the columns of a CSV: those of its first row, which stand in a line before it.

    WrongUse where a row of a CSV has a field for which there is no column.
    """
    if form == "ndjson":
        return b"".join(json.dumps(row, ensure_ascii=False).encode() + b"\n" for row in rows), ()
    lines = io.StringIO()
    writer = csv.writer(lines, lineterminator="\r\n")
    for row in rows:
        if not columns:
            columns = tuple(row)
            writer.writerow(columns)
        if more := sorted(set(row) - set(columns)):
            raise WrongUse(f"Rows have a new field ({', '.join(more)}): --restart starts again with it.")
        writer.writerow([_cell(row.get(column)) for column in columns])
    return lines.getvalue().encode(), columns


def _cell(value: object) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    return "'" + value if value.lstrip("'").startswith(FORMULA) else value


def write_whole(file: Path, content: bytes) -> None:
    """A file's new content, on the disk, or its old one: never half of it."""
    new = file.with_name(file.name + ".new")
    with new.open("wb") as writing:
        writing.write(content)
        _sync(writing)
    os.replace(new, file)
    _sync_folder(file.parent)


def _sync(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    """Names in a folder are on the disk too; where folders cannot be opened (Windows) they are as they are."""
    with contextlib.suppress(PermissionError):
        opened = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)


@contextlib.contextmanager
def _only_one(part: Path) -> Iterator[None]:
    """Holds the file of rows for this run. WrongUse while another run has it."""
    with part.open("ab") as held:
        if fcntl is not None:
            try:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                raise WrongUse(f"Another run is writing {part}.") from error
        yield
