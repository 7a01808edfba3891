"""Every change to overlaps: what a scan finds, and what people decide."""

from programs.overlap.services.amounts import renew_stakes
from programs.overlap.services.answering import answer_uncertain
from programs.overlap.services.calibrations import accept_calibration, decline_calibration, reverse_calibration
from programs.overlap.services.certainty import renew_highest_shown
from programs.overlap.services.full_scan import (
    ask_for_full_scan,
    cancel_full_scan,
    delete_scan,
    run_full_scan,
    scan_part,
    start_full_scan,
)
from programs.overlap.services.proposing import propose_calibration
from programs.overlap.services.review import confirm, dismiss, may_review, reopen
from programs.overlap.services.scan import Found, scan_programs
from programs.overlap.services.sweep import programs_given_up, sweep
from programs.overlap.services.triage import assign_cases, decide_cases, undo_last

__all__ = [
    "Found",
    "accept_calibration",
    "answer_uncertain",
    "ask_for_full_scan",
    "assign_cases",
    "cancel_full_scan",
    "confirm",
    "decide_cases",
    "decline_calibration",
    "delete_scan",
    "dismiss",
    "may_review",
    "programs_given_up",
    "propose_calibration",
    "renew_highest_shown",
    "renew_stakes",
    "reopen",
    "reverse_calibration",
    "run_full_scan",
    "scan_part",
    "scan_programs",
    "start_full_scan",
    "sweep",
    "undo_last",
]
