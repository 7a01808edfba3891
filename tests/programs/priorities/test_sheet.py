"""Priorities from a spreadsheet: what each row would do, and all of them or none."""

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from donors.models import User
from goals.models import Priority
from tests import factories

pytestmark = pytest.mark.django_db
HEADINGS = "País,Área,Objetivo,Orden,Título en inglés,Título en español,Desde,Hasta,Fuente"
GOOD = "Honduras,,1,1,Safe buses,Buses seguros,2026-01-01,2029-12-31,Plan"


@pytest.fixture
def client(signed_in: Callable[[User], Client], coordinator: User) -> Client:
    return signed_in(coordinator)


def check(client: Client, *lines: str, headings: str = HEADINGS) -> object:
    file = SimpleUploadedFile("p.csv", "\n".join([headings, *lines]).encode())
    return client.post("/priorities/import/", {"file": file})


def test_checked_then_applied(client: Client) -> None:
    answer = check(client, GOOD, ",,5,,Shared register,Registro común,2026-01-01,2029-12-31,")

    assert not Priority.objects.exists()
    assert answer.context["new"] == 2  # type: ignore[attr-defined]
    client.post("/priorities/import/apply/", {"checked": answer.context["checked"]})  # type: ignore[attr-defined]
    assert set(Priority.objects.values_list("country", "goal", "rank")) == {("HN", 1, 1), (None, 5, 1)}
    again = check(client, GOOD)
    assert (again.context["new"], again.context["judged"][0].is_there) == (0, True)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (GOOD.replace("Honduras", "Mexico"), "not one of the seven countries"),
        (GOOD.replace("Honduras,,1", "Honduras,Petén,1"), "no area"),
        (GOOD.replace(",1,1,", ",6,1,"), "not a goal"),
        (GOOD.replace(",1,1,", ",1,0,"), "not a rank"),
        (GOOD.replace("Buses seguros", ""), "Write the priority"),
        (GOOD.replace("2026-01-01", "soon"), "is not a date"),
        (GOOD.replace("2029", "2020"), "The end is before the start"),
        (GOOD.replace("2029", "2150"), "between 2000 and 2099"),
    ],
)
def test_a_wrong_row_is_named_and_nothing_can_be_applied(client: Client, line: str, says: str) -> None:
    answer = check(client, line, GOOD.replace("Safe", "Other"))

    assert answer.status_code == 400  # type: ignore[attr-defined]
    checked_rows = answer.context["judged"]  # type: ignore[attr-defined]
    assert says in " ".join(checked_rows[0].problems)
    assert (checked_rows[1].problems, answer.context["checked"]) == ([], "")  # type: ignore[attr-defined]


def test_two_rows_of_one_rank_contradict_each_other(client: Client) -> None:
    answer = check(client, GOOD, GOOD.replace("Safe", "Other"))

    assert "already has rank 1" in answer.context["judged"][1].problems[0]  # type: ignore[attr-defined]


def test_a_manager_brings_in_their_own_country_alone(signed_in: Callable[[User], Client]) -> None:
    from goals.models import Country

    body = factories.organization(kind="10", country=Country.objects.get(pk="GT"))
    answer = check(signed_in(factories.user(body, "manager")), GOOD)

    assert "You do not have permission" in answer.context["judged"][0].problems[0]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "content", [b"", b"\x00\x01", b"%PDF-1.7", b"PK\x03\x04broken", b"<?xml version='1.0'?><a/>", b"a,b\n1,2"]
)
def test_another_file_is_refused_at_its_field(client: Client, content: bytes) -> None:
    answer = client.post("/priorities/import/", {"file": SimpleUploadedFile("x", content)})

    assert answer.status_code == 400
    assert answer.context["form"].errors["file"]


def test_a_made_up_check_is_not_applied(client: Client) -> None:
    client.post("/priorities/import/apply/", {"checked": "made-up"})
    assert not Priority.objects.exists()


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_template_is_taken_as_it_is(client: Client, kind: str) -> None:
    answer = client.get(f"/priorities/import/template.{kind}")
    content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]

    checked = client.post("/priorities/import/", {"file": SimpleUploadedFile(f"t.{kind}", content)})

    assert (checked.status_code, checked.context["new"]) == (200, 1)
