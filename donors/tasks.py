"""Background jobs about people."""

from celery import shared_task

from donors import services


@shared_task(name="donors.send_waiting_invitations")
def send_waiting_invitations() -> None:
    """Sends invitations whose letter could not be sent when they were made."""
    services.send_waiting_invitations()
