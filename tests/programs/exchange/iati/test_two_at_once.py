"""Imports that run at the same time: what one of them has just made, the other finds."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import nullcontext
from pathlib import Path

import pytest
from django.db import connection, transaction

from donors.models import Organization
from programs.exchange.iati.importer import IatiImporter
from programs.exchange.iati.report import Report
from programs.models import Program
from tests.programs.exchange.iati.writing import document, one_activity

PARTNER = '<participating-org ref="XX-NEW-7" role="4"><narrative>Brand New Partner</narrative></participating-org>'


def imported(path: Path, *, inside: bool) -> Report:
    """Imports the file as the command does, or inside a longer transaction as a worker does; closes its connection."""
    try:
        with transaction.atomic() if inside else nullcontext():
            return IatiImporter().import_files([path])
    finally:
        connection.close()


def somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return bool(cursor.fetchone()[0])


def wait_until(is_so: Callable[[], bool], other: Future[Report]) -> None:
    while not is_so():
        assert not other.done(), other.result()


@pytest.mark.parametrize("inside", [False, True])
def test_the_second_finds_what_the_first_made(committed_db: None, tmp_path: Path, inside: bool) -> None:
    path = tmp_path / "file.xml"
    path.write_text(document(*(one_activity(number, more=PARTNER) for number in range(3))))
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            first = IatiImporter().import_files([path])
            other = pool.submit(imported, path, inside=inside)
            wait_until(somebody_waits, other)
        second = other.result()

    assert (first.created, first.rejected) == (3, [])
    assert (second.unchanged, second.created, second.rejected) == (3, 0, [])
    assert Program.objects.count() == 3
    assert Organization.objects.filter(name="Brand New Partner").count() == 1
