"""What an import tells of its files: how many activities became what, and which could not be taken."""

from collections import Counter
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.errors import ToConfirm
from programs.exchange.iati.activity import Activity
from programs.exchange.iati.oddities import ODDITIES

# So many are named one by one: a file of any size must fit into memory.
MOST_NAMED = 50_000


@dataclass(frozen=True)
class Rejection:
    """An activity that could not be taken: which, where, why; `is_anothers` if for another reporter than the import."""

    identifier: str
    line: int
    reason: str | Promise
    file: str = ""
    is_anothers: bool = False


@dataclass(frozen=True)
class Note:
    """What was left out of an activity, or read otherwise than it says: a code of ODDITIES, and what the file says."""

    identifier: str
    line: int
    code: str
    detail: str
    file: str = ""

    @property
    def reason(self) -> str:
        return str(ODDITIES[self.code])


@dataclass(frozen=True)
class Asked:
    """An activity that waits for a person to confirm unlikely values: which, where, and what."""

    identifier: str
    line: int
    file: str
    warnings: tuple[ToConfirm, ...]


@dataclass
class Report:
    """What became of the activities of one or more files.

    `notes` and `left_out` name each activity, up to MOST_NAMED; `oddities` and `skipped` count all.
    """

    activities: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    out_of_scope: int = 0
    skipped: int = 0
    asked: list[Asked] = field(default_factory=list)
    rejected: list[Rejection] = field(default_factory=list)
    left_out: list[Rejection] = field(default_factory=list)
    refused_files: list[tuple[str, str]] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    oddities: Counter[str] = field(default_factory=Counter)
    examples: dict[str, str] = field(default_factory=dict)

    def note(self, activity: Activity, file_name: str) -> None:
        """Takes over what was noted of an activity."""
        for oddity in activity.oddities:
            self.oddities[oddity.code] += 1
            self.examples.setdefault(oddity.code, f"{activity.identifier}: {oddity.detail}")
            if len(self.notes) < MOST_NAMED:
                self.notes.append(Note(activity.identifier, activity.line, oddity.code, oddity.detail, file_name))

    def leave_out(self, activity: Activity, file_name: str) -> None:
        """Notes an activity that is for no country of the portal."""
        self.skipped += 1
        if len(self.left_out) < MOST_NAMED:
            reason = _("Outside Central America: nothing to import.")
            self.left_out.append(Rejection(activity.identifier, activity.line, reason, file_name))
