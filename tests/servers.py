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

import pytest

from carsi_portal import embedded
from carsi_portal.embedded.postgres import Postgres
from carsi_portal.embedded.redis import Redis

ROOT = Path(__file__).resolve().parent.parent
WORKER = os.environ.get("PYTEST_XDIST_WORKER")
_started: list[Postgres | Redis] = []
_folder: Path | None = None
_database: subprocess.Popen[bytes] | None = None


def _start() -> None:
    global _folder, _database
    _folder = Path(tempfile.mkdtemp(prefix="carsi-test-"))
    _folder.chmod(0o755)  # PostgreSQL may run as another user
    os.environ["CARSI_VAR"] = str(_folder)
    # This process has taken its key from where it was told first; those that it starts read it here.
    (_folder / "secret_key").write_text(embedded.secret_key())
    if not os.environ.get("DATABASE_URL"):
        _started.append(Postgres(_folder, throw_away=True))
        os.environ["DATABASE_URL"] = embedded.database_url(_folder)
        os.environ["CARSI_TESTS_OWN_SERVER"] = "true"
    # Started, and its template found or made, while the tests are collected; who needs a database waits for it.
    _database = subprocess.Popen(
        [sys.executable, "-m", "tests.database"],
        cwd=ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "carsi_portal.settings"},
        stderr=subprocess.DEVNULL,
    )
    if not os.environ.get("REDIS_URL"):
        redis = Redis(_folder, throw_away=True)
        _started.append(redis)
        os.environ["REDIS_URL"] = embedded.redis_url(_folder)
        redis.start()


# A run is some hundred processes: what one of them has compiled, pytest's own copies of the tests too, the others load.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False
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
# Each request writes two lines that nobody reads: LOG_LEVEL=INFO shows them with a test that fails.
os.environ.setdefault("LOG_LEVEL", "WARNING")
# The browser tests run an event loop in the thread that also asks the database.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


@pytest.hookimpl(trylast=True)
def pytest_unconfigure() -> None:
    if _database is not None:
        _database.wait()  # half started, a server could not be stopped
        if "CARSI_TESTS_OWN_SERVER" not in os.environ:
            from tests.database import drop_filled

            drop_filled()
    for server in _started:
        server.stop()
    if _folder is not None:
        shutil.rmtree(_folder, ignore_errors=True)
