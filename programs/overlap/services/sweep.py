"""What is left to do, derived from the database: nothing is lost with a message, a worker or the broker."""

import time

import structlog
from celery.exceptions import SoftTimeLimitExceeded

from core.jobs import MOST_ATTEMPTS, to_queue
from core.locks import Locked
from programs.models import Program
from programs.overlap.models import BegunScan, ScanPart
from programs.overlap.services.amounts import write_missing_amounts
from programs.overlap.services.bodies import compare_again_what_names_other_bodies
from programs.overlap.services.clusters import settle_due_clusters
from programs.overlap.services.sampling import keep_sample_bounded
from programs.overlap.services.scan import Found, scan_programs
from programs.querysets import ProgramQuerySet

log = structlog.get_logger(__name__)

SECONDS_A_SWEEP = 25.0
PROGRAMS_AT_ONCE = 200


def sweep(seconds: float | None = SECONDS_A_SWEEP) -> Found:
    """Scans programs that changed since they were scanned, for so many seconds (None: until none is left).

    Programs at which a worker died before are tried one by one after all others, and after MOST_ATTEMPTS left alone
    until they are changed.
    """
    until = None if seconds is None else time.monotonic() + seconds
    compare_again_what_names_other_bodies()
    begun = BegunScan.objects.of_current_versions()
    found = _scan(until, Program.objects.due_for_scan().exclude(pk__in=begun.values("program")), PROGRAMS_AT_ONCE)
    suspects = begun.filter(attempts__lt=MOST_ATTEMPTS).values("program")
    found += _scan(until, Program.objects.due_for_scan().filter(pk__in=suspects), 1)
    settle_due_clusters()
    write_missing_amounts()
    if found.programs:
        keep_sample_bounded()
    return found


def _scan(until: float | None, due: ProgramQuerySet, at_once: int) -> Found:
    found, last_id = Found(), 0
    while until is None or time.monotonic() < until:
        ids = list(due.filter(pk__gt=last_id).order_by("pk").values_list("pk", flat=True)[:at_once])
        if not ids:
            break
        BegunScan.objects.begin(ids)
        try:
            found += scan_programs(ids)
        except SoftTimeLimitExceeded:
            raise
        except Exception:  # one program must not keep the others from being scanned
            log.exception("scan.failed", programs=ids[:10], count=len(ids))
        else:
            BegunScan.objects.filter(pk__in=ids).delete()
        last_id = ids[-1]
    return found


def parts_to_queue() -> list[int]:
    """Parts of the running full scan that no worker has finished or is at, and that wait in no queue."""
    return to_queue(ScanPart.objects.unfinished().order_by("step", "number"), Locked.SCAN_PART)


def programs_given_up() -> int:
    """How many programs are left alone, since no worker came to the end of scanning them."""
    return BegunScan.objects.given_up(MOST_ATTEMPTS).count()
