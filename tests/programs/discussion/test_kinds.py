"""The table of notifications, and the page that is printed from it."""

from tools.print_notifications import PAGE, as_markdown


def test_the_docs_are_printed_from_the_table() -> None:
    assert PAGE.read_text(encoding="utf-8") == as_markdown(), "python tools/print_notifications.py --write"
