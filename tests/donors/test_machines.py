"""Machine accounts of an organization: what they may, who sees to them, and what ends with them."""

from collections.abc import Callable

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from core.errors import NotAllowed, Refused
from donors import services
from donors.emails import send_email
from donors.models import ApiKey, Organization, User
from programs.discussion.people import mentionable
from programs.models import Program
from tests import factories
from tests.api import Api

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


@pytest.fixture
def own() -> Organization:
    return factories.organization("Own")


@pytest.fixture
def manager(own: Organization) -> User:
    return factories.user(own, "manager")


@pytest.fixture
def machine(own: Organization, manager: User) -> User:
    return services.add_machine(own, "Nightly job", "editor", actor=manager)


def test_its_key_enters_programs_of_its_organization_under_its_name(own: Organization, machine: User) -> None:
    api = Api(machine, scopes=["write"])

    made = api.send("POST", "programs/", {"reporting_org_id": own.pk, "identifier": "XX-1", "title": "Units"}, 201)

    assert str(Program.objects.get(pk=made["id"]).created_by) == "Nightly job"
    assert api.get("me/")["is_machine"]
    other = factories.organization("Other")
    api.send("POST", "programs/", {"reporting_org_id": other.pk, "identifier": "XX-2", "title": "Units"}, 403)


def test_the_page_adds_one_makes_a_key_that_is_shown_once_and_ends_both(
    own: Organization, manager: User, signed_in: SignIn
) -> None:
    client, there = signed_in(manager), reverse("donors:machines", args=[own.pk])
    client.post(there, {"name": "Nightly job", "role": "viewer"})
    machine = own.machines.get()

    shown = client.post(reverse("donors:make_machine_key", args=[own.pk, machine.pk]), {"name": "cron", "days": "30"})
    secret = shown.context["new_key"].secret
    script = Client(headers={"authorization": f"Bearer {secret}"})

    assert secret in shown.text
    assert secret not in client.get(there).text
    assert script.get("/api/v1/me/").status_code == 200
    client.post(reverse("donors:stop_machine", args=[own.pk, machine.pk]))
    assert script.get("/api/v1/me/").status_code == 401
    assert client.get(there).context["machines"] == []


def test_a_key_of_it_is_revoked_by_who_sees_to_it_alone(own: Organization, manager: User, machine: User) -> None:
    key = services.create_machine_key(machine, "cron", actor=manager).key

    with pytest.raises(NotAllowed):
        services.revoke_api_key(key, actor=factories.user(own, "editor"))
    services.revoke_api_key(key, actor=manager)

    assert not ApiKey.objects.get().is_usable


@pytest.mark.parametrize("who", ["viewer", "editor"])
def test_nobody_else_sees_to_machines(own: Organization, machine: User, who: str) -> None:
    actor = factories.user(own, who)

    with pytest.raises(NotAllowed):
        services.add_machine(own, "Another", "viewer", actor=actor)
    with pytest.raises(NotAllowed):
        services.create_machine_key(machine, "cron", actor=actor)
    with pytest.raises(NotAllowed):
        services.stop_machine(machine, actor=actor)


def test_it_sees_to_no_people_and_no_second_one_has_its_name(own: Organization, manager: User, machine: User) -> None:
    with pytest.raises(Refused, match="viewer or an editor"):
        services.add_machine(own, "Another", "manager", actor=manager)
    with pytest.raises(Refused, match="viewer or an editor"):
        services.change_role(machine.memberships.get(), "manager", actor=manager)
    with pytest.raises(Refused, match="with this name"):
        services.add_machine(own, "nightly job", "viewer", actor=manager)


def test_it_is_no_person(own: Organization, manager: User, machine: User, signed_in: SignIn) -> None:
    program = factories.program(own)

    assert not machine.has_usable_password()
    assert machine not in mentionable(program, by=manager)
    assert "Nightly job" not in signed_in(manager).get(reverse("donors:people", args=[own.pk])).text
    send_email("emails/invitation", to=machine.email, language="en", context={})
    assert mail.outbox == []
