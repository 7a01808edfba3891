"""The portal on a port of its own with some programs, for a client that knows it from outside alone.

The data are made once for the folder: a test that changes them makes its own.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest
from carsi.connection import Patience
from pytest_django.live_server_helper import LiveServer

from donors import services
from donors.models import Organization, User
from programs.services import CoverageData
from tests import factories
from tests.database import renew

PROGRAMS = 23
HASTE = Patience(first_pause=0.01, longest_pause=0.05)


@dataclass(frozen=True)
class Site:
    """The running portal: an editor's key that may write, and the ids of the programs made with it."""

    url: str
    key: str
    editor: User
    organization: Organization
    programs: list[int]

    @property
    def port(self) -> int:
        return int(self.url.rsplit(":", 1)[1])


@pytest.fixture(scope="package")
def transactional_db(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The database of this whole folder: commits are real, and it is emptied after the last test, not after each."""
    with django_db_blocker.unblock():
        yield
        renew()


@pytest.fixture(scope="package")
def site(transactional_db: None) -> Iterator[Site]:
    """The portal with PROGRAMS programs in Honduras and one in Guatemala."""
    organization = factories.organization("Pulled from")
    editor = factories.user(organization, "editor")
    elsewhere = (CoverageData(country_id="GT", percentage=Decimal(100)),)
    made = [factories.program(organization, description="Policía · " * 30).pk for _number in range(PROGRAMS)]
    made += [factories.program(organization, coverages=elsewhere, locations=()).pk]
    key = services.create_api_key(editor, "client").secret
    server = LiveServer("localhost")
    yield Site(server.url, key, editor, organization, made)
    server.stop()
