"""Background jobs: each finds its row and calls a service; each may run twice."""

from celery import shared_task
from django.utils import timezone

from programs.exchange import services


@shared_task(name="programs.exchange.work_on")
def work_on(import_id: int) -> None:
    """Goes on with one import: checks, applies or undoes it."""
    services.work_on(import_id)


@shared_task(name="programs.exchange.sweep")
def sweep() -> None:
    """Has the workers go on with imports that a dead worker or a lost message left behind."""
    for import_id in services.imports_to_queue():
        work_on.delay(import_id)


@shared_task(name="programs.exchange.nightly_dumps")
def nightly_dumps() -> None:
    """Makes the day's files of all public programs."""
    services.make_dumps(timezone.localdate())
