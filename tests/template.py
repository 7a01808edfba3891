"""What the migrated database of the tests is kept under between runs, and the copies of its server's data folder.

A copy lies in var/test-template/ under a fingerprint of all it was made from. Anyone who looks for one, makes one or
takes old ones away holds a lock, so that of two runs that begin at once the second waits and takes what the first has
made.
"""

import fcntl
import hashlib
import os
import platform
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from carsi_portal.embedded.postgres import Postgres

ROOT = Path(__file__).resolve().parent.parent
COPIES = ROOT / "var" / "test-template"
# As many branches may be worked on in turn without making a template again.
COPIES_KEPT = 3
# Besides all migrations: the packages that have some themselves, the reference data, and how the template is made.
MADE_FROM = (
    *("requirements.txt", "goals/reference.py", "goals/data/*", "core/triggers.py"),
    *("tests/database.py", "tests/template.py"),
)


def fingerprint() -> str:
    """A hash of the files that the template is made from: another one, another template."""
    patterns = ("*/migrations/*.py", "*/*/migrations/*.py", *MADE_FROM)
    paths = sorted({path for pattern in patterns for path in ROOT.glob(pattern)})
    made_from = hashlib.sha256(platform.machine().encode())
    for path in paths:
        content = path.read_bytes()
        made_from.update(f"{path.relative_to(ROOT)} {len(content)} ".encode() + content)
    return made_from.hexdigest()[:16]


@contextmanager
def only_one() -> Iterator[None]:
    """Waits until no other process of this folder works on the copies; the lock goes with its holder."""
    COPIES.mkdir(parents=True, exist_ok=True)
    with (COPIES / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def take(server: Postgres, name: str) -> bool:
    """Gives the server, which does not run, the data folder kept under that name; False if there is none."""
    copy = COPIES / name
    if not copy.exists():
        return False
    server.folder.mkdir(parents=True, exist_ok=True)
    shutil.copytree(copy, server.data)
    if server.owner:
        for path in (server.data, *server.data.rglob("*")):
            os.chown(path, server.owner.pw_uid, server.owner.pw_gid)
    os.utime(copy)
    return True


def keep(server: Postgres, name: str) -> None:
    """Keeps the data folder of the server, which was stopped in order, under that name, and takes old ones away."""
    unfinished = COPIES / f"{name}.unfinished"
    shutil.rmtree(unfinished, ignore_errors=True)
    shutil.copytree(server.data, unfinished)
    unfinished.rename(COPIES / name)
    copies = sorted((path for path in COPIES.iterdir() if path.is_dir()), key=lambda path: path.stat().st_mtime)
    for old in copies[:-COPIES_KEPT]:
        shutil.rmtree(old)
