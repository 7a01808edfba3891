"""Background jobs of programs: each calls a service, and may run twice."""

from celery import shared_task

from programs.services.freshness import remind_of_updates as write_reminders


@shared_task(name="programs.remind_of_updates")
def remind_of_updates() -> None:
    """Asks for updates of programs that need one; each person at most once a month."""
    write_reminders()
