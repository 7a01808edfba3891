"""Taking a file as it is uploaded, and saying what its columns are."""

from collections.abc import Collection, Sequence
from pathlib import Path

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.errors import Refused
from core.jobs import request_job
from donors.models import Organization, User
from programs.exchange.iati.files import ACTIVITIES, ACTIVITY, first_element, not_of_activities
from programs.exchange.iati.opening import NotIati, unpacked
from programs.exchange.models import ColumnMeaning, Import, ImportFile
from programs.exchange.services.moves import MOVED, WORK_TASK, State, move, require_columns
from programs.exchange.spreadsheet import headers, kinds
from programs.exchange.spreadsheet.heading_row import MOST_ROWS_ABOVE
from programs.exchange.spreadsheet.look import Look
from programs.exchange.spreadsheet.problems import FileProblem, in_both
from programs.exchange.spreadsheet.row_counts import about_how_many_rows, check_content
from programs.exchange.spreadsheet.workbook_limits import MIB
from programs.services.permissions import require


def take_upload(
    organization: Organization, file: UploadedFile, *, language: str, actor: User, unattended: bool = False
) -> Import:
    """`start_import` of a file as it was sent, of which no more is read than may be taken."""
    kinds.check_size(file.size or 0, kinds.LARGEST)
    return start_import(
        organization,
        file_name=file.name or "",
        content=file.read(kinds.LARGEST + 1),
        language=language,
        actor=actor,
        unattended=unattended,
    )


def start_import(
    organization: Organization,
    *,
    file_name: str,
    content: bytes,
    language: str,
    actor: User,
    unattended: bool = False,
) -> Import:
    """A new import of the file, which a worker reads: here it is looked at from outside alone, by its kind and sizes.

    An IATI file, whose columns are known, is checked at once; of a spreadsheet the columns are guessed. `unattended`:
    no person looks at them, so a spreadsheet of which every heading is known is checked at once too. NotAllowed for
    who may not import for the organization, FileProblem for a file that cannot be taken. `language` ("en" or "es")
    counts where the headings do not tell it.
    """
    require(actor, "import", organization.pk)
    content = _unpacked(content)
    kind = check_content(content)
    if kind == kinds.IATI:
        _check_name(content)
    job = Import(
        organization=organization,
        created_by=actor,
        checked_by=actor,
        kind=kind,
        file_name=Path(file_name).name[:255] or kind,
        language=language,
        is_unattended=unattended,
        state=State.CHECKING if kind == kinds.IATI else State.READING,
        rows_expected=0 if kind in kinds.WORKBOOKS else about_how_many_rows(content, kind),
    )
    with transaction.atomic():
        job.save()
        ImportFile.objects.create(of_import=job, content=content)
        request_job(WORK_TASK, job.pk)
    return job


