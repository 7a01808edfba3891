"""Imports done by a script: a file uploaded, its columns said, checked, decided on, applied and undone."""

import datetime as dt
from math import inf
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from donors.models import Organization, User
from programs.exchange import services
from programs.exchange.models import Import
from programs.exchange.spreadsheet.tables import csv_file
from programs.exchange.spreadsheet.template import csv_template
from programs.exchange.spreadsheet.workbook_limits import MIB
from programs.models import Program
from programs.services import save_program
from tests import factories
from tests.api import Api
from tests.programs.exchange.importing import HEADINGS, checked, row, upload_file

pytestmark = pytest.mark.django_db


@pytest.fixture
def own() -> Organization:
    return factories.organization("Fund of the North")


@pytest.fixture
def editor(own: Organization) -> User:
    return factories.user(own, "editor")


@pytest.fixture
def api(editor: User) -> Api:
    return Api(editor)


def form(organization: Organization, content: bytes, name: str = "programs.csv") -> dict[str, Any]:
    return {"organization": organization.pk, "file": SimpleUploadedFile(name, content)}


def table(*rows: list[str], headings: list[str] = HEADINGS) -> bytes:
    return b"".join(csv_file([headings, *rows]))


def worked(api: Api, pk: int) -> Any:
    assert services.work_on(pk, seconds=inf)
    return api.get(f"imports/{pk}/")


def test_it_works_from_the_file_to_undoing_it(api: Api, own: Organization) -> None:
    job = api.upload("imports/", form(own, table(row(), row(identifier="P-2", sector="x"))), 201)
    address = f"imports/{job['id']}/"
    assert (job["state"], job["organization_id"], job["headings"]) == ("reading", own.pk, [])
    api.send("POST", f"{address}apply/", {}, 409)

    shown = worked(api, job["id"])
    assert shown["counts"] == {**job["counts"], "rows": 2, "created": 1, "refused": 1}
    assert (shown["state"], shown["headings"], shown["sample"]) == (
        "checked",
        HEADINGS,
        [row(), row(identifier="P-2", sector="x")],
    )
    assert "rejected" in api.send("POST", f"{address}apply/", {}, 409)["detail"]
    assert api.send("POST", f"{address}apply/", {"leave_out_refused": True}, 200)["state"] == "applying"
    assert worked(api, job["id"])["state"] == "applied"
    program = Program.objects.get()
    assert (program.identifier, program.reporting_org) == ("P-1", own)

    assert "Applied" in api.send("POST", f"{address}check/", {}, 409)["detail"]
    assert api.send("POST", f"{address}undo/", {}, 200)["state"] == "undoing"
    assert worked(api, job["id"])["state"] == "undone"
    assert not Program.objects.exists()


@pytest.mark.parametrize("language", ["en", "es"])
def test_our_own_template_needs_no_further_call(api: Api, own: Organization, language: str) -> None:
    job = api.upload("imports/", form(own, b"".join(csv_template(language))), 201)

    assert (worked(api, job["id"])["state"], Import.objects.get().language) == ("checked", language)


