"""Redis by itself, for counting: Django's cache knows no hashes, and asks twice where once does."""

from functools import cache

from django.conf import settings
from redis import Redis


@cache
def counters() -> "Redis[bytes]":
    """The connections of this process. Beneath these names nothing else is kept: `rate:…`, `key-use…`."""
    return Redis.from_url(settings.REDIS_URL, socket_timeout=0.5, socket_connect_timeout=0.5)
