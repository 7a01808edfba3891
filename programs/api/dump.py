"""All programs in one answer, as newline-delimited JSON, in constant memory."""

from collections.abc import Iterator

from core.streams import Writing
from programs.api.rows import LISTED, rows_of
from programs.querysets import ProgramQuerySet

ROWS_AT_ONCE = 1_000


def program_lines(programs: ProgramQuerySet) -> Iterator[bytes]:
    """A line of JSON for each program, as lists show it, by rising id.

    Read piece by piece after the last id, so that the first line is sent at once, memory does not grow with the
    programs, and none that stays is left out or comes twice, whatever is written in the meantime. PostgreSQL makes what
    is in a line, so no single one can fail: there is none to leave out.
    """
    shown, last = rows_of(LISTED), 0
    with Writing("ndjson") as writing:
        while True:
            rows = shown.read(programs.filter(pk__gt=last).order_by("pk")[:ROWS_AT_ONCE])
            yield b"".join(shown.lines(rows))
            if len(rows) < ROWS_AT_ONCE:
                return
            writing.at = last = rows[-1]["id"]