def _unpacked(content: bytes) -> bytes:
    """The file without its gzip, which is how IATI files are often published."""
    try:
        plain = unpacked(content, kinds.LARGEST)
    except NotIati as refusal:
        raise FileProblem("file_iati", text=in_both(refusal)) from refusal
    if plain is None:
        raise FileProblem("file_gzip_too_large", most=kinds.LARGEST // MIB)
    return plain


def _check_name(content: bytes) -> None:
    """Says at once what a worker would find out: that the file holds no activities."""
    name = first_element(content)
    if name and name not in (ACTIVITIES, ACTIVITY):
        raise FileProblem("file_iati", text=in_both(not_of_activities(name)))


@transaction.atomic
def choose_headings(job: Import, *, sheet: str, heading_row: int | None, actor: User) -> Import:
    """Has a worker read the headings from another sheet or row; what the columns are is guessed again and waits for a
    person. Where nothing can be read there, the import keeps the headings it has, and says why.

    `sheet` "" and `heading_row` None are as the portal finds them. FileProblem where it is known already that there is
    no such sheet or row; Refused for an IATI file, and for one that no worker has read.
    """
    if not job.is_spreadsheet:
        raise Refused(_("An IATI file has no columns to choose: the format defines what each part means."))
    locked = move(job, "choose_headings", actor=actor)
    if not locked.headings:
        raise Refused(_("The headings of this file have not been read yet. Check the file again first."))
    if sheet and sheet not in locked.sheets:
        raise FileProblem("file_no_such_sheet", sheet=sheet)
    if heading_row and sheet in ("", locked.sheet):
        _require_row(locked, heading_row)
    locked.wanted_sheet, locked.wanted_heading_row = sheet, heading_row
    # Somebody looks at its columns now.
    locked.is_unattended = False
    locked.rows.all().delete()
    locked.save(update_fields=[*MOVED, "is_unattended"])
    request_job(WORK_TASK, locked.pk)
    return locked


def _with_the_same_headings(job: Import, sheets: Collection[str]) -> list[str]:
    """The sheets in the file's order; Refused where one has other headings than the sheet that is read."""
    for sheet in sheets:
        if sheet not in job.same_sheets:
            raise Refused(
                _("The sheet “%(sheet)s” does not have the same headings as “%(first)s”. Import it by itself.")
                % {"sheet": sheet, "first": job.sheet}
            )
    return [sheet for sheet in job.same_sheets if sheet in sheets]


def _require_row(job: Import, number: int) -> None:
    """FileProblem where the rows at the top of the import's sheet show that it has no such row."""
    known = [row for row, _cells in job.top]
    is_whole = len(known) < MOST_ROWS_ABOVE
    if known and number not in known and (is_whole or number < known[-1]):
        raise FileProblem("file_no_such_row", row=number)


def look_at(job: Import) -> Look:
    """The top of a spreadsheet as a worker saw it."""
    return Look(
        sheet=job.sheet,
        sheets=tuple(job.sheets),
        heading_row=job.heading_row or 0,
        headings=job.headings,
        hashtags=[],
        hidden_sheets=tuple(job.hidden_sheets),
        same_sheets=tuple(job.same_sheets),
        hidden_rows=job.hidden_rows,
        top=[(number, cells) for number, cells in job.top],
        below=[(0, cells) for cells in job.sample],
    )


@transaction.atomic
def choose_columns(
    job: Import,
    columns: Sequence[str],
    *,
    date_order: str,
    actor: User,
    more_sheets: Collection[str] | None = None,
    without_hidden_rows: bool | None = None,
) -> Import:
    """Sets what each heading means, remembers it for the organization, and has the file checked.

    `more_sheets` are those with the same headings to read too, `without_hidden_rows` leaves out rows that the workbook
    hides; None leaves these as they are. Refused where nothing names the program, a column is chosen twice, a sheet has
    other headings, or the file is an IATI file.
    """
    if not job.is_spreadsheet:
        raise Refused(_("An IATI file has no columns to choose: the format defines what each part means."))
    require_columns(columns)
    locked = move(job, "check", actor=actor)
    if len(columns) != len(locked.headings):
        raise Refused(_("The headings of this file have not been read yet. Check the file again first."))
    if more_sheets is not None:
        locked.more_sheets = _with_the_same_headings(locked, more_sheets)
    if without_hidden_rows is not None:
        locked.without_hidden_rows = without_hidden_rows
    locked.columns, locked.date_order, locked.checked_by = list(columns), date_order, actor
    locked.rows.all().delete()
    locked.save(update_fields=[*MOVED, "columns", "date_order", "checked_by", "more_sheets", "without_hidden_rows"])
    meanings = {headers.plain_header(heading): key for heading, key in zip(locked.headings, columns, strict=True)}
    ColumnMeaning.objects.bulk_create(
        (
            ColumnMeaning(organization=locked.organization, heading=heading, column=key)
            for heading, key in meanings.items()
        ),
        update_conflicts=True,
        unique_fields=["organization", "heading"],
        update_fields=["column"],
    )
    request_job(WORK_TASK, locked.pk)
    return locked
