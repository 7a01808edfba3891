"""A full scan: every pair looked at anew, in parts that any worker can do, and do again after a crash."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import structlog
from django.db import IntegrityError, connection, transaction
from django.db.models import F, Sum
from django.utils import timezone

from programs.models import Program
from programs.overlap.engine.score import model
from programs.overlap.models import ScanPart, ScanRun
from programs.overlap.services.scan import Found, scan_programs

log = structlog.get_logger(__name__)

PROGRAMS_A_PART = 250
PROGRAMS_AT_ONCE = 50
# No transaction lives longer: what was saved this long before a full scan began was seen by all of its parts.
LONGEST_TRANSACTION = timedelta(minutes=5)
LOCK_NAMESPACE = 0x0CA51


def start_full_scan() -> ScanRun:
    """A new full scan with its parts; the one that is running, if any (its unfinished parts go on)."""
    ids = list(Program.objects.order_by("pk").values_list("pk", flat=True))
    try:
        with transaction.atomic():
            run = ScanRun.objects.create(model_version=model().version, programs=len(ids))
            parts = [ids[i : i + PROGRAMS_A_PART] for i in range(0, len(ids), PROGRAMS_A_PART)]
            ScanPart.objects.bulk_create(ScanPart(run=run, first_id=part[0], last_id=part[-1]) for part in parts)
    except IntegrityError:
        return ScanRun.objects.get(finished_at__isnull=True)
    _finish_if_done(run)
    return run


def scan_part(part_id: int) -> Found | None:
    """Does one part; None where it is done, or another worker is at it. Safe to run twice, or at once."""
    with _lock(part_id) as got_it:
        if not got_it:
            return None
        part = ScanPart.objects.unfinished().filter(pk=part_id).first()
        if part is None:
            return None
        ids = list(
            Program.objects.filter(pk__gte=part.first_id, pk__lte=part.last_id)
            .order_by("pk")
            .values_list("pk", flat=True)
        )
        found = Found()
        for i in range(0, len(ids), PROGRAMS_AT_ONCE):
            found += scan_programs(ids[i : i + PROGRAMS_AT_ONCE], upwards=True)
        ScanPart.objects.filter(pk=part_id).update(
            done_at=timezone.now(), programs=found.programs, pairs=found.pairs, flagged=found.flagged
        )
        _finish_if_done(part.run)
        return found


def run_full_scan(progress: Callable[[int, int], None] = lambda done, of: None) -> Found:
    """A full scan in this process, beside whatever workers there are; `progress` hears of parts done, and of how many.

    Parts that a worker is at are waited for.
    """
    run = start_full_scan()
    parts = list(run.parts.order_by("pk").values_list("pk", flat=True))
    while True:
        left = list(run.parts.filter(done_at__isnull=True).order_by("pk").values_list("pk", flat=True))
        progress(len(parts) - len(left), len(parts))
        if not left:
            break
        if scan_part(left[0]) is None and not any(scan_part(pk) for pk in left[1:]):
            time.sleep(0.2)  # all that is left is in other workers' hands
    _finish_if_done(run)
    sums = run.parts.aggregate(Sum("programs"), Sum("pairs"), Sum("flagged"))
    return Found(sums["programs__sum"] or 0, sums["pairs__sum"] or 0, sums["flagged__sum"] or 0)


def _finish_if_done(run: ScanRun) -> None:
    """Ends the run after its last part; what it has seen in full need not be scanned once more by itself."""
    if run.parts.filter(done_at__isnull=True).exists():
        return
    ended = ScanRun.objects.filter(pk=run.pk, finished_at__isnull=True).update(finished_at=timezone.now())
    if ended:
        Program.objects.due_for_scan().filter(updated_at__lt=run.started_at - LONGEST_TRANSACTION).update(
            scanned_version=F("version"), scanned_at=timezone.now()
        )
        log.info("scan.finished", run_id=run.pk, programs=run.programs)


@contextmanager
def _lock(part_id: int) -> Iterator[bool]:
    """An advisory lock of this session on the part; whether it was free. It goes with a worker that dies."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [LOCK_NAMESPACE, part_id])
        got_it = cursor.fetchone()[0]
    try:
        yield got_it
    finally:
        if got_it:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [LOCK_NAMESPACE, part_id])
