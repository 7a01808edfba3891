"""The docs name only what there is: files, folders, and addresses of the API."""

import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import PurePosixPath
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from tests.conftest import ROOT

PAGES = sorted(
    page.relative_to(ROOT).as_posix()
    for page in (
        ROOT / "README.md",
        ROOT / "CONTRIBUTING.md",
        *ROOT.glob("docs/*.md"),
        *ROOT.glob("docs/decisions/*.md"),
    )
)
ENDINGS = "py|md|html|toml|yml|json|geojson|csv|tsv|txt|in|js|css|po|sh|npz|ini|xml"
# Made by running the portal or its client, or no path at all.
ALLOWED = {
    "var/",
    "var/test-template/",
    "copy/programs.ndjson",
    "10.20.0.0/16",
    "application/xml",
    "text/csv",
}


@cache
def tree() -> frozenset[str]:
    """Every file that belongs to the project, with its folders."""
    command = ["git", "-C", str(ROOT), "ls-files", "--cached", "--others", "--exclude-standard"]
    files = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    found = {file for file in files if (ROOT / file).exists()}
    return frozenset(found | {str(folder) for file in found for folder in PurePosixPath(file).parents})


@cache
def api_addresses() -> tuple[str, ...]:
    """The addresses of the API, ID in place of what varies."""

    def below(patterns: list[Any], before: str) -> Iterator[str]:
        for pattern in patterns:
            route = before + re.sub(r"\(\?P<\w+>[^)]*\)|<[^>]*>", "ID", str(pattern.pattern)).strip("^$").replace(
                "\\", ""
            )
            if isinstance(pattern, URLResolver):
                yield from below(pattern.url_patterns, route)
            elif isinstance(pattern, URLPattern):
                yield route.replace("^", "")

    return tuple(route for route in below(get_resolver().url_patterns, "/") if route.startswith("/api/"))


def named_in(text: str) -> set[str]:
    """What a page names as a path: in backticks, as a link, in a drawing, in a command."""
    found = set(re.findall(r"`([^`\n]+)`", text)) | set(re.findall(r"\]\(([^)#]+)[^)]*\)", text))
    for drawing in re.findall(r"```mermaid(.*?)```", text, re.DOTALL):
        found |= set(re.findall(rf"[\w./-]+\.(?:{ENDINGS})\b|\b\w+(?:/\w+)*/(?=[\s\"<])", drawing))
    for commands in re.findall(r"```sh(.*?)```", text, re.DOTALL):
        found |= set(re.findall(r"(?<=[ \n])(?:tests|tools|docs)(?:/[\w.-]+)+", commands))
    return {
        name
        for name in found
        if re.fullmatch(r"[\w./*-]+", name) and ("/" in name or re.search(rf"\.({ENDINGS})$", name))
        if not name.startswith("/")
    }


def exists(name: str, page: str) -> bool:
    """Whether a path is there: from the page, from the root, or as the tail of a path (`services/save.py`)."""
    if (ROOT / page).parent.joinpath(name).exists():
        return True
    path = name.rstrip("/")
    if any(one == path or one.endswith(f"/{path}") or PurePosixPath(one).match(path) for one in tree()):
        return True
    return any(address.endswith(f"/{name}") for address in api_addresses())


@pytest.mark.parametrize("page", PAGES)
def test_every_path_that_a_page_names_exists(page: str) -> None:
    names = named_in((ROOT / page).read_text(encoding="utf-8")) - ALLOWED

    assert sorted(name for name in names if not exists(name, page)) == []


def test_what_is_not_there_is_found() -> None:
    text = (
        "`programs/services/nothing.py`, [a page](nowhere.md), `programs/services/save.py`, `services/save.py`, `a b/c`"
    )

    missing = {name for name in named_in(text) if not exists(name, "docs/develop.md")}

    assert missing == {"programs/services/nothing.py", "nowhere.md"}
    assert exists("programs/ID/history/", "docs/api.md")
    assert not exists("programs/ID/nothing/", "docs/api.md")
