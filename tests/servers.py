"""A pytest plugin: throw-away PostgreSQL and Redis servers for the run, unless DATABASE_URL and REDIS_URL name others.

Loaded with -p, before Django reads its settings. Workers of xdist share the servers: each has a database and a Redis
database number of its own.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

from carsi_portal import embedded
from carsi_portal.embedded.postgres import Postgres
from carsi_portal.embedded.redis import Redis

ROOT = Path(__file__).resolve().parent.parent
WORKER = os.environ.get("PYTEST_XDIST_WORKER")
_started: list[Postgres | Redis] = []
_folder: Path | None = None


def _start() -> None:
    global _folder
    _folder = Path(tempfile.mkdtemp(prefix="carsi-test-"))
    _folder.chmod(0o755)  # PostgreSQL may run as another user
    os.environ["CARSI_VAR"] = str(_folder)
    if not os.environ.get("DATABASE_URL"):
        _started.append(Postgres(_folder, throw_away=True))
        os.environ["DATABASE_URL"] = embedded.database_url(_folder)
    if not os.environ.get("REDIS_URL"):
        _started.append(Redis(_folder, throw_away=True))
        os.environ["REDIS_URL"] = embedded.redis_url(_folder)
    for server in _started:
        server.start()
    # Made while the tests are collected; who needs a database waits for it.
    subprocess.Popen(
        [sys.executable, "-m", "tests.database"],
        cwd=ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "carsi_portal.settings"},
        stderr=subprocess.DEVNULL,
    )


if WORKER is None:
    _start()
else:
    number = int(WORKER.removeprefix("gw")) + 1
    address = os.environ["REDIS_URL"]
    os.environ["REDIS_URL"] = (
        address.replace("db=0", f"db={number}") if address.startswith("unix:") else f"{address.rstrip('/')}/{number}"
    )
# A second factor is asked for by the tests that are about it: the others sign in with a password alone.
os.environ.setdefault("MFA_REQUIRED", "false")
# Tests speak plain HTTP to their own machine.
os.environ.setdefault("HTTPS", "false")
# However slow the machine, a page shows what was just saved, and asks as many queries: what shows earlier figures, and
# what is written again after a minute, is asked for where it is tested.
os.environ.setdefault("FIGURES_AT_ONCE_SECONDS", "1000000000")
os.environ.setdefault("USE_NOTED_EVERY_SECONDS", "1000000000")
# The browser tests run an event loop in the thread that also asks the database.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


# What takes longest though it has few tests; begun last, it would run alone at the end.
LONGEST = (
    "tests/programs/test_form_in_browser.py",
    "tests/carsi_portal/test_deployment_runs.py",
    "tests/carsi_portal/test_run.py",
    "browser",
)


class _ByFile(LoadScopeScheduling):
    """One process a file, the longest first; one for the whole folder whose tests look at the same site."""

    def _assign_work_unit(self, node: Any) -> None:
        for scope in LONGEST:
            if scope in self.workqueue:
                self.workqueue.move_to_end(scope, last=False)
        super()._assign_work_unit(node)

    def _split_scope(self, nodeid: str) -> str:
        return "browser" if nodeid.startswith("tests/browser/") else nodeid.split("::")[0]


# Loaded before xdist, whose own answer (of processors with a body of their own) would be asked first.
@pytest.hookimpl(optionalhook=True, tryfirst=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """As many as the machine has processors: with one more the browsers and workers that tests start wait for each
    other."""
    return os.cpu_count() or 1


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> _ByFile:
    return _ByFile(config, log)


@pytest.hookimpl(trylast=True)
def pytest_unconfigure() -> None:
    for server in _started:
        server.stop()
    if _folder is not None:
        shutil.rmtree(_folder, ignore_errors=True)
