"""Real Celery workers that need not load the portal, which takes most of what a worker of a test takes: a process that
has loaded it begins each as a copy of itself. Whoever asks gets a process as `celery -A carsi_portal worker` is, in a
session of its own.

`python -m tests.workers` is that process: it begins a worker for each line that it reads, and ends with its input.
"""

import os
import signal
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import psutil

ROOT = Path(__file__).resolve().parent.parent
# Without waiting for word of other workers, which each start would do.
COMMAND = ("-A", "carsi_portal", "worker", "--concurrency=1", "--loglevel=WARNING", "--without-mingle",
           "--without-gossip")  # fmt: skip

# What a worker loads besides the portal.
LOADED = ("celery.__main__", "celery.bin.celery", "celery.apps.worker", "celery.worker.consumer",
          "celery.worker.components",
          "celery.worker.autoscale", "celery.worker.strategy", "celery.app.amqp", "celery.concurrency.prefork",
          "kombu.transport.redis", "carsi_portal.database_limits")  # fmt: skip


class Workers:
    """Begins workers, all in one environment."""

    def __init__(self, environment: dict[str, str]) -> None:
        self._loaded = subprocess.Popen(
            [sys.executable, "-m", "tests.workers"],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def begin(self) -> psutil.Process:
        assert self._loaded.stdin is not None
        assert self._loaded.stdout is not None
        self._loaded.stdin.write("\n")
        self._loaded.stdin.flush()
        return psutil.Process(int(self._loaded.stdout.readline()))

    def end(self) -> None:
        """Workers that are left go on."""
        self._loaded.communicate()


def _forget_ended(*_signal: Any) -> None:
    try:
        while os.waitpid(-1, os.WNOHANG) != (0, 0):
            pass
    except ChildProcessError:
        pass  # there is none left


def _be_worker() -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.setsid()
    print(os.getpid(), flush=True)
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nothing, stream)
    sys.argv = ["celery", *COMMAND]
    from celery.__main__ import main

    main()


def serve() -> None:
    for name in LOADED:
        import_module(name)
    from django.core.checks import run_checks

    from carsi_portal.celery import app
    from programs.overlap.engine.reading import read
    from programs.overlap.engine.score import model

    app.loader.import_default_modules()
    # As programs/overlap/tasks.py does in each, which finds both there.
    model()
    read("Community policing", "Policía comunitaria")
    run_checks()
    os.environ["CELERY_SKIP_CHECKS"] = "true"  # of the same code, once is enough
    signal.signal(signal.SIGCHLD, _forget_ended)
    for _line in sys.stdin:
        if os.fork() == 0:
            _be_worker()
            return


if __name__ == "__main__":
    serve()
