"""Background jobs: each calls a service, and may run twice."""

from celery import shared_task

from programs.agreements import services


@shared_task(name="programs.agreements.watch")
def watch(program_id: int | None = None) -> None:
    """Looks whether agreements in force are kept: all, or those that a program is named in."""
    services.watch(None if program_id is None else [program_id])


@shared_task(name="programs.agreements.remind")
def remind() -> None:
    """Reminds of what is awaited, due soon or overdue; once of each."""
    services.remind()
