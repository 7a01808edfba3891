"""What keys are used for: counted in Redis with each call, written down by a job every minute."""

import json
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection
from redis.exceptions import RedisError, ResponseError

from core.counting import counters
from donors.models import ApiKey, ApiKeyUse

USE_KEPT_FOR = timedelta(days=366)
# Counts of calls, and those of them that are being written down.
COUNTED, TAKEN = "key-use", "key-use:taken"
# A process that died gives its turn back after so long.
LOCKED_SECONDS = 60


def count_use(key: ApiKey, method: str, path: str, status: int) -> None:
    """Counts one call made with the key; `path` is the pattern of the address, without anybody's ids.

    A write to the database with each call would take as long as many a call itself. Without Redis it is written."""
    use = [key.pk, datetime.now(UTC).date().isoformat(), method[:7], path[:200], status]
    try:
        counters().hincrby(COUNTED, json.dumps(use), 1)
    except RedisError:
        _write([(*use, 1)])


def write_down_use() -> int:
    """Adds what was counted since the last time to the database; how many calls. Nothing while another process does.

    What a process that died had taken is written by the next; only one that died between its commit and its last word
    to Redis is counted twice."""
    try:
        with counters().lock("key-use:writing", timeout=LOCKED_SECONDS, blocking_timeout=0):
            with suppress(ResponseError):  # nothing was counted
                counters().renamenx(COUNTED, TAKEN)
            taken: dict[bytes, bytes] = counters().hgetall(TAKEN)  # type: ignore[assignment]
            _write([(*json.loads(use), int(calls)) for use, calls in taken.items()])
            counters().delete(TAKEN)
    except RedisError:  # another process has the lock, or it is down: the next minute
        return 0
    return sum(map(int, taken.values()))


def forget_old_use() -> int:
    """Deletes the counts of days over a year ago; how many."""
    before = datetime.now(UTC).date() - USE_KEPT_FOR
    return ApiKeyUse.objects.filter(day__lt=before).delete()[0]


def _write(uses: list[tuple[Any, ...]]) -> None:
    """Rows of key, day, method, path, status, calls; of a key that is gone nothing is kept."""
    if not uses:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO donors_apikeyuse AS used (key_id, day, method, path, status, calls)"
            " SELECT use.* FROM unnest(%s::bigint[], %s::date[], %s::text[], %s::text[], %s::smallint[], %s::int[])"
            " AS use(key, day, method, path, status, calls) JOIN donors_apikey k ON k.id = use.key"
            " ON CONFLICT (key_id, day, method, path, status) DO UPDATE SET calls = used.calls + excluded.calls",
            [list(column) for column in zip(*uses, strict=True)],
        )
