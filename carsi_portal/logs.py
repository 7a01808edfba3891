"""What the logs must not hold."""

import re
from collections.abc import MutableMapping
from typing import Any

# Addresses that let in whoever knows them: invitations, and links that set a new password.
SECRET_ADDRESS = re.compile(r"(/invitations/|/password/reset/key/)[^/\s]+")


def without_secrets(logger: Any, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A structlog processor: cuts the secret part out of such addresses in every field that is a text."""
    for field, value in event.items():
        if isinstance(value, str) and "/" in value:
            event[field] = SECRET_ADDRESS.sub(r"\1…", value)
    return event
