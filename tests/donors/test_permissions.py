"""Who may do what with the people of an organization: the table, row by row."""

import pytest

from core.errors import NotAllowed
from donors.models import Organization, User
from donors.permissions import MAY_DO, may, organizations_where, require, roles_given_by
from tests import factories

pytestmark = pytest.mark.django_db

# Who, and whether they may in their own organization and in another one.
PEOPLE = {
    "viewer": (False, False),
    "editor": (False, False),
    "manager": (True, False),
    "coordinator": (True, True),
    "superuser": (True, True),
}
# Where an action is not the manager's alone.
OTHERWISE = {
    ("editor", "ask_for_organization"): (True, False),
    ("manager", "answer_organization_request"): (False, False),
}


@pytest.fixture
def own(sica: Organization) -> Organization:
    return factories.organization("Own")


def person(who: str, own: Organization, sica: Organization) -> User:
    if who == "superuser":
        return factories.user(is_superuser=True)
    return factories.user(sica if who == "coordinator" else own, who)


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("action", MAY_DO)
def test_each_role_may_do_what_the_table_says(who: str, action: str, own: Organization, sica: Organization) -> None:
    actor, other = person(who, own, sica), factories.organization("Other")

    assert (may(actor, action, own.pk), may(actor, action, other.pk)) == OTHERWISE.get((who, action), PEOPLE[who])


@pytest.mark.parametrize("who", PEOPLE)
def test_nobody_who_is_deactivated_may_do_anything(who: str, own: Organization, sica: Organization) -> None:
    actor = person(who, own, sica)
    actor.is_active = False

    assert not any(may(actor, action, own.pk) for action in MAY_DO)
    assert organizations_where(actor, "invite") == []
    assert roles_given_by(actor, own.pk) == frozenset()


@pytest.mark.parametrize(
    ("who", "given"),
    [
        ("viewer", set()),
        ("editor", set()),
        ("manager", {"viewer", "editor", "manager"}),
        ("coordinator", {"viewer", "editor", "manager", "coordinator"}),
        ("superuser", {"viewer", "editor", "manager", "coordinator"}),
    ],
)
def test_each_role_gives_the_roles_of_the_table(
    who: str, given: set[str], own: Organization, sica: Organization
) -> None:
    assert roles_given_by(person(who, own, sica), own.pk) == given


def test_a_manager_of_sica_gives_no_role_of_coordinator(sica: Organization) -> None:
    assert "coordinator" not in roles_given_by(factories.user(sica, "manager"), sica.pk)


def test_what_may_not_be_done_is_refused(own: Organization) -> None:
    with pytest.raises(NotAllowed):
        require(factories.user(own, "editor"), "invite", own.pk)
