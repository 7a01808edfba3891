"""Bringing in a file, and saying what its columns are."""

import tempfile
from collections.abc import Sequence
from pathlib import Path

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.errors import Refused
from core.jobs import request_job
from donors.models import Organization, User
from programs.exchange.iati.files import NotIati, check_file
from programs.exchange.models import ColumnMeaning, Import, ImportFile
from programs.exchange.services.moves import WORK_TASK, move, require_columns
from programs.exchange.spreadsheet import files, headers
from programs.exchange.spreadsheet.numbers import DAY_FIRST
from programs.exchange.spreadsheet.problems import FileProblem
from programs.services.permissions import require


def take_upload(
    organization: Organization, file: UploadedFile, *, language: str, actor: User, unattended: bool = False
) -> Import:
    """`start_import` of a file as it was sent, of which no more is read than may be taken."""
    files.check_size(file.size or 0, files.LARGEST)
    return start_import(
        organization,
        file_name=file.name or "",
        content=file.read(files.LARGEST + 1),
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
    """A new import of the file, with its columns guessed; an IATI file, whose columns are known, is checked at once.

    `unattended`: no person looks at the columns, so a spreadsheet of which every heading is known is checked at once
    too. NotAllowed for who may not import for the organization, FileProblem for a file that cannot be taken. `language`
    ("en" or "es") counts where the headings do not tell it.
    """
    require(actor, "import", organization.pk)
    kind = files.check_content(content)
    job = Import(
        organization=organization,
        created_by=actor,
        kind=kind,
        file_name=Path(file_name).name[:255] or kind,
        language=language,
        rows_expected=files.about_how_many_rows(content, kind),
    )
    if kind == files.IATI:
        _check_iati(content)
        job.state = Import.State.CHECKING
    else:
        job.headings, _rows = files.head(content, kind)
        job.language = headers.language_of(job.headings, language)
        job.date_order = DAY_FIRST if job.language == "es" else ""
        remembered = _remembered(organization)
        job.columns = headers.guess(job.headings, remembered)
        if unattended and headers.are_all_known(job.headings, job.columns, remembered):
            job.state = Import.State.CHECKING
    with transaction.atomic():
        job.save()
        ImportFile.objects.create(of_import=job, content=content)
        if job.is_at_work:
            request_job(WORK_TASK, job.pk)
    return job


def _check_iati(content: bytes) -> None:
    with tempfile.NamedTemporaryFile(suffix=".xml") as file:
        file.write(content)
        file.flush()
        try:
            check_file(Path(file.name))
        except NotIati as refusal:
            raise FileProblem("file_iati", text=str(refusal)) from refusal


def _remembered(organization: Organization) -> dict[str, str]:
    return dict(ColumnMeaning.objects.filter(organization=organization).values_list("heading", "column"))


@transaction.atomic
def choose_columns(job: Import, columns: Sequence[str], *, date_order: str, actor: User) -> Import:
    """Sets what each heading means, remembers it for the organization, and has the file checked.

    Refused where nothing names the program, a column is chosen twice, or the file is an IATI file.
    """
    if not job.is_spreadsheet:
        raise Refused(_("An IATI file has no columns to choose: what each part of it is, is known."))
    require_columns(columns)
    locked = move(job, "check", actor=actor)
    locked.columns, locked.date_order, locked.problem = list(columns), date_order, None
    locked.rows.all().delete()
    locked.save(update_fields=["state", "columns", "date_order", "problem"])
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
