"""What the page of a program tells of its past, and to whom: drafts and what was once restricted stay inside."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from donors.models import Organization, User
from programs.models import Program
from programs.services import edit_program, move_program, save_program
from tests import factories

# On a committed database: each save has a time of its own.
pytestmark = pytest.mark.usefixtures("committed_db")
DRAFT_TEXT = "Informants inside the gangs of Rivera Hernandez"


@pytest.fixture
def org() -> Organization:
    return factories.organization("Agency")


@pytest.fixture
def program(org: Organization) -> Program:
    """Published for all; it began as a draft that said more, and its author is known by the email alone."""
    author = factories.user(org, "manager", full_name="", email="agent.smith@agency.example")
    stated = factories.program_data(org, title=DRAFT_TEXT, visibility="restricted")
    saved = save_program(stated, actor=author, stage="draft").program
    saved = edit_program(
        replace(stated, title="Community policing", visibility="public"), actor=author, program=saved, version=1
    ).program
    return move_program(saved, "publish", actor=author)


def page(client: Client, program: Program) -> Any:
    return client.get(reverse("programs:detail", args=[program.pk])).content.decode()


@pytest.mark.parametrize("named", [False, True])
def test_who_only_sees_the_program_sees_nothing_of_its_past(
    program: Program, signed_in: Callable[[User], Client], named: bool
) -> None:
    theirs = factories.organization("Their agency")
    if named:
        program.shared_with.add(theirs)

    shown = page(signed_in(factories.user(theirs, "manager")), program)

    assert "Community policing" in shown
    assert DRAFT_TEXT not in shown
    past = shown.partition('id="history"')[2]
    assert "agent.smith" not in past
    assert "Last changed on" in past


def test_its_own_organization_and_coordinators_see_who_changed_what(
    program: Program, org: Organization, coordinator: User, signed_in: Callable[[User], Client]
) -> None:
    for user in (factories.user(org, "viewer"), coordinator):
        assert DRAFT_TEXT in page(signed_in(user), program)
