"""What a row of cells says, as far as it was read: facts, with the cells that say them, problems and notes."""

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from programs.exchange.spreadsheet.problems import CellError, Problem


class Cell(NamedTuple):
    """A cell that is not empty; `value` is None where a dash takes away what is stored."""

    position: int
    text: str
    value: Any
    taken_away: bool = False


# Key of a column -> its cells that say something.
Found = dict[str, list[Cell]]


@dataclass(frozen=True)
class Awaited:
    """A name of a role that nobody on the register goes by, and where it stands."""

    role: str
    name: str
    cell: int


@dataclass
class Row:
    """What a row says: fact -> value, with the position of the cell that says it; and what is wrong."""

    facts: dict[str, Any] = field(default_factory=dict)
    cells: dict[str, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    # Keys of columns with a cell that could not be read: what they would say together is not asked.
    unread: set[str] = field(default_factory=set)
    # Where a place is (spot_of) -> how its cell calls it.
    place_names: dict[tuple[object, ...], str] = field(default_factory=dict)
    awaited: list[Awaited] = field(default_factory=list)
    # Humanitarian clusters among its sectors, as they are written.
    clusters: list[str] = field(default_factory=list)
    # It is a total of other rows.
    is_total: bool = False

    def says(self, fact: str, value: Any, cell: int) -> None:
        self.facts[fact] = value
        self.cells[fact] = cell

    def note(self, code: str, cell: int | None = None, **params: Any) -> None:
        """Adds a problem, which is a note if its code is one of NOTES; each once."""
        problem = Problem(code, params, cell)
        if problem not in self.problems:
            self.problems.append(problem)

    def wrong(self, error: CellError, cell: int | None) -> None:
        self.problems.append(error.at(cell))

    @property
    def is_refused(self) -> bool:
        return any(not problem.is_note for problem in self.problems)
