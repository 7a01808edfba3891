"""What keys are for, how often they may be used, and what they were used for."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.counting import counters
from core.errors import Refused
from donors import services
from donors.models import AnsweredRequest, ApiKey, ApiKeyUse, User
from donors.rate import KeyThrottle
from donors.tasks import forget_old_use
from tests import factories
from tests.api import Api

pytestmark = pytest.mark.django_db


@pytest.fixture
def user() -> User:
    return factories.user(factories.organization())


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def test_a_key_of_which_nothing_is_said_reads_alone(user: User) -> None:
    assert services.create_api_key(user, "report").key.scopes == ["read"]


def test_a_scope_that_there_is_none_is_refused(user: User) -> None:
    with pytest.raises(Refused):
        services.create_api_key(user, "report", scopes=["everything"])


@pytest.mark.parametrize("scopes", [["everything"], []])
def test_the_database_knows_the_scopes(user: User, scopes: list[str]) -> None:
    key = services.create_api_key(user, "report").key

    with pytest.raises(IntegrityError), transaction.atomic():
        ApiKey.objects.filter(pk=key.pk).update(scopes=scopes)


def test_a_key_is_made_for_what_was_ticked_and_ends_when_it_was_said(user: User) -> None:
    answer = signed_in(user).post("/account/keys/", {"name": "nightly", "scopes": ["write", "export"], "days": "30"})

    key = ApiKey.objects.get()
    assert answer.status_code == 200
    assert key.scopes == ["read", "write", "export"]
    assert key.expires_at is not None
    assert abs(key.expires_at - timezone.now() - timedelta(days=30)) < timedelta(minutes=1)


def test_a_made_up_scope_or_end_is_refused_in_the_form(user: User) -> None:
    client = signed_in(user)

    for wrong in ({"scopes": ["everything"]}, {"days": "7"}):
        assert client.post("/account/keys/", {"name": "nightly", **wrong}).status_code == 400
    assert not ApiKey.objects.exists()


def test_what_a_key_was_used_for_is_counted_and_shown_to_its_owner(user: User) -> None:
    api = Api(user)
    program = factories.program()
    for _ in range(2):
        api.get(f"programs/{program.pk}/")
    api.get("programs/0/", status=404)

    assert services.write_down_use() == 3
    assert services.write_down_use() == 0
    used = list(ApiKeyUse.objects.order_by("status").values_list("method", "path", "status", "calls"))

    assert used == [("GET", "/api/v1/programs/<int:pk>/", 200, 2), ("GET", "/api/v1/programs/<int:pk>/", 404, 1)]
    assert "/api/v1/programs/&lt;int:pk&gt;/" in signed_in(user).get("/account/").text


def test_the_account_page_tells_of_calls_that_no_job_wrote_down_yet(user: User) -> None:
    Api(user).get("goals/")

    assert "/api/v1/goals/" in signed_in(user).get("/account/").text


def test_without_redis_the_api_answers_and_counts_in_the_database(user: User, nothing_at_redis: None) -> None:
    api = Api(user)

    api.get("goals/")
    api.get("goals/")

    assert [use.calls for use in ApiKeyUse.objects.all()] == [2]
    assert services.write_down_use() == 0


def test_what_a_deleted_key_was_used_for_is_dropped(user: User) -> None:
    api = Api(user)
    api.get("goals/")
    user.api_keys.all().delete()

    services.write_down_use()

    assert not ApiKeyUse.objects.exists()


def test_the_account_page_asks_as_many_queries_for_ten_keys_in_use_as_for_five(user: User) -> None:

    client, counts = signed_in(user), []
    for _ in range(2):
        for _ in range(5):
            Api(user).get("goals/")
        client.get("/account/")
        with CaptureQueriesContext(connection) as asked:
            client.get("/account/")
        counts.append(len(asked))

    assert counts[0] == counts[1]


class TestRate:
    def test_each_answer_says_what_is_left(self, user: User) -> None:
        api = Api(user)

        first, second = (api.client.get("/api/v1/goals/") for _ in range(2))

        assert int(first["RateLimit-Limit"]) == KeyThrottle().num_requests
        assert int(first["RateLimit-Remaining"]) - int(second["RateLimit-Remaining"]) == 1
        assert 0 < int(first["RateLimit-Reset"]) <= 3600
        assert first["RateLimit-Policy"] == f"{first['RateLimit-Limit']};w=3600"

    def test_beyond_it_is_429_that_says_when_to_come_again(self, user: User, monkeypatch: pytest.MonkeyPatch) -> None:
        # One window since 1970: no call falls into the next.
        monkeypatch.setattr(KeyThrottle, "parse_rate", lambda self, rate: (2, 10**10))
        api, other = Api(user), Api(user)

        answers = [api.client.get("/api/v1/goals/") for _ in range(3)]

        assert [answer.status_code for answer in answers] == [200, 200, 429]
        assert answers[2].json()["code"] == "throttled"
        assert 0 < int(answers[2]["Retry-After"]) <= 10**10
        assert answers[2]["RateLimit-Remaining"] == "0"
        assert other.client.get("/api/v1/goals/").status_code == 200


@pytest.fixture
def nothing_at_redis(settings: Any) -> Iterator[None]:
    """An address at which nothing answers."""
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    counters.cache_clear()
    yield
    counters.cache_clear()


@pytest.fixture(autouse=True)
def _counts_begin_at_nothing() -> None:
    cache.clear()


def test_what_is_kept_for_a_day_or_a_year_is_forgotten_then(user: User) -> None:
    key, now = services.create_api_key(user, "report").key, timezone.now()
    for days in (0, 370):
        ApiKeyUse.objects.create(key=key, day=now - timedelta(days=days), method="GET", path="/", status=200)
    for hours in (1, 25):
        services.claim_answer(user, f"{hours}", "fingerprint")
        AnsweredRequest.objects.filter(key=f"{hours}").update(created_at=now - timedelta(hours=hours))

    forget_old_use()

    assert [use.day for use in ApiKeyUse.objects.all()] == [timezone.localdate(now)]
    assert [row.key for row in AnsweredRequest.objects.all()] == ["1"]
