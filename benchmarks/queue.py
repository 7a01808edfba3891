"""50 decisions of a coordinator in a row, by keyboard alone, in a real browser: `make bench-queue SIZE=10000`.

On throw-away servers with made-up programs that were scanned, served as in production. Every second case is confirmed
(one key), the others are dismissed with a reason (two keys). A decision is done when the next case has the focus.
"""

import argparse
import os
import platform
import secrets
import statistics
import time

from playwright.sync_api import Page

from benchmarks.programs import generate
from benchmarks.scratch import areas, load, scratch_servers, vacuum
from benchmarks.window import portal_served, window_of

DECISIONS = 50
# The focused row's case; blank while the page is on its way.
HERE = "() => document.activeElement?.closest('.queue__row')?.dataset.case ?? ''"
MOVED_ON = f"before => {{ const now = ({HERE})(); return now !== '' && now !== before; }}"


def main() -> None:
    arguments = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    arguments.add_argument("--size", type=int, default=10_000)
    options = arguments.parse_args()
    os.environ |= {"DEMONSTRATION": "true", "SECRET_KEY": secrets.token_urlsafe(50)}
    with scratch_servers():
        from programs.overlap.models import Cluster, Review
        from programs.overlap.services import sweep
        from tests import factories

        load(list(generate(options.size, areas())))
        sweep(seconds=None)
        vacuum()
        coordinator = factories.user(factories.organization("SICA", is_coordinating_body=True), "coordinator")
        print(f"{options.size:,} programs, {Cluster.objects.count():,} cases; {os.cpu_count()} cores,"
              f" Python {platform.python_version()}")  # fmt: skip
        with portal_served() as address, window_of(coordinator.email, address) as page:
            keys, took = decide(page)
        cases = Review.objects.values("overlap__case").distinct().count()
        assert Review.objects.filter(actor=coordinator).exists()
    median, p95 = statistics.median(took) * 1000, sorted(took)[int(len(took) * 0.95)] * 1000
    print(f"{len(took)} decisions on {cases} cases: {keys / len(took):.2f} keys each; from the last key to the next"
          f" case median {median:.0f} ms, p95 {p95:.0f} ms; {sum(took):.1f} s in all")  # fmt: skip


def decide(page: Page) -> tuple[int, list[float]]:
    """Keys pressed, and the seconds of each decision."""
    page.goto("/overlaps/")
    page.keyboard.press("j")
    keys, took = 1, []
    for number in range(DECISIONS):
        before = page.evaluate(HERE)
        begun = time.perf_counter()
        for key in ("c",) if number % 2 else ("d", "4"):
            page.keyboard.press(key)
            keys += 1
        page.wait_for_function(MOVED_ON, arg=before)
        took.append(time.perf_counter() - begun)
    return keys, took


if __name__ == "__main__":
    main()
