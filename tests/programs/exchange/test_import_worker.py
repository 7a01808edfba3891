"""Imports with real workers: one killed in the middle loses nothing and does nothing twice."""

import os
import signal
from collections.abc import Callable
from typing import Any

from core.locks import Locked, held
from programs.exchange import services
from programs.exchange.models import Import
from programs.exchange.tasks import sweep
from programs.models import Program
from tests import factories
from tests.conftest import wait_until
from tests.programs.exchange.importing import row, upload_file

ROWS = 800


def rows(count: int) -> list[list[str]]:
    """Programs that no scan compares: the workers have nothing else to do."""
    return [row(identifier=f"P-{number}", title=f"Title {number}", country="", area="") for number in range(count)]


def state(job: Import) -> str:
    return Import.objects.get(pk=job.pk).state


def test_a_worker_killed_in_mid_apply_and_mid_undo(committed_db: None, worker: Callable[[], Any]) -> None:
    organization = factories.organization()
    editor = factories.user(organization, "editor")
    job = upload_file(organization, editor, rows(ROWS), kind="xlsx")
    first = worker()
    services.choose_columns(job, job.columns, date_order="", actor=editor)
    wait_until(lambda: state(job) == "checked")
    assert not Program.objects.exists()

    services.apply_import(job, actor=editor)
    wait_until(lambda: job.rows.filter(is_applied=True).exists())
    os.killpg(first.pid, signal.SIGKILL)
    assert state(job) == "applying", "the worker was done before it could be killed"
    applied = job.rows.filter(is_applied=True).count()
    assert 0 < applied < ROWS
    assert Program.objects.count() >= applied
    second = worker()
    sweep.delay()
    wait_until(lambda: state(job) == "applied")

    assert Program.objects.count() == job.rows.filter(is_applied=True).count() == ROWS
    assert set(Program.objects.values_list("version", flat=True)) == {1}
    assert Program.objects.filter(sectors__sector="15132").count() == ROWS

    services.undo_import(job, actor=editor)
    wait_until(lambda: job.rows.filter(is_undone=True).exists())
    os.killpg(second.pid, signal.SIGKILL)
    worker()
    sweep.delay()
    wait_until(lambda: state(job) == "undone")
    assert not Program.objects.exists()
    assert job.rows.filter(is_undone=True).count() == ROWS


def test_what_is_cancelled_while_a_worker_is_at_it_writes_nothing_more(
    committed_db: None, worker: Callable[[], Any]
) -> None:
    organization = factories.organization()
    editor = factories.user(organization, "editor")
    job = upload_file(organization, editor, rows(ROWS))
    services.choose_columns(job, job.columns, date_order="", actor=editor)
    assert services.work_on(job.pk)
    services.apply_import(job, actor=editor)
    worker()
    wait_until(lambda: job.rows.filter(is_applied=True).exists())

    services.cancel_import(job, actor=editor)
    applied = job.rows.filter(is_applied=True).count()
    assert applied < ROWS, "the worker was done before it could be cancelled"
    wait_until(lambda: job.pk not in held(Locked.IMPORT))

    assert (state(job), job.rows.filter(is_applied=True).count()) == ("stopped", applied)
    assert Program.objects.count() == applied
    services.undo_import(job, actor=editor)
    wait_until(lambda: state(job) == "undone")
    assert not Program.objects.exists()
    services.delete_import(job, actor=editor)


def test_two_workers_at_one_import_do_it_once(committed_db: None, worker: Callable[[], Any]) -> None:
    organization = factories.organization()
    editor = factories.user(organization, "editor")
    job = upload_file(organization, editor, rows(400))
    services.choose_columns(job, job.columns, date_order="", actor=editor)
    worker(), worker()
    for _ in range(4):
        sweep.delay()
    wait_until(lambda: state(job) == "checked")
    services.apply_import(job, actor=editor)
    for _ in range(4):
        sweep.delay()
    wait_until(lambda: state(job) == "applied")

    assert Program.objects.count() == 400
    assert set(Program.objects.values_list("version", flat=True)) == {1}
