"""A pytest plugin: what the processes of pytest-xdist share out among them.

A file is one piece, run by one process, but for those named here. The longest begin first: begun last, one of them
would run alone at the end. `pytest --durations=50` says which those are.
"""

import os
from collections.abc import Iterable
from typing import Any
from zlib import crc32

import pytest
from xdist.scheduler import LoadScopeScheduling

# Files and folders in the order in which they begin, before all others.
LONGEST = (
    "tests/carsi_portal/test_set_up.py",  # those behind it copy the static files that it has compressed
    "tests/carsi_portal/test_run.py",
    "tests/carsi_portal/test_deployment_runs.py",
    "tests/carsi_portal/test_api_schema.py",
    "tests/carsi_portal/test_permission_matrix.py",
    "tests/programs/exchange/test_import_worker.py",
    "tests/browser/",
    "tests/programs/test_form_in_browser.py",
    "tests/programs/exchange/iati/",
    "tests/test_upgrades.py",
    "tests/programs/webhooks/",
    "tests/programs/overlap/",
    "tests/programs/reports/",
)
# What starts processes and waits for them: two at once would leave the processors idle, as they do beside other tests.
WAITING = (
    "tests/carsi_portal/test_run.py",
    "tests/carsi_portal/test_set_up.py",
    "tests/carsi_portal/test_deployment_runs.py",
    "tests/programs/exchange/test_import_worker.py",
)
# Of these every class is a piece, and the functions outside of classes are cut into some.
CUT = ("tests/browser/", "tests/programs/test_form_in_browser.py")
PIECES = 4


def piece_of(nodeid: str) -> str:
    """The piece that a test belongs to: the same for the same name, in every process and run."""
    file, _, name = nodeid.partition("::")
    if not file.startswith(CUT):
        return file
    if "::" in name.partition("[")[0]:
        return f"{file}::{name.partition('::')[0]}"
    return f"{file}::{crc32(name.encode()) % PIECES}"


def next_piece(left: Iterable[str], *, beside_waiting: bool) -> str:
    """Which of the pieces that are left begins next, where another process is at one of WAITING (`beside_waiting`) or
    not."""
    ranked = sorted(left, key=_rank)  # of the same rank the first comes first
    return next((piece for piece in ranked if not (beside_waiting and piece.startswith(WAITING))), ranked[0])


def _rank(piece: str) -> int:
    return next((number for number, beginning in enumerate(LONGEST) if piece.startswith(beginning)), len(LONGEST))


class ByPiece(LoadScopeScheduling):
    """One process a piece, the longest first."""

    def _assign_work_unit(self, node: Any) -> None:
        beside_waiting = any(
            piece.startswith(WAITING) and not all(tests.values())
            for other, pieces in self.assigned_work.items()
            if other is not node
            for piece, tests in pieces.items()
        )
        self.workqueue.move_to_end(next_piece(self.workqueue, beside_waiting=beside_waiting), last=False)
        super()._assign_work_unit(node)

    def _split_scope(self, nodeid: str) -> str:
        return piece_of(nodeid)


# Loaded before xdist, whose own answer (of processors with a body of their own) would be asked first.
@pytest.hookimpl(optionalhook=True, tryfirst=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """As many as the machine has processors: with one more the browsers and workers that tests start wait for each
    other."""
    return os.cpu_count() or 1


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByPiece:
    return ByPiece(config, log)
