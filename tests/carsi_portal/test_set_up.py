"""Setting up in a folder: twice at once, in one that was renamed, and where a server is missing."""

import os
import shutil
import signal
import site
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from carsi_portal.embedded.redis import system_program
from tests.carsi_portal.static import keep
from tests.carsi_portal.test_run import SECONDS, Home, take_migrated
from tests.conftest import ROOT, wait_until

pytestmark = pytest.mark.process
ALONE = [sys.executable, str(ROOT / "tools" / "one_at_a_time.py")]
HOLD = ["sh", "-c", "echo in; cat; echo out"]  # goes on until its input ends


def open_folder() -> Path:
    """A folder that the user may enter whom PostgreSQL runs as under root."""
    folder = Path(tempfile.mkdtemp(prefix="carsi-set-up-"))
    folder.chmod(0o755)
    return folder


@pytest.fixture
def home() -> Iterator[Home]:
    made = Home(open_folder())
    yield made
    made.end()
    shutil.rmtree(made.var, ignore_errors=True)


def begin(*command: str, **variables: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        command,
        env={**os.environ, **variables},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


class TestOneAtATime:
    def test_the_second_says_that_it_waits_and_goes_on_when_the_first_ends(self, tmp_path: Path) -> None:
        lock = str(tmp_path / "var" / "setup.lock")
        first = begin(*ALONE, lock, *HOLD)
        assert first.stdout is not None
        assert first.stdout.readline() == "in\n"
        second = begin(*ALONE, lock, *HOLD)
        assert second.stderr is not None
        assert "Another set-up of this folder is running" in second.stderr.readline()
        assert second.poll() is None

        assert first.communicate("")[0] == "out\n"
        assert second.communicate("")[0] == "in\nout\n"

    def test_who_is_killed_gives_it_back(self, tmp_path: Path) -> None:
        lock = str(tmp_path / "setup.lock")
        first = begin(*ALONE, lock, *HOLD)
        assert first.stdout is not None
        first.stdout.readline()
        for process in (*psutil.Process(first.pid).children(recursive=True), psutil.Process(first.pid)):
            process.kill()
        first.communicate()

        assert begin(*ALONE, lock, *HOLD).communicate("", timeout=SECONDS) == ("in\nout\n", "")

    def test_what_it_starts_does_not_wait_for_itself(self, tmp_path: Path) -> None:
        lock = str(tmp_path / "setup.lock")

        assert begin(*ALONE, lock, *ALONE, lock, "echo", "in").communicate(timeout=SECONDS) == ("in\n", "")

    def test_its_status_is_the_commands(self, tmp_path: Path) -> None:
        done = begin(*ALONE, str(tmp_path / "setup.lock"), "sh", "-c", "exit 3")

        assert done.wait(SECONDS) == 3


def test_servers_that_are_started_four_times_at_once_are_started_once(home: Home) -> None:
    command = [sys.executable, "-m", "carsi_portal.embedded", "start"]
    begun = [
        subprocess.Popen(command, cwd=ROOT, env=home.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        for _number in range(4)
    ]

    stated = [process.communicate(timeout=SECONDS)[0].decode() for process in begun]

    assert [process.returncode for process in begun] == [0] * 4, stated
    postgres, redis = home.servers()
    assert (postgres.is_running(), redis.is_running()) == (True, True)
    assert home.query("SELECT 1") == [(1,)]
    masters = [one for one in home.processes() if one.name() in ("postgres", "valkey-server", "redis-server")]
    masters = [one for one in masters if one.parent() is None or one.parent() not in masters]
    assert len(masters) == 2, masters


class TestWithoutThePackage:
    """On a machine for which there is no wheel of Valkey."""

    def program(self, folder: Path, name: str, version: str) -> Path:
        made = folder / name
        made.write_text(f"#!/bin/sh\necho '{version}'\n")
        made.chmod(0o755)
        return made

    def test_the_systems_own_is_taken_when_it_is_new_enough(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("PATH", str(tmp_path))
        assert system_program() is None

        self.program(tmp_path, "valkey-server", "something else")
        old = self.program(tmp_path, "redis-server", "Redis server v=6.0.16 sha=00000000:0 malloc=jemalloc-5.2.1")
        assert system_program() is None

        old.unlink()
        redis = self.program(tmp_path, "redis-server", "Redis server v=7.0.15 sha=00000000:0 malloc=jemalloc-5.3.0")
        assert system_program() == redis

        valkey = self.program(tmp_path, "valkey-server", "Valkey server v=8.1.1 sha=00000000:0 malloc=jemalloc-5.3.0")
        assert system_program() == valkey

    def test_none_is_refused_before_anything_starts_in_words_that_name_what_to_install(
        self, home: Home, tmp_path: Path
    ) -> None:
        # The real command, with Django's and psutil's packages in reach, and not Valkey's.
        for name in os.listdir(site.getsitepackages()[0]):
            if "valkey" not in name:
                (tmp_path / name).symlink_to(Path(site.getsitepackages()[0]) / name)

        refused = subprocess.run(
            [sys.executable, "-S", "-m", "carsi_portal.embedded", "start"],
            cwd=ROOT,
            env={**home.environment, "PATH": "/nowhere", "PYTHONPATH": str(tmp_path)},
            capture_output=True,
            text=True,
            timeout=SECONDS,
        )

        assert refused.returncode == 1
        assert "There is no Redis on this machine" in refused.stderr
        assert "apt install redis-server" in refused.stderr
        assert "brew install valkey" in refused.stderr
        assert "Traceback" not in refused.stderr
        assert home.servers()[0].is_running() is False


class TestRenamed:
    """A copy of the portal with a virtual environment that has no script but `python`, as good as scripts that name a
    folder which is gone."""

    @pytest.fixture
    def folder(self) -> Iterator[Path]:
        above = open_folder()
        folder = above / "portal"
        shutil.copytree(
            ROOT,
            folder,
            # What is compiled already comes with it: its files keep their times.
            ignore=shutil.ignore_patterns(".git", ".venv*", "var", "tests", "benchmarks", "docs", ".*_cache"),
        )
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder / ".venv")], check=True)
        (packages,) = (folder / ".venv").glob("lib/python*/site-packages")
        (packages / "of-the-tests.pth").write_text(site.getsitepackages()[0] + "\n")
        (folder / ".venv" / ".installed").touch()
        take_migrated(folder / "var")
        yield above
        for renamed in (folder, above / "renamed portal"):
            if renamed.exists():
                self.make(renamed, "stop")
        shutil.rmtree(above, ignore_errors=True)

    def begin(self, folder: Path, *words: str, log: Path) -> subprocess.Popen[str]:
        environment = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        with log.open("w") as file:
            return subprocess.Popen(
                ["make", "--no-print-directory", *words, "DEMONSTRATION=false"],
                cwd=folder,
                env={**environment, "HTTPS": "false"},
                stdout=file,
                stderr=subprocess.STDOUT,
                text=True,
            )

    def make(self, folder: Path, *words: str) -> int:
        return self.begin(folder, *words, log=folder.parent / "make.log").wait(SECONDS)

    def test_set_up_twice_at_once_then_renamed_while_its_servers_run_then_run(self, folder: Path) -> None:
        logs = [folder / f"set-up-{number}" for number in range(2)]
        both = [self.begin(folder / "portal", "setup", log=log) for log in logs]
        assert [process.wait(SECONDS * 2) for process in both] == [0, 0], [log.read_text() for log in logs]
        assert [log.name for log in logs if "Another set-up of this folder is running" in log.read_text()]
        keep(folder / "portal" / "var" / "static")

        renamed = (folder / "portal").rename(folder / "renamed portal")
        home = Home(renamed / "var")
        log = folder / "run"
        process = self.begin(renamed, "run", f"PORT={home.port}", log=log)
        try:
            wait_until(lambda: process.poll() is not None or home.answers("/readyz"), SECONDS)
            assert process.poll() is None, log.read_text()
            wait_until(lambda: "celery@" in log.read_text() or "ready" in log.read_text(), SECONDS)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(60)

        assert "not found" not in log.read_text()
        wait_until(lambda: [server.is_running() for server in home.servers()] == [False, False])
