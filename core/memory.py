"""Python's search for cycles among objects, put off where thousands are made that are in none."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

# So many new objects are made before cycles are looked for: as many as a chunk of rows or programs holds.
NEW_OBJECTS = 100_000


@contextmanager
def cycles_seldom_looked_for() -> Iterator[None]:
    """Within it cycles are looked for after NEW_OBJECTS new objects, not after some hundreds.

    A chunk of rows or programs holds thousands of objects, none of them in a cycle; looking at all of them again and
    again while it grows takes a seventh of the time of an import and a tenth of that of a scan.
    """
    before = gc.get_threshold()
    gc.set_threshold(NEW_OBJECTS, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
