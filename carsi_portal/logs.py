"""What the logs must not hold, and what they hold of a request beside django-structlog's own."""

import re
import time
from collections.abc import MutableMapping
from typing import Any

import structlog
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django_structlog import signals

# Addresses that let in anyone who knows them: invitations, and links that set a new password.
SECRET_ADDRESS = re.compile(r"(/invitations/|/password/reset/key/)[^/\s]+")


def without_secrets(logger: Any, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A structlog processor: cuts the secret part out of such addresses in every field that is a text."""
    for field, value in event.items():
        if isinstance(value, str) and "/" in value:
            event[field] = SECRET_ADDRESS.sub(r"\1…", value)
    return event


@receiver(signals.bind_extra_request_metadata)
def note_start(request: HttpRequest, **kwargs: Any) -> None:
    """Remembers when the request came, for `duration_ms`."""
    request.started_ns = time.monotonic_ns()  # type: ignore[attr-defined]


@receiver([signals.bind_extra_request_finished_metadata, signals.bind_extra_request_failed_metadata])
def add_duration(request: HttpRequest, log_kwargs: dict[str, Any], **kwargs: Any) -> None:
    """Adds to the event how long the answer took: of one that is sent piece by piece, until its first piece."""
    if started := getattr(request, "started_ns", None):  # none where it failed before the logs knew of it
        log_kwargs["duration_ms"] = round((time.monotonic_ns() - started) / 1_000_000)


@receiver([signals.bind_extra_request_finished_metadata, signals.update_failure_response])
def name_the_request(response: HttpResponse, **kwargs: Any) -> None:
    """Each answer says the number under which the logs hold its request."""
    response["X-Request-ID"] = reference()


def reference() -> str:
    """The number of the request that is being answered; empty outside one."""
    return str(structlog.contextvars.get_contextvars().get("request_id", ""))