class TestColumns:
    def test_a_heading_that_nobody_knows_waits_to_be_said_and_is_remembered(
        self, api: Api, own: Organization, editor: User
    ) -> None:
        content = table(["P-1", "Vetted units", "x"], headings=["Ref. no.", "Title", "Colour"])
        job = worked(api, api.upload("imports/", form(own, content), 201)["id"])
        assert (job["state"], job["columns"]) == ("uploaded", ["", "title", ""])
        address, stated = f"imports/{job['id']}/columns/", ["identifier", "title", ""]

        wrong = api.send("POST", address, {"columns": ["ident", "title", ""]}, 400)["errors"][0]
        assert wrong["pointer"] == "#/columns/0"
        assert "Unknown column “ident”. Known columns: identifier, reporting_org" in wrong["detail"]
        assert "3 headings" in api.send("POST", address, {"columns": ["title"]}, 400)["detail"]
        assert api.send("POST", address, {"columns": ["", "", ""]}, 409)["code"] == "refused"
        answer = api.send("POST", address, {"columns": stated, "date_order": "day_first"}, 200)

        assert (answer["state"], answer["columns"], answer["date_order"]) == ("checking", stated, "day_first")
        again = worked(api, api.upload("imports/", form(own, content), 201)["id"])
        assert (again["state"], again["columns"]) == ("checked", stated)

    def test_what_was_guessed_is_taken_by_a_check_where_it_names_the_program(
        self, api: Api, own: Organization, editor: User
    ) -> None:
        guessed = upload_file(own, editor, [["Vetted units", "x"]], headings=["Title", "Colour"])
        nameless = upload_file(own, editor, [["Honduras", "x"]], headings=["Country", "Colour"])

        assert api.send("POST", f"imports/{guessed.pk}/check/", {}, 200)["state"] == "checking"
        assert "names of the programs" in api.send("POST", f"imports/{nameless.pk}/check/", {}, 409)["detail"]

    def test_an_iati_file_has_none(self, api: Api, own: Organization, editor: User) -> None:
        job = services.start_import(
            own, file_name="a.xml", content=b"<iati-activities version='2.03'/>", language="en", actor=editor
        )

        assert "IATI" in api.send("POST", f"imports/{job.pk}/columns/", {"columns": []}, 409)["detail"]


class TestChoices:
    @pytest.fixture
    def old(self, own: Organization) -> Program:
        data = factories.program_data(own, identifier="OLD", planned_start=dt.date(2024, 1, 15))
        return save_program(data, actor=None).program

    def test_a_row_is_said_to_be_one_of_its_matches(
        self, api: Api, own: Organization, editor: User, old: Program
    ) -> None:
        job = checked(own, editor, [row(identifier="A"), row(identifier="B")])
        address = f"imports/{job.pk}/choices/"
        first, second = api.get(f"imports/{job.pk}/rows/?outcome=asking")["results"]
        assert [match["program"] for match in first["matches"]] == [old.pk]

        def refused(*choices: tuple[int, int | None]) -> list[str]:
            body = {"choices": [{"row": pk, "program": program} for pk, program in choices]}
            return [error["pointer"] for error in api.send("POST", address, body, 400)["errors"]]

        assert refused((first["id"], factories.program(own).pk)) == ["#/choices/0"]
        assert refused((first["id"], old.pk), (second["id"], old.pk)) == ["#/choices/1"]
        assert refused((first["id"], old.pk), (first["id"], None)) == ["#/choices"]
        assert api.get(f"imports/{job.pk}/")["counts"]["asking"] == 2  # all of a body or none
        both = [{"row": first["id"], "program": old.pk}, {"row": second["id"], "program": None}]
        counts = api.send("POST", address, {"choices": both}, 200)["counts"]

        assert (counts["asking"], counts["created"], counts["changed"]) == (0, 1, 1)
        (shown,) = api.get(f"imports/{job.pk}/rows/?outcome=changed")["results"]
        assert shown["choice"] == "same"
        assert {"column": "Identifier", "before": "OLD", "after": "A"} in shown["changes"]

    def test_all_at_once(self, api: Api, own: Organization, editor: User, old: Program) -> None:
        address = f"imports/{checked(own, editor, [row(identifier='A')]).pk}/choices/"

        for wrong in ({}, {"all": "old"}, {"all": "new", "choices": [{"row": 1, "program": 1}]}):
            api.send("POST", address, wrong, 400)
        assert api.send("POST", address, {"all": "new"}, 200)["counts"]["asking"] == 0


