"""Periodic tasks end before they are due again and never run twice at once; each kind of work has its own queue."""

from contextlib import closing
from datetime import timedelta
from typing import Any

import psycopg2
import pytest
from celery import current_app
from celery.schedules import crontab
from django.db import connection
from django.utils import timezone

from carsi_portal.celery import lock_number
from carsi_portal.queues import QUEUES, WORKERS
from carsi_portal.schedule import SCHEDULE
from core.locks import Locked
from programs.webhooks.models import Delivery, Endpoint, Kind
from programs.webhooks.tasks import sweep
from tests import factories

OURS = ("core.", "goals.", "donors.", "programs.")


def our_tasks() -> list[str]:
    current_app.loader.import_default_modules()
    return sorted(name for name in current_app.tasks if name.startswith(OURS))


def interval(schedule: timedelta | crontab) -> timedelta:
    """The time between two rounds; of days of the week or the month, the shortest that there may be."""
    if isinstance(schedule, timedelta):
        return schedule
    days = 7 if len(schedule.day_of_week) == 1 else 1
    assert len(schedule.hour) == len(schedule.minute) == 1
    return timedelta(days=days)


@pytest.mark.parametrize("entry", SCHEDULE.values(), ids=list(SCHEDULE))
class TestSchedule:
    def test_what_waited_until_the_next_round_is_not_done_twice(self, entry: dict[str, Any]) -> None:
        assert 0 < entry["options"]["expires"] < interval(entry["schedule"]).total_seconds()

    def test_the_task_is_there(self, entry: dict[str, Any]) -> None:
        assert entry["task"] in our_tasks()


class TestOneAtATime:
    @pytest.fixture
    def other(self, db: None) -> Any:
        """A connection of another worker."""
        settings = connection.settings_dict
        with closing(
            psycopg2.connect(
                dbname=settings["NAME"],
                host=settings["OPTIONS"].get("host") or settings["HOST"],
                port=settings["PORT"] or None,
                user=settings["USER"],
                password=settings["PASSWORD"],
            )
        ) as found:
            yield found

    def test_a_sweep_leaves_it_to_the_one_that_is_at_work(self, other: Any) -> None:
        ping = self._message()
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s, %s)", [int(Locked.PERIODIC), lock_number(sweep.name, ())])

            assert sweep() is None
            assert Delivery.objects.get(pk=ping.pk).queued_at is None

            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [int(Locked.PERIODIC), lock_number(sweep.name, ())])
        sweep()
        assert Delivery.objects.get(pk=ping.pk).queued_at is not None

    def test_what_is_asked_for_one_thing_waits_for_nobody(self, other: Any) -> None:
        """Only what `beat` asks for is looked after: a job for one program is not the sweep over all."""
        from carsi_portal.celery import PERIODIC

        assert ("programs.agreements.watch", ()) in PERIODIC
        assert not [name for name, arguments in PERIODIC if any(isinstance(one, int) for one in arguments)]

    def test_no_two_share_a_lock(self) -> None:
        periodic = {(entry["task"], tuple(entry.get("args", ()))) for entry in SCHEDULE.values()}

        assert len({lock_number(*one) for one in periodic}) == len(periodic)

    def _message(self) -> Delivery:
        endpoint = Endpoint(
            owner=factories.user(), name="Ours", url="https://example.org/", kinds=[Kind.PROGRAM_CLOSED]
        )
        endpoint.make_secret()
        endpoint.save()
        return Delivery.objects.create(endpoint=endpoint, kind="ping", body={}, next_try_at=timezone.now())


class TestQueues:
    @pytest.mark.parametrize("task", our_tasks())
    def test_each_task_goes_to_a_queue_that_one_worker_serves(self, task: str) -> None:
        queue = current_app.amqp.router.route({}, task)["queue"].name

        assert [worker.name for worker in WORKERS if queue in worker.queues]
        assert queue in QUEUES

    @pytest.mark.parametrize(
        ("task", "worker"),
        [
            ("programs.overlap.scan_program", "worker"),
            ("programs.exchange.work_on", "worker-imports"),
            ("programs.reports.make", "worker-reports"),
            ("programs.webhooks.deliver", "worker-webhooks"),
        ],
    )
    def test_no_kind_of_long_work_shares_its_processes_with_another(self, task: str, worker: str) -> None:
        queue = current_app.amqp.router.route({}, task)["queue"].name

        assert [one.name for one in WORKERS if queue in one.queues] == [worker]

    def test_every_queue_is_served_and_no_other(self) -> None:
        served = [queue for worker in WORKERS for queue in worker.queues]

        assert sorted(served) == sorted(QUEUES)

    def test_a_worker_that_is_told_of_no_queue_serves_all(self) -> None:
        assert set(current_app.amqp.queues.consume_from) == set(QUEUES)
