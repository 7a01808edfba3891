"""The databases of the tests: copies of a migrated one that is kept between runs, and what makes such a copy new again.

`python -m tests.database` starts the tests' own server with that one in it (tests/template.py), or makes it on the
server that DATABASE_URL names. tests/servers.py runs it, and the tests are collected at the same time.
"""

import fcntl
import json
import os
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import psycopg2
import psycopg2.errors
from django.core.management import call_command
from django.db import OperationalError, connection, connections
from psycopg2.extensions import connection as Connection

from carsi_portal.embedded.postgres import Postgres
from tests import template

BEGINNING = "carsi_tests_template_"
TEMPLATE = BEGINNING + template.fingerprint()
UNFINISHED = f"{TEMPLATE}_unfinished"
# What is in the tables of a new database: migrations put it there, or the reference data are it.
KEPT = "kept"
PATIENCE_SECONDS = 900  # the machine may be busy
# On a server that is not the tests' own, the template of another state of the code goes when it was not used so long.
UNUSED = timedelta(days=14)


def administration() -> Connection:
    """A connection to the tests' server that makes and drops databases."""
    settings = connection.settings_dict
    admin = psycopg2.connect(
        dbname="postgres",
        host=settings["OPTIONS"].get("host") or settings["HOST"],
        port=settings["PORT"] or None,
        user=settings["USER"],
        password=settings["PASSWORD"],
    )
    admin.autocommit = True
    return admin


def start_own_server(folder: Path) -> None:
    """Starts the server below `folder` with the template in it, which is made where none of this code is kept."""
    server = Postgres(folder, throw_away=True)
    with template.only_one():
        if not template.take(server, TEMPLATE):
            server.start()
            make_template()
            server.stop()
            template.keep(server, TEMPLATE)
    server.start()


def prepare_given_server() -> None:
    """Sees to it that the server of DATABASE_URL has the template, and drops those of code that is gone."""
    with closing(administration()) as admin, admin.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtext(%s))", [BEGINNING])  # ends with the connection
        if not _exists(cursor, TEMPLATE):
            make_template()
        cursor.execute(f"COMMENT ON DATABASE {TEMPLATE} IS '{date.today()}'")
        cursor.execute(
            "SELECT datname FROM pg_database WHERE starts_with(datname, %s)"
            " AND coalesce(shobj_description(oid, 'pg_database'), '') < %s",
            [BEGINNING, str(date.today() - UNUSED)],
        )
        for (old,) in cursor.fetchall():
            cursor.execute(f"DROP DATABASE {old}")


def make_template() -> None:
    """Migrates an empty database, loads the reference data, keeps a copy of every row, and gives it its name."""
    from goals.reference import load_reference_data

    with closing(administration()) as admin, admin.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {UNFINISHED} WITH (FORCE)")
        cursor.execute(f"CREATE DATABASE {UNFINISHED}")
        connection.settings_dict["NAME"] = UNFINISHED
        call_command("migrate", verbosity=0)
        load_reference_data()
        with connection.cursor() as tables:
            # Emptied again and again, tables would be taken for empty ones by the planner at the worst moment.
            tables.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
            for (table,) in tables.fetchall():
                tables.execute(f'ALTER TABLE public."{table}" SET (autovacuum_enabled = false)')
            tables.execute(f"CREATE SCHEMA {KEPT}")
            for table in _filled(tables):
                tables.execute(f'CREATE TABLE {KEPT}."{table}" AS TABLE public."{table}"')
        connection.close()
        cursor.execute(f"ALTER DATABASE {UNFINISHED} RENAME TO {TEMPLATE}")


def wait_for_template() -> None:
    """Returns when the server has the template; raises RuntimeError with what went wrong when it could not be made."""
    give_up_at = time.monotonic() + PATIENCE_SECONDS
    while not _ready().exists():
        if (failure := _failure()).exists():
            raise RuntimeError(f"The database of the tests could not be made:\n{failure.read_text()}")
        if time.monotonic() > give_up_at:
            raise RuntimeError("The database of the tests was not made in time.")
        time.sleep(0.1)


