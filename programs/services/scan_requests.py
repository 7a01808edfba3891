"""Asking for a scan after a change. The message only makes it sooner: the sweep finds what is left over."""

from core.jobs import request_job

SCAN_TASK = "programs.overlap.scan_program"
SWEEP_TASK = "programs.overlap.sweep"
FULL_SCAN_TASK = "programs.overlap.nightly_full_scan"


def request_scan(program_id: int) -> None:
    """Asks the workers to scan the program once the transaction is committed. Never fails, nor waits long."""
    request_job(SCAN_TASK, program_id)


def request_sweep() -> None:
    """Asks the workers to look for all that is due: one message after a change to many programs."""
    request_job(SWEEP_TASK)


def request_full_scan() -> None:
    """Asks the workers to do the parts of a full scan; what the message does not reach, the sweep assigns."""
    request_job(FULL_SCAN_TASK)
