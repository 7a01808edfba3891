"""Asking workers for a job after a change. The message only makes it sooner: a sweep finds what is left over.

No job is taken up without end. Who takes one up counts it in `attempts`, and clears the count when it gets on; after
MOST_ATTEMPTS that got no further the job ends, in words for its owner. A sweep queues only what no worker is at and
what does not wait in the queue already.
"""

import time
from datetime import timedelta

import structlog
from celery import current_app
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from core.locks import Locked, held

log = structlog.get_logger(__name__)

MOST_ATTEMPTS = 3
# What a sweep queued and nobody took up for so long is queued again: the broker may have lost it.
QUEUED_AGAIN_AFTER = timedelta(minutes=5)
# After the broker has failed to answer, saves do not ask it again for so long: they must not wait for it.
BROKER_REST_SECONDS = 30.0
_broker_failed_at = float("-inf")


def request_job(task: str, *arguments: int | str) -> None:
    """Asks the workers for a job once the transaction is committed; what it is to do is in the database anyway.

    `task` is the task's name; `arguments` its ids. Never fails, nor waits long.
    """
    transaction.on_commit(lambda: _send(task, *arguments))


def to_queue(waiting: QuerySet, what: Locked | None = None, *, most: int | None = None) -> list:
    """The ids of those rows that a sweep is to queue, in their order and `most` at once; noted in `queued_at`, which is
    cleared when one is taken up. Rows with an advisory lock of the kind `what` that is held, since a worker is at them,
    are left alone. Two queries, or three."""
    now = timezone.now()
    due = waiting.filter(Q(queued_at__isnull=True) | Q(queued_at__lt=now - QUEUED_AGAIN_AFTER))
    if what is not None:
        due = due.exclude(pk__in=held(what))
    ids = list(due.values_list("pk", flat=True)[:most])
    waiting.filter(pk__in=ids).order_by().update(queued_at=now)
    return ids


def _send(task: str, *arguments: int | str) -> None:
    global _broker_failed_at
    if time.monotonic() - _broker_failed_at < BROKER_REST_SECONDS:
        return
    try:
        current_app.send_task(task, args=arguments, retry=False, ignore_result=True)
    except (OperationalError, RedisError, OSError) as error:
        _broker_failed_at = time.monotonic()
        log.warning("job.request_not_sent", task=task, arguments=arguments, error=str(error))
