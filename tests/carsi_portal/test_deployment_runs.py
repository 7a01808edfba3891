"""What docker-compose.yml starts, started as plain processes: there need be no Docker engine to try it."""

import os
import shlex
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.error import URLError
from urllib.request import Request, urlopen

import pytest

from carsi_portal.queues import WORKERS
from tests.carsi_portal.compose import ROOT, health_command, services
from tests.carsi_portal.static import collect
from tests.conftest import database_of_its_own, environment, wait_until

pytestmark = pytest.mark.process
# Processes of one test run share the server, so each has a database of its own here.
DATABASE = f"as_on_a_server_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"
HOST = "portal.example.org"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The environment of a container, with folders of its own and a migrated database, as an upgrade finds it."""
    here = environment(DATABASE)
    folder = tmp_path_factory.mktemp("site")
    with database_of_its_own(DATABASE, migrated=True):
        yield {
            **services()["web"]["environment"],
            "DATABASE_URL": here["DATABASE_URL"],
            "REDIS_URL": here["REDIS_URL"],
            "STATIC_ROOT": str(folder / "static"),
            "BEAT_SCHEDULE": str(folder / "beat-schedule"),
            "PATH": f"{Path(sys.executable).parent}:{os.defpath}",
            "HOME": str(folder),
            "PYTHONUNBUFFERED": "1",
        }


def run(command: list[str], site: dict[str, str], **changes: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=ROOT, env={**site, **changes}, capture_output=True, text=True, timeout=300)


@pytest.fixture(scope="module")
def prepared(site: dict[str, str]) -> dict[str, str]:
    """The site after the image's own preparation."""
    done = run(["python", "-m", "carsi_portal.translations"], site)
    assert done.returncode == 0, done.stderr
    collect(Path(site["STATIC_ROOT"]), lambda *command: run(["python", *command], site))
    return site


def said(site: dict[str, str]) -> Path:
    """The file of what the command said that was started last."""
    return Path(site["HOME"]) / "said"


@pytest.fixture
def start(prepared: dict[str, str]) -> Iterator[Callable[[list[str]], subprocess.Popen[bytes]]]:
    """Starts commands that go on, with what they say in `said`; SIGTERM ends each within its grace, or the test
    fails."""
    started: list[subprocess.Popen[bytes]] = []

    def begin(command: list[str]) -> subprocess.Popen[bytes]:
        with said(prepared).open("w") as file:
            process = subprocess.Popen(command, cwd=ROOT, env=prepared, stdout=file, stderr=subprocess.STDOUT)
        started.append(process)
        return process

    yield begin
    for process in started:
        process.terminate()
    for process in started:
        process.wait(timeout=30)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def is_open(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def on_port(command: list[str], port: int) -> list[str]:
    return [part.replace("0.0.0.0:8000", f"127.0.0.1:{port}").replace(":8000", f":{port}") for part in command]


def test_migrate_may_run_again(prepared: dict[str, str]) -> None:
    done = run(services()["migrate"]["command"], prepared)

    assert done.returncode == 0, done.stderr
    loaded = [line.partition(":")[0] for line in done.stdout.splitlines()]
    assert loaded[-2:] == ["Reference data", "Known organizations"]  # and no demonstration data


def test_migrate_refuses_unsafe_settings_and_says_which(site: dict[str, str]) -> None:
    unsafe = {"SECRET_KEY": "", "ALLOWED_HOSTS": "*", "DEMONSTRATION": "true", "EMAIL_URL": "consolemail://"}

    refused = run(services()["migrate"]["command"], site, **unsafe)

    stated = ["SECRET_KEY is not set", "wildcard", "DEMONSTRATION is on", "EMAIL_URL is not set"]
    assert refused.returncode != 0
    assert [words for words in stated if words not in refused.stderr] == []


def test_web_serves_and_its_health_check_says_so(
    start: Callable[[list[str]], subprocess.Popen[bytes]], prepared: dict[str, str]
) -> None:
    web, port = services()["web"], free_port()
    start(on_port(web["command"], port))

    wait_until(lambda: is_open(port))  # each health check is a process
    wait_until(lambda: run(on_port(health_command(web), port), prepared).returncode == 0)

    ready = _get(f"http://127.0.0.1:{port}/readyz")
    page = _get(f"http://127.0.0.1:{port}/accounts/login/", **{"X-Forwarded-Proto": "https"})
    assert ready[0] == 200
    assert page[0] == 200
    assert "uswds.min." in page[1]  # the hashed name of a collected file


def test_the_health_check_of_a_dead_web_server_fails(prepared: dict[str, str]) -> None:
    assert run(on_port(health_command(services()["web"]), free_port()), prepared).returncode == 1


@pytest.mark.parametrize("name", [worker.name for worker in WORKERS])
def test_each_worker_answers_its_health_check(
    start: Callable[[list[str]], subprocess.Popen[bytes]], prepared: dict[str, str], name: str
) -> None:
    worker = services()[name]
    start(worker["command"])

    wait_until(lambda: " ready." in said(prepared).read_text())  # a check that nobody answers takes ten seconds
    wait_until(lambda: run(health_command(worker), prepared).returncode == 0)


def test_beat_writes_its_schedule(
    start: Callable[[list[str]], subprocess.Popen[bytes]], prepared: dict[str, str]
) -> None:
    beat, schedule = services()["beat"], Path(prepared["BEAT_SCHEDULE"])
    assert run(health_command(beat), prepared).returncode == 1

    start(beat["command"])

    wait_until(lambda: any(schedule.parent.glob(f"{schedule.name}*")))  # each health check is a process
    wait_until(lambda: run(health_command(beat), prepared).returncode == 0)


def test_check_deploy_is_clean(prepared: dict[str, str]) -> None:
    checked = run(shlex.split("python manage.py check --deploy --fail-level WARNING"), prepared)

    assert checked.returncode == 0, checked.stderr
    assert "no issues" in checked.stdout


def _get(url: str, **headers: str) -> tuple[int, str]:
    give_up_at = time.monotonic() + 120
    while True:
        try:
            with urlopen(Request(url, headers={"Host": HOST, **headers}), timeout=120) as answer:
                return answer.status, answer.read().decode()
        except URLError:
            assert time.monotonic() < give_up_at, url
