"""Asking workers for a job after a change. The message only makes it sooner: a sweep finds what is left over."""

import time

import structlog
from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

log = structlog.get_logger(__name__)

# After the broker has failed to answer, saves do not ask it again for so long: they must not wait for it.
BROKER_REST_SECONDS = 30.0
_broker_failed_at = float("-inf")


def request_job(task: str, *arguments: int) -> None:
    """Asks the workers for a job once the transaction is committed; what it is to do is in the database anyway.

    `task` is the task's name; `arguments` its ids. Never fails, nor waits long.
    """
    transaction.on_commit(lambda: _send(task, *arguments))


def _send(task: str, *arguments: int) -> None:
    global _broker_failed_at
    if time.monotonic() - _broker_failed_at < BROKER_REST_SECONDS:
        return
    try:
        current_app.send_task(task, args=arguments, retry=False, ignore_result=True)
    except (OperationalError, RedisError, OSError) as error:
        _broker_failed_at = time.monotonic()
        log.warning("job.request_not_sent", task=task, arguments=arguments, error=str(error))
