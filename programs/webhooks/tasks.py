"""Background jobs: each finds its rows and calls a service; each may run twice."""

import uuid

from celery import shared_task

from programs.webhooks import services
from programs.webhooks.services.endpoints import DELIVER_TASK


@shared_task(name="programs.webhooks.sweep")
def sweep() -> None:
    """Makes messages of what has happened, and has any worker send those that are due."""
    services.spread_events()
    for delivery_id in services.queue_due():
        deliver.delay(str(delivery_id))


@shared_task(name=DELIVER_TASK)
def deliver(delivery_id: str) -> None:
    """Tries one message, unless another worker is at it."""
    services.deliver(uuid.UUID(delivery_id))


@shared_task(name="programs.webhooks.forget_old")
def forget_old() -> None:
    """Takes away what is over thirty days old."""
    services.forget_old()
