"""An import's rows in words, for its page: what would be created or changed, what is refused and where."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from xlsxwriter.utility import xl_col_to_name

from core.names import normalize_name
from donors.models import Organization, OrganizationRequest, User
from goals.bilingual import reader_language
from programs.exchange.models import Import, ImportRow
from programs.exchange.querysets import Counts
from programs.exchange.services.evaluate import Evaluator, values_of
from programs.exchange.services.undo import KEPT
from programs.exchange.spreadsheet.columns import BY_KEY
from programs.exchange.spreadsheet.problems import ODDITY, sentence, shown
from programs.models import Program
from programs.services.plausibility import sentence_of

# Codes that say something of a row without refusing it.
NOTES = frozenset({"iati_note", "iati_left_out"})
# Codes of cells whose organization is not in the list, and may be asked for.
UNKNOWN_ORGANIZATION = frozenset({"organization", "organization_near"})


@dataclass(frozen=True)
class AskedFor:
    """A name that is no organization's: whether it is in the list by now, else the open request for it, if any."""

    name: str
    is_known: bool
    request: OrganizationRequest | None


@dataclass(frozen=True)
class Wrong:
    """A problem: of which cell (heading, place such as C12, text), and what would be right."""

    heading: str
    place: str
    text: str
    sentence: str
    is_note: bool
    unknown: AskedFor | None = None
    code: str = ""
    is_warning: bool = False


@dataclass(frozen=True)
class Changed:
    heading: str
    before: str
    after: str


@dataclass(frozen=True)
class Probable:
    program: Program
    score: float


@dataclass(frozen=True)
class ReportRow:
    row: ImportRow
    # Where the row stands: its number, in the sheet of that name ("" where only one is read).
    sheet: str
    number: int
    program: Program | None
    wrong: tuple[Wrong, ...]
    changed: tuple[Changed, ...]
    values: tuple[Changed, ...]
    probable: tuple[Probable, ...]
    kept: str


def report_rows(job: Import, rows: Sequence[ImportRow], user: User) -> list[ReportRow]:
    """The rows with their programs as far as `user` may see them; one query, four where names are unknown."""
    ids = {match["id"] for row in rows for match in row.candidates} | {row.program_id for row in rows}
    programs = Program.objects.visible_to(user).select_related("reporting_org").in_bulk(ids - {None})
    unknown = _unknown(rows, user)
    values = _values(job, rows, user)
    return [
        ReportRow(
            row=row,
            sheet=job.place_of(row.number)[0],
            number=job.place_of(row.number)[1],
            program=programs.get(row.program_id or 0),
            wrong=tuple(_wrong(job, row, problem, unknown) for problem in sorted(row.problems, key=_place))
            + tuple(_warning(job, row, warning) for warning in row.warnings),
            changed=_changed(row.changes) if row.outcome == ImportRow.Outcome.CHANGED else (),
            values=_changed(values.get(row.pk, [])),
            probable=tuple(
                Probable(programs[match["id"]], match["score"]) for match in row.candidates if match["id"] in programs
            ),
            kept=str(KEPT[row.kept_because]) if row.kept_because else "",
        )
        for row in rows
    ]


def _changed(changes: Sequence[Sequence[str]]) -> tuple[Changed, ...]:
    return tuple(Changed(str(BY_KEY[key].header), before, after) for key, before, after in changes)


def _values(job: Import, rows: Sequence[ImportRow], user: User) -> dict[int, list[list[str]]]:
    """What the new programs of these rows would say, by the row's id: of an IATI file as the check found it, of a
    spreadsheet as it is read now. Nothing once the import is applied."""
    new = [row for row in rows if row.outcome == ImportRow.Outcome.CREATED and not row.is_applied]
    if not job.is_spreadsheet:
        return {row.pk: row.changes for row in new}
    if not new or job.state != Import.State.CHECKED:
        return {}
    evaluator = Evaluator(job, user)
    return {
        item.row.pk: values_of(item.data, evaluator.lookups, reader_language())
        for item in evaluator.evaluate(new, rules=False)
    }


