"""The words of the command line, and the settings from the environment."""

import argparse
import os
import stat
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path

from carsi.errors import WrongUse
from carsi.saving import FORMATS

# The options of our own that take a value, and those that take none: all else that begins with -- is a filter.
WITH_VALUE = frozenset({"--since", "--format", "-o", "--output", "--key-file", "--url"})
ALONE = frozenset({"--restart", "--help", "-h", "--version", "--quiet", "-q"})
WITH_FILTERS = frozenset({"pull", "mirror"})


def split_filters(words: Sequence[str]) -> tuple[list[str], dict[str, str]]:
    """Our own words, and the filters among them: `--country HN` or `--country=HN`, with - or _ in the name.

    WrongUse for a filter without a value or given twice.
    """
    own: list[str] = []
    filters: dict[str, str] = {}
    left = iter(words)
    for word in left:
        name, equals, value = word.partition("=")
        if name in WITH_VALUE or (name.startswith("-o") and not name.startswith("--")):
            own.append(word)
            if not equals and word in WITH_VALUE:
                own.extend(value for value in [next(left, None)] if value is not None)
        elif name in ALONE or not name.startswith("--") or not name.strip("-"):
            own.append(word)
        else:
            if not equals:
                value = next(left, "")
            if not value or (not equals and value.startswith("--")):
                raise WrongUse(f"{name} needs a value: {name}=VALUE")
            field = name.removeprefix("--").replace("-", "_")
            if field in filters:
                raise WrongUse(f"{name} is given twice.")
            filters[field] = value
    return own, filters


def parser() -> argparse.ArgumentParser:
    told = argparse.ArgumentParser(
        prog="carsi",
        description="Pulls from and pushes to a CARSI Portal.",
        epilog="CARSI_URL is the portal's address, CARSI_KEY the key (or name a file with the key: --key-file).",
        allow_abbrev=False,
    )
    told.add_argument("--version", action="version", version="carsi 0.1.0")
    commands = told.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def add(name: str, sentence: str, epilog: str = "") -> Callable[..., argparse.Action]:
        command = commands.add_parser(name, help=sentence, description=sentence, allow_abbrev=False, epilog=epilog)
        command.add_argument("--url", help="the portal's address, instead of CARSI_URL")
        command.add_argument("--key-file", type=Path, metavar="FILE", help="a file with the key, instead of CARSI_KEY")
        command.add_argument("-q", "--quiet", action="store_true", help="do not show progress")
        return command.add_argument

    filters = "Any other --NAME VALUE is a filter of the portal: --country HN --goal 1. `carsi kinds` lists them."
    pull = add("pull", "every row of a list, as NDJSON or CSV", epilog=filters)
    pull("kind", metavar="KIND")
    pull("--since", type=since, metavar="DATE", help="only what was updated since: 2026-01-01, or an ISO 8601 time")
    pull("--format", choices=FORMATS, default="ndjson")
    pull("-o", "--output", type=Path, metavar="FILE", help="write to a file; resumes a run that was stopped")
    pull("--restart", action="store_true", help="start from the beginning instead of resuming")
    mirror = add("mirror", "keep an exact copy of a list in a folder", epilog=filters)
    mirror("kind", metavar="KIND")
    mirror("folder", metavar="DIR", type=Path)
    push = add("push", "create or change the programs of a file (NDJSON or a JSON list), with a result for each")
    push("file", metavar="FILE", help="- reads standard input")
    bring = add("import", "upload a file (Excel, CSV, IATI) and print the problems of its rows")
    bring("file", metavar="FILE", type=Path)
    bring("--organization", type=int, metavar="ID", required=True, help="the organization that reports the programs")
    bring("--apply", action="store_true", help="save new and changed rows, unless a row is rejected")
    bring("--leave-out-refused", action="store_true", help="with --apply: skip rejected rows and save the others")
    bring(
        "--confirm",
        action="append",
        default=[],
        metavar="CODE",
        help="with --apply: confirm unlikely values with this code (can be given several times)",
    )
    get = add("get", "one record, as JSON")
    get("kind", metavar="KIND")
    get("id", metavar="ID")
    add("whoami", "the owner of the key and its permissions")
    add("kinds", "the lists that can be pulled, with their filters")
    return told


def since(text: str) -> str:
    """A date or a time of ISO 8601, as the portal reads it."""
    for kind in (date, datetime):
        try:
            kind.fromisoformat(text)
        except ValueError:
            continue
        return text
    raise argparse.ArgumentTypeError(f"“{text}” is not a date: write it as 2026-01-01")


def key_from(file: Path | None, environment: Mapping[str, str], tell: Callable[[str], None]) -> str:
    """The key, from the file or from CARSI_KEY; never from the command line, which every user of a machine can read."""
    if file is None:
        if "CARSI_KEY" not in environment:
            raise WrongUse("Set CARSI_KEY to your key, or name a file with the key: --key-file FILE")
        return environment["CARSI_KEY"].strip()
    try:
        key = file.read_text(encoding="utf-8").strip()
        if os.name == "posix" and file.stat().st_mode & (stat.S_IRGRP | stat.S_IROTH):
            tell(f"others can read {file}: chmod 600 {file}")
    except (OSError, UnicodeDecodeError) as error:
        raise WrongUse(f"{file} cannot be read: {getattr(error, 'strerror', None) or 'it is not text'}.") from error
    return key


def url_from(stated: str | None, environment: Mapping[str, str]) -> str:
    if not (url := stated or environment.get("CARSI_URL", "")):
        raise WrongUse("Set CARSI_URL to the portal's address, such as https://portal.example.org")
    return url
