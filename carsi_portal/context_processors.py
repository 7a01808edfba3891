"""What every page is given."""

from contextlib import suppress

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from redis.exceptions import RedisError

from programs.models import Program

KEY = "holds-demonstration-data"
REMEMBERED_SECONDS = 60


def portal(request: HttpRequest) -> dict[str, object]:
    """`holds_demonstration_data`: whether any program is made up, so that every page says so."""
    return {"holds_demonstration_data": settings.DEMONSTRATION or _holds_demonstration_data()}


def _holds_demonstration_data() -> bool:
    try:
        known = cache.get(KEY)
    except (RedisError, OSError):
        known = None
    if known is None:
        known = Program.objects.filter(source=Program.Source.DEMONSTRATION).exists()
        with suppress(RedisError, OSError):
            cache.set(KEY, known, REMEMBERED_SECONDS)
    return known
