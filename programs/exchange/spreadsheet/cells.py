"""What a column of a spreadsheet of programs is, and what reading one of its cells needs to know."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.utils import translation
from django.utils.functional import Promise, cached_property

from programs.exchange.spreadsheet.lookups import LANGUAGES, SheetLookups
from programs.services import LocationData, ProgramData

# Memory of cells that were read, so that it does not grow with the file.
REMEMBERED_LENGTH, REMEMBERED_CELLS = 100, 20_000
NEWLINES = re.compile(r"\r\n?|\u2028|\u2029")


@dataclass(frozen=True)
class Reading:
    """What reading a cell needs to know: the lists, the language of the file, and how it writes dates.

    Short cells that were read are remembered: a file says the same sectors, places and organizations in every row.
    """

    lookups: SheetLookups
    language: str
    date_order: str = ""
    _known: dict[tuple[str, str], Any] = field(default_factory=dict, compare=False, repr=False)

    def read(self, column: "Column", text: str) -> Any:
        """What a cell that is not empty says. Raises CellError."""
        assert column.parse is not None
        if len(text) > REMEMBERED_LENGTH:
            return column.parse(text, self)
        key = column.key, text
        if key not in self._known:
            if len(self._known) >= REMEMBERED_CELLS:
                self._known.clear()
            self._known[key] = column.parse(text, self)
        return self._known[key]


@dataclass(frozen=True)
class AreaEntry:
    """A location as written: the areas that its name may mean (one, but for names that several countries have)."""

    areas: tuple[str, ...]
    location: LocationData
    text: str


Parser = Callable[[str, Reading], Any]
Writer = Callable[[ProgramData, SheetLookups, str], str]


@dataclass(frozen=True)
class Column:
    """A column. `parse` reads a cell that is not empty (CellError where it cannot); `write` gives a program's cell.

    `repeats` columns may come several times, numbered; `shares` are percentages of the column of that name, one by
    one. `choices` names the list of the template's second sheet. Columns without `parse` are only written.
    """

    key: str
    header: Promise
    help: Promise
    parse: Parser | None
    write: Writer | None
    example: str | Promise = ""
    synonyms: tuple[str, ...] = ()
    repeats: int = 1
    shares: str = ""
    choices: str = ""
    clears: bool = True

    @cached_property
    def headers(self) -> dict[str, str]:
        """The heading in each language."""
        found = {}
        for language in LANGUAGES:
            with translation.override(language):
                found[language] = str(self.header)
        return found


def clean_text(text: str) -> str:
    """A text as it is kept: one kind of line break, nothing around it, none of what PostgreSQL cannot hold."""
    if text.isprintable():  # as nearly every cell is
        return text.strip()
    return NEWLINES.sub("\n", text.replace("\x00", "")).strip()
