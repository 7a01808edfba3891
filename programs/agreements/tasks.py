"""Background jobs: each calls a service, and may run twice."""

from typing import Any

from celery import shared_task
from celery.signals import task_postrun

from programs.agreements import services
from programs.services.scan_requests import SCAN_TASK


@shared_task(name="programs.agreements.watch")
def watch(program_id: int | None = None) -> None:
    """Looks whether agreements in force are kept: all, or those that a program is named in."""
    services.watch(None if program_id is None else [program_id])


@shared_task(name="programs.agreements.remind")
def remind() -> None:
    """Reminds of what is awaited, due soon or overdue; once of each."""
    services.remind()


@task_postrun.connect
def _after_a_save(task: Any = None, args: Any = (), **_kwargs: Any) -> None:
    """Each save of a program has it scanned; whoever has scanned it looks at its agreements next."""
    if task is not None and task.name == SCAN_TASK and args:
        watch.delay(args[0])
