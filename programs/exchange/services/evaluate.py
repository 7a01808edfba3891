"""What rows would do, without doing it: the check shows it, applying does exactly that."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from donors.models import User
from goals.money import RateTable
from programs.exchange.matching import Match, ProbableMatches
from programs.exchange.models import Import, ImportRow
from programs.exchange.services.lacking import lacks, waits
from programs.exchange.spreadsheet.cells import Reading
from programs.exchange.spreadsheet.columns import BY_KEY, EXPORTED
from programs.exchange.spreadsheet.conventions import Conventions
from programs.exchange.spreadsheet.facts import FACTS, put_onto
from programs.exchange.spreadsheet.lookups import SheetLookups
from programs.exchange.spreadsheet.problems import Problem, shown
from programs.exchange.spreadsheet.row import Row
from programs.exchange.spreadsheet.row_reading import read_row
from programs.models import Program
from programs.services import ProgramData, StoredProgram, stored_programs
from programs.services.checks import check
from programs.services.lists import COLUMNS
from programs.services.plausibility import DataWarning, warnings_about
from programs.services.save_many import confirmed_keys
from programs.services.sharing import require_may_share

Outcome = ImportRow.Outcome
# A change is shown with so much of its texts.
SHOWN_OF_A_TEXT = 300


@dataclass
class Evaluated:
    """A row with what it would do: to `stored` (None: it is new), which becomes `data`."""

    row: ImportRow
    read: Row
    stored: StoredProgram | None
    data: ProgramData
    outcome: str = Outcome.CREATED
    changes: list[list[str]] = field(default_factory=list)
    candidates: list[Match] = field(default_factory=list)
    warnings: list[DataWarning] = field(default_factory=list)
    # A new program that is not complete, or waits for an answer on an organization, arrives as a draft.
    is_draft: bool = False

    def refuse(self, code: str, cell: int | None = None, **params: Any) -> None:
        self.read.problems[:] = [problem for problem in self.read.problems if problem.code != "becomes_draft"]
        self.read.problems.append(Problem(code, params, cell))
        self.outcome, self.is_draft = Outcome.REFUSED, False


class Evaluator:
    """Evaluates rows of one import for one person; reads the lists once."""

    def __init__(self, job: Import, actor: User | None = None) -> None:
        """`actor` is who asks, by default for whom the file is checked."""
        self.job = job
        self.actor = actor or job.checked_by or job.created_by
        self.lookups = SheetLookups()
        self.reading = Reading(
            self.lookups,
            job.language,
            job.date_order,
            Conventions.from_json(job.conventions),
            self.lookups.home_of(job.organization_id),
            tuple(job.headings),
        )
        self.matches = ProbableMatches(job.organization_id)
        self.rates = RateTable()
        # What is asked of the services' rules, filled with one row after another.
        self._program = Program()

    def evaluate(self, rows: Sequence[ImportRow], *, match: bool = False, rules: bool = True) -> list[Evaluated]:
        """What the rows would do now; `match` asks for probable matches of the new ones. Queries do not grow.

        Without `rules` what the services refuse is left to them, where they are asked next anyway.
        """
        read = [read_row(row.cells, self.job.columns, self.reading, row.number) for row in rows]
        stored = self._stored(rows, read)
        evaluated = [self._evaluate(*pair, stored) for pair in zip(rows, read, strict=True)]
        for item in evaluated:
            if rules and item.outcome in (Outcome.CREATED, Outcome.CHANGED):
                self._check_rules(item)
        if rules:
            self._find_warnings(evaluated)
        if match:
            new = {
                number: item.data
                for number, item in enumerate(evaluated)
                if item.outcome == Outcome.CREATED and not item.row.choice
            }
            for number, found in self.matches.find(new).items():
                evaluated[number].candidates = found
        return evaluated

    def _find_warnings(self, evaluated: Sequence[Evaluated]) -> None:
        """Unlikely values that nobody confirmed yet, on the rows that would be saved; one query where there are any."""
        today = timezone.localdate()
        for item in evaluated:
            is_draft = item.stored is not None and item.stored.stage == Program.Stage.DRAFT
            if item.outcome in (Outcome.CREATED, Outcome.CHANGED) and not is_draft:
                item.warnings = warnings_about(item.data, self.rates, today=today)
        known = confirmed_keys([item.stored.id for item in evaluated if item.stored and item.warnings])
        for item in evaluated:
            if item.stored:
                item.warnings = [one for one in item.warnings if one.key not in known.get(item.stored.id, ())]

    def _stored(self, rows: Sequence[ImportRow], read: Sequence[Row]) -> dict[str | int, StoredProgram]:
        """By identifier, and by id where a person chose the program."""
        identifiers = [row.facts["identifier"] for row in read if "identifier" in row.facts]
        own = Program.objects.filter(reporting_org=self.job.organization_id)
        found = stored_programs([*own.filter(identifier__in=identifiers)]) if identifiers else []
        chosen = [row.program_id for row in rows if row.choice == ImportRow.Choice.SAME and row.program_id]
        by: dict[str | int, StoredProgram] = {item.data.identifier: item for item in found}
        if chosen:
            by |= {item.id: item for item in stored_programs(own.filter(pk__in=chosen))}
        return by

    def _evaluate(self, row: ImportRow, read: Row, by: dict[str | int, StoredProgram]) -> Evaluated:
        identifier = read.facts.get("identifier", "")
        stored = by.get(row.program_id or 0) if row.choice == ImportRow.Choice.SAME else by.get(identifier)
        base = stored.data if stored else self._new(row)
        if read.is_total:
            return Evaluated(row, read, None, base, Outcome.LEFT_OUT)
        data, changed = put_onto(base, read, is_new=stored is None)
        item = Evaluated(row, read, stored, data)
        self._check_organization(item)
        for one in read.awaited:
            code = "organization_awaited" if stored is None else "organization_left"
            read.note(code, one.cell, text=shown(one.name), name=one.name)
        if stored is None and row.choice == ImportRow.Choice.SAME:
            item.refuse("changed_meanwhile")
        if stored is not None:
            item.outcome = Outcome.CHANGED if changed else Outcome.UNCHANGED
            item.changes = self._changes(base, data, changed)
            if stored.goals_proposed and "goals" not in changed:
                item.data = replace(data, goals=None)
            if changed and stored.stage == Program.Stage.ARCHIVED:
                item.refuse("archived")
        if item.read.is_refused:
            item.outcome = Outcome.REFUSED
        elif item.outcome in (Outcome.CREATED, Outcome.CHANGED):
            self._check_complete(item, base)
        return item

    def _check_complete(self, item: Evaluated, base: ProgramData) -> None:
        """What the form asks for before others see a program is asked for here too: a new one becomes a draft without
        it, and none that others see loses it."""
        if item.stored is None:
            awaited = {one.role for one in item.read.awaited}
            missing = lacks(item.data, without=("participations",) if "funder" in awaited else ())
            if missing or awaited:
                item.is_draft = True
                item.read.note("becomes_draft", missing=missing or waits())
        elif item.stored.stage != Program.Stage.DRAFT and (lost := lacks(item.data, base)):
            item.refuse("not_complete_any_more", missing=lost)

    def _new(self, row: ImportRow) -> ProgramData:
        """What a program is before its row says anything of it."""
        return ProgramData(
            reporting_org_id=self.job.organization_id,
            identifier=f"IMPORT-{self.job.pk}-{row.number}",
            language=self.job.language,
            source=Program.Source.SPREADSHEET,
            source_name=self.job.file_name,
        )

    def _check_organization(self, item: Evaluated) -> None:
        stated = item.read.facts.get("reporting_org")
        if stated is not None and stated[0] != self.job.organization_id:
            cell = item.read.cells["reporting_org"]
            item.refuse("other_organization", cell, text=stated[1], organization=self.job.organization.name)

    def _check_rules(self, item: Evaluated) -> None:
        """The services' own rules, each said of the cell that breaks it."""
        if item.stored is not None:
            self._check_sharing(item, item.stored)
        program = self._program
        program.reporting_org_id = item.data.reporting_org_id
        program.identifier = item.data.identifier
        program.stage = item.stored.stage if item.stored else Program.Stage.PUBLISHED
        for column in COLUMNS:
            setattr(program, column, getattr(item.data, column))
        try:
            check(program)
        except ValidationError as error:
            for name, messages in error.message_dict.items():
                item.refuse("rule", item.read.cells.get(name), text=" ".join(messages))

    def _check_sharing(self, item: Evaluated, stored: StoredProgram) -> None:
        program = Program(
            reporting_org_id=stored.data.reporting_org_id, stage=stored.stage, visibility=stored.data.visibility
        )
        try:
            require_may_share(
                self.actor,
                program,
                visibility=item.data.visibility,
                reporting_org_id=item.data.reporting_org_id,
            )
        except ValidationError as error:
            for name, messages in error.message_dict.items():
                item.refuse("rule", item.read.cells.get(name), text=" ".join(messages))

    def _changes(self, before: ProgramData, after: ProgramData, facts: Iterable[str]) -> list[list[str]]:
        keys = [key for fact in facts for key in FACTS[fact][1]]
        return differences(before, after, keys, self.lookups, self.job.language)


