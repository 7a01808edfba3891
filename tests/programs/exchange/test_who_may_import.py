"""Who may do what with an import: every address, every method, everybody."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client
from django.urls import get_resolver, reverse

from programs.exchange.models import Import
from programs.exchange.urls import urlpatterns
from tests import factories
from tests.programs.exchange.importing import row, upload_file
from tests.worlds import client_of, kept_through, session_of

pytestmark = pytest.mark.django_db

OPEN_TO_ALL = {"programs", "download"}  # exports hold what each may see
METHODS = {
    "list": ("get", "post"),
    "template": ("get",),
    "programs": ("get",),
    "download": ("get",),
    "import": ("get",),
    "columns": ("get", "post"),
    "progress": ("get",),
    "choose": ("post",),
    "check": ("post",),
    "apply": ("post",),
    "undo": ("post",),
    "cancel": ("post",),
    "delete": ("post",),
    "file": ("get",),
}


def test_every_address_is_in_the_table() -> None:
    assert {pattern.name for pattern in urlpatterns} == set(METHODS)
    assert get_resolver()


WHO = ("anonymous", "stranger", "viewer", "coordinator", "editor_of_another", "editor", "manager")


@dataclass
class Uploaded:
    """An import that an editor of an organization uploaded, and one person of each kind, signed in."""

    job: Import
    sessions: dict[str, str]

    def client(self, who: str) -> Client:
        return client_of(self.sessions.get(who, ""))


def uploaded_by_an_editor() -> Uploaded:
    organization = factories.organization("Fund of the North")
    sica = factories.organization("SICA", is_coordinating_body=True)
    people = {
        "stranger": factories.user(),
        "viewer": factories.user(organization, "viewer"),
        "coordinator": factories.user(sica, "coordinator"),
        "editor_of_another": factories.user(factories.organization(), "editor"),
        "editor": factories.user(organization, "editor"),
        "manager": factories.user(organization, "manager"),
    }
    job = upload_file(organization, people["editor"], [row()])
    return Uploaded(job, {who: session_of(person) for who, person in people.items()})


@pytest.fixture(scope="module")
def built(django_db_setup: None, django_db_blocker: Any) -> Iterator[Uploaded]:
    """Made once for all rows of the table; what each of them changes is rolled back."""
    with kept_through(django_db_blocker, uploaded_by_an_editor) as uploaded:
        yield uploaded


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("name", sorted(METHODS))
@pytest.mark.parametrize("method", ["get", "post", "put", "delete"])
def test_who_may_do_what(who: str, name: str, method: str, built: Uploaded, db: None) -> None:
    endings = {"template": ["csv"], "programs": ["csv"], "download": ["iati.xml"], "list": []}
    arguments = endings.get(name, [built.job.pk])
    address = reverse(f"exchange:{name}", args=arguments)

    status = getattr(built.client(who), method)(address).status_code

    if who == "anonymous":
        assert status == 302
    elif method not in METHODS[name]:
        assert status == 405
    elif who in ("editor", "manager") or name in OPEN_TO_ALL:
        assert status in (200, 302, 400) or (name == "file" and status == 404)
    elif who == "editor_of_another" and name in ("list", "template"):
        assert status in (200, 400)
    else:
        assert status == (403 if name in ("list", "template") else 404)
    assert [job.state for job in Import.objects.all()] in (["uploaded"], ["checking"], [])
    assert Import.objects.exists() or (name == "delete" and who in ("editor", "manager"))
