"""Background jobs about people."""

from celery import shared_task

from donors import services


@shared_task(name="donors.send_waiting_invitations")
def send_waiting_invitations() -> None:
    """Sends invitations whose email could not be sent when they were made."""
    services.send_waiting_invitations()


@shared_task(name="donors.forget_old_use")
def forget_old_use() -> None:
    """Deletes answers kept for a day, and the counts of what keys did over a year ago."""
    services.forget_old_answers()
    services.forget_old_use()


@shared_task(name="donors.write_down_use")
def write_down_use() -> None:
    """Adds to the database what keys were used for since the last time."""
    services.write_down_use()
