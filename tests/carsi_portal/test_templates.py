"""What holds for every template, read as Django reads it: its nodes, not its text where nodes can tell."""

import re
from collections.abc import Iterator
from functools import cache

from django.template import Engine
from django.template.base import Node, Template
from django.template.defaulttags import CsrfTokenNode
from django.template.loader import get_template
from django.template.loader_tags import IncludeNode

from tests.conftest import ROOT

FOLDER = ROOT / "templates"
NAMES = sorted(str(path.relative_to(FOLDER)) for path in FOLDER.rglob("*.html"))
# Their views take a POST without a token: the link in an email says by itself who sends it.
WITHOUT_TOKEN = {"reports/end_monthly.html", "donors/stop_emails.html"}
POST_FORM = re.compile(r"<form\b(?=[^>]*\bmethod=[\"']?post)(?:.*?)(?:</form>|\Z)", re.DOTALL | re.IGNORECASE)


@cache
def nodes(name: str) -> tuple[Node, ...]:
    template: Template = get_template(name).template  # type: ignore[attr-defined]
    return tuple(template.nodelist.get_nodes_by_type(Node))


def included(node: IncludeNode) -> str:
    """The name of the template that a tag includes; blank where it is only known when the page is made."""
    return str(node.template.var) if isinstance(node.template.var, str) else ""


@cache
def needs_a_token(name: str) -> bool:
    """Whether it writes the token itself, or through what it includes."""
    return any(
        isinstance(node, CsrfTokenNode) or (isinstance(node, IncludeNode) and needs_a_token(included(node)))
        for node in (nodes(name) if name else ())
    )


def dead_forms(node: Node) -> Iterator[str]:
    """The template that a tag includes with `only`, and without the token that it needs."""
    if isinstance(node, IncludeNode) and node.isolated_context and "csrf_token" not in node.extra_context:
        if not included(node) or needs_a_token(included(node)):
            yield included(node) or f"{node.template}, whose name is not known here"


def test_what_is_included_with_only_gets_the_token_of_its_forms() -> None:
    assert [f"{dead} in {name}" for name in NAMES for node in nodes(name) for dead in dead_forms(node)] == []


def test_a_form_that_gets_no_token_is_found() -> None:
    engine = Engine(dirs=[FOLDER])
    bare, given = (
        engine.from_string('{% include "priorities/settle.html" with link=link' + more + " only %}").nodelist[0]
        for more in ("", " csrf_token=csrf_token")
    )

    assert (list(dead_forms(bare)), list(dead_forms(given))) == (["priorities/settle.html"], [])


def test_every_form_that_is_posted_has_a_token() -> None:
    without = [
        f"{name}: {found.group()[:200]}"
        for name in NAMES
        for found in POST_FORM.finditer((FOLDER / name).read_text())
        if name not in WITHOUT_TOKEN and "{% csrf_token %}" not in found.group()
    ]

    assert without == []


def test_every_page_names_its_icon() -> None:
    """Else browsers ask for /favicon.ico, which is not there."""
    for name in ("base.html", "admin/base_site.html"):
        assert 'rel="icon"' in (FOLDER / name).read_text(encoding="utf-8"), name
