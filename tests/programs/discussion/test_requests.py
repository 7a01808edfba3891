"""What people are told of organizations that were asked for."""

import pytest
from django.test import Client

from donors.models import Organization, OrganizationRequest, User
from donors.services import add_requested, answer_with_none, ask_for_organization
from programs.discussion.describe import sentence, title_of
from programs.discussion.models import Notification
from programs.discussion.services import notify_of_requests
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def own() -> Organization:
    return factories.organization("Own")


@pytest.fixture
def editor(own: Organization) -> User:
    return factories.user(own, "editor", full_name="Ana Editora")


@pytest.fixture
def coordinator(sica: Organization) -> User:
    return factories.user(sica, "coordinator")


@pytest.fixture
def request_(editor: User, own: Organization) -> OrganizationRequest:
    return ask_for_organization("Calle Segura", actor=editor, asked_for=own)


def told(person: User) -> list[str]:
    return [sentence(row) for row in Notification.objects.visible_to(person).for_list()]


def test_coordinators_are_told_until_one_has_answered(
    request_: OrganizationRequest, editor: User, coordinator: User
) -> None:
    assert (notify_of_requests(), notify_of_requests()) == (1, 0)
    assert told(coordinator) == ["Ana Editora requests an organization that is not in the list."]
    assert told(editor) == []

    answer_with_none(request_, actor=coordinator)

    assert told(coordinator) == []


def test_who_asked_is_told_the_answer_once(request_: OrganizationRequest, editor: User, coordinator: User) -> None:
    add_requested(request_, actor=coordinator, name="Fundación Calle Segura", kind="22")

    assert (notify_of_requests(), notify_of_requests()) == (1, 0)
    assert told(editor) == ["The organization that you requested is now in the list: Fundación Calle Segura."]
    assert title_of(Notification.objects.get().subject) == "Calle Segura"


def test_the_notification_leads_to_the_request(
    request_: OrganizationRequest, editor: User, coordinator: User, client: Client
) -> None:
    answer_with_none(request_, actor=coordinator)
    notify_of_requests()
    client.force_login(editor, backend="allauth.account.auth_backends.AuthenticationBackend")
    row = Notification.objects.get()

    assert b"is not an organization" in client.get("/notifications/").content
    assert client.get(row.get_absolute_url()).url == request_.get_absolute_url()
    assert client.get(request_.get_absolute_url()).status_code == 200
    row.refresh_from_db()
    assert row.read_at is not None
