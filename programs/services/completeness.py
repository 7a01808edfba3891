"""What a program still lacks: what publishing asks for, and what would help others to find and compare it."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from programs.models import Participation
from programs.services.data import ProgramData

HUNDRED = Decimal(100)
# List of ProgramData -> what it is called where its percentages do not add up.
SHARED_LISTS = ("coverages", "locations", "sectors", "goals")


@dataclass(frozen=True)
class Missing:
    """One thing that is missing or wrong: the field of ProgramData, a sentence, and whether publishing waits for it."""

    field: str
    sentence: str
    blocks: bool = True


def missing_from(data: ProgramData) -> list[Missing]:
    """All that `data` lacks, what blocks publishing first. No query."""
    return blocking(data) + [Missing(field, sentence, blocks=False) for field, sentence in _helpful(data)]


def blocking(data: ProgramData) -> list[Missing]:
    """What a program lacks to be published; [] where it lacks nothing."""
    return [*_needed(data), *_shares(data)]


def require_complete(data: ProgramData) -> None:
    """ValidationError, by field, where something blocks publishing."""
    sentences: dict[str, list[str]] = {}
    for one in blocking(data):
        sentences.setdefault(one.field, []).append(one.sentence)
    if sentences:
        raise ValidationError(sentences)  # type: ignore[arg-type]


def _needed(data: ProgramData) -> Iterator[Missing]:
    if not data.title:
        yield Missing("title", _("A program needs a title."))
    if not data.coverages:
        yield Missing("coverages", _("Name at least one country, or Central America as a whole."))
    if data.status is None:
        yield Missing("status", _("Choose the status of the program."))
    if not any(row.role == Participation.Role.FUNDING for row in data.participations):
        yield Missing("participations", _("Name the funder: an organization with the role “Funding”."))


def _shares(data: ProgramData) -> Iterator[Missing]:
    for name in SHARED_LISTS:
        rows: tuple[Any, ...] = getattr(data, name) or ()
        stated = [row.percentage for row in rows if row.percentage is not None]
        if not stated:
            continue
        total = sum(stated, Decimal(0))
        if len(stated) < len(rows):
            yield Missing(name, _("Give a percentage in every row, or in none."))
        elif total != HUNDRED:
            yield Missing(
                name,
                _("The percentages add up to %(total)s; they must make 100.") % {"total": f"{total.normalize():f}"},
            )


def _helpful(data: ProgramData) -> Iterator[tuple[str, str]]:
    if not data.description:
        yield "description", _("A description in a few sentences: the portal uses it to find overlaps.")
    if not data.locations:
        yield "locations", _("The departments or places where it works.")
    if not (data.planned_start or data.actual_start):
        yield "planned_start", _("The start date.")
    if not (data.planned_end or data.actual_end):
        yield "planned_end", _("The end date.")
    if not data.sectors:
        yield "sectors", _("The sectors: the portal proposes the goals from them.")
    if not data.transactions and not data.budgets:
        yield "transactions", _("The funding: a commitment or a budget.")
