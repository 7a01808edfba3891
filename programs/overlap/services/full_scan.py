"""A full scan: every pair looked at again, in parts that any worker can do, and do again after a crash.

First the profiles that are due are made, in parts of their own; then all programs are compared, neighbours in one
part. What each part did stands in the database, so that a scan goes on wherever it was stopped.
"""

import time
from collections.abc import Callable
from datetime import timedelta

import structlog
from django.db import IntegrityError, connection, transaction
from django.db.models import F, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.errors import NotAllowed, Refused
from core.jobs import MOST_ATTEMPTS
from core.locks import Locked, if_free
from core.memory import cycles_seldom_looked_for
from donors.models import User
from programs.models import Program
from programs.overlap.calibrated import current_model
from programs.overlap.listed_candidates import Listed, list_candidates
from programs.overlap.models import ProgramProfile, ScanPart, ScanRun
from programs.overlap.profiles import programs_to_read, refresh_profiles
from programs.overlap.services.bodies import compare_again_what_names_other_bodies
from programs.overlap.services.review import may_review
from programs.overlap.services.sampling import keep_sample_bounded
from programs.overlap.services.scan import Found, scan_programs
from programs.services.scan_requests import request_full_scan

log = structlog.get_logger(__name__)

PROGRAMS_A_PART = 500
# No transaction lives longer: what was saved this long before a full scan began was seen by all of its parts.
LONGEST_TRANSACTION = timedelta(minutes=5)
# A program that somebody is changing just now is waited for so many times, a little longer each time.
TRIES, SECONDS_BETWEEN_TRIES = 12, 0.05

Step = ScanPart.Step


def start_full_scan() -> ScanRun:
    """A new full scan with its first parts; the one that is running, if any (its unfinished parts go on)."""
    compare_again_what_names_other_bodies()
    try:
        with transaction.atomic():
            keep_sample_bounded(may_fall=True)
            to_read = programs_to_read()
            run = ScanRun.objects.create(
                model_version=current_model().version, programs=Program.objects.count(), to_read=len(to_read)
            )
            _cut(run, Step.READ, to_read)
    except IntegrityError:
        return ScanRun.objects.get(finished_at__isnull=True)
    _advance(run)
    return run


def ask_for_full_scan(*, actor: User) -> ScanRun:
    """A full scan that a coordinator asks for. NotAllowed for anybody else."""
    if not may_review(actor):
        raise NotAllowed()
    run = start_full_scan()
    request_full_scan()
    log.info("scan.asked_for", run_id=run.pk, actor=actor.pk)
    return run


@transaction.atomic
def cancel_full_scan(*, actor: User) -> None:
    """Ends the running full scan where it is: what it found stays, what it did not reach is left to the next one.
    NotAllowed for anybody but coordinators, Refused where none is running."""
    if not may_review(actor):
        raise NotAllowed()
    running = ScanRun.objects.filter(finished_at__isnull=True)
    if not running.update(finished_at=timezone.now(), cancelled_by=actor):
        raise Refused(_("There is nothing to cancel: no full scan is running."))
    log.info("scan.cancelled", actor=actor.pk)


def delete_scan(run: ScanRun, *, actor: User) -> None:
    """Takes the record of a full scan away; overlaps stay. Refused while it is running."""
    if not may_review(actor):
        raise NotAllowed()
    if not ScanRun.objects.filter(pk=run.pk, finished_at__isnull=False).delete()[0]:
        raise Refused(_("This full scan is still running. Cancel it first, then delete it."))
    log.info("scan.deleted", run_id=run.pk, actor=actor.pk)


def scan_part(part_id: int) -> list[int] | None:
    """Does one part; None where it is done, or another worker is at it. Safe to run twice, or at once.

    A part that MOST_ATTEMPTS workers did not come to the end of is given up: its programs stay due.
    Returns the parts that can be done now and could not before.
    """
    with if_free(Locked.SCAN_PART, part_id) as got_it, cycles_seldom_looked_for():
        if not got_it:
            return None
        part = ScanPart.objects.unfinished().select_related("run").filter(pk=part_id).first()
        if part is None:
            return None
        if part.attempts >= MOST_ATTEMPTS:
            ScanPart.objects.filter(pk=part_id).update(is_given_up=True)
            log.error("scan.part_given_up", part_id=part_id, programs=part.program_ids[:10])
            return _advance(part.run)
        ScanPart.objects.filter(pk=part_id).update(attempts=F("attempts") + 1, queued_at=None)
        found = _read(part.program_ids) if part.step == Step.READ else _compare(part)
        if found.busy:
            # It came to an end in good order: somebody is saving, and that ends by itself.
            ScanPart.objects.filter(pk=part_id).update(attempts=F("attempts") - 1)
            log.warning("scan.part_put_off", part_id=part_id, programs=sorted(found.busy)[:10])
            return None
        ScanPart.objects.filter(pk=part_id).update(
            done_at=timezone.now(),
            programs=found.programs,
            pairs=found.pairs,
            flagged=found.flagged,
            left_ids=[],
            right_ids=[],
        )
        return _advance(part.run)


