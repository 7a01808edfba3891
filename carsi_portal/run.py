"""`make run`: the whole portal on this machine, until Ctrl-C. `python -m carsi_portal.run`."""

import os
import shlex
import signal
import socket
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import psutil
from honcho.manager import Manager

from carsi_portal.embedded import BASE, VAR, one_at_a_time
from carsi_portal.embedded.__main__ import servers
from carsi_portal.queues import WORKERS

PIDS = VAR / "run"
SUPERVISOR = "supervisor"
GRACE_SECONDS = 10


class Supervisor(Manager):  # type: ignore[misc]  # honcho has no types
    """Honcho's manager, for signals that come at any moment: in the middle of a line, or of its start."""

    _asked_to_end = False

    def terminate(self) -> None:
        # Who has not told its number yet cannot be reached: all are told once all have.
        self._asked_to_end = True
        if super()._all_started():
            super().terminate()

    def _all_started(self) -> bool:
        if not super()._all_started():
            return False
        if self._asked_to_end:
            super().terminate()
        return True

    def _system_print(self, data: str) -> None:
        with suppress(RuntimeError):  # a line within a line
            super()._system_print(data)


def processes(port: int) -> dict[str, list[str]]:
    """Name -> command of what runs; the same entry points as docker-compose.yml.

    As modules: the scripts of the virtual environment name the folder that they were installed in, and a renamed one
    has no such folder.
    """
    celery = [sys.executable, "-m", "celery", "-A", "carsi_portal", "--quiet"]
    return {
        "web": [
            *(sys.executable, "-m", "gunicorn", "carsi_portal.wsgi", "--bind", f"127.0.0.1:{port}"),
            # Loaded once, and not once for each worker: it answers sooner.
            *("--workers", "2", "--threads", "4", "--preload", "--log-level", "warning"),
        ],
        **{
            worker.name: [*celery, "worker", f"--hostname={worker.name}@%h", *worker.options, "--loglevel", "INFO"]
            for worker in WORKERS
        },
        "beat": [*celery, "beat", "--loglevel", "WARNING", "--pidfile="],
    }


def main() -> int:
    port_text = os.environ.get("PORT") or "8000"
    if not (port_text.isascii() and port_text.isdigit()) or not 0 < int(port_text) < 65536:
        print(f"PORT must be a number from 1 to 65535, not “{port_text}”.", file=sys.stderr)
        return 2
    port = int(port_text)
    with one_at_a_time(VAR):  # of two that begin at once, the second sees the note of the first
        if refused := refusal(port):
            print(refused, file=sys.stderr)
            return 1
        if sys.argv[1:] == ["check"]:
            return 0
        PIDS.mkdir(parents=True, exist_ok=True)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: sys.exit(0))  # until the manager's own
        (PIDS / SUPERVISOR).write_text(str(os.getpid()))
    manager = Supervisor()
    for name, command in processes(port).items():
        noted = f"echo $$ > {shlex.quote(str(PIDS / name))} && exec {shlex.join(command)}"
        manager.add_process(name, noted, env={**os.environ, "PYTHONUNBUFFERED": "1"}, cwd=str(BASE))
    try:
        print(welcome(port), flush=True)
        manager.loop()
    finally:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_IGN)  # what has begun to end ends wholly
        end(psutil.Process().children(recursive=True))
        for server in servers():
            server.stop()
        for note in PIDS.glob("*"):
            note.unlink(missing_ok=True)
    # Ctrl-C and SIGTERM are how it is meant to end; what a process died of by itself is passed on.
    return 0 if manager.returncode in (130, 143, -2, -15, None) else int(manager.returncode or 0)


def refusal(port: int) -> str | None:
    """Why the portal cannot start here, in words; ends what a killed one left. None when nothing is in its way."""
    if running := running_supervisor():
        return f"The portal runs already (process {running}). Stop it there with Ctrl-C, or: kill {running}"
    end_leftovers()
    if is_taken(port):
        other = port + 1 if port < 65535 else 8000
        return f"Port {port} is taken by another program. Choose another: make run PORT={other}"
    return None


def welcome(port: int) -> str:
    """The address and, on a demonstration site, its accounts."""
    lines = [
        "",
        f"  CARSI Portal: http://localhost:{port}/",
        f"  API:          http://localhost:{port}/api/docs/",
        "",
    ]
    if os.environ.get("DEMONSTRATION") == "true":
        from programs.exchange.demonstration.accounts import ACCOUNTS, password

        lines.append("  Demonstration accounts (password for all: " + password() + ")")
        lines += [f"    {account.email:<34}{account.what}" for account in ACCOUNTS]
        lines.append("")
        if not os.environ.get("EMAIL_URL"):
            lines += [f"  Emails (invitations, new passwords) are written to {VAR / 'mail'}", ""]
    return "\n".join([*lines, "  Ctrl-C stops everything.", ""])


def running_supervisor() -> int | None:
    """The process number of a `make run` of this folder that is still alive; None when there is none.

    Two at once would share the database and the schedule of beat, and the first to end would stop the other's servers.
    """
    try:
        process = psutil.Process(int((PIDS / SUPERVISOR).read_text()))
        return process.pid if "carsi_portal.run" in process.cmdline() and process.pid != os.getpid() else None
    except (ValueError, OSError, psutil.Error):
        return None


def end_leftovers() -> None:
    """Ends what a supervisor that was killed left running, by the process numbers noted under var/run."""
    left = []
    for note in PIDS.glob("*") if PIDS.exists() else ():
        try:
            process = psutil.Process(int(note.read_text()))
            # Where it works, not how it was called: the folder may have been renamed since.
            if (
                note.name != SUPERVISOR
                and "carsi_portal" in " ".join(process.cmdline())
                and Path(process.cwd()) == BASE
            ):
                left.append(process)
        except (ValueError, OSError, psutil.Error):
            pass
        note.unlink(missing_ok=True)
    end(left)


def end(left: Sequence[psutil.Process]) -> None:
    """Asks processes to end, and ends those that have not done so in time."""
    for process in left:
        with suppress(psutil.Error):
            process.terminate()
    _gone, alive = psutil.wait_procs(left, timeout=GRACE_SECONDS)
    for process in alive:
        with suppress(psutil.Error):
            process.kill()


def is_taken(port: int) -> bool:
    """Whether something listens on the port already."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False


if __name__ == "__main__":
    sys.exit(main())
