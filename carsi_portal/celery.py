"""The Celery application: web processes send to it, `celery -A carsi_portal worker` serves it."""

import os
import warnings
import zlib
from typing import Any

from celery import Celery, Task
from celery.platforms import SecurityWarning
from celery.signals import worker_init

from carsi_portal.schedule import SCHEDULE

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "carsi_portal.settings")

if os.environ.get("DEMONSTRATION") == "true":
    # On one's own machine the worker may well be root's, as everything else of the demonstration.
    warnings.simplefilter("ignore", SecurityWarning)

# What `beat` asks for: a task's name and its arguments.
PERIODIC = {(str(entry["task"]), tuple(entry.get("args", ()))) for entry in SCHEDULE.values()}


def lock_number(task: str, arguments: tuple[Any, ...]) -> int:
    """The number under which a periodic task is locked while it is at work."""
    return zlib.crc32(repr((task, arguments)).encode()) & 0x7FFF_FFFF  # PostgreSQL's has a sign


class OneAtATime(Task):
    """A task that two workers never do at once when `beat` asks for it: the second finds the first at work, and leaves
    the rest to it and to the next round."""

    abstract = True

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if (self.name, args) not in PERIODIC:
            return super().__call__(*args, **kwargs)
        from core.locks import Locked, if_free

        with if_free(Locked.PERIODIC, lock_number(self.name, args)) as free:
            return super().__call__(*args, **kwargs) if free else None


app = Celery("carsi_portal", task_cls=OneAtATime)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_init.connect
def _limit_statements(**_kwargs: Any) -> None:
    """Before the pool is forked."""
    from carsi_portal.database_limits import limit_statements

    limit_statements("worker")