def _warning(job: Import, row: ImportRow, warning: dict[str, Any]) -> Wrong:
    cell, words = warning["cell"], sentence_of(warning["code"], warning["params"])
    heading = place = text = ""
    if cell is not None and cell < len(job.headings):
        heading, place = job.headings[cell], f"{xl_col_to_name(cell)}{row.number}"
        text = shown(row.cells[cell]) if cell < len(row.cells) else ""
    return Wrong(heading, place, text, words, is_note=True, code=warning["code"], is_warning=True)


def _unknown(rows: Sequence[ImportRow], user: User) -> dict[str, AskedFor]:
    """The names of the rows' problems that no organization went by when they were checked, as they stand now."""
    problems = [problem for row in rows for problem in row.problems if problem["code"] in UNKNOWN_ORGANIZATION]
    names = {_name_of(problem) for problem in problems}
    if not names:
        return {}
    known = Organization.objects.visible_to(user).by_names(names)
    asked = OrganizationRequest.objects.open_by_name(user, names)
    plain = {name: normalize_name(name) for name in names}
    return {name: AskedFor(name, plain[name] in known, asked.get(plain[name])) for name in names}


def _name_of(problem: dict[str, Any]) -> str:
    return str(problem["params"].get("name") or problem["params"].get("text", ""))


def _place(problem: dict[str, Any]) -> int:
    """From left to right; what is of the row as a whole comes first."""
    return -1 if problem["cell"] is None else int(problem["cell"])


def _wrong(job: Import, row: ImportRow, problem: dict[str, Any], unknown: dict[str, AskedFor]) -> Wrong:
    cell = problem["cell"]
    words = sentence(problem["code"], problem["params"])
    is_note = problem["code"] in NOTES or problem["code"].startswith(ODDITY)
    if cell is None or cell >= len(job.headings):
        return Wrong("", "", "", words, is_note, code=problem["code"])
    text = row.cells[cell] if cell < len(row.cells) else ""
    asked = unknown.get(_name_of(problem)) if problem["code"] in UNKNOWN_ORGANIZATION else None
    sheet, number = job.place_of(row.number)
    place = f"{xl_col_to_name(cell)}{number}"
    place = f"{sheet}, {place}" if sheet else place
    return Wrong(job.headings[cell], place, shown(text), words, is_note, asked, problem["code"])


def button_words(counts: Counts, new_stage: str) -> str:
    """What applying the import does, on its button; `new_stage` is the one that new programs get from the reader."""
    new, changed = counts.created, counts.changed
    if not new:
        return ngettext("Update %(count)s program", "Update %(count)s programs", changed) % {"count": changed}
    if new_stage == Program.Stage.PUBLISHED:
        words = ngettext("Publish %(count)s program", "Publish %(count)s programs", new) % {"count": new}
    else:
        words = ngettext(
            "Submit %(count)s program for publication", "Submit %(count)s programs for publication", new
        ) % {"count": new}
    if not changed:
        return words
    return _("%(first)s and update %(count)s") % {"first": words, "count": changed}


@dataclass(frozen=True)
class Done:
    """What applying did, in a sentence, and which rows of the report are those."""

    words: str
    show: str


def what_was_done(job: Import, counts: Counts) -> list[Done]:
    """What applying the import did to new and to changed programs; nothing where it is not applied."""
    if job.state != Import.State.APPLIED:
        return []
    done = []
    if new := counts.created:
        count = {"count": new}
        if job.new_stage == Program.Stage.SUBMITTED:
            words = ngettext(
                "%(count)s program was submitted. A manager of your organization or a coordinator will publish it.",
                "%(count)s programs were submitted. A manager of your organization or a coordinator will publish them.",
                new,
            )
        elif job.new_stage == Program.Stage.PUBLISHED:
            words = ngettext("%(count)s program was published.", "%(count)s programs were published.", new)
        else:
            words = ngettext("%(count)s program was added.", "%(count)s programs were added.", new)
        done.append(Done(words % count, "created"))
    if changed := counts.changed:
        words = ngettext("%(count)s program was updated.", "%(count)s programs were updated.", changed)
        done.append(Done(words % {"count": changed}, "changed"))
    return done


