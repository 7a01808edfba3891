"""What a column of a spreadsheet of programs is, and what reading one of its cells needs to know."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils import translation
from django.utils.functional import Promise, cached_property

from programs.exchange.spreadsheet.conventions import Conventions, said_by_heading
from programs.exchange.spreadsheet.lookups import LANGUAGES, SheetLookups
from programs.services import LocationData, ProgramData

# Memory of cells that were read, so that it does not grow with the file.
REMEMBERED_LENGTH, REMEMBERED_CELLS = 100, 20_000
_UNKNOWN = object()
NEWLINES = re.compile(r"\r\n?|\u2028|\u2029")


@dataclass(frozen=True)
class Noted:
    """What a cell says, and a note on how it was read: a code of NOTES with its values."""

    value: Any
    code: str
    params: dict[str, Any]


@dataclass(frozen=True)
class Reading:
    """What reading a cell needs to know: the lists, the language of the file, how a column writes dates and amounts.

    `home` is the country of the organization that the file is for, "" where it is not known; `headings` are the file's.
    Short cells that were read are remembered: a file says the same sectors, places and organizations in every row.
    """

    lookups: SheetLookups
    language: str
    date_order: str = ""
    conventions: Conventions = field(default_factory=Conventions)
    home: str = ""
    headings: tuple[str, ...] = ()
    decimal_sign: str = ""
    is_scaled: bool = False
    _known: dict[tuple[str, str], Any] = field(default_factory=dict, compare=False, repr=False)
    _of_columns: dict[int, "Reading"] = field(default_factory=dict, compare=False, repr=False)

    def of_column(self, position: int) -> "Reading":
        """The same with what the column there shows of its dates or amounts."""
        if position not in self._of_columns:
            heading = self.headings[position] if position < len(self.headings) else ""
            order, sign = self.conventions.dates.get(position), self.conventions.amounts.get(position, "")
            is_scaled = said_by_heading(heading).power != 1
            self._of_columns[position] = (
                self
                if order is None and not sign and not is_scaled
                else replace(
                    self,
                    date_order=self.date_order if order is None else order,
                    decimal_sign=sign,
                    is_scaled=is_scaled,
                    _known={},
                )
            )
        return self._of_columns[position]

    def read(self, column: "Column", text: str) -> Any:
        """What a cell that is not empty says. Raises CellError."""
        assert column.parse is not None
        if len(text) > REMEMBERED_LENGTH:
            return column.parse(text, self)
        key = column.key, text
        value = self._known.get(key, _UNKNOWN)
        if value is _UNKNOWN:
            if len(self._known) >= REMEMBERED_CELLS:
                self._known.clear()
            value = self._known[key] = column.parse(text, self)
        return value


@dataclass(frozen=True)
class AreaEntry:
    """A location as written: the areas that its name may mean (one, but for names that several countries have).

    `is_within`: it is the P-code of something within that area, which the portal has no name for.
    """

    areas: tuple[str, ...]
    location: LocationData
    text: str
    is_within: bool = False


Parser = Callable[[str, Reading], Any]
Writer = Callable[[ProgramData, SheetLookups, str], str]


@dataclass(frozen=True)
class Column:
    """A column. `parse` reads a cell that is not empty (CellError where it cannot); `write` gives a program's cell.

    `repeats` columns may come several times, numbered; `shares` are percentages of the column of that name, one by
    one. `choices` names the list of the template's second sheet. Columns without `parse` are only written.
    What is not `is_in_template` is read where a file of others has it.
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
    is_in_template: bool = True

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
