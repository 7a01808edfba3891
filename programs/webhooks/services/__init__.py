"""Every change to webhooks, and the work of telling them."""

from programs.webhooks.services.delivering import deliver, queue_due
from programs.webhooks.services.endpoints import (
    cancel_delivery,
    create_endpoint,
    delete_delivery,
    delete_endpoint,
    new_secret,
    ping,
    replay,
    switch_off,
    switch_on,
)
from programs.webhooks.services.spreading import forget_old, spread_events

__all__ = [
    "cancel_delivery",
    "create_endpoint",
    "delete_delivery",
    "delete_endpoint",
    "deliver",
    "forget_old",
    "new_secret",
    "ping",
    "queue_due",
    "replay",
    "spread_events",
    "switch_off",
    "switch_on",
]
