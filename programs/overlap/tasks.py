"""Background jobs: each finds its row and calls a service; each may run twice."""

from typing import Any

from celery import shared_task
from celery.signals import worker_init

from programs.overlap import services
from programs.overlap.after_scan import tell_followers
from programs.overlap.engine.reading import read
from programs.overlap.engine.score import model
from programs.overlap.services.sweep import parts_to_queue


@worker_init.connect
def _warm_up(sender: Any, **_kwargs: Any) -> None:
    """Loads the engine before the pool is forked, in workers that scan: the first save after a start is scanned as
    quickly as the others, and the processes share one copy of its numbers."""
    queues = sender.app.amqp
    if queues.router.route({}, scan_program.name)["queue"].name in queues.queues.consume_from:
        model()
        read("Community policing", "Policía comunitaria")


@shared_task(name="programs.overlap.scan_program")
def scan_program(program_id: int) -> None:
    """Scans one program after it was saved; then those who follow scans have their turn."""
    services.scan_programs([program_id])
    tell_followers(program_id)


@shared_task(name="programs.overlap.scan_part")
def scan_part(part_id: int) -> None:
    """Does one part of the running full scan, and asks for those that had to wait for it."""
    for ready in services.scan_part(part_id) or ():
        scan_part.delay(ready)


@shared_task(name="programs.overlap.sweep")
def sweep() -> None:
    """Does what was missed: unscanned programs here, unfinished parts by any worker."""
    for part_id in parts_to_queue():
        scan_part.delay(part_id)
    services.sweep()


@shared_task(name="programs.overlap.nightly_full_scan")
def nightly_full_scan() -> None:
    """Begins a full scan, or goes on with the one that is running."""
    services.start_full_scan()
    for part_id in parts_to_queue():
        scan_part.delay(part_id)


@shared_task(name="programs.overlap.renew_stakes")
def renew_stakes() -> None:
    """Writes the priority scores as of today."""
    services.renew_stakes()


@shared_task(name="programs.overlap.propose_calibration")
def propose_calibration() -> None:
    """Proposes what the decisions taught to the coordinators."""
    services.propose_calibration()


@shared_task(name="programs.overlap.renew_highest_shown")
def renew_highest_shown() -> None:
    """Finds the highest probability that pages may state."""
    services.renew_highest_shown()
