"""Reads workbooks with python-calamine in a process of its own, whose memory and time are limited: that library holds a
whole sheet, as large as its outermost cell says. Runs as a script, without Django; standard input and output carry
lines of JSON.

First a line with the size of the file, and the file. It answers {"sheets": [[name, is hidden], …]}, or {"problem":
code}. Each line {"sheet": position, "count": n} is answered by {"merged": [[row, column, last row, last column], …]}
the first time, and by the next n rows of that sheet, [] after the last one.
"""

import datetime as dt
import io
import itertools
import json
import resource
import sys
from collections.abc import Iterator
from typing import Any

MOST_MEMORY, MOST_SECONDS = 1024 * 1024 * 1024, 120


def main() -> None:
    for limit, most in ((resource.RLIMIT_AS, MOST_MEMORY), (resource.RLIMIT_CPU, MOST_SECONDS)):
        resource.setrlimit(limit, (most, most))
    import python_calamine

    size = int(sys.stdin.buffer.readline())
    content = sys.stdin.buffer.read(size)
    try:
        workbook = python_calamine.load_workbook(io.BytesIO(content))
    except python_calamine.PasswordError:
        return answer({"problem": "file_password"})
    visible = python_calamine.SheetVisibleEnum.Visible
    kind = python_calamine.SheetTypeEnum.WorkSheet
    sheets = [(number, one) for number, one in enumerate(workbook.sheets_metadata) if one.typ == kind]
    answer({"sheets": [[one.name, one.visible != visible] for _number, one in sheets]})
    opened = -1
    rows: Iterator[list[Any]] = iter(())
    for line in sys.stdin.buffer:
        asked = json.loads(line)
        if asked["sheet"] != opened:
            opened = asked["sheet"]
            sheet = workbook.get_sheet_by_index(sheets[opened][0])
            rows = sheet.iter_rows()
            answer({"merged": [[*start, *end] for start, end in sheet.merged_cell_ranges or ()]})
        answer([[text(cell) for cell in row] for row in itertools.islice(rows, asked["count"])])


def text(value: Any) -> str | float:
    """A cell as text that is read the same in both languages; numbers stay numbers."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ", "seconds")
    if isinstance(value, dt.date):
        return value.isoformat()
    return value if isinstance(value, str | int | float) else str(value)


def answer(what: Any) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