def run_full_scan(progress: Callable[[int, int], None] = lambda done, of: None) -> Found:
    """A full scan in this process, beside whatever workers there are; `progress` hears of programs done, of how many.

    Parts that a worker is at are waited for.
    """
    run = start_full_scan()
    while True:
        parts = run.parts.filter(done_at__isnull=True, is_given_up=False).order_by("step", "number")
        left = list(parts.values_list("pk", flat=True))
        done = run.parts.aggregate(Sum("programs"))["programs__sum"] or 0
        progress(done, run.programs + run.to_read)
        if not left and not _advance(run):
            break
        # Where none can be done, all that is left is in other workers' hands.
        if left and all(scan_part(pk) is None for pk in left):
            time.sleep(0.2)
    compared = run.parts.filter(step=Step.COMPARE)
    sums = compared.aggregate(Sum("programs"), Sum("pairs"), Sum("flagged"))
    return Found(sums["programs__sum"] or 0, sums["pairs__sum"] or 0, sums["flagged__sum"] or 0)


def _cut(run: ScanRun, step: int, ids: list[int]) -> list[int]:
    cuts = [ids[i : i + PROGRAMS_A_PART] for i in range(0, len(ids), PROGRAMS_A_PART)]
    parts = ScanPart.objects.bulk_create(
        ScanPart(run=run, step=step, number=number, program_ids=cut) for number, cut in enumerate(cuts, 1)
    )
    return [part.pk for part in parts]


def _read(ids: list[int]) -> Found:
    refresh_profiles(ids)
    return Found(programs=len(ids))


def _compare(part: ScanPart) -> Found:
    listed = None
    if part.listed_before is not None:
        listed = Listed(list(zip(part.left_ids, part.right_ids, strict=True)), part.listed_before)
    found = scan_programs(part.program_ids, upwards=True, listed=listed)
    keep_sample_bounded()
    busy = found.busy
    for number in range(TRIES):
        if not busy:
            break
        time.sleep(SECONDS_BETWEEN_TRIES * (number + 1))
        busy = scan_programs(sorted(busy)).busy
    return Found(found.programs, found.pairs, found.flagged, busy)


@transaction.atomic
def _advance(run: ScanRun) -> list[int]:
    """Begins to compare after the last profile is made, and ends the run after its last part; what can be done now."""
    locked = ScanRun.objects.select_for_update().filter(pk=run.pk, finished_at__isnull=True).first()
    if locked is None or locked.parts.filter(done_at__isnull=True, is_given_up=False).exists():
        return []
    if not locked.parts.filter(step=Step.COMPARE).exists():
        ids = list(ProgramProfile.objects.order_by("home", "pk").values_list("pk", flat=True))
        if ids:
            _count_keys()
            parts = _cut(locked, Step.COMPARE, ids)
            list_candidates(locked.pk, Step.COMPARE)
            return parts
    ScanRun.objects.filter(pk=run.pk).update(finished_at=timezone.now())
    # What the run has seen in full need not be scanned once more by itself.
    seen = Program.objects.due_for_scan().filter(
        updated_at__lt=locked.started_at - LONGEST_TRANSACTION, profile__version=F("version")
    )
    left = {pk for ids in locked.parts.filter(is_given_up=True).values_list("program_ids", flat=True) for pk in ids}
    Program.objects.filter(pk__in=[pk for pk in seen.values_list("pk", flat=True) if pk not in left]).update(
        scanned_version=F("version"), scanned_at=timezone.now()
    )
    log.info("scan.finished", run_id=run.pk, programs=locked.programs)
    return []


def _count_keys() -> None:
    """Statistics for the planner, which after many new profiles would have none before autovacuum came by."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE overlap_candidatekey, overlap_programprofile")
