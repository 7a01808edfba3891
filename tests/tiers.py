"""A pytest plugin: which tests need more than Python and the database, so that they can be left out or run alone.

`browser`: all of tests/browser, and whatever asks for the fixture `browser`.
`process`: whatever asks for a fixture of PROCESSES, or says so itself (`pytestmark = pytest.mark.process`). A test that
starts a process without saying so fails and is told to.
"""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

# Fixtures that start processes, or migrate a database from nothing, which takes as long.
PROCESSES = {"worker", "empty_database", "upgrading"}
# How what the portal starts is called: its workers, web servers and commands.
OURS = ("python", "celery", "gunicorn", "beat", "carsi")
_popen = subprocess.Popen.__init__
# The test that is running, if it may start no process.
_alone: list[str] = []


class ProcessStarted(Exception):
    """A test without the marker started a process."""


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "browser: looks at pages in Chromium (set by tests/tiers.py)")
    config.addinivalue_line("markers", "process: starts processes: a worker, a command, the portal itself")
    subprocess.Popen.__init__ = _begin  # type: ignore[method-assign]


@pytest.hookimpl(tryfirst=True)  # before -m looks at the markers
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        if "browser" in fixtures or item.nodeid.startswith("tests/browser/"):
            item.add_marker(pytest.mark.browser)
        if PROCESSES & fixtures:
            item.add_marker(pytest.mark.process)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    if not _may_start(item):
        _alone.append(item.nodeid)
    yield
    _alone.clear()


def _may_start(item: pytest.Item) -> bool:
    return any(item.get_closest_marker(name) for name in ("browser", "process"))


def _begin(process: subprocess.Popen[Any], args: Any, *more: Any, **options: Any) -> None:
    """In the place of Popen's own beginning. A hook of Python's audit would see as much, but be asked at every id()."""
    program = options.get("executable") or (args if isinstance(args, str | bytes | os.PathLike) else args[0])
    # Python looks for shared libraries by small commands of the system: those are nobody's processes.
    if _alone and Path(os.fsdecode(program)).name.startswith(OURS):
        raise ProcessStarted(
            f"{_alone[0]} starts {program!r}. Mark it with pytest.mark.process, so that `make test-quick` leaves it"
            " out."
        )
    _popen(process, args, *more, **options)
