"""Advisory locks of PostgreSQL: who is at what, known to all processes, and gone with a process that dies."""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import IntEnum

from django.db import OperationalError, connection, transaction


class Locked(IntEnum):
    """What is locked: the first of an advisory lock's two numbers. Each has its own, so that no two meet by chance."""

    SCAN_PART = 0x0CA51
    OVERLAPS = 0x0CA52
    IMPORT = 0x0CA53
    COUNTED = 0x0CA54
    REPORT = 0x0CA5D
    DUMP = 0x0CA5E
    PERIODIC = 0x0CA5F


@contextmanager
def if_free(what: Locked, number: int) -> Iterator[bool]:
    """Holds the lock while the block runs, if nobody else does; whether it was free. Never waits."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [int(what), number])
        got_it = cursor.fetchone()[0]
    try:
        yield got_it
    finally:
        if got_it:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [int(what), number])


def wait_for(what: Locked, number: int = 0) -> None:
    """Waits until nobody else holds the lock, and holds it until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [int(what), number])


def got_within(seconds: float, what: Locked, number: int) -> bool:
    """Waits so long for the lock, and holds it until the transaction ends; whether it was free in time.

    For a transaction's first step: what waits later in it waits no longer either.
    """
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('lock_timeout', %s, true)", [f"{round(seconds * 1000)}ms"])
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [int(what), number])
    except OperationalError:
        return False
    return True


def held(what: Locked) -> list[int]:
    """The numbers of the locks of a kind that somebody holds now, in whatever process."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT objid::bigint FROM pg_locks WHERE locktype = 'advisory' AND classid = %s AND objsubid = 2"
            " AND granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
            [int(what)],
        )
        return [number for (number,) in cursor.fetchall()]
