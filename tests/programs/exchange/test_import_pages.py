"""The pages of imports: the way through them, and in both languages. Who may: test_who_may_import.py."""

import io
from collections.abc import Callable
from math import inf
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from donors.models import Organization, OrganizationRequest, User
from donors.services import add_requested
from programs.exchange import services
from programs.exchange.models import Import
from programs.models import Program
from tests import factories
from tests.programs.exchange.importing import checked, row

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


@pytest.fixture
def organization() -> Organization:
    return factories.organization("Fund of the North")


@pytest.fixture
def editor(organization: Organization) -> User:
    return factories.user(organization, "editor")


@pytest.fixture
def client(signed_in: SignIn, editor: User) -> Client:
    return signed_in(editor)


def upload(client: Client, organization: Organization, content: bytes, name: str = "programs.csv") -> Any:
    file = SimpleUploadedFile(name, content)
    return client.post(reverse("exchange:list"), {"organization": organization.pk, "file": file})


def test_the_way_through(client: Client, organization: Organization) -> None:
    answer = upload(
        client, organization, "Código;Título;País\nP-1;Policía;Hondorus\nP-2;Tribunales;Honduras\n".encode()
    )
    job = Import.objects.get()
    assert answer.url == job.get_absolute_url()
    assert "The file is being read." in client.get(answer.url).content.decode()
    services.work_on(job.pk)
    answer = client.get(answer.url)
    assert answer.url == reverse("exchange:columns", args=[job.pk])
    page = client.get(answer.url).content.decode()
    assert "Hondorus" in page

    client.post(answer.url, {"column_0": "identifier", "column_1": "title", "column_2": "country"})
    assert b"refresh" in client.get(job.get_absolute_url()).content
    assert client.get(reverse("exchange:progress", args=[job.pk])).json()["at_work"] is True
    services.work_on(job.pk, seconds=inf)
    report = client.get(job.get_absolute_url()).content.decode()
    assert "No country or region is called “Hondorus”" in report
    assert "C2" in report

    client.post(reverse("exchange:apply", args=[job.pk]))
    assert Import.objects.get().state == "checked"
    client.post(reverse("exchange:apply", args=[job.pk]), {"leave_out_refused": "yes"})
    services.work_on(job.pk, seconds=inf)
    assert Program.objects.get().identifier == "P-2"

    client.post(reverse("exchange:undo", args=[job.pk]))
    services.work_on(job.pk, seconds=inf)
    assert not Program.objects.exists()
    assert client.get(job.get_absolute_url()).status_code == 200


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"PK\x03\x04nothing", "damaged"),
        (b"%PDF-1.4", "a PDF document"),
        (b"Title\n" + b"x" * (61 * 1024 * 1024), "MiB"),
        (b"<?xml version='1.0'?><rss/>", "IATI"),
    ],
)
def test_a_bad_file_is_refused_beside_its_field(
    client: Client, organization: Organization, content: bytes, words: str
) -> None:
    answer = upload(client, organization, content)

    assert answer.status_code == 400
    assert words in answer.content.decode()
    assert not Import.objects.exists()


def test_an_upload_without_its_organization_says_so(client: Client) -> None:
    answer = client.post(reverse("exchange:list"), {})

    assert answer.status_code == 400
    assert "Organization: This field is required." in answer.content.decode()


def test_an_organization_that_is_not_in_the_list_is_asked_for_beside_its_cell(
    client: Client, organization: Organization, editor: User, sica: Organization
) -> None:
    job = checked(
        organization, editor, [["P-1", "Policía", "Calle Segura"]], headings=["Identifier", "Title", "Funder"]
    )
    page = client.get(job.get_absolute_url()).content.decode()
    assert "Ask the coordinators who “Calle Segura” is" in page

    client.post(
        reverse("donors:ask_for_organization"),
        {"name": "Calle Segura", "organization": organization.pk, "place": "programs.csv, C2"},
    )
    assert "awaiting an answer" in client.get(job.get_absolute_url()).content.decode()

    coordinator = factories.user(sica, "coordinator")
    asked = OrganizationRequest.objects.get()
    add_requested(asked, actor=coordinator, name="Fundación Calle Segura", kind="22")
    assert "check the file again" in client.get(job.get_absolute_url()).content.decode()
    client.post(reverse("exchange:check", args=[job.pk]))
    services.work_on(job.pk, seconds=inf)
    assert job.rows.get().outcome == "created"


def test_what_a_file_says_is_never_markup(client: Client, organization: Organization) -> None:
    evil = "<script>alert(1)</script>"
    upload(client, organization, f"Title;{evil}\n{evil};{evil}\n".encode(), f"{evil}.csv")
    job = Import.objects.get()
    services.work_on(job.pk)
    columns = reverse("exchange:columns", args=[job.pk])
    assert evil not in client.get(columns).content.decode()

    client.post(columns, {"column_0": "title", "column_1": "status"})
    services.work_on(job.pk, seconds=inf)

    for address in (job.get_absolute_url(), reverse("exchange:list")):
        assert evil not in client.get(address).content.decode()


def test_everything_is_in_spanish(client: Client, organization: Organization, editor: User) -> None:
    job = checked(organization, editor, [row(country="Hondorus"), row(identifier="P-2", planned="12/03/2024")])

    page = client.get(job.get_absolute_url(), headers={"accept-language": "es"}).content.decode()

    assert "Ningún país ni región se llama «Hondorus»" in page
    assert "Escríbala como año-mes-día" in page


def test_queries_do_not_grow_with_the_rows(client: Client, organization: Organization, editor: User) -> None:
    def queries(count: int) -> int:
        job = checked(organization, editor, [row(identifier=f"{count}-{n}", title=f"T {n}") for n in range(count)])
        with CaptureQueriesContext(connection) as captured:
            assert client.get(job.get_absolute_url()).status_code == 200
        return len(captured)

    queries(1)
    assert queries(50) == queries(1)


def test_templates_and_exports_are_downloaded(client: Client, organization: Organization) -> None:
    factories.program(organization, title="=1+1")
    for name in ("exchange:template", "exchange:programs"):
        answer = client.get(reverse(name, args=["xlsx"]))
        book = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
        assert answer["Content-Disposition"].startswith("attachment")
        assert book.worksheets[0].max_row >= 1
        assert client.get(reverse(name, args=["csv"])).status_code == 200


def test_an_export_holds_what_the_filters_leave_and_the_person_may_see(
    client: Client, organization: Organization
) -> None:
    factories.program(organization, title="Mine")
    factories.program(title="Hidden", visibility="restricted")
    factories.program(title="Elsewhere", coverages=())

    def titles(query: str) -> set[str]:
        content = b"".join(client.get(reverse("exchange:programs", args=["csv"]) + query).streaming_content).decode()
        return {title for title in ("Mine", "Hidden", "Elsewhere") if title in content}

    assert titles("") == {"Mine", "Elsewhere"}
    assert titles("?country=HN") == {"Mine"}
    page = client.get(reverse("programs:list") + "?country=HN").content.decode()
    assert "/imports/programs.xlsx?country=HN" in page


def test_the_file_to_correct_marks_its_cells(client: Client, organization: Organization, editor: User) -> None:
    job = checked(organization, editor, [row(sector="x")], kind="xlsx")

    answer = client.get(reverse("exchange:file", args=[job.pk]))

    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content))).worksheets[0]
    assert "is not a sector" in sheet.cell(2, 11).value
    assert sheet.cell(2, 7).fill.fgColor.rgb == "FFFBE9E7"
    assert sheet.cell(2, 6).fill.fgColor.rgb == "00000000"
