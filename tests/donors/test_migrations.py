"""The migrations of people, forth and back, in a database of their own."""

import os
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from tests.conftest import database_of_its_own
from tests.migrating import step_by_step


@pytest.fixture
def empty_database(django_db_blocker: Any) -> Iterator[BaseDatabaseWrapper]:
    """An empty database, in which the migrations of people need not take all other apps back with them."""
    name = f"people_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"
    with database_of_its_own(name):
        connections.databases["people"] = {**connection.settings_dict, "NAME": name}
        with django_db_blocker.unblock():
            yield connections["people"]
            connections["people"].close()
        del connections["people"]
        del connections.databases["people"]


def test_migrations_of_people_go_back_and_forth(empty_database: BaseDatabaseWrapper) -> None:
    def migrate(name: str) -> Any:
        return step_by_step(empty_database).migrate([("donors", name)]).apps

    ((_app, newest),) = step_by_step(empty_database).loader.graph.leaf_nodes("donors")
    first = migrate("0001_initial")
    user = first.get_model("donors", "User").objects.using("people").create(email="ana@example.org")
    own = first.get_model("donors", "Organization").objects.using("people").create(name="UNDP")
    first.get_model("donors", "Membership").objects.using("people").create(user=user, organization=own, role="viewer")

    migrate(newest)
    migrate("0001_initial")
    migrate(newest)

    with empty_database.cursor() as cursor:
        cursor.execute("SELECT role FROM donors_membershipevent")
        assert cursor.fetchall() == [("viewer",)]


def test_a_name_of_several_is_one_s_again_in_the_release_before(empty_database: BaseDatabaseWrapper) -> None:
    def migrate(name: str) -> Any:
        return step_by_step(empty_database).migrate([("donors", name)]).apps

    now = migrate("0015_one_name_of_several_bodies")
    organizations = now.get_model("donors", "Organization").objects.using("people")
    aliases = now.get_model("donors", "OrganizationAlias").objects.using("people")
    for name in ("Policía de El Salvador", "Policía de Guatemala"):
        of = organizations.create(name=name)
        aliases.create(organization=of, text="PNC", normalized="pnc", kind="acronym")
        aliases.create(organization=of, text="Guardia", normalized="guardia", kind="former")

    before = migrate("0012_plain_words").get_model("donors", "OrganizationAlias").objects.using("people")

    assert sorted(before.values_list("text", "kind", "organization__name")) == [
        ("Guardia", "name", "Policía de El Salvador"),
        ("PNC", "acronym", "Policía de El Salvador"),
    ]