@dataclass(frozen=True)
class Progress:
    """How far a job is: rows done of so many, and that in words."""

    done: int
    of: int
    words: str

    @property
    def percent(self) -> int:
        return min(99, self.done * 100 // self.of) if self.of else 0


def progress_of(job: Import, counts: Counts) -> Progress:
    """From the rows themselves, so that it holds whichever worker is at it."""
    if job.state == Import.State.APPLYING:
        done, of = counts.applied, counts.to_apply
        words = _("%(done)s of %(of)s rows applied")
    elif job.state == Import.State.UNDOING:
        done, of = counts.undone + counts.kept, counts.applied
        words = _("%(done)s of %(of)s rows undone")
    elif job.state == Import.State.READING:
        return Progress(0, 0, _("The file is being read."))
    else:
        done, of = counts.rows, max(counts.rows, job.rows_expected)
        words = _("%(done)s of about %(of)s rows checked")
    return Progress(done, of, words % {"done": done, "of": of})


def what_was_seen(job: Import) -> list[str]:
    """What a workbook hides or has besides the sheet that is read, and what became of it, in sentences."""
    said = []
    if job.hidden_sheets:
        names = _in_quotes(job.hidden_sheets)
        if job.sheet in job.hidden_sheets:
            said.append(_("The sheet “%(sheet)s” is hidden in the file. It is read.") % {"sheet": job.sheet})
        else:
            said.append(
                ngettext(
                    "The file has a hidden sheet, which is not read: %(names)s.",
                    "The file has hidden sheets, which are not read: %(names)s.",
                    len(job.hidden_sheets),
                )
                % {"names": names}
            )
    if job.hidden_rows and job.without_hidden_rows:
        said.append(
            ngettext(
                "%(count)s row is hidden in the file, by a filter or by hand. It is skipped.",
                "%(count)s rows are hidden in the file, by a filter or by hand. They are skipped.",
                job.hidden_rows,
            )
            % {"count": job.hidden_rows}
        )
    elif job.hidden_rows:
        said.append(
            ngettext(
                "%(count)s row is hidden in the file, by a filter or by hand. It is read like the others.",
                "%(count)s rows are hidden in the file, by a filter or by hand. They are read like the others.",
                job.hidden_rows,
            )
            % {"count": job.hidden_rows}
        )
    if left := [sheet for sheet in job.same_sheets if sheet not in job.more_sheets]:
        names = _in_quotes(left)
        said.append(
            ngettext(
                "Another sheet has the same headings and is not read: %(names)s.",
                "Other sheets have the same headings and are not read: %(names)s.",
                len(left),
            )
            % {"names": names}
        )
    return said


def _in_quotes(names: Sequence[str]) -> str:
    return ", ".join(_("“%(name)s”") % {"name": name} for name in names)


def tabs(counts: Counts) -> list[tuple[str, str, int]]:
    """(key, label, how many) of the kinds of rows that there are; what a person has to look at comes first."""
    every = [
        ("refused", pgettext("import row", "Rejected"), counts.refused),
        ("asking", _("To be decided"), counts.asking),
        ("warned", _("To be confirmed"), counts.warned),
        ("kept", _("Could not be undone"), counts.kept),
        ("created", _("New"), counts.created),
        ("changed", pgettext("import row", "Changed"), counts.changed),
        ("unchanged", _("Unchanged"), counts.unchanged),
        ("left_out", _("Skipped"), counts.left_out),
    ]
    return [tab for tab in every if tab[2]]