def renew() -> None:
    """Takes out whatever was committed to this database since it was made."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_parameter_privilege('session_replication_role', 'set')")
        if not cursor.fetchone()[0]:
            raise RuntimeError("The tests need a PostgreSQL user that may set session_replication_role: a superuser.")
        while not _emptied(cursor):
            pass  # a page that the test left open was just saving something: PostgreSQL chose this side to give in


def _emptied(cursor: Any) -> bool:
    """Takes all out and puts back what is kept; False where it and somebody else waited for one another."""
    try:
        # Neither foreign keys nor the triggers that refuse to forget history have a say.
        cursor.execute("BEGIN; SET LOCAL session_replication_role = replica")
        for table in _filled(cursor):
            cursor.execute(f'DELETE FROM public."{table}"')
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", [KEPT])
        for (table,) in cursor.fetchall():
            cursor.execute(f'INSERT INTO public."{table}" SELECT * FROM {KEPT}."{table}"')
        cursor.execute("COMMIT")
    except OperationalError as error:
        if not isinstance(error.__cause__, psycopg2.errors.DeadlockDetected):
            raise
        cursor.execute("ROLLBACK")
        return False
    return True


@contextmanager
def copy_of_filled(name: str, fill: Callable[[], dict[str, str]]) -> Iterator[dict[str, str]]:
    """Turns this process's connections to a database of its own with what `fill` commits; gives what it returned.

    `fill` is called once a run, by the process that comes first: the others copy its database.
    """
    folder = Path(os.environ["CARSI_VAR"])
    made_of, notes = _filled_database(name), folder / f"{name}.json"
    own = connection.settings_dict["NAME"]
    with closing(administration()) as admin, admin.cursor() as cursor:
        with (folder / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not notes.exists():
                try:
                    returned = fill()
                    connections.close_all()
                    _alone(cursor, own)
                    cursor.execute(f"CREATE DATABASE {made_of} TEMPLATE {own}")
                finally:
                    renew()  # or whatever this process tests next finds it
                notes.write_text(json.dumps(returned))
            copy = f"{made_of}_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"
            cursor.execute(f"CREATE DATABASE {copy} TEMPLATE {made_of}")
        connections.close_all()
        connection.settings_dict["NAME"] = copy
        try:
            yield json.loads(notes.read_text())
        finally:
            connections.close_all()
            connection.settings_dict["NAME"] = own
            cursor.execute(f"DROP DATABASE {copy} WITH (FORCE)")


def _alone(cursor: Any, database: str) -> None:
    """Ends the connections that threads of servers which are gone have left to the database: nobody copies it else."""
    give_up_at = time.monotonic() + PATIENCE_SECONDS
    while True:
        cursor.execute(
            "SELECT count(*), count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = %s", [database]
        )
        if not cursor.fetchone()[0]:
            return
        if time.monotonic() > give_up_at:
            raise RuntimeError(f"Somebody keeps connecting to {database}.")
        time.sleep(0.05)


def leave_alone() -> None:
    """Ends every connection to the database of this process, its own ones too, so that it can be dropped."""
    connections.close_all()
    with closing(administration()) as admin, admin.cursor() as cursor:
        _alone(cursor, connection.settings_dict["NAME"])


def drop_filled() -> None:
    """Drops what copy_of_filled() made in this run on a server that is not the tests' own."""
    with closing(administration()) as admin, admin.cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [_filled_database("")])
        for (database,) in cursor.fetchall():
            cursor.execute(f"DROP DATABASE {database} WITH (FORCE)")


def _filled_database(name: str) -> str:
    """Its name, which no other run's has."""
    run = Path(os.environ["CARSI_VAR"]).name.removeprefix("carsi-test-")
    return "carsi_tests_filled_" + run.encode().hex() + "_" + name


def _filled(cursor: Any) -> list[str]:
    """The tables that hold a row."""
    cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    questions = (f"SELECT '{table}' WHERE EXISTS (SELECT FROM public.\"{table}\")" for (table,) in cursor.fetchall())
    cursor.execute(" UNION ALL ".join(questions))
    return [table for (table,) in cursor.fetchall()]


def _exists(cursor: Any, database: str) -> bool:
    cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database])
    return cursor.fetchone() is not None


def _ready() -> Path:
    return Path(os.environ["CARSI_VAR"]) / "template.ready"


def _failure() -> Path:
    return Path(os.environ["CARSI_VAR"]) / "template.failure"


def main() -> None:
    """Of a run whose folder is CARSI_VAR; whether the server is its own, tests/servers.py says."""
    try:
        import django

        django.setup()
        if os.environ.get("CARSI_TESTS_OWN_SERVER"):
            start_own_server(Path(os.environ["CARSI_VAR"]))
        else:
            prepare_given_server()
        _ready().touch()
    except Exception:
        _failure().write_text(traceback.format_exc())


if __name__ == "__main__":
    main()
