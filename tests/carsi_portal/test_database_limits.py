"""Web and worker processes open connections on which no statement goes on for ever; commands have their time."""

import subprocess
import sys

import pytest

from tests.conftest import ROOT, environment

pytestmark = [pytest.mark.django_db, pytest.mark.process]

SHOW = """
from django.db import connection
with connection.cursor() as cursor:
    for name in ("statement_timeout", "idle_in_transaction_session_timeout"):
        cursor.execute(f"SHOW {name}")
        print(cursor.fetchone()[0])
"""
PROCESSES = {
    "web": "import carsi_portal.wsgi",
    # As `celery worker` does before it forks.
    "worker": "from carsi_portal.celery import app; app.Worker(pool='solo', quiet=True)",
    "command": "import django; django.setup()",
}


def limits(process: str, **settings: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", PROCESSES[process] + SHOW],
        cwd=ROOT,
        env={**environment(), "DJANGO_SETTINGS_MODULE": "carsi_portal.settings", **settings},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


@pytest.mark.parametrize(
    ("process", "expected"), [("web", ["30s", "1min"]), ("worker", ["250s", "5min"]), ("command", ["0", "0"])]
)
def test_each_kind_of_process_has_its_limits(process: str, expected: list[str]) -> None:
    assert limits(process) == expected


def test_the_environment_says_how_long() -> None:
    assert limits("web", WEB_STATEMENT_SECONDS="7")[0] == "7s"
