"""The glossary: one table, shown on a page and printed into the docs."""

from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from goals.glossary import terms, terms_in_order
from tools.print_glossary import as_markdown

ROOT = Path(__file__).resolve().parent.parent.parent


def test_docs_have_the_table_as_it_is_now() -> None:
    assert (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8") == as_markdown()


def test_every_term_is_complete_and_stands_once() -> None:
    for name in ("key", "term_en", "term_es"):
        values = [getattr(term, name) for term in terms()]
        assert all(values)
        if name != "term_es":
            assert len(set(values)) == len(values), name
    for term in terms():
        assert term.definition_en.endswith("."), term.key
        assert term.definition_es.endswith("."), term.key


def test_words_of_the_design_are_explained() -> None:
    expected = {
        *("agreement", "area", "at-stake", "case", "commitment-agreement", "country", "donor", "double-counting"),
        *("edition", "gap", "goal", "inbox", "kind-of-overlap", "organization", "overlap", "participation", "party"),
        *("place", "priority", "program", "review", "sector", "series", "source", "transaction", "view", "visibility"),
        *("esca", "dac", "iati", "hxl", "p-code", "sica", "carsi"),
    }
    assert expected <= {term.key for term in terms()}


@pytest.mark.parametrize("language", ["en", "es"])
def test_terms_are_in_alphabetical_order_of_the_language(language: str) -> None:
    with translation.override(language):
        names = [term.term for term in terms_in_order()]
    first, last = ("accountable organization", "visibility") if language == "en" else ("acuerdo", "vista")
    assert names[0] == first
    assert names[-1] == last or names[-2] == last


@pytest.mark.django_db
@pytest.mark.parametrize(("language", "text", "other"), [("en", "funding gap", "brecha"), ("es", "brecha de", "gap")])
def test_the_page_is_open_to_everyone_in_both_languages(client: Client, language: str, text: str, other: str) -> None:
    page = client.get(reverse("goals:glossary"), headers={"accept-language": language}).content.decode()

    assert text in page
    assert f">{other}</span>" in page
    assert page.count("<dt>") == len(terms())


@pytest.mark.django_db
def test_the_footer_leads_to_it(client: Client) -> None:
    page = client.get(reverse("account_login")).content.decode()
    assert f'href="{reverse("goals:glossary")}"' in page
