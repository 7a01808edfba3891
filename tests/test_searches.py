"""Every search of the portal: what it asks the database does not grow with the words that somebody types."""

from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from core.searching import MOST_WORDS, words_looked_for
from tests import factories

pytestmark = pytest.mark.django_db

# The methods of querysets that take a text which somebody typed.
SEARCHES = ("matching", "search", "similar_to")
# Any of these words is in a name, so that a search which looks further for what it found does so.
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def words(number: int) -> str:
    """A text of so many different words of which the first are single letters."""
    return " ".join(LETTERS[i] if i < len(LETTERS) else f"w{i}" for i in range(number))


def asked(ask: Callable[[], Any]) -> tuple[int, int, int]:
    """Joins, comparisons with a word, and statements of what `ask` does."""
    with CaptureQueriesContext(connection) as queries:
        ask()
    sql = " ".join(query["sql"].upper() for query in queries)
    return sql.count(" JOIN "), sql.count(" LIKE ") + sql.count(":*"), len(queries)


def searching_querysets() -> list[Any]:
    return [
        pytest.param(model, method, id=f"{model.__name__}.{method}")
        for model in apps.get_models()
        for method in SEARCHES
        if hasattr(model._default_manager.all(), method)
    ]


def test_the_portal_searches_what_we_know_of() -> None:
    assert {value.id for value in searching_querysets()} == {
        "Organization.matching",
        "Organization.similar_to",
        "Area.matching",
        "Sector.matching",
        "Program.search",
    }


@pytest.mark.parametrize(("model", "method"), searching_querysets())
def test_a_search_of_many_words_joins_no_more_and_compares_with_eight_at_most(model: Any, method: str) -> None:
    factories.program(factories.organization(LETTERS[::-1] + LETTERS + " " + " ".join(LETTERS)))

    def ask(text: str) -> tuple[int, ...]:
        return asked(lambda: list(getattr(model.objects, method)(text)))

    of_one, of_eight, of_many = ask(words(1)), ask(words(MOST_WORDS)), ask(words(2000))

    assert of_eight[0] == of_one[0]
    assert of_many[:2] == of_eight[:2]


@pytest.mark.parametrize(
    "address",
    [
        "/programs/?q=",
        "/donors/?q=",
        "/account/people/?q=",
        "/programs/choices/organizations/?q=",
        "/programs/choices/areas/?q=",
        "/programs/choices/sectors/?q=",
        "/programs/choices/programs/?q=",
        "/api/v1/organizations/?q=",
        "/api/v1/programs/?q=",
    ],
)
def test_an_address_with_many_words_asks_what_it_asks_with_eight(
    address: str, coordinator: Any, signed_in: Callable[[Any], Client]
) -> None:
    client = signed_in(coordinator)
    factories.program(factories.organization(" ".join(LETTERS)))

    def ask(number: int) -> tuple[int, int, int]:
        client.get(address + words(number))  # what is remembered over requests is remembered
        return asked(lambda: client.get(address + words(number)))

    of_one, of_eight = ask(1), ask(MOST_WORDS)

    assert of_eight[0] == of_one[0]
    assert ask(100) == of_eight


@pytest.mark.parametrize("model", [model for model, shown in admin.site._registry.items() if shown.search_fields])
def test_the_administration_joins_no_more_with_more_words(model: Any) -> None:
    shown = admin.site._registry[model]
    request = RequestFactory().get("/")

    def ask(number: int) -> tuple[int, int, int]:
        found, _may_have_duplicates = shown.get_search_results(request, model._default_manager.all(), words(number))
        return asked(lambda: list(found))

    assert ask(MOST_WORDS)[0] == ask(1)[0]


class TestWordsLookedFor:
    def test_the_first_eight_different_ones(self) -> None:
        assert words_looked_for(["a", "b", "a", "c", "d", "e", "f", "g", "h", "i", "j"]) == list("abcdefgh")

    def test_all_of_few(self) -> None:
        assert words_looked_for(["la", "paz"]) == ["la", "paz"]
