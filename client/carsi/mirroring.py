"""An exact local copy of a list: a small SQLite database that keeps each page, and an NDJSON file made from it."""

import contextlib
import json
import os
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from carsi.errors import WrongUse
from carsi.portal import Portal, Row

# What names a row of a list, the first that it has.
KEYS = ("id", "code", "number")
TABLES = """
CREATE TABLE IF NOT EXISTS kept (key TEXT PRIMARY KEY, row TEXT NOT NULL, walk INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""


@dataclass(frozen=True)
class Changes:
    """What a run changed in the copy, and how many rows it has now."""

    added: int = 0
    changed: int = 0
    removed: int = 0
    rows: int = 0


class Mirror:
    """The copy of a list (`kind`, with filters) in a folder: KIND.ndjson, made from KIND.sqlite3. WrongUse for an
    ordering."""

    def __init__(self, portal: Portal, kind: str, folder: Path, filters: Row) -> None:
        if "ordering" in filters:
            raise WrongUse("A mirror needs a fixed order: leave --ordering out.")
        self._portal, self._first = portal, portal.first_page(kind, filters)
        self._name = kind.replace("/", "-")
        folder.mkdir(parents=True, exist_ok=True)
        self.file = folder / f"{self._name}.ndjson"
        self._database = folder / f"{self._name}.sqlite3"

    def update(self) -> Changes:
        """Makes the copy as the list is; a run that was stopped left it as some of both, and the next one mends it.

        WrongUse where the copy is of another list, or another run is at work on it.
        """
        with contextlib.closing(sqlite3.connect(self._database, isolation_level=None, timeout=0)) as kept:
            try:
                kept.execute("PRAGMA locking_mode = EXCLUSIVE")
                kept.executescript(TABLES)
                self._same_list(kept)
                changes = self._walk(kept)
            except sqlite3.OperationalError as error:
                raise WrongUse(f"{self._database} cannot be written now: {error}.") from error
            except sqlite3.DatabaseError as error:
                raise WrongUse(
                    f"{self._database} is no copy of a list: remove it, and the copy is made anew."
                ) from error
            self._write(kept)
            return changes

    def _same_list(self, kept: sqlite3.Connection) -> None:
        asked = f"{self._portal.url} {self._first}"
        kept.execute("INSERT OR IGNORE INTO facts VALUES ('asked', ?)", [asked])
        (stored,) = kept.execute("SELECT value FROM facts WHERE name = 'asked'").fetchone()
        if stored != asked:
            raise WrongUse(f"{self._database} is a copy of {stored}: choose another folder for this list.")

    def _walk(self, kept: sqlite3.Connection) -> Changes:
        (walk,) = kept.execute("SELECT coalesce(max(walk), 0) + 1 FROM kept").fetchone()
        added = changed = 0
        for page in self._portal.pages(self._first):
            with _one_transaction(kept):
                for row in page.rows:
                    key, text = key_of(row), json.dumps(row, ensure_ascii=False, sort_keys=True)
                    before = kept.execute("SELECT row FROM kept WHERE key = ?", [key]).fetchone()
                    added += before is None
                    changed += before is not None and before[0] != text
                    kept.execute("INSERT OR REPLACE INTO kept VALUES (?, ?, ?)", [key, text, walk])
        with _one_transaction(kept):
            removed = kept.execute("DELETE FROM kept WHERE walk <> ?", [walk]).rowcount
        (rows,) = kept.execute("SELECT count(*) FROM kept").fetchone()
        return Changes(added, changed, removed, rows)

    def _write(self, kept: sqlite3.Connection) -> None:
        """The file, whole or as it was, in the order of the keys."""
        new = self.file.with_name(self.file.name + ".new")
        with new.open("w", encoding="utf-8", newline="\n") as writing:
            for (text,) in kept.execute("SELECT row FROM kept ORDER BY length(key), key"):
                writing.write(text + "\n")
            writing.flush()
            os.fsync(writing.fileno())
        os.replace(new, self.file)


def key_of(row: Row) -> str:
    """What names a row. WrongUse for a list whose rows have no name: it can be pulled, not mirrored."""
    for name in KEYS:
        if isinstance(row.get(name), int | str):
            return str(row[name])
    raise WrongUse("The rows of this list have no id: use `carsi pull` instead.")


@contextlib.contextmanager
def _one_transaction(kept: sqlite3.Connection) -> Iterator[None]:
    kept.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        kept.execute("ROLLBACK")
        raise
    kept.execute("COMMIT")
