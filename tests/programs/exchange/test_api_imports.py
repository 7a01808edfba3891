"""Imports through the API: what became of a file, and what to mend in it."""

import pytest

from tests import factories
from tests.api import Api
from tests.programs.exchange.importing import check, row, upload_file

pytestmark = pytest.mark.django_db


def test_what_is_wrong_with_a_row_is_told_by_its_cell() -> None:
    organization = factories.organization("Own")
    editor = factories.user(organization, "editor")
    job = check(upload_file(organization, editor, [row(), row(identifier="P-2", sector="99999")]), editor)
    api = Api(editor)

    shown, (refused,) = api.get(f"imports/{job.pk}/"), api.get(f"imports/{job.pk}/rows/?outcome=refused")["results"]

    assert (shown["state"], shown["counts"]["created"], shown["counts"]["refused"]) == ("checked", 1, 1)
    assert (refused["identifier"], refused["program"]) == ("P-2", None)
    assert [(wrong["column"], wrong["cell"], wrong["text"]) for wrong in refused["problems"]] == [
        ("Sector", "G3", "99999")
    ]
    assert refused["problems"][0]["sentence"]


def test_the_queries_do_not_grow_with_the_rows() -> None:
    organization = factories.organization("Own")
    editor = factories.user(organization, "editor")
    few, many = (
        check(upload_file(organization, editor, [row(identifier=f"{count}-{n}") for n in range(count)]), editor)
        for count in (1, 20)
    )
    api = Api(editor)

    assert api.queries(f"imports/{few.pk}/rows/") == api.queries(f"imports/{many.pk}/rows/")


def test_of_another_organization_it_is_not_there() -> None:
    organization = factories.organization("Own")
    job = upload_file(organization, factories.user(organization, "editor"), [row()])
    other = Api(factories.user(factories.organization("Other"), "editor"))

    assert other.ids("imports/") == []
    other.get(f"imports/{job.pk}/rows/", status=404)
