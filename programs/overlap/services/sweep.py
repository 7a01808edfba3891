"""What is left to do, derived from the database: nothing is lost with a message, a worker or the broker."""

import time

from programs.models import Program
from programs.overlap.models import ScanPart
from programs.overlap.services.clusters import settle_due_clusters
from programs.overlap.services.scan import Found, scan_programs

SECONDS_A_SWEEP = 25.0
PROGRAMS_AT_ONCE = 200


def sweep(seconds: float | None = SECONDS_A_SWEEP) -> Found:
    """Scans programs that changed since they were scanned, for so many seconds (None: until none is left)."""
    began = time.monotonic()
    found, last_id = Found(), 0
    while seconds is None or time.monotonic() - began < seconds:
        due = Program.objects.due_for_scan().filter(pk__gt=last_id).order_by("pk")
        ids = list(due.values_list("pk", flat=True)[:PROGRAMS_AT_ONCE])
        if not ids:
            break
        found += scan_programs(ids)
        last_id = ids[-1]
    settle_due_clusters()
    return found


def unfinished_parts() -> list[int]:
    """Parts of the running full scan that no worker has finished."""
    return list(ScanPart.objects.unfinished().order_by("step", "number").values_list("pk", flat=True))
