"""`make run`, as the processes that it is: what it prints, serves, refuses, and how it ends."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPResponse
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urljoin
from urllib.request import Request, urlopen

import psutil
import psycopg2
import pytest

from carsi_portal import embedded
from carsi_portal.embedded.postgres import DATABASE, Postgres
from carsi_portal.embedded.redis import Redis
from tests import template
from tests.carsi_portal.static import collect
from tests.conftest import ROOT, wait_until
from tests.database import TEMPLATE, wait_for_template

pytestmark = pytest.mark.process
PYTHON = sys.executable
# What `make setup` runs, in its order, but for the translations, which the tests have compiled already, and the static
# files, which come last.
SETUP = (
    ["-m", "carsi_portal.embedded", "start"],
    ["manage.py", "prepare", "--verbosity", "0"],
)
SECONDS = 300  # the machine may be busy


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Home:
    """A folder as var/ is, and the processes that run on it."""

    def __init__(self, var: Path) -> None:
        self.var = var
        self.port = free_port()
        self.started: list[subprocess.Popen[str]] = []
        # Nothing of the tests' own servers.
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": os.environ.get("HOME", str(var)),
            "CARSI_VAR": str(var),
            "DEMONSTRATION": "true",
            "SWEEP_SECONDS": "3600",  # what is scanned was asked for by the save
        }

    def run(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [PYTHON, *arguments],
            cwd=ROOT,
            env={**self.environment, "PORT": str(self.port), **environment},
            capture_output=True,
            text=True,
            timeout=SECONDS,
        )

    def start(self, *, ready: bool = True) -> subprocess.Popen[str]:
        """Starts the servers, as `make setup` does, and the portal; waits until it is ready, or has said its name."""
        begun = self.run("-m", "carsi_portal.embedded", "start")
        assert begun.returncode == 0, begun.stderr
        log = (self.var / "log").open("w")
        process = subprocess.Popen(
            [PYTHON, "-m", "carsi_portal.run"],
            cwd=ROOT,
            env={**self.environment, "PORT": str(self.port)},
            stdout=log,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.started.append(process)
        # Only who has printed the address serves: before that, what a killed one left may still answer.
        wait_until(
            lambda: (
                process.poll() is not None or ("Ctrl-C stops" in self.log() and (not ready or self.answers("/readyz")))
            ),
            SECONDS,
        )
        assert process.poll() is None, self.log()
        return process

    def log(self) -> str:
        return (self.var / "log").read_text()

    def get(self, path: str, **headers: str) -> HTTPResponse:
        return urlopen(Request(urljoin(f"http://localhost:{self.port}/", path), headers=headers), timeout=SECONDS)

    def answers(self, path: str) -> bool:
        try:
            return bool(self.get(path).status == 200)
        except (URLError, OSError):
            return False

    def servers(self) -> tuple[Postgres, Redis]:
        return Postgres(self.var), Redis(self.var)

    def query(self, sql: str) -> list[tuple[object, ...]]:
        host = str(embedded.socket_directory("postgres", self.var))
        connection = psycopg2.connect(dbname="carsi", user="postgres", host=host)
        try:
            with connection.cursor() as cursor:
                cursor.execute(sql)
                return cursor.fetchall()
        finally:
            connection.close()

    def processes(self) -> list[psutil.Process]:
        """Every process whose environment names this folder, or that was told of it."""
        found = []
        for process in psutil.process_iter():
            try:
                if process.pid != os.getpid() and (
                    process.environ().get("CARSI_VAR") == str(self.var) or str(self.var) in " ".join(process.cmdline())
                ):
                    found.append(process)
            except psutil.Error:
                pass
        return found

    def end(self) -> None:
        for process in self.started:
            if process.poll() is None:
                process.terminate()
                process.wait(timeout=60)
        self.run("-m", "carsi_portal.embedded", "stop")
        for process in self.processes():
            process.kill()


def take_migrated(var: Path) -> None:
    """Puts the migrated database of the tests below `var`, where one is kept: whoever made it migrated from nothing, by
    the same command, and what it was made from is still the same."""
    wait_for_template()
    server = Postgres(var)
    with template.only_one():
        if not template.take(server, TEMPLATE):
            return
    server.start()
    with closing(psycopg2.connect(dbname="postgres", user="postgres", host=str(server.socket))) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE {DATABASE}")
            cursor.execute(f"ALTER DATABASE {TEMPLATE} RENAME TO {DATABASE}")
    server.stop()


@pytest.fixture(scope="module")
def home() -> Iterator[Home]:
    """A folder after the steps of `make setup`."""
    # Not pytest's own folder of temporary files, which is closed to the user that PostgreSQL runs as under root.
    folder = Path(tempfile.mkdtemp(prefix="carsi-run-"))
    folder.chmod(0o755)
    made = Home(folder)
    try:
        take_migrated(folder)
        for step in SETUP:
            done = made.run(*step)
            assert done.returncode == 0, (step, done.stderr)
        collect(made.var / "static", made.run)
        yield made
    finally:
        made.end()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def running(home: Home) -> Home:
    """The portal, running, until a test of how it ends: those come last."""
    home.start()
    return home


class TestItRuns:
    def test_prints_the_address_and_the_accounts(self, running: Home) -> None:
        assert f"http://localhost:{running.port}/" in running.log()
        assert re.search(r"coordinator@example\.org +SICA coordinator", running.log())

    def test_serves_the_sign_in_page_and_its_files(self, running: Home) -> None:
        page = running.get("/accounts/login/")
        text = page.read().decode()
        files = re.findall(r'(?:href|src)="(/static/[^"]+)"', text)

        assert "Sign in" in text
        assert len(files) > 3
        assert {running.get(file).status for file in files} == {200}

    def test_its_worker_scans_what_is_saved(self, running: Home) -> None:
        saved = running.run(
            "manage.py",
            "shell",
            "-v0",
            "-c",
            "from donors.models import Organization; from tests import factories\n"
            "bank = Organization.objects.named('Inter-American Development Bank').get()\n"
            "factories.program(bank, identifier='SAVED')",
        )
        assert saved.returncode == 0, saved.stderr

        wait_until(
            lambda: (
                running.query("SELECT scanned_version = version FROM programs_program WHERE identifier = 'SAVED'")
                == [(True,)]
            )
        )

    def test_a_second_one_is_refused(self, running: Home) -> None:
        second = running.run("-m", "carsi_portal.run", PORT=str(free_port()))

        assert second.returncode == 1
        assert f"runs already (process {running.started[-1].pid})" in second.stderr
        assert running.answers("/readyz")


class TestItEnds:
    def test_what_a_killed_one_left_is_ended_at_the_next_start_and_that_one_with_all_that_it_started(
        self, running: Home
    ) -> None:
        killed = running.started[-1]
        notes = {note.name: int(note.read_text()) for note in (running.var / "run").glob("*")}
        killed.kill()
        killed.wait()
        left = [psutil.Process(pid) for name, pid in notes.items() if name != "supervisor"]
        assert len(left) > 2
        assert all(process.is_running() for process in left)

        process = running.start()

        assert not any(one.is_running() and one.status() != psutil.STATUS_ZOMBIE for one in left)
        self.ends_by(signal.SIGTERM, process, running)

    def test_before_it_is_ready(self, home: Home) -> None:
        self.ends_by(signal.SIGINT, home.start(ready=False), home)

    def ends_by(self, how: signal.Signals, process: subprocess.Popen[str], home: Home) -> None:
        process.send_signal(how)

        assert process.wait(timeout=SECONDS) == 0
        assert [server.is_running() for server in home.servers()] == [False, False]
        wait_until(lambda: home.processes() == [])
        assert list((home.var / "run").glob("*")) == []


class TestItRefuses:
    def test_a_port_that_is_taken(self, home: Home) -> None:
        with socket.socket() as other:
            other.bind(("127.0.0.1", 0))
            other.listen()
            port = other.getsockname()[1]

            refused = home.run("-m", "carsi_portal.run", PORT=str(port))

        assert refused.returncode == 1
        assert f"Port {port} is taken" in refused.stderr
        assert "make run PORT=" in refused.stderr
        assert "Traceback" not in refused.stderr

    @pytest.mark.parametrize("port", ["abc", "0", "65536", "-1", "80.5", "²"])
    def test_a_port_that_is_none(self, home: Home, port: str) -> None:
        refused = home.run("-m", "carsi_portal.run", PORT=port)

        assert refused.returncode == 2
        assert f"PORT must be a number from 1 to 65535, not “{port}”." in refused.stderr
        assert "Traceback" not in refused.stderr


def test_the_embedded_servers_come_back_after_a_kill(home: Home) -> None:
    start = ("-m", "carsi_portal.embedded", "start")
    assert home.run(*start).returncode == 0
    postgres, redis = home.servers()
    before = home.query("SELECT count(*) FROM programs_program")
    redis_pids = [process.pid for process in home.processes() if process.name().startswith(("valkey", "redis"))]
    pids = [int((postgres.data / "postmaster.pid").read_text().split("\n")[0]), *redis_pids]
    children = psutil.Process(pids[0]).children()
    for pid in pids:
        os.kill(pid, signal.SIGKILL)
    psutil.wait_procs(children, timeout=15)
    assert redis.socket.exists()
    assert (postgres.data / "postmaster.pid").exists()
    assert [server.is_running() for server in (postgres, redis)] == [False, False]

    again = home.run(*start)

    assert again.returncode == 0, again.stderr
    assert [server.is_running() for server in (postgres, redis)] == [True, True]
    assert home.query("SELECT count(*) FROM programs_program") == before
