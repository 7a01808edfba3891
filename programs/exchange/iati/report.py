"""What an import tells of its files: how many activities became what, and which could not be taken."""

from collections import Counter
from dataclasses import dataclass, field

from core.errors import ToConfirm


@dataclass(frozen=True)
class Rejection:
    """An activity that could not be taken: which, where, why; `is_anothers` if for another reporter than the import."""

    identifier: str
    line: int
    reason: str
    file: str = ""
    is_anothers: bool = False


@dataclass(frozen=True)
class Asked:
    """An activity that waits for a person to confirm unlikely values: which, where, and what."""

    identifier: str
    line: int
    file: str
    warnings: tuple[ToConfirm, ...]


@dataclass
class Report:
    """What became of the activities of one or more files."""

    activities: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    out_of_scope: int = 0
    skipped: int = 0
    asked: list[Asked] = field(default_factory=list)
    rejected: list[Rejection] = field(default_factory=list)
    refused_files: list[tuple[str, str]] = field(default_factory=list)
    oddities: Counter[str] = field(default_factory=Counter)
    examples: dict[str, str] = field(default_factory=dict)
