"""Whatever a file holds, its import ends, and says in words what is wrong with it."""

import io
import zipfile

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import Refused
from donors.models import Organization, User
from programs.exchange import services
from programs.exchange.models import Import
from programs.exchange.spreadsheet.problems import FileProblem, sentence
from programs.exchange.spreadsheet.tables import csv_file, xlsx_file
from tests import factories
from tests.programs.exchange.importing import HEADINGS, row

pytestmark = pytest.mark.django_db
ENDS = {"uploaded", "checked", "applied", "undone", "unreadable", "stopped"}
TABLE = [HEADINGS, row(), row(identifier="P-2", title="Courts", amount="5", sector="")]
CSV = b"".join(csv_file(TABLE))
XLSX = xlsx_file(TABLE).read()
IATI = b"""<?xml version="1.0" encoding="UTF-8"?><iati-activities version="2.03"><iati-activity default-currency="USD"
 xml:lang="en"><iati-identifier>XX-FUND-1</iati-identifier><reporting-org ref="XX-FUND" type="10"><narrative>Fund
</narrative></reporting-org><title><narrative>Courts</narrative></title><activity-status code="2"/><activity-date
 type="1" iso-date="2024-01-15"/><participating-org role="1" ref="XX-FUND"/><recipient-country code="HN"
 percentage="100"/><location><point><pos>14.1 -87.2</pos></point></location><sector code="15130" vocabulary="1"/>
<budget><period-start iso-date="2024-01-01"/><period-end iso-date="2024-12-31"/><value value-date="2024-01-01">100
</value></budget><transaction><transaction-type code="2"/><transaction-date iso-date="2024-01-02"/><value
 value-date="2024-01-02">250</value></transaction><result type="1"><title><narrative>R</narrative></title></result>
</iati-activity></iati-activities>"""
# What turns up in files: signs of their syntax, numbers at the edge, texts of other alphabets.
PIECES = st.sampled_from(
    [b"", b"<", b">", b"/>", b'"', b"&", b"&#0;", b"&#x1F600;", b"<!DOCTYPE x>", b"<!--", b"]]>", b"\x00", b"\xff\xfe",
     b"\n", b";", b",", b"-1", b"0", b"1e400", b"NaN", b"99999999999999999999", b"2024-13-45", b"9999-12-31", b"en_US",
     b"\xc3\xa9", b"'" * 9, b"x" * 300, b" ", b"HN", b"USD", b"%", b"100"]
)  # fmt: skip
CHANGES = st.lists(st.tuples(st.floats(0, 1), st.integers(0, 12), PIECES | st.binary(max_size=4)), max_size=4)
BOUNDED = settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


def changed(content: bytes, changes: list[tuple[float, int, bytes]]) -> bytes:
    """The content with some of its bytes replaced: where (0 to 1), how many, by what."""
    for place, length, piece in changes:
        start = int(place * len(content))
        content = content[:start] + piece + content[start + length :]
    return content


def repacked(part: float, changes: list[tuple[float, int, bytes]]) -> bytes:
    """The workbook with one of its parts changed."""
    with zipfile.ZipFile(io.BytesIO(XLSX)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = sorted(parts)[min(int(part * len(parts)), len(parts) - 1)]
    parts[name] = changed(parts[name], changes)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for other, content in parts.items():
            archive.writestr(other, content)
    return file.getvalue()


@pytest.fixture
def organization() -> Organization:
    return factories.organization("Fund", ref="XX-FUND")


@pytest.fixture
def editor(organization: Organization) -> User:
    return factories.user(organization, "manager")


def goes_through(organization: Organization, editor: User, content: bytes) -> None:
    """Uploads, checks, applies and undoes; fails on an exception, or where it does not end, or without its words."""
    with transaction.atomic():
        try:
            job = services.start_import(organization, file_name="a", content=content, language="en", actor=editor)
        except FileProblem as problem:
            stated(problem)
            return
        ended(job)
        for move, options in (
            (services.check_again, {}),
            (services.apply_import, {"leave_out_refused": True}),
            (services.undo_import, {}),
        ):
            try:
                move(job, actor=editor, **options)
            except Refused as refusal:
                stated(refusal.message)
            ended(job)
        transaction.set_rollback(True)


def ended(job: Import) -> None:
    assert services.work_on(job.pk)
    job.refresh_from_db()
    assert job.state in ENDS
    assert bool(job.problem) == (job.state in ("unreadable", "stopped"))
    problems = [problem for item in job.rows.all() for problem in item.problems] + [job.problem or {}]
    for problem in filter(None, problems):
        stated(sentence(problem["code"], problem["params"]))


def stated(words: object) -> None:
    assert str(words)
    assert "%(" not in str(words)


@BOUNDED
@given(changes=CHANGES)
def test_any_iati_file(organization: Organization, editor: User, changes: list[tuple[float, int, bytes]]) -> None:
    goes_through(organization, editor, changed(IATI, changes))


@BOUNDED
@given(changes=CHANGES)
def test_any_csv_file(organization: Organization, editor: User, changes: list[tuple[float, int, bytes]]) -> None:
    goes_through(organization, editor, changed(CSV, changes))


@BOUNDED
@given(part=st.floats(0, 1), changes=CHANGES)
def test_any_part_of_a_workbook(
    organization: Organization, editor: User, part: float, changes: list[tuple[float, int, bytes]]
) -> None:
    goes_through(organization, editor, repacked(part, changes))


@BOUNDED
@given(changes=CHANGES)
def test_any_zip(organization: Organization, editor: User, changes: list[tuple[float, int, bytes]]) -> None:
    goes_through(organization, editor, changed(XLSX, changes))
