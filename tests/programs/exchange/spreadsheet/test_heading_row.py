"""Which row and which sheet a table begins in: below titles and empty rows, beside cover sheets and hidden lists."""

import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from donors.models import Organization, User
from programs.exchange import services
from programs.exchange.models import Import, ImportFile
from programs.exchange.spreadsheet.files import read_rows
from programs.exchange.spreadsheet.headers import count_known, guess
from programs.exchange.spreadsheet.heading_row import are_hashtags, find
from programs.exchange.spreadsheet.kinds import CSV, XLSX
from programs.exchange.spreadsheet.look import look, rows_below
from programs.exchange.spreadsheet.problems import FileProblem
from programs.priorities.sheet import read_cells
from tests import factories
from tests.api import Api
from tests.programs.exchange.importing import bring_in_file

CORPUS = Path(__file__).parents[3] / "corpus/spreadsheets"
HEADINGS = ["Identifier", "Title", "Country", "Amount committed", "Currency"]
ROWS = [["A-1", "Community policing", "Honduras", "1000", "USD"], ["A-2", "Prevention", "Honduras", "2000", "USD"]]
OWN = ["Nº", "Nombre de la intervención X", "Dónde", "Cuánto"]
OWN_ROWS = [["1", "Patrullas", "Cortés", "5"], ["2", "Talleres", "Yoro", "7"]]
TITLE = ["SICA – Matriz de cooperación, 2024", "", "", ""]


def numbered(*rows: list[str]) -> list[tuple[int, list[str]]]:
    """As `files.read_rows` gives them: numbers from 1, empty rows left out."""
    return [(number, cells) for number, cells in enumerate(rows, start=1) if any(cells)]


@pytest.mark.parametrize(
    ("rows", "number"),
    [
        (numbered(HEADINGS, *ROWS), 1),
        (numbered(TITLE, HEADINGS, *ROWS), 2),
        (numbered(TITLE, ["30/09/2024"], [""], [""], HEADINGS, *ROWS), 5),
        # A note of several cells above, and a title that is a heading by chance.
        (numbered(["Title", "", "Status: final"], ["a", "b", "c", "d", "e"], HEADINGS, *ROWS), 3),
        # Headings that nobody knows: the first row as wide as the table.
        (numbered(OWN, *OWN_ROWS), 1),
        (numbered(TITLE, ["Contacto:", "x@example.org"], OWN, *OWN_ROWS), 2),
        (numbered(TITLE, ["30/09/2024"], OWN, *OWN_ROWS), 3),
        (numbered(["Title"], ["Community policing"]), 1),
        # The same headings again further down (a table printed on several pages): the first.
        (numbered(TITLE, HEADINGS, ROWS[0], HEADINGS, ROWS[1]), 2),
    ],
)
def test_the_row_of_headings_is_found(rows: list[tuple[int, list[str]]], number: int) -> None:
    assert rows[find(rows, count_known)][0] == number


def test_an_empty_table_has_none() -> None:
    assert find([], count_known) == 0


@pytest.mark.parametrize(
    ("cells", "are"),
    [
        (["#org+impl+name", "#adm1 +name", ""], True),
        (["#1", "Patrols"], False),
        (["", ""], False),
        (["A-1", "#activity"], False),
    ],
)
def test_rows_of_hashtags_are_known(cells: list[str], are: bool) -> None:
    assert are_hashtags(cells) is are


