"""Every file of the corpus ends as the table says, with the words that are on record, and the docs print that table.

To add a file: put it into its folder and a row into `expected.csv`. Then put down what the portal says of it, and read
that:
`CORPUS=write .venv/bin/python -m pytest -n 0 tests/programs/exchange/test_corpus.py`.
At last print the docs: `.venv/bin/python tools/print_corpus.py --write`.
"""

import os

import pytest

from tests.programs.exchange.corpus import (
    ASKED,
    CORPUS,
    REFUSED,
    SAID,
    TAKEN,
    Expected,
    answer_to,
    expected,
    files,
    said,
    write_said,
)
from tools.print_corpus import PAGES, page

EXPECTED = expected()


# Read by a process of its own.
BY_A_PROCESS = (".xls", ".xlsb", ".ods")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "row",
    [pytest.param(row, marks=[pytest.mark.process] if row.file.endswith(BY_A_PROCESS) else []) for row in EXPECTED],
    ids=lambda row: row.file,
)
def test_each_file_ends_as_the_table_says(row: Expected) -> None:
    answer = answer_to(CORPUS / row.file)

    assert answer.outcome == row.outcome, answer.english
    # Whatever is not simply taken is said why, in both languages.
    assert bool(answer.english) is (row.outcome != TAKEN)
    assert not answer.english or answer.english != answer.spanish, "run .venv/bin/python -m carsi_portal.translations"
    if os.environ.get("CORPUS") == "write":
        write_said(row.file, answer)
    assert (answer.english, answer.spanish) == said().get(row.file, ("", ""))


def test_every_file_has_one_row_and_every_row_a_file() -> None:
    assert sorted(row.file for row in EXPECTED) == files()


def test_what_is_on_record_is_of_files_that_are_there() -> None:
    assert set(said()) <= {row.file for row in EXPECTED if row.outcome != TAKEN}


@pytest.mark.parametrize("row", EXPECTED, ids=lambda row: row.file)
def test_every_row_is_whole(row: Expected) -> None:
    assert row.outcome in (TAKEN, SAID, REFUSED, ASKED)
    assert row.kind
    for words in (row.english, row.spanish):
        assert words.strip().endswith((".", ".”", "?"))
        assert "|" not in words
    assert row.english != row.spanish


@pytest.mark.parametrize("name", PAGES)
def test_the_docs_print_the_table(name: str) -> None:
    assert PAGES[name].read_text() == page(name), "run .venv/bin/python tools/print_corpus.py --write"
