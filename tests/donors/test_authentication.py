from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from donors import services
from donors.models import ApiKey
from tests import factories

pytestmark = pytest.mark.django_db


def get(secret: str) -> int:
    return Client().get("/api/v1/goals/", headers={"authorization": f"Bearer {secret}"}).status_code


def test_a_key_opens_the_api() -> None:
    made = services.create_api_key(factories.user(), "report")

    assert get(made.secret) == 200
    assert ApiKey.objects.get().last_used_at is not None


def test_without_a_key_it_stays_shut() -> None:
    answer = Client().get("/api/v1/goals/")

    assert answer.status_code == 401
    assert answer["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize("secret", ["carsi_wrong", "something else", "", "ñ"])
def test_a_wrong_key_is_refused(secret: str) -> None:
    assert get(secret) == 401


def test_a_key_ends_with_its_owner_its_expiry_and_its_revocation() -> None:
    made = services.create_api_key(factories.user(), "report")
    for change in (
        {"expires_at": timezone.now() - timedelta(1)},
        {"expires_at": None, "revoked_at": timezone.now()},
    ):
        ApiKey.objects.update(**change)
        assert get(made.secret) == 401
    ApiKey.objects.update(revoked_at=None)
    made.key.user.is_active = False
    made.key.user.save()
    assert get(made.secret) == 401
