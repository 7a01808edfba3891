"""The embedded PostgreSQL and Redis of `make run` and `make test`: where they live and how they are reached.

Nothing here starts anything: see `python -m carsi_portal.embedded`. Both servers listen on unix sockets alone.
"""

import fcntl
import hashlib
import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlencode, urlsplit

BASE = Path(__file__).resolve().parent.parent.parent
VAR = Path(os.environ.get("CARSI_VAR", "")) if os.environ.get("CARSI_VAR") else BASE / "var"
# A unix socket's path may have 107 bytes, and PostgreSQL adds its own file name and a lock's.
LONGEST_SOCKET_DIRECTORY = 85


def open_to_others(path: Path) -> bool:
    """Whether any user of the machine can reach `path`: every folder on the way can be passed through."""
    existing = path
    while not existing.exists():
        existing = existing.parent
    return all(folder.stat().st_mode & stat.S_IXOTH for folder in (existing, *existing.parents))


def home(var: Path = VAR) -> Path:
    """The folder of the servers' data.

    It is `var` itself, but for root in a folder closed to others (such as /root): PostgreSQL refuses to run as root,
    and the user that it runs as instead could not get there. Then it is a folder of that name under /var/tmp.
    """
    if os.geteuid() == 0 and not open_to_others(var):
        return Path("/var/tmp") / f"carsi-portal-{_fingerprint(var)}"
    return var


def socket_directory(name: str, var: Path = VAR) -> Path:
    """The folder of the socket of `name` (postgres, redis): beside the data, unless that path is too long."""
    beside = home(var) / name / "socket"
    if len(os.fsencode(beside)) <= LONGEST_SOCKET_DIRECTORY:
        return beside
    return Path("/tmp") / f"carsi-{name}-{os.geteuid()}-{_fingerprint(var)}"


class ServerError(Exception):
    """A server that could not be started; the message says why, and what to do or where its log is."""


@contextmanager
def one_at_a_time(folder: Path) -> Iterator[None]:
    """Waits until no other process starts or stops the server of `folder`.

    Of two that start it at once, the second would take the pid file and the socket of the first for a crash's remains.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as file:  # given back when the file closes, also by a process that is killed
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def database_url(var: Path = VAR) -> str:
    """The address of the embedded PostgreSQL's database, as DATABASE_URL takes it."""
    return f"postgres://postgres@/carsi?{urlencode({'host': socket_directory('postgres', var)}, safe='/')}"


def redis_socket(var: Path = VAR) -> Path:
    return socket_directory("redis", var) / "redis.sock"


def redis_url(var: Path = VAR) -> str:
    """The address of the embedded Redis, as redis-py and Django's cache take it."""
    return f"unix://{redis_socket(var)}?db=0"


def celery_broker_url(url: str) -> str:
    """A Redis address as Celery spells it: a unix socket is `redis+socket://…?virtual_host=0` there."""
    parts = urlsplit(url)
    if parts.scheme != "unix":
        return url
    database = parts.query.removeprefix("db=") or "0"
    return f"redis+socket://{parts.path}?virtual_host={database}"


def secret_key(var: Path = VAR) -> str:
    """A secret key of this checkout's own, made at the first call; production sets SECRET_KEY instead."""
    path = var / "secret_key"
    try:
        return path.read_text()
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
    # Of several processes that begin at once the first to link its key has its way, and no other reads half a file.
    own = path.with_name(f"secret_key.{os.getpid()}")
    with os.fdopen(os.open(own, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(secrets.token_urlsafe(50))
    with suppress(FileExistsError):
        path.hardlink_to(own)
    own.unlink()
    return path.read_text()


def _fingerprint(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:12]
