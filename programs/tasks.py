"""Background jobs of programs: each calls a service, and may run twice."""

from celery import shared_task

from programs.services.dollars import renew_dollars as renew
from programs.services.freshness import remind_of_updates as write_reminders


@shared_task(name="programs.remind_of_updates")
def remind_of_updates() -> None:
    """Asks for updates of programs that need one; each person at most once a month."""
    write_reminders()


@shared_task(name="programs.renew_dollars")
def renew_dollars(after: int = 0, change: int | None = None) -> None:
    """Renews what is stored in US dollars at the rates of now, of the programs that come after an id."""
    renew(after, change)