def workbook(**sheets: Any) -> bytes:
    """Sheets by their names, rows of cells each; a name that ends in _hidden is hidden."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        sheet.sheet_state = "hidden" if name.endswith("_hidden") else "visible"
        for row in rows:
            sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "sheet", "row"),
    [
        (workbook(Portada=[["Programa regional"]], Proyectos=[HEADINGS, *ROWS]), "Proyectos", 1),
        (workbook(listas_hidden=[HEADINGS, *ROWS], Proyectos=[TITLE, HEADINGS, *ROWS]), "Proyectos", 2),
        (workbook(Lists=[["x"]], all_hidden=[HEADINGS, *ROWS]), "all_hidden", 1),
        (workbook(Notas=[OWN, *OWN_ROWS], Proyectos=[HEADINGS, *ROWS]), "Proyectos", 1),
        (workbook(Uno=[HEADINGS, *ROWS], Dos=[HEADINGS, *ROWS]), "Uno", 1),
        (workbook(Portada=[["x"]], Own=[OWN, *OWN_ROWS]), "Own", 1),
    ],
)
def test_the_sheet_with_the_table_is_found(content: bytes, sheet: str, row: int) -> None:
    seen = look(content, XLSX, count_known)

    assert (seen.sheet, seen.heading_row) == (sheet, row)
    # Hidden sheets are named as such, and may be chosen.
    assert seen.hidden_sheets == tuple(name for name in seen.sheets if name.endswith("_hidden"))


def test_another_sheet_and_row_may_be_chosen() -> None:
    content = workbook(Uno=[HEADINGS, *ROWS], Dos=[TITLE, OWN, *OWN_ROWS])

    seen = look(content, XLSX, count_known, sheet="Dos", heading_row=2)

    assert (seen.headings, seen.below[0][1]) == (OWN, OWN_ROWS[0])
    with pytest.raises(FileProblem, match="no sheet “Tres”"):
        look(content, XLSX, count_known, sheet="Tres")
    with pytest.raises(FileProblem, match="Row 9"):
        look(content, XLSX, count_known, sheet="Dos", heading_row=9)
    with pytest.raises(FileProblem, match="nothing below"):
        look(content, XLSX, count_known, sheet="Dos", heading_row=4)


def test_a_row_far_down_may_be_chosen() -> None:
    text = "\n".join(["note"] * 60 + [",".join(HEADINGS), *map(",".join, ROWS)])

    assert look(text.encode(), CSV, count_known, heading_row=61).headings == HEADINGS


@pytest.mark.parametrize("sign", [";", ",", "\t"])
@pytest.mark.parametrize("above", ["", "Matriz de cooperación\n\n", "Matriz, 2024; versión final, revisada\n"])
def test_a_title_does_not_decide_what_stands_between_cells(sign: str, above: str) -> None:
    table = [HEADINGS, ["A-1", '"Patrols, radios; and more, more, more"', "Honduras", "1", "USD"], ROWS[1]]
    text = above + "\n".join(sign.join(cells) for cells in table)

    assert look(text.encode(), CSV, count_known).headings == HEADINGS


def test_hashtags_are_no_record_and_say_what_columns_are() -> None:
    content = (CORPUS / "s12-hxl-row-taken-as-data.csv").read_bytes()

    seen = look(content, CSV, count_known)

    rows = [cells for _number, cells in rows_below(content, CSV, "", seen.heading_row)]
    assert len(rows) == 2
    assert not any(cell.startswith("#") for cells in rows for cell in cells)
    known = dict(zip(seen.headings, guess(seen.headings, {}, seen.hashtags), strict=True))
    assert known["ACTIVIDAD"] == "title"
    assert known["ADMIN 1"] == "area"
    assert known["DONANTE"] == "funder"


@pytest.mark.parametrize(
    ("name", "sheet", "row"),
    [
        ("s6-title-rows-above.xlsx", "Proyectos", 5),
        ("s4-cover-sheet.xlsx", "Proyectos", 1),
        ("s3-hidden-sheet-is-read.xlsx", "Proyectos", 1),
    ],
)
def test_files_that_came_so(name: str, sheet: str, row: int) -> None:
    content = (CORPUS / name).read_bytes()

    seen = look(content, XLSX, count_known)

    assert (seen.sheet, seen.heading_row) == (sheet, row)
    first, *_rest = rows_below(content, XLSX, sheet, row)
    assert first[0] == row + 1
    assert len(list(read_rows(content, XLSX, sheet))) == len(seen.top)


def test_priorities_are_found_below_a_title_too() -> None:
    headings = b"country,goal,title en,title es,period start,period end"
    row = b"HN,1,Police,Policia,2026-01-01,2026-12-31"

    ((number, cells),) = read_cells(b"\n".join([b"Prioridades 2026", b"", headings, row]))

    assert (number, cells["title_en"]) == (4, "Police")


@pytest.mark.django_db
class TestChoosing:
    @pytest.fixture
    def org(self) -> Organization:
        return factories.organization("Fund of the North")

    @pytest.fixture
    def editor(self, org: Organization) -> User:
        return factories.user(org, "editor")

    @pytest.fixture
    def job(self, org: Organization, editor: User) -> Import:
        content = workbook(Uno=[TITLE, [""], HEADINGS, *ROWS], Dos=[TITLE, OWN, *OWN_ROWS])
        return bring_in_file(org, editor, content, name="own.xlsx")

    def test_what_was_found_is_kept_and_its_rows_keep_their_numbers(self, job: Import, editor: User) -> None:
        assert (job.sheet, job.heading_row, job.headings) == ("Uno", 3, HEADINGS)

        services.check_again(job, actor=editor)
        services.work_on(job.pk)

        assert list(job.rows.order_by("number").values_list("number", "identifier")) == [(4, "A-1"), (5, "A-2")]

    def test_the_page_shows_the_row_and_takes_another(self, client: Client, job: Import, editor: User) -> None:
        client.force_login(editor)
        address = reverse("exchange:columns", args=[job.pk])

        page = client.get(address).text
        assert "The headings are read from row 3 of the sheet “Uno”." in page
        assert "Row 1: SICA – Matriz de cooperación, 2024" in page

        answer = client.post(address, {"do": "headings", "sheet": "Uno", "heading_row": "4"})
        assert "Being read" in client.get(answer.url).text
        services.work_on(job.pk)
        job.refresh_from_db()
        assert (job.heading_row, job.headings) == (4, ROWS[0])
        assert client.get(job.get_absolute_url()).url == address
        client.post(address, {"do": "headings", "sheet": "Dos", "heading_row": "4"})
        services.work_on(job.pk)
        job.refresh_from_db()
        assert (job.sheet, job.heading_row, job.headings, job.state) == ("Dos", 2, OWN, "uploaded")

    def test_a_row_with_nothing_below_leaves_the_headings_as_they_were_and_says_so(
        self, client: Client, job: Import, editor: User
    ) -> None:
        client.force_login(editor)
        address = reverse("exchange:columns", args=[job.pk])

        client.post(address, {"do": "headings", "sheet": "Uno", "heading_row": "5"})
        services.work_on(job.pk)

        job.refresh_from_db()
        assert (job.state, job.heading_row, job.headings) == ("uploaded", 3, HEADINGS)
        assert "There is nothing below the headings" in client.get(address).text
        client.post(address, {"do": "headings", "sheet": "Uno", "heading_row": "4"})
        services.work_on(job.pk)
        assert "There is nothing below the headings" not in client.get(address).text

    def test_a_worker_alone_opens_the_file(self, client: Client, job: Import, editor: User) -> None:
        ImportFile.objects.filter(pk=job.pk).update(content=b"PK\x03\x04 no workbook at all")
        client.force_login(editor)
        address = reverse("exchange:columns", args=[job.pk])

        answer = client.post(address, {"do": "headings", "sheet": "Dos", "heading_row": "4"})

        job.refresh_from_db()
        assert (answer.status_code, job.state, job.problem) == (302, "reading", None)
        services.work_on(job.pk)
        job.refresh_from_db()
        assert (job.state, job.headings, job.problem["code"]) == ("uploaded", HEADINGS, "file_broken")

    def test_a_reading_that_was_cancelled_leaves_the_headings_to_be_checked(self, job: Import, editor: User) -> None:
        services.choose_headings(job, sheet="Dos", heading_row=None, actor=editor)
        services.cancel_import(job, actor=editor)

        services.check_again(job, actor=editor)
        services.work_on(job.pk)

        job.refresh_from_db()
        assert (job.state, job.sheet, job.wanted_sheet) == ("checked", "Uno", "")
        assert set(job.rows.values_list("identifier", flat=True)) == {"A-1", "A-2"}

    def test_a_script_chooses_row_then_columns(self, job: Import, editor: User) -> None:
        api = Api(editor)
        shown = api.get(f"imports/{job.pk}/")
        assert (shown["sheet"], shown["heading_row"]) == ("Uno", 3)

        shown = api.send("POST", f"imports/{job.pk}/columns/", {"sheet": "Dos"}, 200)
        assert shown["state"] == "reading"
        services.work_on(job.pk)
        shown = api.get(f"imports/{job.pk}/")
        assert (shown["state"], shown["heading_row"], shown["headings"]) == ("uploaded", 2, OWN)
        body = {"heading_row": 2, "columns": ["identifier", "title", "", ""]}
        shown = api.send("POST", f"imports/{job.pk}/columns/", body, 200)
        assert shown["state"] == "checking"

    @pytest.mark.parametrize(
        ("body", "pointer"),
        [
            ({}, "#/columns"),
            ({"heading_row": 99}, "#/heading_row"),
            ({"sheet": "Tres"}, "#/sheet"),
            ({"heading_row": 3, "columns": ["title"]}, "#/columns"),
            ({"heading_row": 4, "columns": ["identifier", "title", "", ""]}, "#/columns"),
            ({"sheet": "Dos", "columns": ["identifier", "title", "", ""]}, "#/columns"),
            ({"heading_row": 0}, "#/heading_row"),
        ],
    )
    def test_what_cannot_be_chosen_is_named(
        self, job: Import, editor: User, body: dict[str, Any], pointer: str
    ) -> None:
        problem = Api(editor).send("POST", f"imports/{job.pk}/columns/", body, 400)

        assert [error["pointer"] for error in problem["errors"]] == [pointer]
        job.refresh_from_db()
        assert (job.sheet, job.heading_row, job.state) == ("Uno", 3, "uploaded")
