"""Whether an export of IATI grows with the programs: `make bench-export SIZE=100000`.

Made-up programs on throw-away servers. For each size the file is written once, piece by piece, and thrown away: how
long its first piece and its first activity took, how many programs a second, and how much memory the process grew by.
"""

import argparse
import gc
import os
import platform
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import psutil

from benchmarks.programs import generate
from benchmarks.scratch import areas, load, scratch_servers

MIB = 2**20


def main() -> None:
    arguments = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    arguments.add_argument("--size", type=int, default=20_000)
    options = arguments.parse_args()
    with scratch_servers():
        load(list(generate(options.size, areas())))
        gc.collect()
        sizes = sorted({min(1_000, options.size), options.size // 4, options.size})
        print(f"\n{options.size:,} programs, those of the lowest numbers exported as IATI")
        for size in sizes:
            measured(size)
    print(f"machine: {os.cpu_count()} cores, Python {platform.python_version()}, load {os.getloadavg()[0]:.1f}")


def measured(size: int) -> None:
    """Prints what the export of the first `size` programs takes."""
    from programs.exchange.iati.export import activities_file
    from programs.models import Program

    programs = Program.objects.filter(pk__lte=size)
    began = time.perf_counter()
    first_piece = first_activity = 0.0
    written = activities = 0
    with highest_memory() as growth:
        for piece in activities_file(programs):
            first_piece = first_piece or time.perf_counter() - began
            written += len(piece)
            if piece.startswith(b"<iati-activity "):
                activities += 1
                first_activity = first_activity or time.perf_counter() - began
    seconds = time.perf_counter() - began
    assert activities == size, (activities, size)
    print(
        f"  {size:>7,}: first byte after {first_piece:.3f} s, first activity after {first_activity:.2f} s; "
        f"{size / seconds:,.0f} programs/s, {written / MIB:,.0f} MiB; memory grew by {growth[0] / MIB:.0f} MiB"
    )


@contextmanager
def highest_memory() -> Iterator[list[int]]:
    """How much larger than at first the process's memory was at most, in bytes, looked at every tenth of a second."""
    process, done, growth = psutil.Process(), threading.Event(), [0]
    before = process.memory_info().rss

    def look() -> None:
        while not done.wait(0.1):
            growth[0] = max(growth[0], process.memory_info().rss - before)

    looking = threading.Thread(target=look, daemon=True)
    looking.start()
    try:
        yield growth
    finally:
        done.set()
        looking.join()
        growth[0] = max(growth[0], process.memory_info().rss - before)


if __name__ == "__main__":
    main()
