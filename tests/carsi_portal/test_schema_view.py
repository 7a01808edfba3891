"""The schema is made and written once in each language, whoever asks."""

import json
from functools import _lru_cache_wrapper

import pytest
import yaml
from django.test import Client

from core.api import schema, schema_view

ADDRESS = "/api/schema/"


def kept(function: _lru_cache_wrapper) -> int:
    return function.cache_info().currsize


def test_it_is_sent_as_what_was_asked_for_and_written_once(client: Client) -> None:
    answers = [client.get(ADDRESS, headers={"Accept": "application/yaml"}) for _time in range(2)]
    before = schema_view._written.cache_info().misses
    again = client.get(ADDRESS, headers={"Accept": "application/yaml"})
    as_json = client.get(ADDRESS, {"format": "json"})

    assert answers[0].content == answers[1].content == again.content
    assert schema_view._written.cache_info().misses - before <= 1, "the YAML was written again"
    assert yaml.safe_load(again.content) == json.loads(as_json.content)
    assert again.headers["Content-Type"].startswith("application/yaml")


@pytest.mark.parametrize(("asked", "language"), [({}, "en"), ({"lang": "es"}, "es"), ({"lang": "xx"}, "en")])
def test_it_is_in_the_language_asked_for(client: Client, asked: dict[str, str], language: str) -> None:
    answer = client.get(ADDRESS, {"format": "json", **asked})

    assert json.loads(answer.content) == json.loads(json.dumps(schema.schema_in(language), default=str))


def test_any_word_for_a_language_makes_no_further_schema(client: Client) -> None:
    client.get(ADDRESS, {"lang": "es"})
    client.get(ADDRESS)
    before = kept(schema.schema_in)

    for word in ("aa", "bb-cc", "zz"):
        assert client.get(ADDRESS, {"lang": word}).status_code == 200

    assert kept(schema.schema_in) == before <= 2


def test_another_layout_is_written_as_asked_for(client: Client) -> None:
    narrow = client.get(ADDRESS, headers={"Accept": "application/json; indent=1"}).content.decode()

    assert narrow.startswith('{\n "openapi"')


def test_a_problem_is_no_schema(client: Client) -> None:
    refused = client.post(ADDRESS)

    assert refused.status_code == 405
    assert yaml.safe_load(refused.content)["status"] == 405
