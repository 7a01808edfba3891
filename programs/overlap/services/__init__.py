"""Every change to overlaps: what a scan finds, and what people decide."""

from programs.overlap.services.full_scan import (
    ask_for_full_scan,
    cancel_full_scan,
    delete_scan,
    run_full_scan,
    scan_part,
    start_full_scan,
)
from programs.overlap.services.review import confirm, dismiss, may_review, reopen
from programs.overlap.services.scan import Found, scan_programs
from programs.overlap.services.stakes import renew_stakes
from programs.overlap.services.sweep import programs_given_up, sweep
from programs.overlap.services.triage import assign_cases, decide_cases, undo_last

__all__ = [
    "Found",
    "ask_for_full_scan",
    "assign_cases",
    "cancel_full_scan",
    "confirm",
    "decide_cases",
    "delete_scan",
    "dismiss",
    "may_review",
    "programs_given_up",
    "renew_stakes",
    "reopen",
    "run_full_scan",
    "scan_part",
    "scan_programs",
    "start_full_scan",
    "sweep",
    "undo_last",
]