class TestRefusals:
    @pytest.mark.parametrize(
        ("content", "status", "code", "words"),
        [
            (b"", 400, "file_empty", "empty"),
            (b"\xd0\xcf\x11\xe0" * 300, 400, "file_kind", "neither a spreadsheet"),
            (b"%PDF-1.7", 400, "file_pdf", "PDF document"),
            (b"PK\x03\x04 no zip", 400, "file_broken", "damaged"),
            (b"<?xml version='1.0'?><rss/>", 400, "file_iati", "IATI"),
            (b"a,b\n" * 100_002, 400, "file_too_many_rows", "more than 100,000 rows"),
            (b"a,b\n" * (16 * MIB), 413, None, "the limit is 60 MiB"),
        ],
    )
    def test_a_file_that_cannot_be_taken_says_why_as_the_page_does(
        self, api: Api, own: Organization, content: bytes, status: int, code: str | None, words: str
    ) -> None:
        problem = api.upload("imports/", form(own, content), status, Idempotency_Key="once")

        assert words in problem["detail"]
        found = [(error["pointer"], error["code"]) for error in problem["errors"]]
        assert found == ([("#/file", code)] if code else [])
        assert not Import.objects.exists()

    def test_what_is_wrong_with_the_form_is_named(self, api: Api, own: Organization) -> None:
        other = factories.organization("Somebody else's")

        def refused(**more: Any) -> list[str]:
            problem = api.upload("imports/", {**form(own, table(row())), **more}, 400)
            return [error["pointer"] for error in problem["errors"]]

        assert refused(organization=other.pk) == refused(organization=10**9) == ["#/organization"]
        assert refused(organization="x") == refused(organization=[own.pk, other.pk]) == ["#/organization"]
        assert refused(file="no file") == ["#/file"]
        assert refused(organisation=own.pk) == ["#/organisation"]
        assert api.send("POST", "imports/", {"organization": own.pk}, 415)["code"] == "unsupported_media_type"
        many = {f"field-{number}": "" for number in range(1001)}
        assert api.upload("imports/", many, 400)["code"] == "bad_request"
        broken = api.client.generic("POST", "/api/v1/imports/", b"x", content_type="multipart/form-data")
        assert (broken.status_code, broken.json()["code"]) == (400, "bad_request")
        nothing = api.client.generic("POST", "/api/v1/imports/", b"", content_type="application/json")
        assert {error["pointer"] for error in nothing.json()["errors"]} == {"#/organization", "#/file"}
        assert not Import.objects.exists()

    def test_a_file_that_cannot_be_read_on_says_why(self, api: Api, own: Organization) -> None:
        rows = b"".join(b"P-%d,Title\n" % number for number in range(50))
        job = api.upload("imports/", form(own, b"Identifier,Title\n" + rows + b'P-51,"Title\n'), 201)

        shown = worked(api, job["id"])

        assert shown["state"] == "unreadable"
        assert "line 52 is never closed" in shown["problem"]

    def test_what_a_worker_finds_out_is_told_by_the_import(self, api: Api, own: Organization) -> None:
        job = api.upload("imports/", form(own, b"Title\n"), 201)

        shown = worked(api, job["id"])

        assert (shown["state"], shown["problem"]) == (
            "unreadable",
            "There is nothing below the headings. Write one program per row.",
        )

    def test_a_key_needs_the_scope(self, editor: User, own: Organization) -> None:
        reads = Api(editor, scopes=[])

        assert reads.upload("imports/", form(own, table(row())), 403)["code"] == "insufficient_scope"


def test_sent_twice_it_is_one_import(api: Api, own: Organization) -> None:
    first = api.upload("imports/", form(own, table(row())), 201, Idempotency_Key="nightly")

    assert api.upload("imports/", form(own, table(row())), 201, Idempotency_Key="nightly") == first
    other = form(own, table(row(title="Another")))
    assert api.upload("imports/", other, 422, Idempotency_Key="nightly")["code"] == "idempotency_key_reused"
    assert Import.objects.count() == 1


def test_it_is_cancelled_and_deleted(api: Api, own: Organization) -> None:
    job = api.upload("imports/", form(own, table(row())), 201)
    address = f"imports/{job['id']}/"

    assert "Cancel it first" in api.send("DELETE", address, None, 409)["detail"]
    shown = api.send("POST", f"{address}cancel/", {}, 200)
    assert (shown["state"], shown["problem"]) == ("stopped", "The import was cancelled before the file was read.")
    assert "nothing to cancel" in api.send("POST", f"{address}cancel/", {}, 409)["detail"]
    assert worked(api, job["id"])["state"] == "stopped"
    assert api.send("POST", f"{address}check/", {}, 200)["state"] == "reading"
    assert worked(api, job["id"])["state"] == "checked"
    api.send("DELETE", address, None, 204)
    assert not Import.objects.exists()
