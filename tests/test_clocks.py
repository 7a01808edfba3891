"""No test turns on how fast the machine is: what waits, waits for a condition, and gives up after minutes."""

import ast
from collections.abc import Iterator

import pytest
from django.conf import settings

from tests.conftest import ROOT

# What waits for a condition, by looking again and again.
MAY_SLEEP = {"tests/conftest.py", "tests/database.py"}
LEAST_PATIENCE_SECONDS, LEAST_PATIENCE_MS = 120, 120_000
# Times of which a test may not depend: of measuring, and of waiting without a condition.
MEASURES = {"perf_counter", "process_time", "wait_for_timeout"}


def hasty(source: str, name: str = "") -> list[str]:
    """What in a test file depends on the speed of the machine, with its line."""
    found = []
    for call in ast.walk(ast.parse(source)):
        if not isinstance(call, ast.Call):
            continue
        function = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        if function in MEASURES or (function == "sleep" and name not in MAY_SLEEP):
            found.append(f"line {call.lineno}: {function}")
        # What is ended after a test is killed when it does not end: that decides nothing.
        if function in {"wait", "wait_procs"}:
            continue
        least = (
            LEAST_PATIENCE_MS if function.startswith(("set_", "to_", "expect", "wait_for")) else LEAST_PATIENCE_SECONDS
        )
        for word in call.keywords:
            if word.arg == "timeout" and isinstance(word.value, ast.Constant) and 0 < (word.value.value or 0) < least:
                found.append(f"line {call.lineno}: {function} gives up after {word.value.value}")
    return found


def test_no_test_measures_time_or_gives_up_soon() -> None:
    files = {str(path.relative_to(ROOT)): path for path in sorted((ROOT / "tests").rglob("*.py"))}
    wrong = {name: hasty(path.read_text(), name) for name, path in files.items()}

    assert {name: lines for name, lines in wrong.items() if lines} == {}


@pytest.mark.parametrize(
    "source",
    [
        "time.sleep(1)",
        "page.wait_for_timeout(1500)",
        "assert time.perf_counter() - began < 1",
        "urlopen(url, timeout=10)",
        "page.wait_for_selector('a', timeout=5_000)",
    ],
)
def test_what_depends_on_speed_is_found(source: str) -> None:
    assert len(hasty(source)) == 1


def test_what_is_written_or_remembered_by_the_clock_is_not_in_tests() -> None:
    """Else a page asks another number of queries on a slow machine."""
    a_day = 24 * 60 * 60
    assert a_day < settings.FIGURES_AT_ONCE_SECONDS
    assert a_day < settings.USE_NOTED_EVERY_SECONDS


CLOCKS = {"today", "localdate", "localtime", "now", "utcnow"}


def asked_once(source: str) -> list[str]:
    """Where a test file asks for the day or the time while it is imported: the day may end before its tests do."""

    def calls(node: ast.AST) -> Iterator[ast.Call]:
        if isinstance(node, ast.Lambda):
            return
        inner: list[ast.AST] = list(ast.iter_child_nodes(node))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            inner = [*node.decorator_list, node.args]
        if isinstance(node, ast.Call):
            yield node
        for child in inner:
            yield from calls(child)

    names = {
        call: call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        for call in calls(ast.parse(source))
    }
    # The header of a gzip file has the second in which it was made: two workers would name a test by it differently.
    stamped = {call for call in names if ast.unparse(call.func) == "gzip.compress" and not call.keywords}
    return [f"line {call.lineno}: {name}" for call, name in names.items() if name in CLOCKS or call in stamped]


def test_no_test_asks_for_today_while_it_is_imported() -> None:
    files = {str(path.relative_to(ROOT)): path for path in sorted((ROOT / "tests").rglob("*.py"))}
    wrong = {name: asked_once(path.read_text()) for name, path in files.items()}

    assert {name: lines for name, lines in wrong.items() if lines} == {}


@pytest.mark.parametrize(
    "source",
    [
        "TODAY = timezone.localdate()",
        "@pytest.mark.parametrize('day', [date.today()])\ndef test(day): pass",
        "def program(start=date.today()): pass",
        "class TestDates:\n    today = datetime.now(UTC).date()",
        "PACKED = {'small': gzip.compress(b'')}",
    ],
)
def test_what_is_asked_while_imported_is_found(source: str) -> None:
    assert len(asked_once(source)) == 1


def test_what_is_asked_in_a_test_is_not() -> None:
    assert asked_once("def test():\n    today = date.today()") == []
    assert asked_once("PACKED = gzip.compress(b'', mtime=0)") == []
