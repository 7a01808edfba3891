"""What a workbook shows beside its cells: groups of headings, merged cells, hidden rows and sheets, sheets by year."""

from collections.abc import Callable
from math import inf

import pytest
from django.test import Client
from django.urls import reverse

from core.errors import Refused
from donors.models import Organization, User
from programs.exchange import services
from programs.exchange.models import Import
from programs.exchange.report import report_rows
from programs.exchange.spreadsheet.files import read_rows
from programs.exchange.spreadsheet.headers import count_known, guess
from programs.exchange.spreadsheet.heading_row import groups_of, with_groups
from programs.exchange.spreadsheet.look import look
from tests import factories
from tests.api import Api
from tests.conftest import ROOT
from tests.programs.exchange.importing import bring_in_file

CORPUS = ROOT / "tests/corpus/spreadsheets"


@pytest.fixture
def organization() -> Organization:
    return factories.organization("Fund of the North")


@pytest.fixture
def manager(organization: Organization) -> User:
    return factories.user(organization, "manager")


def brought_in(name: str, organization: Organization, actor: User) -> Import:
    return bring_in_file(organization, actor, (CORPUS / name).read_bytes(), name=name)


def checked(job: Import, actor: User, **choices: object) -> Import:
    job = services.choose_columns(job, job.columns, date_order="", actor=actor, **choices)  # type: ignore[arg-type]
    assert services.work_on(job.pk, seconds=inf)
    job.refresh_from_db()
    return job


def test_the_heading_of_a_group_stands_before_those_of_its_columns() -> None:
    seen = look((CORPUS / "two-rows-of-headings.xlsx").read_bytes(), "xlsx", count_known)

    assert (seen.heading_row, seen.headings) == (
        4,
        ["Code", "Title", "Country", "Budget / Amount", "Budget / Currency"],
    )
    assert guess(seen.headings, {}) == ["identifier", "title", "country", "amount", "currency"]


def test_a_title_over_the_whole_table_is_no_group() -> None:
    assert groups_of([(1, 0, 1, 4)], 1, 5) == []
    assert groups_of([(1, 0, 1, 4), (2, 1, 2, 2)], 2, 5) == [(1, 2)]
    assert with_groups(["A", "B", ""], ["", "G", ""], [(1, 2)]) == ["A", "G / B", "G"]


def test_a_merged_cell_holds_for_each_of_its_rows() -> None:
    rows = [cells for _number, cells in read_rows((CORPUS / "s11-merged-cell-loses-country.xlsx").read_bytes(), "xlsx")]

    assert [cells[2] for cells in rows] == ["Country", "Honduras", "Honduras"]


@pytest.mark.django_db
def test_an_amount_merged_over_rows_counts_once(organization: Organization, manager: User) -> None:
    job = checked(brought_in("merged-amount.xlsx", organization, manager), manager)

    first, second = job.rows.order_by("number")
    assert first.outcome == "created"
    assert [problem["code"] for problem in second.problems] == ["amount_merged"]


@pytest.mark.django_db
@pytest.mark.parametrize(("without", "rows"), [(False, [2, 3, 4, 5]), (True, [2, 4, 5])])
def test_hidden_rows_are_read_unless_a_person_skips_them(
    organization: Organization, manager: User, without: bool, rows: list[int]
) -> None:
    job = brought_in("hidden-rows.xlsx", organization, manager)

    assert job.hidden_rows == 1, "the empty one is not counted"
    job = checked(job, manager, without_hidden_rows=without)
    assert list(job.rows.order_by("number").values_list("number", flat=True)) == rows


@pytest.mark.django_db
def test_sheets_with_the_same_headings_are_read_together(organization: Organization, manager: User) -> None:
    job = checked(brought_in("sheets-by-year.xlsx", organization, manager), manager, more_sheets=["2024"])

    shown = report_rows(job, list(job.rows.order_by("number")), manager)
    assert [(row.sheet, row.number) for row in shown] == [("2023", 2), ("2023", 3), ("2024", 2), ("2024", 3)]
    twice = shown[3].wrong[0]
    assert twice.place == "2024, A3"
    assert twice.sentence.startswith("Row 2 (2023) already has this identifier.")


@pytest.mark.django_db
def test_a_sheet_with_other_headings_is_not_read_along(organization: Organization, manager: User) -> None:
    job = brought_in("sheets-by-year.xlsx", organization, manager)

    with pytest.raises(Refused, match="does not have the same headings"):
        services.choose_columns(job, job.columns, date_order="", actor=manager, more_sheets=["Lists"])


@pytest.mark.django_db
def test_nobody_is_asked_but_for_sheets_that_would_be_left_out(organization: Organization, manager: User) -> None:
    def state(name: str) -> str:
        content = (CORPUS / name).read_bytes()
        job = services.start_import(
            organization, file_name=name, content=content, language="en", actor=manager, unattended=True
        )
        services.work_on(job.pk, seconds=inf)
        return Import.objects.get(pk=job.pk).state

    assert state("hidden-rows.xlsx") == "checked"
    assert state("sheets-by-year.xlsx") == "uploaded"


@pytest.mark.django_db
def test_the_pages_say_what_was_seen_and_take_the_choice(
    organization: Organization, manager: User, signed_in: Callable[[User], Client]
) -> None:
    job = brought_in("sheets-by-year.xlsx", organization, manager)
    client = signed_in(manager)
    address = reverse("exchange:columns", args=[job.pk])

    page = client.get(address).content.decode()
    assert "Another sheet has the same headings and is not read: “2024”." in page
    columns = {f"column_{number}": key for number, key in enumerate(job.columns)}
    client.post(address, {**columns, "more_sheets": ["2024"]})
    services.work_on(job.pk, seconds=inf)

    assert job.rows.count() == 4
    assert "2024, Row 3" in client.get(job.get_absolute_url() + "?show=refused").content.decode()


@pytest.mark.django_db
def test_the_api_says_what_was_seen_and_takes_the_choice(organization: Organization, manager: User) -> None:
    job = brought_in("sheets-by-year.xlsx", organization, manager)
    api = Api(manager)

    assert api.get(f"imports/{job.pk}/")["same_sheets"] == ["2024"]
    answer = api.send("POST", f"imports/{job.pk}/columns/", {"columns": job.columns, "more_sheets": ["2024"]}, 200)
    assert answer["more_sheets"] == ["2024"]
    services.work_on(job.pk, seconds=inf)
    rows = api.get(f"imports/{job.pk}/rows/")["results"]
    assert [(row["sheet"], row["number"]) for row in rows][2:] == [("2024", 2), ("2024", 3)]


@pytest.mark.django_db
def test_a_title_is_one_line_and_not_longer_than_its_field(organization: Organization, manager: User) -> None:
    content = 'Identifier,Title,Country\nA-1,"Community\npolicing",Honduras\nA-2,' + "x" * 1001 + ",Honduras\n"
    job = checked(bring_in_file(organization, manager, content.encode(), name="a.csv"), manager)

    first, second = job.rows.order_by("number")
    assert first.title == "Community policing"
    assert [problem["code"] for problem in second.problems] == ["too_long"]
