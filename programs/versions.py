"""The versions of a program in words: who saved it when, and what each save changed."""

import datetime as dt
from dataclasses import dataclass

from pghistory.models import Context

from donors.models import User
from programs.describe import Describer, field_labels
from programs.models import Program
from programs.services import ProgramData
from programs.services.versions import Past

VERSIONS_A_PAGE = 25


@dataclass(frozen=True)
class FieldChange:
    """A field of one version: lines that went, and lines that came."""

    label: str
    gone: list[str]
    come: list[str]


@dataclass(frozen=True)
class Version:
    """A program as somebody left it at `at`; `changes` against the version before."""

    at: dt.datetime
    actor: User | None
    source: str
    autosaved: bool
    stage: str
    changes: list[FieldChange]
    is_current: bool
    # Whether restoring it would change anything, and it is not the version before it moved along in its life.
    is_worth_restoring: bool

    @property
    def source_in_words(self) -> str:
        """Where it came from, if not from the form."""
        known = dict(Program.Source.choices)
        return "" if self.source == Program.Source.BROWSER else str(known.get(self.source, self.source))

    @property
    def moment(self) -> str:
        """`at` as an address carries it."""
        return self.at.isoformat()


@dataclass(frozen=True)
class _Moment:
    at: dt.datetime
    user: int | None
    source: str
    autosaved: bool


def _moments(past: Past) -> list[_Moment]:
    """The times at which versions came to be, newest first; what one person's autosaves wrote in a row is one."""
    found = past.moments
    contexts = dict(Context.objects.filter(pk__in={pk for _at, pk in found if pk}).values_list("pk", "metadata"))
    moments: list[_Moment] = []
    for at, pk in found:
        told = contexts.get(pk) or {}
        one = _Moment(at, told.get("user"), told.get("source") or "", bool(told.get("autosaved")))
        last = moments[-1] if moments else None
        same_save = last is not None and last.at == one.at
        one_sitting = last is not None and last.autosaved and one.autosaved and last.user == one.user
        if not same_save and not one_sitting:
            moments.append(one)
    return moments


def versions_of(program: Program, page: int = 1) -> tuple[list[Version], bool]:
    """One page of the program's versions, newest first, and whether there are older ones.

    A query for each table of the history, however many versions.
    """
    past = Past(program)
    moments = _moments(past)
    first = (page - 1) * VERSIONS_A_PAGE
    shown = moments[first : first + VERSIONS_A_PAGE]
    told = [past.data_at(moment.at) for moment in moments[first : first + VERSIONS_A_PAGE + 1]]
    current = past.data_at(moments[0].at) if moments else None
    describer = Describer([data for data in (current, *told) if data])
    actors = User.objects.in_bulk({moment.user for moment in shown if moment.user})
    versions = []
    for position, moment in enumerate(shown):
        before = told[position + 1] if position + 1 < len(told) else None
        now = told[position]
        changes = _changes(before, now, describer) if now else []
        versions.append(
            Version(
                at=moment.at,
                actor=actors.get(moment.user or 0),
                source=moment.source,
                autosaved=moment.autosaved,
                stage=str(Program.Stage(stage).label) if (stage := past.stage_at(moment.at)) else "",
                changes=changes,
                is_current=first + position == 0,
                is_worth_restoring=bool(now and changes and _changes(current, now, describer)),
            )
        )
    return versions, len(moments) > first + VERSIONS_A_PAGE


def _changes(before: ProgramData | None, now: ProgramData, describer: Describer) -> list[FieldChange]:
    found = []
    for field, label in field_labels().items():
        was = describer.lines(before, field) if before else []
        is_now = describer.lines(now, field)
        if sorted(was) != sorted(is_now):
            found.append(
                FieldChange(
                    label, [line for line in was if line not in is_now], [line for line in is_now if line not in was]
                )
            )
    return found