def differences(
    before: ProgramData, after: ProgramData, keys: Iterable[str], lookups: SheetLookups, language: str
) -> list[list[str]]:
    """[key of the column, before, after] of the columns whose cells differ."""
    found = []
    for key in keys:
        write = BY_KEY[key].write
        if write is not None:
            old, new = write(before, lookups, language), write(after, lookups, language)
            if old != new:
                found.append([key, shown_part(old), shown_part(new)])
    return found


def values_of(data: ProgramData, lookups: SheetLookups, language: str) -> list[list[str]]:
    """[key of the column, "", value] of what a new program says, as `differences` gives it."""
    nothing = ProgramData(reporting_org_id=data.reporting_org_id, identifier="", language="", visibility="")
    return differences(nothing, data, all_keys(), lookups, language)


def shown_part(text: str) -> str:
    return text if len(text) <= SHOWN_OF_A_TEXT else text[: SHOWN_OF_A_TEXT - 1] + "…"


def all_keys() -> list[str]:
    return [column.key for column in EXPORTED]


# Where a row of a spreadsheet says the field of a warning: the fact that its cell is read as.
_FACT_OF = {"transactions": ("commitment",), "budgets": ("budgets", "budgets_of_years", "commitment"),
            "planned_disbursements": ("planned_disbursements", "planned_of_years")}  # fmt: skip


def warning_on_row(warning: DataWarning, cells: Mapping[str, int]) -> dict[str, Any]:
    """A warning as a row keeps it: its code and values, its key, and the position of its cell, if there is one."""
    facts = _FACT_OF.get(warning.field, (warning.field,))
    cell = next((cells[fact] for fact in facts if fact in cells), None)
    return {"code": warning.code, "params": dict(warning.params), "cell": cell, "key": warning.key}


def note_on_row(item: Evaluated) -> ImportRow:
    """The row with what was found, unsaved."""
    row = item.row
    row.outcome = item.outcome
    row.identifier = item.read.facts.get("identifier", "")[:255]
    row.title = shown(item.data.title)[:255]
    row.changes = item.changes if item.outcome == Outcome.CHANGED else []
    row.problems = [problem.as_json() for problem in item.read.problems]
    row.warnings = [warning_on_row(warning, item.read.cells) for warning in item.warnings]
    row.candidates = [{"id": match.program_id, "score": match.score} for match in item.candidates]
    row.program_id = item.stored.id if item.stored else None
    row.version_seen = item.stored.version if item.stored else None
    return row
