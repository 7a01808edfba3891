"""What the tests themselves stand on: their tiers, their pieces, and the database kept between runs."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from carsi_portal import settings as portal
from carsi_portal.embedded.postgres import Postgres
from tests import factories, template
from tests.conftest import ROOT
from tests.scheduling import LONGEST, PIECES, WAITING, next_piece, piece_of
from tests.tiers import ProcessStarted


def test_a_process_started_without_saying_so_is_refused() -> None:
    with pytest.raises(ProcessStarted, match=r"pytest\.mark\.process"):
        subprocess.run([sys.executable, "-c", "pass"], check=True)


@pytest.mark.process
def test_a_process_that_was_said_is_started() -> None:
    assert subprocess.run([sys.executable, "-c", "raise SystemExit(7)"]).returncode == 7


def test_a_file_is_one_piece_but_browsers_look_at_several() -> None:
    pages = {piece_of(f"tests/browser/test_pages.py::test_every_page[{number}]") for number in range(50)}

    assert piece_of("tests/goals/test_money.py::test_a[1]") == piece_of("tests/goals/test_money.py::TestB::test_c")
    assert len(pages) == PIECES
    assert piece_of("tests/browser/test_walks.py::TestA::test_b[x::y]") == "tests/browser/test_walks.py::TestA"


def test_what_begins_first_is_there() -> None:
    assert [path for path in (*LONGEST, *WAITING) if not (ROOT / path).exists()] == []


def test_the_longest_begin_first_and_what_waits_for_processes_one_at_a_time() -> None:
    waiting, other, short = "tests/carsi_portal/test_run.py", "tests/carsi_portal/test_api_schema.py", "tests/a.py"

    assert next_piece([short, other, waiting], beside_waiting=False) == waiting
    assert next_piece([short, other, waiting], beside_waiting=True) == other
    assert next_piece([short, waiting], beside_waiting=True) == short
    assert next_piece([waiting], beside_waiting=True) == waiting, "nobody is left without work"
    assert next_piece(["tests/b.py", short], beside_waiting=False) == "tests/b.py"


def test_processes_of_a_run_number_what_they_make_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    """One works on what another has made: tests/database.py, copy_of_filled()."""
    first: dict[str, set[int]] = {}
    for worker in ("gw0", "gw1", "gw11"):
        monkeypatch.setenv("PYTEST_XDIST_WORKER", worker)
        numbers = factories.numbers_of_this_process()
        first[worker] = {next(numbers) for _ in range(10_000)}

    assert len(set.union(*first.values())) == 30_000


def test_another_migration_is_another_template(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "goals" / "migrations"
    folder.mkdir(parents=True)
    (folder / "0001_initial.py").write_text("a = 1")
    monkeypatch.setattr(template, "ROOT", tmp_path)
    before = template.fingerprint()

    assert template.fingerprint() == before
    (folder / "0001_initial.py").write_text("a = 2")
    assert template.fingerprint() != before


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that everybody may enter: of one that is closed to others, root's servers keep their data in /var/tmp,
    where the next run would find it."""
    with tempfile.TemporaryDirectory(prefix="carsi-test-") as folder:
        os.chmod(folder, 0o755)
        yield Path(folder)


def test_what_is_kept_is_taken_and_the_longest_unused_goes(open_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(template, "COPIES", open_folder / "copies")
    server = Postgres(open_folder / "made")
    server.data.mkdir(parents=True)
    with template.only_one():
        for number in range(template.COPIES_KEPT):
            (server.data / "number").write_text(str(number))
            template.keep(server, f"kept{number}")
            os.utime(template.COPIES / f"kept{number}", (number, number))
        assert template.take(Postgres(open_folder / "first"), "kept0")
        template.keep(server, "newest")

        left = {path.name for path in template.COPIES.iterdir() if path.is_dir()}
        taken = Postgres(open_folder / "second")
        assert left == {"kept0", "kept2", "newest"}
        assert template.take(taken, "kept0")
        assert (taken.data / "number").read_text() == "0"
        assert not template.take(Postgres(open_folder / "third"), "kept1")


def test_only_the_tests_hash_passwords_cheaply() -> None:
    assert settings.PASSWORD_HASHERS[0].endswith("CheapArgon2PasswordHasher")
    assert portal.PASSWORD_HASHERS[0] == "django.contrib.auth.hashers.Argon2PasswordHasher"
