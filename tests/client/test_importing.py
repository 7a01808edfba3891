"""A file imported into the real portal."""

import threading
from collections.abc import Callable, Iterator
from math import inf
from pathlib import Path

import pytest
from carsi.commands import WAITS, main
from django.db import connection

from donors.services import create_api_key
from programs.exchange.models import Import
from programs.exchange.services import imports_to_queue, work_on
from programs.models import Program
from programs.services import delete_program
from tests.client.conftest import Site


@pytest.fixture
def run(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, list[str], str]]:
    """`carsi import` of a file's text: its exit code, the lines that it printed, and what it told."""
    monkeypatch.setenv("CARSI_URL", site.url)
    monkeypatch.setenv("CARSI_KEY", create_api_key(site.editor, "import", scopes=["write"]).secret)

    def run(text: str, *options: str, organization: int = site.organization.pk) -> tuple[int, list[str], str]:
        file = tmp_path / 'año "2026".csv'
        file.write_text(text, encoding="utf-8")
        code = main(["import", str(file), "--organization", str(organization), *options])
        stated = capsys.readouterr()
        return code, stated.out.splitlines(), stated.err

    return run


@pytest.fixture
def imports_are_worked_on(site: Site) -> Iterator[None]:
    """What a worker does of imports. A real one would scan the programs of this folder for overlaps too."""
    is_over = threading.Event()

    def work() -> None:
        while not is_over.wait(0.05):
            for pk in imports_to_queue():
                work_on(pk, seconds=inf)
        connection.close()

    working = threading.Thread(target=work)
    working.start()
    yield
    is_over.set()
    working.join()


def test_a_file_is_checked_and_applied(
    run: Callable[..., tuple[int, list[str], str]], imports_are_worked_on: None, site: Site
) -> None:
    table = "Identifier,Title,Sector\nI-1,Courts,15130\nI-2,Police,99999\n"

    code, lines, told = run(table, "--apply")
    assert (code, lines[0]) == (1, "row 3\tI-2\trefused")
    assert lines[1].startswith("  C3 Sector: “99999” is not a sector.")
    assert "1 created, 0 changed, 0 unchanged, 1 refused" in told
    assert "Nothing is applied" in told
    assert not Program.objects.filter(identifier="I-1").exists()

    code, lines, told = run(table, "--apply", "--leave-out-refused")
    assert (code, len(lines), "1 applied" in told) == (1, 2, True)
    made = Program.objects.get(identifier="I-1", reporting_org=site.organization)
    assert Import.objects.latest("pk").file_name == 'año "2026".csv'

    code, lines, told = run("Identifier,Title,Sector\nI-1,Courts,15130\n", "--apply")
    assert (code, lines, "0 applied" in told) == (0, [], True)
    delete_program(made, actor=None)


def test_what_the_portal_cannot_take_or_does_not_know_is_said(
    run: Callable[..., tuple[int, list[str], str]], imports_are_worked_on: None, site: Site
) -> None:
    code, _lines, told = run("Title,Colour\nCourts,blue\n", "--apply")
    job = Import.objects.latest("pk")
    assert (code, job.state) == (1, "uploaded")
    assert "does not recognize these headings: Colour." in told
    assert f"imports/{job.pk}/columns/" in told

    code, _lines, told = run("Status,Country\nImplementation,Honduras\n", "--apply")
    assert (code, "no column that names the programs" in told) == (1, True)

    assert run("", "--apply")[::2] == (3, run("")[2])
    assert "#/file: The file is empty." in run("")[2]
    assert "#/organization:" in run("Title\nCourts\n", organization=site.organization.pk + 10**6)[2]
    assert "There is nothing below the headings." in run("Title\n")[2]


def test_an_unlikely_value_is_applied_once_its_code_is_confirmed(
    run: Callable[..., tuple[int, list[str], str]], imports_are_worked_on: None, site: Site
) -> None:
    table = "Identifier,Title,Amount committed,Currency\nI-3,Courts,2000000000,USD\n"

    code, lines, told = run(table, "--apply", "--confirm", "date_unlikely")
    assert (code, lines[0]) == (WAITS, "row 2\tI-3\tto confirm")
    assert "2,000,000,000 USD" in lines[1]
    assert "confirm them with --confirm amount_very_large." in told
    assert not Program.objects.filter(identifier="I-3").exists()

    code, lines, told = run(table, "--apply", "--confirm", "amount_very_large")
    assert (code, lines[0], "1 applied" in told) == (0, "row 2\tI-3\tto confirm", True)
    made = Program.objects.get(identifier="I-3", reporting_org=site.organization)
    delete_program(made, actor=None)
