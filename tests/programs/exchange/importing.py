"""What the tests of imports share: a file uploaded, checked and applied as a person would, without a broker."""

from collections.abc import Sequence
from math import inf
from typing import Any

from donors.models import Organization, User
from programs.exchange import services
from programs.exchange.models import Import, ImportRow
from programs.exchange.spreadsheet.problems import sentence
from programs.exchange.spreadsheet.tables import csv_file, xlsx_file

HEADINGS = [
    "Identifier",
    "Title",
    "Status",
    "Planned start",
    "Country",
    "Area",
    "Sector",
    "Amount committed",
    "Currency",
    "Funder",
]
ROW = ["P-1", "Community policing in Choloma", "Implementation", "2024-01-15", "Honduras", "HN-CR / Choloma", "15132",
       "1,250,000.50", "USD", "AECID"]  # fmt: skip


def row(**values: str) -> list[str]:
    """A row that can be applied, with some of its cells (by the first word of their heading) others."""
    cells = dict(zip((heading.split()[0].lower() for heading in HEADINGS), ROW, strict=True))
    return list((cells | values).values())


def upload_file(
    organization: Organization, actor: User, rows: Sequence[Sequence[str]], *, kind: str = "csv", language: str = "en",
    headings: Sequence[str] = HEADINGS,
) -> Import:  # fmt: skip
    table = [list(headings), *map(list, rows)]
    content = b"".join(csv_file(table)) if kind == "csv" else xlsx_file(table).read()
    return bring_in_file(organization, actor, content, name=f"programs.{kind}", language=language)


def bring_in_file(
    organization: Organization, actor: User, content: bytes, *, name: str = "a", language: str = "en"
) -> Import:
    """The import of a file, as far as a worker comes with it alone."""
    job = services.start_import(organization, file_name=name, content=content, language=language, actor=actor)
    assert services.work_on(job.pk, seconds=inf)
    job.refresh_from_db()
    return job


def check(job: Import, actor: User, columns: Sequence[str] | None = None, date_order: str | None = None) -> Import:
    services.choose_columns(
        job,
        columns or job.columns,
        date_order=job.date_order if date_order is None else date_order,
        actor=actor,
    )
    assert services.work_on(job.pk, seconds=inf)
    job.refresh_from_db()
    return job


def checked(organization: Organization, actor: User, rows: Sequence[Sequence[str]], **options: Any) -> Import:
    return check(upload_file(organization, actor, rows, **options), actor)


def apply(job: Import, actor: User, **options: Any) -> Import:
    services.apply_import(job, actor=actor, **options)
    assert services.work_on(job.pk, seconds=inf)
    job.refresh_from_db()
    return job


def undo(job: Import, actor: User) -> Import:
    services.undo_import(job, actor=actor)
    assert services.work_on(job.pk, seconds=inf)
    job.refresh_from_db()
    return job


def outcomes(job: Import) -> list[str]:
    return list(job.rows.order_by("number").values_list("outcome", flat=True))


def problems(row: ImportRow) -> list[tuple[str, int | None]]:
    for problem in row.problems:
        assert "%(" not in sentence(problem["code"], problem["params"])
    return [(problem["code"], problem["cell"]) for problem in row.problems]
