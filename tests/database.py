"""The databases of the tests: copies of one that is made once a run, and what makes such a copy new again.

`python -m tests.database` makes the one; tests/servers.py starts it, and the tests are collected meanwhile.
"""

import os
import time
import traceback
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg2
from django.core.management import call_command
from django.db import connection
from psycopg2.extensions import connection as Connection

TEMPLATE = "carsi_tests_template"
UNFINISHED = f"{TEMPLATE}_unfinished"
# What is in the tables of a new database: migrations put it there, or the reference data are it.
KEPT = "kept"
PATIENCE_SECONDS = 900


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


def make_template() -> None:
    """Migrates an empty database, loads the reference data, keeps a copy of every row, and gives it its name."""
    from goals.reference import load_reference_data

    with closing(administration()) as admin, admin.cursor() as cursor:
        for name in (TEMPLATE, UNFINISHED):
            cursor.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
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
    """Returns when the template is there; raises RuntimeError with what went wrong when it could not be made."""
    give_up_at = time.monotonic() + PATIENCE_SECONDS
    with closing(administration()) as admin, admin.cursor() as cursor:
        while True:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [TEMPLATE])
            if cursor.fetchone():
                return
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
        # Neither foreign keys nor the triggers that refuse to forget history have a say.
        cursor.execute("BEGIN; SET LOCAL session_replication_role = replica")
        for table in _filled(cursor):
            cursor.execute(f'DELETE FROM public."{table}"')
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", [KEPT])
        for (table,) in cursor.fetchall():
            cursor.execute(f'INSERT INTO public."{table}" SELECT * FROM {KEPT}."{table}"')
        cursor.execute("COMMIT")


def _filled(cursor: Any) -> list[str]:
    """The tables that hold a row."""
    cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    questions = (f"SELECT '{table}' WHERE EXISTS (SELECT FROM public.\"{table}\")" for (table,) in cursor.fetchall())
    cursor.execute(" UNION ALL ".join(questions))
    return [table for (table,) in cursor.fetchall()]


def _failure() -> Path:
    return Path(os.environ["CARSI_VAR"]) / "template.failure"


if __name__ == "__main__":
    try:
        import django

        django.setup()
        make_template()
    except Exception:
        _failure().write_text(traceback.format_exc())
