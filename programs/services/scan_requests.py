"""Asking for a scan after a change. The message only makes it sooner: the sweep finds what is left over."""

import time

import structlog
from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

log = structlog.get_logger(__name__)

SCAN_TASK = "programs.overlap.scan_program"
SWEEP_TASK = "programs.overlap.sweep"
FULL_SCAN_TASK = "programs.overlap.nightly_full_scan"
# After the broker has failed to answer, saves do not ask it again for so long: they must not wait for it.
BROKER_REST_SECONDS = 30.0
_broker_failed_at = float("-inf")


def request_scan(program_id: int) -> None:
    """Asks the workers to scan the program once the transaction is committed. Never fails, nor waits long."""
    transaction.on_commit(lambda: _send(SCAN_TASK, program_id))


def request_sweep() -> None:
    """Asks the workers to look for all that is due: one message after a change to many programs."""
    transaction.on_commit(lambda: _send(SWEEP_TASK))


def request_full_scan() -> None:
    """Asks the workers to do the parts of a full scan; what the message does not reach, the sweep hands out."""
    transaction.on_commit(lambda: _send(FULL_SCAN_TASK))


def request_job(task: str, *arguments: int) -> None:
    """Asks the workers for a job once the transaction is committed; what it is to do is in the database anyway."""
    transaction.on_commit(lambda: _send(task, *arguments))


def _send(task: str, *arguments: int) -> None:
    global _broker_failed_at
    if time.monotonic() - _broker_failed_at < BROKER_REST_SECONDS:
        return
    try:
        current_app.send_task(task, args=arguments, retry=False, ignore_result=True)
    except (OperationalError, RedisError, OSError) as error:
        _broker_failed_at = time.monotonic()
        log.warning("scan.request_not_sent", task=task, arguments=arguments, error=str(error))
