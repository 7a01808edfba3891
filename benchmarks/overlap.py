"""Measures scans: `python -m benchmarks.overlap --size 10000 --size 100000 [--peer PYTHON]`.

Everything runs against a scratch PostgreSQL and Redis of its own (fsync off), with real Celery workers.
"""

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from benchmarks.programs import Row, dense_block, generate
from benchmarks.scratch import areas, forget_scans, load, scratch_servers, vacuum

ROOT = Path(__file__).resolve().parent.parent
LONGEST_SCAN_SECONDS = 3600
PEER_SECONDS = 600


@dataclass(frozen=True)
class Scan:
    """A full scan by some workers: seconds, and the most memory that all of them together had, in MiB."""

    workers: int
    seconds: float
    memory: float
    pairs: int
    flagged: int


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--size", type=int, action="append", default=[])
    arguments.add_argument("--dense", type=int, help="programs of one goal in one country, without area and town")
    arguments.add_argument("--workers", type=int, action="append", help="1 and 2 unless told")
    arguments.add_argument("--samples", type=int, default=200)
    arguments.add_argument("--saves", type=int, default=30)
    arguments.add_argument("--peer", default="", help="a Python that has splink")
    options = arguments.parse_args()
    print(f"Load of the machine before: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    seconds: dict[int, dict[str, float]] = {}
    if options.dense:
        dense(options.dense, options.samples)
    for size in options.size:
        # Django reads its settings once: each size has a process, and servers, of its own.
        if len(options.size) > 1:
            out = subprocess.run(
                [sys.executable, "-m", "benchmarks.overlap", "--size", str(size), "--samples", str(options.samples),
                 "--saves", str(options.saves), *(["--peer", options.peer] if options.peer else []),
                 *(word for workers in options.workers or () for word in ("--workers", str(workers)))],
                cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True,
            ).stdout  # fmt: skip
            print(out, end="")
            seconds[size] = json.loads(out.strip().splitlines()[-1])
        else:
            measure(size, options)
    if len(seconds) > 1:
        smallest, largest = min(seconds), max(seconds)
        for scan in ("first", "again"):
            times = seconds[largest][scan] / seconds[smallest][scan]
            print(f"Growth, {scan}: {largest:,} programs take {times:.1f} times what {smallest:,} take")


def dense(size: int, samples: int) -> None:
    """Prints how many candidates programs have that tell least of where they work, and how long they take to find."""
    print(f"\nDense block of {size:,} programs")
    with scratch_servers():
        from programs.overlap.candidates import candidate_pairs
        from programs.overlap.profiles import refresh_profiles

        load(dense_block(size))
        ids = range(1, size + 1)
        refresh_profiles(ids)
        vacuum()
        print(f"  {len(candidate_pairs(list(ids), upwards=True)) / size:.1f} pairs a program")
        median, p95 = _times(lambda pk: candidate_pairs([pk]), random.Random(7).sample(ids, min(samples, size)))
        print(f"  look up: median {median:.1f}, p95 {p95:.1f} ms")


def measure(size: int, options: argparse.Namespace) -> None:
    """Prints the figures of one size; the last line is JSON."""
    print(f"\n{size:,} programs")
    with scratch_servers():
        began = time.perf_counter()
        rows = list(generate(size, areas()))
        load(rows)
        print(f"  made and loaded in {time.perf_counter() - began:.1f} s")
        scans = []
        for workers in options.workers or (1, 2):
            forget_scans()
            scans.append(full_scan(workers))
            print(_in_words(scans[-1], "first full scan"))
        vacuum()
        again, both = full_scan(1), full_scan(2)
        print(_in_words(again, "full scan again"))
        print(_in_words(both, "full scan again"))
        if len(scans) > 1:
            print(f"  two workers are {scans[0].seconds / scans[1].seconds:.2f} times one in the first scan")
        print(f"  two workers are {again.seconds / both.seconds:.2f} times one in the next")
        print(f"  {again.pairs / size:.2f} pairs and {again.flagged / size:.3f} flags a program")
        figures = _one_program(size, options.samples)
        figures |= {"save_to_flag_ms": _saves(rows, options.saves), "preview_ms": _previews(rows, options.samples)}
        for name, value in figures.items():
            print(f"  {name.replace('_', ' ')}: median {value[0]:.1f}, p95 {value[1]:.1f}")
        print(f"  look-up in the scan: {figures['scan_ms'][1] / figures['look_up_ms'][1]:.1f} times its p95")
        print(_plan(size // 2))
        if options.peer:
            print(_peer(rows, options.peer, (again, both)), end="")
        print(json.dumps({"size": size, "first": scans[0].seconds, "again": again.seconds, **figures}))


def full_scan(workers: int) -> Scan:
    """A full scan by so many real Celery workers of their own."""
    from programs.overlap.models import ScanRun
    from programs.overlap.services import start_full_scan
    from programs.overlap.tasks import nightly_full_scan

    processes = [_worker() for _ in range(workers)]
    try:
        _wait_for_workers(workers)
        began = time.perf_counter()
        run = start_full_scan()
        nightly_full_scan.delay()
        most = 0.0
        while not ScanRun.objects.filter(pk=run.pk, finished_at__isnull=False).exists():
            most = max(most, sum(_memory(process) for process in processes))
            if time.perf_counter() - began > LONGEST_SCAN_SECONDS:
                raise SystemExit("the full scan took too long")
            time.sleep(0.05)
        seconds = time.perf_counter() - began
    finally:
        for process in processes:
            process.terminate()
            process.wait()
    done = ScanRun.objects.with_progress().get(pk=run.pk)
    return Scan(workers, seconds, most, done.pairs_compared, done.pairs_flagged)


def _worker() -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "celery", "-A", "carsi_portal", "worker", "--pool", "solo", "--loglevel", "ERROR"]
    return subprocess.Popen(
        [*command, "--hostname", f"bench{time.monotonic_ns()}@%h"],
        cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip


def _wait_for_workers(number: int) -> None:
    from celery import current_app

    for _ in range(60):
        if len(current_app.control.ping(timeout=1) or ()) >= number:
            return
    raise SystemExit("the workers did not start")


def _memory(process: subprocess.Popen[bytes]) -> float:
    try:
        return psutil.Process(process.pid).memory_info().rss / 2**20
    except psutil.Error:
        return 0.0


def _one_program(size: int, samples: int) -> dict[str, tuple[float, float]]:
    """Milliseconds of the bare look-up of candidates, of a scan, and of a scan that makes the profile again."""
    from programs.overlap.candidates import find_candidates
    from programs.overlap.profiles import refresh_profiles
    from programs.overlap.services import scan_programs

    ids = random.Random(7).sample(range(1, size + 1), min(samples, size))

    def changed(pk: int) -> None:
        refresh_profiles([pk], again=True)
        scan_programs([pk])

    return {
        "look_up_ms": _times(lambda pk: find_candidates([pk]), ids),
        "scan_ms": _times(lambda pk: scan_programs([pk]), ids),
        "scan_after_a_change_ms": _times(changed, ids),
    }


def _times(work: Callable[[int], Any], ids: list[int]) -> tuple[float, float]:
    took = []
    for pk in ids:
        began = time.perf_counter()
        work(pk)
        took.append((time.perf_counter() - began) * 1000)
    return _median_and_p95(took)


def _median_and_p95(values: list[float]) -> tuple[float, float]:
    return statistics.median(values), sorted(values)[int(len(values) * 0.95)]


def _saves(rows: list[Row], saves: int) -> tuple[float, float]:
    """From the begin of a save to the flag that another process sees: the save, the broker, a worker's scan."""
    from programs.models import Program
    from programs.services import save_program

    worker = _worker()
    took = []
    try:
        _wait_for_workers(1)
        for number, row in enumerate(_placed(rows, saves)):
            data = _data(row, f"NEW-{number}")
            began = time.perf_counter()
            program = save_program(data, actor=None).program
            while Program.objects.due_for_scan().filter(pk=program.pk).exists():
                time.sleep(0.002)
            took.append((time.perf_counter() - began) * 1000)
    finally:
        worker.terminate()
        worker.wait()
    return _median_and_p95(took)


def _placed(rows: list[Row], number: int) -> list[Row]:
    return random.Random(9).sample([row for row in rows if row.area and row.locality], min(number, len(rows) // 2))


def _data(row: Row, identifier: str) -> Any:
    from decimal import Decimal

    from programs.services import BudgetData, CoverageData, GoalData, LocationData, ParticipationData, ProgramData

    return ProgramData(
        reporting_org_id=row.reporter + 1, identifier=identifier, title=row.title, description=row.description,
        language=row.language, status=2, planned_start=row.start, planned_end=row.end,
        participations=(ParticipationData(row.funder + 1, 1),), coverages=(CoverageData(country_id=row.country),),
        locations=(LocationData(area_id=row.area, name=row.locality),), goals=(GoalData(row.goal, Decimal(100)),),
        budgets=(BudgetData(Decimal(row.budget), "USD"),),
    )  # fmt: skip


def _plan(program: int) -> str:
    """How the database looks up the candidates of one program."""
    from django.db import connection

    from programs.overlap.candidates import PAIRS

    with connection.cursor() as cursor:
        explain = "EXPLAIN (ANALYZE, BUFFERS, COSTS OFF)"
        cursor.execute(f"{explain} {PAIRS}", {"ids": [program], "upwards": False})
        return "\n".join(f"    {line}" for (line,) in cursor.fetchall())


def _previews(rows: list[Row], samples: int) -> tuple[float, float]:
    """The panel's answer for a program that is being typed: reading its texts, candidates, scores, sentences."""
    from donors.models import Organization
    from programs.overlap.engine.reading import read
    from programs.overlap.services.preview import preview_of_form
    from tests import factories

    partner = factories.user(Organization.objects.get(pk=1), "viewer")
    took = []
    for row in _placed(rows, samples):
        data = _data(row, "")
        read.cache_clear()
        began = time.perf_counter()
        preview_of_form(data, None, partner)
        took.append((time.perf_counter() - began) * 1000)
    return _median_and_p95(took)


def _peer(rows: list[Row], python: str, scans: Sequence[Scan]) -> str:
    """Splink on the same rows with the same sentence vectors, and its time and memory against the scan's."""
    with tempfile.TemporaryDirectory() as folder:
        _write_for_peer(Path(folder), rows)
        # -P: this folder's queue.py is not the standard one.
        command = [python, "-P", str(ROOT / "benchmarks" / "peer.py"), folder, "--block", "time"]
        try:
            out = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, timeout=PEER_SECONDS).stdout
        except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
            return f"  splink gave up: {type(error).__name__} after at most {PEER_SECONDS} s\n"
    splink = json.loads(out.strip().splitlines()[-1])["splink"]
    lines = [f"  splink: {splink['seconds']:.1f} s, {splink['memory']:.0f} MiB, {splink['pairs']} pairs over 0.01\n"]
    for scan in scans:
        name = "1 worker" if scan.workers == 1 else f"{scan.workers} workers"
        lines.append(
            f"  the full scan again, {name}: {scan.seconds / splink['seconds']:.2f} times Splink's time,"
            f" {scan.memory / splink['memory']:.2f} times its memory\n"
        )
    return "".join(lines)


def _write_for_peer(folder: Path, rows: list[Row]) -> None:
    import numpy as np

    from programs.overlap.profiles import stored_profiles

    vectors = []
    with (folder / "programs.jsonl").open("w", encoding="utf-8") as file:
        for i in range(0, len(rows), 5000):
            some = rows[i : i + 5000]
            profiles = stored_profiles(row.number + 1 for row in some)
            vectors.append(np.array([np.frombuffer(profiles[row.number + 1].reading.meaning, np.int8) for row in some]))
            for row in some:
                fields = {
                    "id": row.number, "title": row.title, "text": row.description, "country": row.country,
                    "area": row.area, "locality": row.locality or None, "goal": str(row.goal), "sector": row.sector,
                    "funder": str(row.funder), "implementer": str(row.implementer), "start": row.start,
                    "budget": row.budget,
                }  # fmt: skip
                file.write(json.dumps(fields, default=str) + "\n")
    np.save(folder / "vectors.npy", np.concatenate(vectors))


def _in_words(scan: Scan, name: str) -> str:
    workers = "1 worker" if scan.workers == 1 else f"{scan.workers} workers"
    return f"  {name}, {workers}: {scan.seconds:.1f} s, {scan.memory:.0f} MiB"


if __name__ == "__main__":
    main()
