"""How many calls a key may make: counted in Redis by windows, and told to the client with each answer."""

import time
from typing import Any

import structlog
from redis.exceptions import RedisError
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle

from core.counting import counters
from donors.models import ApiKey

log = structlog.get_logger(__name__)


class KeyThrottle(SimpleRateThrottle):
    """So many calls in each window of time, for each key, and for each person in the browser.

    The framework's own keeps the time of every call in one list, that it reads and writes with each.
    """

    scope = "key"
    num_requests: int
    duration: int

    def get_cache_key(self, request: Request, view: Any) -> str | None:
        if isinstance(request.auth, ApiKey):
            return f"rate:key:{request.auth.pk}"
        return (
            f"rate:user:{request.user.pk}" if request.user.is_authenticated else f"rate:from:{self.get_ident(request)}"
        )

    def allow_request(self, request: Request, view: Any) -> bool:
        if self.rate is None:
            return True
        now = int(time.time())
        self.resets_in = self.duration - now % self.duration
        key = f"{self.get_cache_key(request, view)}:{now // self.duration}"
        counting = counters().pipeline(transaction=False)
        counting.incr(key)
        counting.expire(key, self.duration * 2)
        try:
            used, _expires = counting.execute()
        except RedisError as error:
            # Who asks too often is a smaller harm than an API that answers nobody.
            log.warning("rate.not_counted", error=str(error))
            return True
        left = max(0, self.num_requests - used)
        # On the request beneath the framework's: the middleware that writes the headers sees that one.
        request._request.rate = {  # type: ignore[attr-defined]
            "RateLimit-Limit": str(self.num_requests),
            "RateLimit-Remaining": str(left),
            "RateLimit-Reset": str(self.resets_in),
            "RateLimit-Policy": f"{self.num_requests};w={self.duration}",
        }
        return used <= self.num_requests

    def wait(self) -> float:
        return self.resets_in
