"""Every change to webhooks, and the work of telling them."""

from programs.webhooks.services.delivering import deliver, due_deliveries
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
    "due_deliveries",
    "forget_old",
    "new_secret",
    "ping",
    "replay",
    "spread_events",
    "switch_off",
    "switch_on",
]
