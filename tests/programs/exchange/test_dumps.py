"""The nightly files of all public programs."""

import gzip
import hashlib
import json
from datetime import date, timedelta
from typing import Any

import pytest

from programs.exchange.models import Dump
from programs.exchange.services import dumps, make_dumps
from programs.exchange.tasks import nightly_dumps
from tests import factories
from tests.api import Api

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 25)


@pytest.fixture
def api() -> Api:
    return Api(factories.user())


def downloaded(api: Api, form: str) -> bytes:
    (listed,) = (row for row in api.get("dumps/")["results"] if row["form"] == form)
    answer: Any = api.client.get(listed["file"])
    assert answer.status_code == 200
    content = b"".join(answer.streaming_content)
    assert hashlib.sha256(content).hexdigest() == listed["sha256"]
    assert len(content) == listed["size"] == int(answer["Content-Length"])
    return gzip.decompress(content)


def test_they_hold_what_everybody_may_see_and_nothing_else(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dumps, "PART_BYTES", 200)
    public = {factories.program(visibility="public", title=f"Público {n} " * 20).identifier for n in range(5)}
    for visibility in ("partners", "restricted"):
        factories.program(visibility=visibility)
    factories.program(visibility="public", stage="draft")

    nightly_dumps()

    assert {json.loads(line)["identifier"] for line in downloaded(api, "ndjson").splitlines()} == public
    assert downloaded(api, "csv").count(b"\n") == 6
    assert Dump.objects.get(form="ndjson").parts.count() > 1


def test_what_changed_since_is_found_from_their_instant(api: Api) -> None:
    factories.program(visibility="public")
    make_dumps(DAY)
    as_of = api.get("dumps/")["results"][0]["as_of"].replace("+", "%2B")
    changed = factories.program(visibility="public")

    assert changed.pk in api.ids(f"programs/?updated_since={as_of}")


def test_made_twice_they_are_made_once_and_an_unfinished_one_is_made_anew(api: Api) -> None:
    make_dumps(DAY)
    Dump.objects.filter(form="csv").update(finished_at=None)
    assert [row["form"] for row in api.get("dumps/")["results"]] == ["ndjson"]

    assert [made.form for made in make_dumps(DAY)] == ["csv"]
    assert make_dumps(DAY) == []


def test_a_file_that_no_worker_came_to_the_end_of_is_begun_three_times_a_day(db: None) -> None:
    made = make_dumps(DAY)
    Dump.objects.update(finished_at=None, attempts=2)

    assert make_dumps(DAY) == made
    Dump.objects.update(finished_at=None)
    assert make_dumps(DAY) == []
    assert [dump.form for dump in make_dumps(DAY + timedelta(days=1))] == ["ndjson", "csv"]


def test_they_are_kept_for_two_weeks(api: Api) -> None:
    for days in (14, 13, 0):
        make_dumps(DAY - timedelta(days=days))

    assert {dump.day for dump in Dump.objects.all()} == {DAY - timedelta(days=13), DAY}


def test_the_same_file_is_not_sent_again(api: Api) -> None:
    make_dumps(DAY)
    address = api.get("dumps/")["results"][0]["file"]
    sign = api.client.get(address)["ETag"]

    assert api.client.get(address, headers={"if-none-match": sign}).status_code == 304


@pytest.mark.parametrize("address", ["dumps/{dump}/file/", "programs/?format=ndjson", "programs/?format=csv"])
def test_a_key_that_reads_pages_does_not_take_the_whole(address: str) -> None:
    make_dumps(DAY)
    api = Api(factories.user(), scopes=["write"])

    refusal = api.get(address.format(dump=Dump.objects.earliest("pk").pk), status=403)

    assert refusal["code"] == "insufficient_scope"
    assert "export" in refusal["detail"]
