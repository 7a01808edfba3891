"""The cache in Redis, with one client for all that a process asks of a server."""

from functools import cached_property
from typing import Any

from django.core.cache.backends.redis import RedisCache, RedisCacheClient


class OneClient(RedisCacheClient):
    """Django makes a client for every question, which takes as long as the answer; one may be used by many threads."""

    def get_client(self, key: str | None = None, *, write: bool = False) -> Any:
        pool = self._get_connection_pool(write)  # type: ignore[attr-defined]
        if (client := self._kept.get(pool)) is None:
            client = self._kept[pool] = self._client(connection_pool=pool)  # type: ignore[attr-defined]
        return client

    @cached_property
    def _kept(self) -> dict[Any, Any]:
        """Pool of connections to a server -> its client; the pools stay as long as this does."""
        return {}


class Cache(RedisCache):
    """What settings name: as Django's own, but for its client."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = OneClient
