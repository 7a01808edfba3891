"""The collected static files, compressed once a run: that takes as much of the processor as hundreds of tests."""

import fcntl
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

COMMAND = ("manage.py", "collectstatic", "--noinput", "--verbosity", "0")


def collect(folder: Path, run: Callable[..., subprocess.CompletedProcess[str]]) -> None:
    """Fills the folder by collectstatic, which `run` runs for a site that serves it; later ones get a copy of it."""
    with _only_one() as collected:
        if collected.exists():
            shutil.copytree(collected, folder)
            return
        done = run(*COMMAND)
        assert done.returncode == 0, done.stderr
        shutil.copytree(folder, collected)


def keep(folder: Path) -> None:
    """Keeps what `make` has collected in the folder for those that call collect() after this."""
    with _only_one() as collected:
        if not collected.exists():
            shutil.copytree(folder, collected)


@contextmanager
def _only_one() -> Iterator[Path]:
    here = Path(os.environ["CARSI_VAR"])
    with (here / "collected.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield here / "collected"
